"""Keeps calendars known far ahead: the instants that the store has of them are made anew in time.

Every router looks a few times a day; whoever looks first makes them, and two at once do no harm.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Final

import structlog

from router import calendars
from router.calls import PutCalendar
from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.engine.reply import Outcome
from router.queries import ListCalendars

ACTOR: Final = "calendars"
EVERY_S: Final = 6 * 3_600

log = structlog.get_logger()


class Renewal:
    """Looks at the calendars of every tenant of one store, now and then."""

    def __init__(self, engine: Engine, *, chance: Callable[[], float]) -> None:
        """Nothing runs before `start`."""
        self._engine = engine
        self._chance = chance
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look, in the running loop, until `close`."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="calendars")

    async def close(self) -> None:
        """Stops; a call under way is left to the store."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> int:
        """Puts every calendar that is not known far enough; answers how many.

        Raises: StoreError.
        """
        puts = 0
        for tenant in sorted(await self._engine.tenants()):
            reply = await self._engine.read(tenant, ListCalendars())
            if reply["outcome"] != Outcome.OK:
                continue
            for call in due(reply):
                done = await self._engine.call(tenant, call, actor=ACTOR)
                puts += done.outcome is Outcome.OK
        return puts

    async def _run(self) -> None:
        while True:
            try:
                if puts := await self.look():
                    log.info("calendars.renewed", puts=puts)
            except StoreError as error:
                log.warning("calendars.unread", error=str(error))
            except Exception:  # the watchdog: a calendar that can not be made stops no other thing
                log.exception("calendars.broken")
            await asyncio.sleep(EVERY_S * (0.75 + self._chance() / 2))


def due(reply: dict[str, Any]) -> Iterator[PutCalendar]:
    """The calls that a tenant's calendars need, as of the instant that the reply tells."""
    for record in reply["calendars"] or []:
        if record["until"] - reply["wall"] >= calendars.RENEW_MS:
            continue
        settings = calendars.settings_of(record["settings"])
        if any(calendars.unfit(settings)):
            log.error("calendar.unusable", calendar=record["calendar"])  # an older file of zones
        else:
            yield calendars.put(record["calendar"], settings, reply["wall"])
