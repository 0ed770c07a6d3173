"""Owns the conversations that this gateway has open: each contact's transcript and its browsers.

A conversation that begins here is whole from its first event on. Any other is read from the
router's timeline, and what happens meanwhile waits and follows: each movement has a position, and
counts once.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

from router.gateways.chat.browser import Browser, Code
from router.gateways.chat.catalogue import Catalogue
from router.gateways.chat.metrics import ChatMetrics
from router.gateways.chat.refusals import Refusal
from router.gateways.chat.transcript import STATES, Entry, Phase, Transcript
from router.gateways.chat.upstream import Json, Router, Stream

UP_WITHIN_S: Final = 5.0
PAGE: Final = "1000"
CHAIN_MAX: Final = 50
BROWSERS_EACH_MAX: Final = 8
NAMES_MAX: Final = 10_000
PRESENT: Final = frozenset({Phase.TALKING, Phase.ASKED})

log = structlog.get_logger()


class Chat:
    """One conversation: the contact that the ticket names, and those that it went on in.

    `absent_since` is the loop's time at which the last browser went away; `epoch` names this
    reading of the transcript.
    """

    def __init__(self, contact: str, now: float) -> None:
        self.contacts = [contact]
        self.transcript = Transcript()
        self.epoch = secrets.token_hex(8)
        self.browsers: dict[Browser, None] = {}
        self.absent_since = now
        self.loading: asyncio.Task[None] | None = None
        self.is_loaded = False
        self.pending: list[tuple[str, int, Json]] = []
        self.owner: str | None = None
        self.agent = ""
        self.is_rated = False
        self.place: Json = {}
        self.told: Json = {}

    @property
    def name(self) -> str:
        """The contact that tickets name."""
        return self.contacts[0]

    @property
    def contact(self) -> str:
        """The contact in which it goes on."""
        return self.contacts[-1]

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.transcript.phase is Phase.ENDED


class Chats:
    """The open conversations, by contact."""

    def __init__(
        self,
        router: Router,
        catalogue: Catalogue,
        metrics: ChatMetrics,
        *,
        agent_names: bool,
        clock: Callable[[], float],
    ) -> None:
        """`agent_names` tells customers what their agents are called."""
        self._router = router
        self._catalogue = catalogue
        self._metrics = metrics
        self._agent_names = agent_names
        self._clock = clock
        self._chats: dict[str, Chat] = {}
        self._by_contact: dict[str, list[Chat]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._generation = 0
        self._names: dict[str, str] = {}
        self.stream = Stream(router, self.take, self.reload, metrics)

    def all(self) -> list[Chat]:
        """Every open conversation."""
        return list(self._chats.values())

    def expect(self, contact: str) -> bool:
        """A contact is about to be brought: whole from its first event on. False: it is known."""
        if contact in self._chats:
            return False
        self._add(contact).is_loaded = True
        return True

    def know(self, contact: str, state: str) -> None:
        """A contact is there that no browser has asked for yet."""
        if contact not in self._chats:
            self._add(contact).transcript.phase = STATES.get(state)

    def forget(self, chat: Chat) -> None:
        """Nothing is kept of the conversation here; it can be opened again."""
        if self._chats.get(chat.name) is chat:
            del self._chats[chat.name]
        for contact in chat.contacts:
            rest = [one for one in self._by_contact.get(contact, ()) if one is not chat]
            if rest:
                self._by_contact[contact] = rest
            else:
                self._by_contact.pop(contact, None)

    def expect_no_more(self, contact: str) -> None:
        """What was expected did not begin here."""
        if (chat := self._chats.get(contact)) is not None:
            self.forget(chat)

    async def open(self, contact: str) -> Chat:
        """The conversation with all that was said.

        Raises: Refusal, when there is none, or the router does not answer.
        """
        chat = self._chats.get(contact) or self._add(contact)
        if not chat.is_loaded:
            if chat.loading is None:
                chat.loading = self._spawn(self._load(chat))
            await asyncio.shield(chat.loading)
        return chat

    def join(self, chat: Chat, browser: Browser) -> None:
        """The browser gets what happens from here on."""
        chat.browsers[browser] = None
        if len(chat.browsers) > BROWSERS_EACH_MAX:
            oldest = next(iter(chat.browsers))
            del chat.browsers[oldest]
            self._spawn(oldest.close(*Code.ELSEWHERE))

    def leave(self, chat: Chat, browser: Browser) -> None:
        """The browser is gone."""
        chat.browsers.pop(browser, None)
        if not chat.browsers:
            chat.absent_since = self._clock()

    def status(self, chat: Chat) -> Json:
        """Where the conversation stands, for its customer."""
        transcript = chat.transcript
        phase = transcript.phase or Phase.WAITING
        status: Json = {
            "phase": phase,
            "department": self._catalogue.name_of(transcript.queue) if transcript.queue else "",
        }
        if phase is Phase.WAITING:
            status |= chat.place
        elif phase is Phase.HELD and transcript.opens_at is not None:
            status["opens_at"] = transcript.opens_at
        elif phase in PRESENT and chat.agent:
            status["agent"] = chat.agent
        elif phase is Phase.ENDED:
            status["result"] = transcript.result
            status["may_reopen"] = self._catalogue.reopens(transcript.queue)
            asked = transcript.has_survey or (
                transcript.is_written_up and self._catalogue.asks(transcript.queue)
            )
            status["rating"] = "given" if chat.is_rated else "asked" if asked else ""
        return status

    def welcome(self, chat: Chat, after: str | None, epoch: str | None) -> Json:
        """What a browser is told first: all that was said, or what it has not got yet."""
        is_whole, entries = chat.transcript.since(after if epoch == chat.epoch else None)
        return {
            "type": "welcome",
            "epoch": chat.epoch,
            "whole": is_whole,
            "entries": entries,
            "status": self.status(chat),
        }

    def tell(self, chat: Chat) -> None:
        """Tells the browsers where it stands, if that is news."""
        status = self.status(chat)
        if status != chat.told:
            chat.told = status
            self._send(chat, {"type": "status", "status": status})

    def take(self, position: str, at: int, event: Json) -> None:
        """An event of the router's stream."""
        contact = event.get("contact")
        if event["e"] == "contact.admitted":
            self._follow(event)
        for chat in self._by_contact.get(str(contact), ()):
            if chat.loading is not None:
                chat.pending.append((position, at, event))
            else:
                self._apply(chat, position, at, event)

    def reload(self) -> None:
        """Events were lost: every conversation is read again."""
        self._generation += 1
        log.warning("chat.reloading", conversations=len(self._chats))
        for chat in self.all():
            if chat.is_loaded and chat.loading is None:
                chat.is_loaded = False
                chat.loading = self._spawn(self._load(chat))

    async def close(self) -> None:
        """Ends what is in progress."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _add(self, contact: str) -> Chat:
        chat = self._chats[contact] = Chat(contact, self._clock())
        self._by_contact.setdefault(contact, []).append(chat)
        return chat

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("chat.unread", error=str(error))  # whoever waits for it is told too

    def _send(self, chat: Chat, message: Json) -> None:
        for browser in tuple(chat.browsers):
            browser.send(message)

    def _follow(self, event: Json) -> None:
        """A new contact goes on for one that is open here."""
        for link in event.get("links") or ():
            if link.get("kind") == "follow_up_of":
                for chat in self._by_contact.get(link["contact"], ()):
                    self._lengthen(chat, event["contact"])

    def _lengthen(self, chat: Chat, contact: str) -> None:
        if contact not in chat.contacts:
            chat.contacts.append(contact)
            self._by_contact.setdefault(contact, []).append(chat)

    def _apply(self, chat: Chat, position: str, at: int, event: Json) -> Entry | None:
        entry = chat.transcript.take(position, at, event)
        if entry is not None:
            self._send(chat, {"type": "entry", "entry": entry})
            if entry.author == "agent" and chat.browsers:
                self._metrics.on_told()
        match event["e"]:
            case "contact.assigned":
                self._now_with(chat, event.get("agent"))
            case "contact.scored":
                chat.is_rated = True
            case "contact.reopened" | "contact.admitted":
                chat.is_rated = False
                self._now_with(chat, event.get("agent"))
            case "contact.queued" | "contact.closed" | "contact.wrap_up":
                self._now_with(chat, None)
        if chat.transcript.phase is not Phase.WAITING:
            chat.place = {}
        self.tell(chat)
        return entry

    def _now_with(self, chat: Chat, agent: str | None) -> None:
        chat.owner = agent
        chat.agent = self._names.get(agent, "") if agent else ""
        if self._agent_names and agent and agent not in self._names:
            self._spawn(self._name(chat, agent))

    async def _name(self, chat: Chat, agent: str) -> None:
        try:
            found = await self._router.ask("GET", f"/v1/agents/{agent}")
        except Refusal:
            return  # he is talked to without a name
        if len(self._names) >= NAMES_MAX:
            self._names.clear()
        self._names[agent] = str(found.get("name") or "")
        if chat.owner == agent:
            chat.agent = self._names[agent]
            self.tell(chat)

    async def _load(self, chat: Chat) -> None:
        """Reads what was said; what happens meanwhile follows. It is forgotten when that fails.

        Raises: Refusal, when there is none, or the router does not answer.
        """
        try:
            while True:
                generation = self._generation
                await self.stream.wait_up(UP_WITHIN_S)
                view, transcript = await self._read(chat)
                if generation == self._generation:
                    break
        except Refusal as refusal:
            chat.loading = None
            chat.pending.clear()
            self.forget(chat)
            end = Code.GONE if refusal.status == 404 else Code.AWAY
            for browser in tuple(chat.browsers):
                self._spawn(browser.close(*end))
            raise
        self._become(chat, view, transcript)

    def _become(self, chat: Chat, view: Json, transcript: Transcript | None) -> None:
        """From here on it is whole; without an archive, as far as it was followed."""
        if transcript is not None:
            chat.transcript = transcript
            chat.epoch = secrets.token_hex(8)
        if transcript is None or transcript.phase is None:
            chat.transcript.phase = STATES.get(view["state"], Phase.WAITING)
            chat.transcript.queue = view["queue"]
            chat.transcript.result = view.get("result") or ""
            chat.transcript.has_survey = bool(view.get("survey_requested"))
        chat.is_rated = bool(view.get("rating"))
        chat.loading, chat.is_loaded = None, True
        self._now_with(chat, view.get("owner") if view["state"] != "closed" else None)
        pending, chat.pending = chat.pending, []
        self._send(chat, self.welcome(chat, None, None))
        for position, at, event in pending:
            self._apply(chat, position, at, event)
        self.tell(chat)

    async def _read(self, chat: Chat) -> tuple[Json, Transcript | None]:
        """The contact as it is now, and all that was said; None without an archive."""
        begin = self.stream.position
        contact = chat.name
        transcript = Transcript()
        try:
            for _ in range(CHAIN_MAX):
                self._lengthen(chat, contact)
                await self._read_one(contact, begin, transcript)
                view = await self._router.ask("GET", f"/v1/contacts/{contact}")
                following = _following(view)
                if following is None:
                    return view, transcript
                contact = following
        except Refusal as refusal:
            if refusal.cause != "unknown-archive":
                raise
        return await self._router.ask("GET", f"/v1/contacts/{chat.contact}"), None

    async def _read_one(self, contact: str, begin: str, transcript: Transcript) -> None:
        query = {"view": "customer", "limit": PAGE, "after": begin}
        while True:
            page = await self._router.ask("GET", f"/v1/contacts/{contact}/timeline", query=query)
            for told in page["entries"]:
                transcript.take(told["position"], told["at"], told["event"])
            if page.get("cursor") is None:
                return
            query["cursor"] = page["cursor"]


def _following(view: Json) -> str | None:
    for link in view.get("links") or ():
        if link.get("kind") == "follow_up":
            return str(link["contact"])
    return None
