"""The one place that sends calls: typed call in, one function run in the store, typed reply out."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, ClassVar, Final, Protocol

import msgspec

from router.engine.driver import FunctionMissing, StoreDriver, StoreError
from router.engine.library import Library, own_library
from router.engine.reply import Outcome, Reply, decode_map, decode_reply

TENANTS_KEY = "acd:tenants"


class Call(Protocol):
    """A msgspec Struct that names its transition or query; its fields are the arguments."""

    transition: ClassVar[str]
    __struct_fields__: ClassVar[tuple[str, ...]]


# What they are told: tenant, transition, reply or error, and how long the call took in seconds.
ReplyListener = Callable[[str, str, Reply, float], None]
FailureListener = Callable[[str, str, StoreError, float], None]


class Engine:
    """Calls transitions and queries of this library version on one store."""

    def __init__(self, store: StoreDriver, *, router: str, library: Library | None = None) -> None:
        self.store = store
        self.router = router
        self.library = library or own_library()
        self.reply_listeners: list[ReplyListener] = []
        self.failure_listeners: list[FailureListener] = []
        self._functions: dict[str, str] = {}
        self._loading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Loads the library on every primary that answers. Raises: StoreError."""
        await self.store.load(self.library.code)

    async def call(
        self,
        tenant: str,
        call: Call,
        *,
        actor: str = "",
        now: int | None = None,
        key: str | None = None,
        echo: bool = False,
    ) -> Reply:
        """Runs a transition.

        `now` is for simulated tenants only; `key` makes a repeat of the same call answer the same;
        `echo` brings the events in the reply.
        Raises: StoreError and its kinds, ReplyError.
        """
        args = _args_of(call)
        if key is not None:
            args |= {"key": key, "fp_key": fingerprint(call.transition, args)}
        if now is not None:
            args["now"] = now
        if echo:
            args["echo"] = True
        args |= {"by": self.router, "actor": actor}
        started = perf_counter()
        try:
            blob = await self._send(self.store.fcall, tenant, call.transition, args)
        except StoreError as error:
            for on_failure in self.failure_listeners:
                on_failure(tenant, call.transition, error, perf_counter() - started)
            raise
        reply = decode_reply(blob)
        if call.transition == "put_tenant" and reply.outcome is Outcome.OK:
            await self.store.set_add(TENANTS_KEY, tenant)
        for on_reply in self.reply_listeners:
            on_reply(tenant, call.transition, reply, perf_counter() - started)
        return reply

    async def read(self, tenant: str, query: Call) -> dict[str, Any]:
        """Runs a query, which changes nothing. Raises: StoreError and its kinds, ReplyError."""
        args = _args_of(query)
        return decode_map(await self._send(self.store.fcall_ro, tenant, query.transition, args))

    async def tenants(self) -> frozenset[str]:
        """Every tenant that was ever put on this store."""
        return await self.store.set_members(TENANTS_KEY)

    async def close(self) -> None:
        """Lets what is in flight end and closes the store's connections."""
        if self._loading:
            await asyncio.wait([self._loading])
        await self.store.close()

    async def _send(
        self,
        send: Callable[[str, str, bytes], Awaitable[bytes]],
        tenant: str,
        transition: str,
        args: dict[str, Any],
    ) -> bytes:
        function = self._functions.get(transition)
        if function is None:
            function = self._functions[transition] = self.library.function(transition)
        key, arg = f"{{{tenant}}}:meta", msgspec.msgpack.encode(args)
        try:
            return await send(function, key, arg)
        except FunctionMissing:
            # It was not run, so it is sent again once the library is there.
            await self._reload()
            return await send(function, key, arg)

    async def _reload(self) -> None:
        """Loads the library again, once for all who wait for it."""
        if self._loading is None:
            self._loading = asyncio.create_task(self.start(), name="library-load")
            self._loading.add_done_callback(self._loaded)
        await asyncio.shield(self._loading)

    def _loaded(self, task: asyncio.Task[None]) -> None:
        self._loading = None
        if not task.cancelled():
            task.exception()  # those who wait are told; with nobody waiting it is no news


_sorted_encoder = msgspec.msgpack.Encoder(order="sorted")


UNSAID: Final = frozenset({"session", "record", "asks_archive"})


def fingerprint(transition: str, args: dict[str, Any]) -> str:
    """The same for the same call, whatever the order of the keys in its maps.

    The session is how a call came, and an archived record what it needed: a repeat may come over
    another one, and need none.
    """
    said = {name: value for name, value in args.items() if name not in UNSAID}
    blob = _sorted_encoder.encode([transition, said])
    return hashlib.blake2b(blob, digest_size=16).hexdigest()


def _args_of(call: Call) -> dict[str, Any]:
    """The call's fields, without those that are None."""
    args = {}
    for field in call.__struct_fields__:
        value = getattr(call, field)
        if value is not None:
            args[field] = value
    return args
