"""Owns the walk through a running tenant: what is looked at, in which portions, and what is found.

The keys are surveyed in pages, which only tell where to look. Each thing is then examined with all
that belongs to it in one atomic read, so that what is found is true of an instant, however much
moves meanwhile. Counts of the whole tenant are taken along, and made true of one instant by what
the journal has told since.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final

from msgspec import structs

from router.calls import Repair
from router.doctor.contacts import is_short
from router.doctor.keys import Subject, fault_of_key, is_index, subject_of_name, subjects_of_key
from router.doctor.look import WORK_OF_STATE, Look
from router.doctor.part import decode_part
from router.doctor.places import reach_of, recount
from router.doctor.promises import Finding, findings_of
from router.doctor.report import Place, Report, Target, found
from router.doctor.state import empty_state
from router.engine.engine import Engine
from router.engine.reply import Outcome, Reply
from router.queries import Examine, Position, Survey

KEYS_PAGE: Final = 200
PORTION: Final = {
    "contact": 15,
    "agent": 6,
    "line": 3,
    **dict.fromkeys(("queue", "calendar", "conversation"), 20),
}
"""How many of a kind are examined in one read."""
FINDINGS_MAX: Final = 1_000
CATCH_UP_MAX: Final = 200
SHORT_MAX: Final = 200

Plain = dict[str, Any]


class NoTenantError(Exception):
    """The store does not know the tenant."""


class Doctor:
    """One walk through one tenant."""

    def __init__(self, engine: Engine, tenant: str) -> None:
        self._engine = engine
        self._tenant = tenant
        self._whole = empty_state()
        self._found: dict[Finding, Target] = {}
        self._examined: Counter[str] = Counter()
        self._stamps: set[str] = set()

    async def report(self) -> Report:
        """Looks at everything once. Raises: NoTenantError, StoreError."""
        start: str = (await self._ask(Position()))["position"]
        waiting: dict[str, list[Subject]] = {kind: [] for kind in PORTION}
        async for subject in self._subjects():
            portion = waiting.get(subject.kind)
            if portion is None:
                text = f"{subject.kind} {subject.id} is for nothing"
                self._note(Finding("is_for_something", *subject[:2], text))
                continue
            portion.append(subject)
            if len(portion) >= PORTION[subject.kind]:
                await self._examine(portion)
                portion.clear()
            if len(self._found) >= FINDINGS_MAX:
                break
        for portion in waiting.values():
            await self._examine(portion)
        is_counted = await self._count(start) if len(self._found) < FINDINGS_MAX else False
        return Report(
            findings=[found(*pair) for pair in list(self._found.items())[:FINDINGS_MAX]],
            examined=dict(self._examined),
            is_whole=len(self._found) < FINDINGS_MAX,
            is_counted=is_counted,
        )

    async def _subjects(self) -> AsyncIterator[Subject]:
        """Whom the tenant's keys, and the names in its indexes, are about; some of them twice."""
        async for page in self._pages(None):
            for key, kind in page["keys"] or ():
                fault = fault_of_key(key, kind)
                if fault is not None:
                    self._note(Finding("is_somebodys", "key", key, fault))
                    continue
                for subject in subjects_of_key(key):
                    yield subject
                async for names in self._pages(key) if is_index(key) else _nothing():
                    for name in names["names"] or ():
                        yield subject_of_name(key, name)

    async def _pages(self, of: str | None) -> AsyncIterator[Plain]:
        cursor = "0"
        while True:
            page = await self._ask(Survey(cursor=cursor, limit=KEYS_PAGE, of=of))
            yield page
            cursor = page["cursor"]
            if cursor == "0":
                return

    async def _examine(self, subjects: Sequence[Subject], since: str | None = None) -> Plain:
        """Looks at some things as of one instant, and notes what is wrong with them."""
        asked: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for kind, key, place in subjects:
            asked.setdefault((kind, key), []).extend([place] if place else [])
        if not asked and since is None:
            return {}
        listed = [{"kind": k, "id": i, "places": places} for (k, i), places in asked.items()]
        reply = await self._ask(Examine(subjects=listed, since=since))
        state = decode_part(reply)
        look = Look(state)
        self._stamps.add(reply["stamp"])
        looked = dict.fromkeys(asked)
        looked |= dict.fromkeys(("contact", key) for key in reply.get("contacts") or ())
        looked |= dict.fromkeys(("agent", key) for key in reply.get("agents") or ())
        for kind, key in looked:
            self._examined[kind] += 1
            self._remember(state, kind, key)
            for finding in findings_of(look, kind, key):
                self._note(finding, tuple(asked.get((kind, key), ())))
        return reply

    def _note(self, finding: Finding, places: tuple[Place, ...] = (), **counted: int) -> None:
        """Notes it once, with all the places where its subject was found."""
        if finding in self._found:
            places = tuple(dict.fromkeys((*self._found[finding].places, *places)))
        kind, key = finding.kind, finding.subject
        self._found[finding] = Target(kind=kind, id=key, places=places, **counted)

    def _note_count(self, name: str, text: str, *, by: int, reply: Plain) -> None:
        mended = int(reply.get("mended") or 0)
        self._note(Finding("is_counted", "counter", name, text), off_by=by, mended=mended)

    def _remember(self, state: Plain, kind: str, key: str) -> None:
        """Keeps of a subject what is counted in the end."""
        whole = self._whole
        match kind:
            case "contact":
                contact = state["contacts"].get(key)
                whole["contacts"].pop(key, None)
                if contact and contact["state"] in WORK_OF_STATE:
                    whole["contacts"][key] = contact
            case "agent":
                for part in ("agents", "definitions"):
                    whole[part].pop(key, None)
                    if key in state[part]:
                        whole[part][key] = state[part][key]
            case "queue":
                if key in state["queues"]:
                    whole["queues"][key] = state["queues"][key]
                whole["lines"][key] = state["lines"].get(key, [])
            case "line":
                whole["reach"].pop(key, None)
                if key in state["reach"]:
                    whole["reach"][key] = state["reach"][key]

    async def _count(self, position: str) -> bool:
        """Compares the counts with what was counted; answers whether that could be done."""
        for _ in range(CATCH_UP_MAX):
            short = [key for key, contact in self._whole["contacts"].items() if is_short(contact)]
            subjects = [Subject("contact", key) for key in short[:SHORT_MAX]]
            reply = await self._examine(subjects, since=position)
            position = reply["position"]
            if not reply["more"]:
                break
        else:
            return False
        state = decode_part(reply)
        counts, stored = recount(self._whole), state["counters"]
        for name in sorted(counts.keys() | stored.keys()):
            is_at, should = stored.get(name, 0), counts.get(name, 0)
            if is_at != should:
                text = f"counter {name} is at {is_at}, counted were {should}"
                self._note_count(name, text, by=should - is_at, reply=reply)
        if len(short) <= SHORT_MAX:
            short = [key for key, contact in self._whole["contacts"].items() if is_short(contact)]
            if state["short_count"] != len(short):
                text = f"{state['short_count']} are said to ring too few, counted were {len(short)}"
                self._note_count("short", text, by=len(short) - state["short_count"], reply=reply)
        return await self._count_reach()

    async def _count_reach(self) -> bool:
        if len(self._stamps) > 1:
            return False
        expected = reach_of(self._whole)
        unseen = [Subject("line", line) for line in expected.keys() - self._whole["reach"].keys()]
        for at in range(0, len(unseen), PORTION["line"]):
            await self._examine(unseen[at : at + PORTION["line"]])
        for line in sorted(expected.keys() | self._whole["reach"].keys()):
            told, able = self._whole["reach"].get(line, 0), expected.get(line, 0)
            if told != able:
                text = f"line {line} is said to have {told} who could serve it, it has {able}"
                self._note(Finding("reach_is_counted", "line", line, text))
        return len(self._stamps) == 1

    async def _ask(self, query: Any) -> Plain:
        reply = await self._engine.read(self._tenant, query)
        if reply["outcome"] != Outcome.OK:
            raise NoTenantError(f"the store has no tenant {self._tenant}")
        return reply


