"""Waiting for a condition, without sleeping for a fixed time."""

import asyncio
from collections.abc import Awaitable, Callable

_POLL_S = 0.005


async def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Returns once the condition holds, which may be a function or a coroutine function.

    Raises: TimeoutError when it does not hold in time.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds):
        while True:
            holds = condition()
            if isinstance(holds, Awaitable):
                holds = await holds
            if holds:
                return
            later = asyncio.Event()
            loop.call_later(_POLL_S, later.set)
            await later.wait()


async def one_round() -> None:
    """Lets what is ready in the loop run once."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_soon(done.set)
    await done.wait()
