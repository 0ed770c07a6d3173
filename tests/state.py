"""A tenant's whole state, read from the store as of one instant, and how two states differ."""

from typing import Any, Protocol

from router.doctor.state import Plain, decode_state

# One script, so that the whole state is of one instant.
READ = """
local found, cursor = {}, '0'
local function add(key)
  local kind, rest = redis.call('TYPE', key).ok, string.sub(key, #ARGV[1] + 1)
  local value
  if kind == 'string' then value = redis.call('GET', key)
  elseif kind == 'hash' then value = redis.call('HGETALL', key)
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  end
  found[#found + 1] = {rest, value or '', redis.call('PTTL', key)}
end
local seen = {}
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1] .. '*', 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    if not seen[key] then seen[key] = true; add(key) end
  end
until cursor == '0'
return found
"""


class Client(Protocol):
    """The one command that reading needs, of a synchronous redis client."""

    def eval(self, script: str, numkeys: int, *args: str) -> Any: ...


def read_state(client: Client, tenant: str) -> Plain:
    """The tenant's whole state from the store, as of one instant."""
    prefix = prefix_of(tenant)
    return decode_state(client.eval(READ, 1, f"{prefix}meta", prefix))


def prefix_of(tenant: str) -> str:
    """What all of a tenant's keys start with."""
    return f"{{{tenant}}}:"


def diff(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Readable differences, one a line: `path: ours != theirs`."""
    if ours == theirs:
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found: list[str] = []
        for key in sorted(set(ours) | set(theirs), key=str):
            found += diff(ours.get(key), theirs.get(key), f"{path}/{key}")
        return found
    return [f"{path}: {ours!r} != {theirs!r}"]
