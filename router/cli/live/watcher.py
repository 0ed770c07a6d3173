"""Owns how `acd top` keeps up: one stream, one question at a time, a picture when there are news.

The stream tells of agents as it happens; how the queues stand is asked, in turn with a page of the
directory and why those wait who wait longest. A router that goes away is waited for.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
from rich.console import Console
from rich.live import Live

from router.api.codes import CloseCode
from router.cli.live.keys import keys, obey
from router.cli.live.picture import draw, reasons_of
from router.cli.live.sight import LONGEST_MAX, Sight, Wish
from router.insight.demo.connection import Connection, Turned

View = dict[str, Any]
PAGE: Final = 100
DRAW_S: Final = 0.5


class Watcher:
    """Keeps a sight current over one connection; `on_change` is told when there is news."""

    def __init__(
        self,
        sight: Sight,
        mint: Callable[[], str],
        wanted: dict[str, str],
        every_s: float,
        on_change: Callable[[], None],
    ) -> None:
        """`mint` makes a token for each connection; `wanted` are the arguments of `wall`."""
        self._sight = sight
        self._mint = mint
        self._wanted = wanted
        self._every_s = every_s
        self._on_change = on_change
        self._cursor: str | None = None
        self._asked: dict[str, None] = {}

    async def run(self) -> None:
        """Goes on until it is cancelled. Raises: Turned, when the router wants no more of it."""
        async with aiohttp.ClientSession(self._sight.url) as http:
            while True:
                link = Connection(http, self._mint(), self._begin, self._see)
                work = (link.run(), self._ask(link), self._watch(link))
                tasks = [asyncio.create_task(one) for one in work]
                try:
                    ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    await ended.pop()
                except Turned as turned:
                    if turned.code != CloseCode.TOKEN_EXPIRED:
                        raise
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.wait(tasks)

    def _begin(self, snapshot: View) -> None:
        self._sight.staff.begin(snapshot["directory"], self._sight.now)
        self._on_change()

    def _see(self, event: View) -> None:
        self._sight.staff.see(event, self._sight.now)
        self._on_change()

    async def _watch(self, link: Connection) -> None:
        """Says when the router is away, and when it is back."""
        while True:
            if link.is_welcome.is_set():
                self._sight.lost_at = None
            elif self._sight.lost_at is None:
                self._sight.lost_at = self._sight.clock()
            await asyncio.sleep(DRAW_S)

    async def _ask(self, link: Connection) -> None:
        """One question after another, with a pause after each."""
        questions = self._questions()
        while True:
            name, args, take = next(questions)
            reply = await link.command(name, **args)
            if reply["type"] == "reply":
                take(reply["result"])
            elif name == "wall":
                self._sight.trouble = reply["problem"]["title"]
            self._on_change()
            await asyncio.sleep(self._every_s)

    def _questions(self) -> Iterator[tuple[str, View, Callable[[View], None]]]:
        while True:
            yield "wall", self._wanted, self._sight.hear
            yield "agents", self._page(), self._take_page
            yield "wall", self._wanted, self._sight.hear
            contact = self._next_wait()
            if contact is not None:
                yield "why", {"contact": contact, "limit": 1}, self._reason_for(contact)

    def _page(self) -> View:
        return {"limit": PAGE} | ({"cursor": self._cursor} if self._cursor else {})

    def _take_page(self, page: View) -> None:
        self._cursor = page.get("cursor")
        self._sight.staff.take(page["agents"], self._sight.now)

    def _next_wait(self) -> str | None:
        """The contact among those that wait longest of whom was asked longest ago, or never."""
        waits = [wait.contact for wait in self._sight.longest(Wish())[:LONGEST_MAX]]
        reasons = self._sight.reasons
        for gone in reasons.keys() - set(waits):
            del reasons[gone]
        self._asked = {name: None for name in self._asked if name in waits}
        fresh = [name for name in waits if name not in self._asked]
        chosen = next(iter(fresh or self._asked), None)
        if chosen is not None:
            self._asked.pop(chosen, None)
            self._asked[chosen] = None
        return chosen

    def _reason_for(self, contact: str) -> Callable[[View], None]:
        def take(view: View) -> None:
            self._sight.reasons[contact] = reasons_of(view)

        return take


async def show(
    console: Console, sight: Sight, wish: Wish, watcher: Callable[[Callable[[], None]], Watcher]
) -> None:
    """Draws until a key or a signal ends it; the terminal is then as it was. Raises: Turned."""
    calls = _Calls()

    def on_key(key: str) -> None:
        calls.is_over |= not obey(wish, key)
        calls.at_once.set()

    watching = asyncio.create_task(watcher(calls.on_news).run())
    watching.add_done_callback(lambda _: calls.end())
    try:
        with (
            Live(console=console, screen=True, auto_refresh=False) as live,
            keys(sys.stdin.fileno(), on_key),
            _signals(calls),
        ):
            while not calls.is_over:
                size = console.size
                live.update(draw(sight, wish, size.width, size.height), refresh=True)
                await calls.wait()
    finally:
        watching.cancel()
        await asyncio.wait([watching])
    if not watching.cancelled() and (error := watching.exception()) is not None:
        raise error


class _Calls:
    """What asks for another picture: news in a while, keys and signals at once."""

    def __init__(self) -> None:
        self.at_once = asyncio.Event()
        self.has_news = False
        self.is_over = False

    def on_news(self) -> None:
        self.has_news = True

    def end(self) -> None:
        self.is_over = True
        self.at_once.set()

    async def wait(self) -> None:
        """Until the next picture: two a second where there are news, else one for the clocks."""
        self.has_news = False
        for _ in range(2):
            try:
                async with asyncio.timeout(DRAW_S):
                    await self.at_once.wait()
            except TimeoutError:
                pass
            if self.at_once.is_set() or self.has_news:
                break
        self.at_once.clear()


@contextmanager
def _signals(calls: _Calls) -> Iterator[None]:
    """They end it as its key does; another size of the terminal is drawn at once."""
    loop = asyncio.get_running_loop()
    actions = dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), calls.end)
    actions[signal.SIGWINCH] = calls.at_once.set
    for number, action in actions.items():
        loop.add_signal_handler(number, action)
    try:
        yield
    finally:
        for number in actions:
            loop.remove_signal_handler(number)
