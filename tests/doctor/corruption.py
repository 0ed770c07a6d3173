"""Damages a tenant's keys at random: one key, member, field, score or timer at a time."""

from random import Random
from typing import Any

import msgspec

SPARED = ("journal", "meta", "cfg", "est", "v", "tenant", "cal", "la", "rs", "k")
"""What no promise is about, and what the whole tenant stands on."""
OTHER_VALUES: tuple[object, ...] = (0, 1, 10**12, "", "a1", "queued", "assigned", "nobody", None)


def corrupt(random: Random, client: Any, prefix: str) -> str:
    """Damages something, and says what."""
    keys = sorted(key for key in client.scan_iter(f"{prefix}*") if is_ours(key.decode(), prefix))
    key = random.choice(keys)
    kind = client.type(key).decode()
    if random.random() < 0.15:
        client.delete(key)
        return f"deleted {key!r}"
    return {"string": record, "zset": sorted_set, "set": plain_set, "hash": counters}[kind](
        random, client, key
    )


def is_ours(key: str, prefix: str) -> bool:
    return key.removeprefix(prefix).partition(":")[0] not in SPARED


def record(random: Random, client: Any, key: bytes) -> str:
    blob: bytes = client.get(key)
    ttl = client.pttl(key)
    if b":cv:" in key:
        return conversation(random, client, key)
    if random.random() < 0.15:
        client.set(key, blob[: random.randrange(len(blob))], px=ttl if ttl > 0 else None)
        return f"cut {key!r} short"
    fields = msgspec.msgpack.decode(blob)
    name = random.choice(sorted(fields))
    was = fields.pop(name)
    if random.random() < 0.6:
        fields[name] = random.choice(OTHER_VALUES)
    client.set(key, msgspec.msgpack.encode(fields), px=ttl if ttl > 0 else None)
    return f"{name} of {key!r}: {was!r} became {fields.get(name, 'nothing')!r}"


def conversation(random: Random, client: Any, key: bytes) -> str:
    if random.random() < 0.5:
        client.set(key, random.choice(("nobody", "c1", "c2")), keepttl=True)
        return f"{key!r} has another contact"
    if client.pttl(key) < 0:
        client.pexpire(key, 10**6)
    else:
        client.persist(key)
    return f"{key!r} is kept for another time"


def sorted_set(random: Random, client: Any, key: bytes) -> str:
    name = random.choice(client.zrange(key, 0, -1))
    what = random.choice(("remove", "move", "rename"))
    if what == "move":
        client.zincrby(key, random.choice((-1, 1, 10**6)), name)
        return f"moved {name!r} in {key!r}"
    score = client.zscore(key, name)
    client.zrem(key, name)
    if what == "rename":
        client.zadd(key, {name + b"x": score})
    return f"{what}d {name!r} in {key!r}"


def plain_set(random: Random, client: Any, key: bytes) -> str:
    name = random.choice(sorted(client.smembers(key)))
    client.srem(key, name)
    if random.random() < 0.5:
        client.sadd(key, name + b"x")
        return f"renamed {name!r} in {key!r}"
    return f"removed {name!r} from {key!r}"


def counters(random: Random, client: Any, key: bytes) -> str:
    name = random.choice(sorted(client.hkeys(key)))
    client.hincrby(key, name, random.choice((-1, 1, 5)))
    return f"counted {name!r} of {key!r} wrongly"