ORDER: Final = (
    *("key", "queue", "calendar", "agent", "contact", "conversation", "timer"),
    *("line", "counter"),
)
"""What others stand on is repaired before them."""


async def repair(
    engine: Engine, tenant: str, targets: Iterable[Target], *, actor: str = "", reason: str = ""
) -> list[tuple[Target, Reply]]:
    """Repairs what was found, each in one step, what others stand on first. Raises: StoreError."""
    done: list[tuple[Target, Reply]] = []
    counters = 0  # repaired here: those counted with them are no staler for that
    for target in in_order(targets):
        call = Repair(
            kind=target.kind,
            id=target.id,
            places=target.places,
            off_by=target.off_by,
            mended=target.mended + counters,
            reason=reason,
        )
        reply = await engine.call(tenant, call, actor=actor)
        counters += target.kind == "counter" and reply.is_ok
        done.append((target, reply))
    return done


def in_order(targets: Iterable[Target]) -> list[Target]:
    """Each thing once, with all its places, those first that others stand on."""
    merged: dict[tuple[str, str], Target] = {}
    for target in targets:
        other = merged.get((target.kind, target.id))
        if other is not None:
            places = tuple(dict.fromkeys((*other.places, *target.places)))
            target = structs.replace(target, places=places)  # noqa: PLW2901
        merged[target.kind, target.id] = target
    known = [target for target in merged.values() if target.kind in ORDER]
    return sorted(known, key=lambda target: (ORDER.index(target.kind), target.id))


async def _nothing() -> AsyncIterator[Plain]:
    return
    yield
