"""The seam to the store: what a driver can do, and how it fails.

    StoreError               an error answer that nobody expects: a bug or a broken set-up
    ├── StoreDown            the call was never sent: nothing happened
    ├── StoreUnknown         the call was sent and its reply is lost: it may have happened
    ├── StoreBusy            the store refused the call before running it; try again a little later
    ├── FunctionMissing      this version of the library is not loaded: nothing happened
    └── Redirect             another node of the cluster owns the key: nothing happened

Repeating a call is safe after each of them, because every call carries its ids; after
`StoreUnknown` only the same call with the same ids tells what happened.
"""

from typing import Protocol

# First words of the answers that mean "not now". The rest of an error's text differs between
# servers and versions, so it is never looked at.
BUSY_CODES = frozenset(
    {
        "LOADING",
        "BUSY",
        "TRYAGAIN",
        "CLUSTERDOWN",
        "MASTERDOWN",
        "MISCONF",
        "NOREPLICAS",
        "READONLY",
        "OOM",
    }
)
FUNCTION_MISSING = "ERR Function not found"


class StoreError(Exception):
    """The store answered an error that nobody expects."""


class StoreDown(StoreError):
    """The call was never sent: nothing happened."""


class StoreUnknown(StoreError):
    """The call was sent and its reply is lost: it may or may not have happened."""


class StoreBusy(StoreError):
    """The store refused the call before running it; `code` is the first word of its answer."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.code = text.split(" ", 1)[0]


class FunctionMissing(StoreError):
    """The called function is not loaded on that server: nothing happened."""


class Redirect(StoreError):
    """Another node owns the key; `is_ask`: for this one call only, while its slot moves."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        code, slot, place = text.split(" ")[:3]
        host, _, port = place.rpartition(":")
        self.is_ask = code == "ASK"
        self.slot = int(slot)
        self.host = host
        self.port = int(port)


def error_of(text: str) -> StoreError:
    """The error that an error answer of the store stands for."""
    code = text.split(" ", 1)[0]
    if code in BUSY_CODES:
        return StoreBusy(text)
    if code in ("MOVED", "ASK"):
        return Redirect(text)
    if text.startswith(FUNCTION_MISSING):
        return FunctionMissing(text)
    return StoreError(text)


Entries = list[tuple[str, bytes]]


class StoreDriver(Protocol):
    """What the engine and the journal need from a store.

    Every method raises `StoreError` or one of its kinds, and nothing else. A cancelled call never
    disturbs another one; the store may still carry it out.
    """

    async def fcall(self, function: str, key: str, arg: bytes) -> bytes:
        """Calls a function that may write; all calls of one driver and shard keep their order."""
        ...

    async def fcall_ro(self, function: str, key: str, arg: bytes) -> bytes:
        """Calls a function that only reads, on its own connection."""
        ...

    async def load(self, code: str) -> None:
        """Loads a function library; one that is there already stays as it is.

        A primary that is away is left out as long as another one has it: who calls there later
        is told `FunctionMissing`.
        """
        ...

    async def tail(self, key: str, after: str, block_ms: int, count: int) -> Entries:
        """The stream's entries after an id; waits up to `block_ms` for the first."""
        ...

    async def journal_range(self, key: str, after: str, until: str, count: int) -> Entries:
        """The stream's entries after an id and up to another ("+": the last), oldest first."""
        ...

    async def journal_back(self, key: str, before: str, count: int) -> Entries:
        """The stream's last entries before an id ("+": from the end), the newest first."""
        ...

    async def set_add(self, key: str, member: str) -> None:
        """Adds a member to a plain set."""
        ...

    async def set_members(self, key: str) -> frozenset[str]:
        """The members of a plain set."""
        ...

    async def ping(self) -> None:
        """Returns when a primary has answered: one shard of many may be away."""
        ...

    async def generation(self, key: str = "") -> str:
        """The replication id of the primary that owns the key; a new one after a failover."""
        ...

    async def close(self) -> None:
        """Lets what is in flight end, then closes every connection."""
        ...
