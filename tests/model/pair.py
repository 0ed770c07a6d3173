"""The engine and the model side by side: each step goes to both, and all they say is compared.

The engine's side is direct: one synchronous connection, one function call, no router between.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import msgspec
import redis

from router.doctor.state import decode_state, shown
from router.engine.library import Library
from tests.broken import Broken
from tests.fold import Fold
from tests.invariants import check
from tests.model.model import Model
from tests.model.records import BY_HAND, Plain, Result
from tests.state import READ, diff, prefix_of

COUNTED = (
    *("kind", "reason", "cause", "side", "result", "state", "state_before"),
    *("mode", "strategy", "source", "sticky", "resumed", "auto", "how", "author", "by"),
)
ROUTINE = ("outcome", "now", "next", "position", "repeated", "events")


@dataclass(frozen=True)
class Step:
    """One command of a run, with everything that is needed to run it again."""

    call: msgspec.Struct
    now: int | None
    key: str | None = None
    fp_key: str | None = None

    def __repr__(self) -> str:
        """Python that makes the step again, without what is left at its default."""
        given = [
            f"{field.name}={value!r}"
            for field in msgspec.structs.fields(self.call)
            if (value := getattr(self.call, field.name)) not in (field.default, {})
        ]
        rest = [repr(value) for value in (self.key, self.fp_key) if value is not None]
        call = f"{type(self.call).__name__}({', '.join(given)})"
        return f"Step({', '.join([call, repr(self.now), *rest])})"


@dataclass(frozen=True)
class Forget:
    """A closed contact's time to live ends."""

    contact: str


Command = Step | Forget


class Divergence(AssertionError):
    """The engine did not do what the model says, or broke a promise."""


class Direct:
    """One tenant of the real engine."""

    def __init__(self, client: "redis.Redis", tenant: str, library: Library) -> None:
        self.client: Any = client
        self.prefix = prefix_of(tenant)
        self.library = library
        self.position = "-"

    def call(self, step: Step) -> "Seen":
        """Sends the call as the engine would, and looks at all that it did, in one round trip."""
        fields = {name: getattr(step.call, name) for name in step.call.__struct_fields__}
        args = {name: value for name, value in fields.items() if value is not None}
        args |= {"by": "r-model", "actor": "", "echo": True}
        if step.now is not None:
            args["now"] = step.now
        if step.key is not None:
            args |= {"key": step.key, "fp_key": step.fp_key}
        function = self.library.function(step.call.transition)  # type: ignore[attr-defined]
        meta = f"{self.prefix}meta"
        pipeline = self.client.pipeline(transaction=False)
        pipeline.fcall(function, 1, meta, msgspec.msgpack.encode(args))
        pipeline.xrange(f"{self.prefix}journal", self.position)
        pipeline.eval(READ, 1, meta, self.prefix)
        blob, entries, found = pipeline.execute()
        journal: list[Plain] = []
        versions: list[tuple[str, int]] = []
        for position, entry in entries:
            self.position = f"({position.decode()}"
            told = msgspec.msgpack.decode(entry[b"e"])
            journal += told["ev"]
            versions.append((told["t"], told["config"]))
        return Seen(msgspec.msgpack.decode(blob), journal, versions, decode_state(found))

    def forget(self, contact: str, *threads: str) -> None:
        names = [f"c:{contact}", *(f"cv:{thread}" for thread in threads)]
        assert self.client.delete(*(self.prefix + name for name in names)) == len(names)

    def drop(self) -> None:
        """Deletes all that the tenant left in the store."""
        keys = list(self.client.scan_iter(f"{self.prefix}*", count=1000))
        if keys:
            self.client.unlink(*keys)


@dataclass(frozen=True)
class Seen:
    """What a call did: its reply, what it added to the journal, and the state after it.

    `versions` are the new entries' transitions, each with the version that it was decided under.
    """

    reply: Plain
    journal: list[Plain]
    versions: list[tuple[str, int]]
    state: Plain


class Pair:
    """The same commands for both; raises Divergence at the first difference."""

    def __init__(self, direct: Direct) -> None:
        self.direct = direct
        self.model = Model()
        self.history = Fold()
        self.commands: list[Command] = []
        self.reached: Counter[str] = Counter()

    def run(self, command: Command) -> Result:
        """One step on both sides, compared in full. Raises: Divergence."""
        self.commands.append(command)
        if isinstance(command, Forget):
            own = self.model.conversations.items()
            threads = [thread for thread, latest in own if latest == command.contact]
            self.direct.forget(command.contact, *threads)
            self.model.forget(command.contact)
            return Result("ok")
        before = self.model.version
        expected = self.model.call(command.call, command.now, command.key, command.fp_key)
        try:
            seen = self.direct.call(command)
        except redis.ResponseError as error:
            raise Divergence(f"{command}\nthe engine failed: {error}") from error
        wrong = self.compare(expected, seen.reply)
        if not wrong and self.model.exists:
            wrong = self.compare_effects(seen)
            after = self.model.version
            named = [(t, before if t == "tick" else after) for t, _ in seen.versions]
            wrong += diff(seen.versions, named, "version of the entries")
        if wrong:
            told = "\n".join(wrong)
            raise Divergence(f"{command}\n(engine != model)\n{told}")
        self.count(command, expected)
        return expected

    def compare(self, expected: Result, reply: Plain) -> list[str]:
        wrong = diff(reply.get("outcome"), expected.outcome, "outcome")
        wrong += diff(bool(reply.get("repeated")), expected.repeated, "repeated")
        values = {name: value for name, value in reply.items() if name not in ROUTINE}
        wrong += diff(truthful(values), truthful(told(expected, values)), "reply")
        events = reply.get("events") or []
        wrong += compare_events([*map(told_event, events)], [*map(told_event, expected.events)])
        return wrong

    def compare_effects(self, seen: Seen) -> list[str]:
        """What the reply does not show: the journal, its fold, the whole state, the promises."""
        events = seen.reply.get("events") or []
        if seen.journal != events:
            return [f"journal: {seen.journal} != echoed: {events}"]
        wrong = diff("position" in seen.reply, bool(events), "position")
        wrong += late(seen)
        wrong += compare_states(seen.state, self.model.state())
        try:
            for event in events:
                self.history.apply(event)
            check(seen.state, history=self.history)
        except Broken as error:
            wrong.append(f"broken promise: {error}")
        return wrong

    def count(self, step: Step, result: Result) -> None:
        """Keeps what was reached: outcomes, and the kinds of events."""
        transition = step.call.transition  # type: ignore[attr-defined]
        self.reached[f"{transition}>{result.outcome}{'+repeated' * result.repeated}"] += 1
        for name in ("verdict", "why"):
            if name in result.values:
                self.reached[f"{name}>{result.values[name]}"] += 1
        if "taken_by" in result.values:
            self.reached[f"{transition}>{result.outcome} taken_by"] += 1
        for problem in result.values.get("problems", ()):
            self.reached[f"obstacle>{problem['why']}"] += 1
        for event in result.events:
            self.reached[event["e"]] += 1
            self.reached[f"{transition}: {event['e']}"] += 1
            for name in COUNTED:
                if event.get(name):
                    self.reached[f"{event['e']} {name}={event[name]}"] += 1


def told(expected: Result, values: Plain) -> Plain:
    """What the reply should say; it may always say where the contact of the call stands."""
    return {n: v for n, v in expected.standing.items() if n in values} | expected.values


def late(seen: Seen) -> list[str]:
    """A reply says when to come again: not after the first timer, though it may be before."""
    first = min(seen.state["timers"].values(), default=None)
    come = seen.reply.get("next")
    if seen.reply.get("repeated") or seen.reply["outcome"] in ("bad_clock", "key_reused"):
        return []
    if first is None or (come is not None and come <= first):
        return []
    return [f"next is {come}, but a timer is due at {first}"]


def truthful(values: Plain) -> Plain:
    """A reply's values without those that say no."""
    return {name: value for name, value in shown(values).items() if value is not False}


def told_event(event: Plain) -> Plain:
    """What an event says; where a colleague asks, the line that it waited in says nothing."""
    said = shown(event)
    if event["e"] == "offer.made" and event["kind"] in BY_HAND:
        said.pop("line", None)
    if "settings" in said:
        said["settings"] = shown(said["settings"])
    return said


def compare_events(ours: list[Plain], theirs: list[Plain]) -> list[str]:
    if ours == theirs:
        return []
    if [event["e"] for event in ours] == [event["e"] for event in theirs]:
        return diff(dict(enumerate(ours)), dict(enumerate(theirs)), "events")
    lines = ["events of the engine:", *map(str, ours), "events of the model:", *map(str, theirs)]
    return ["\n  ".join(lines)]


def compare_states(ours: Plain, theirs: Plain) -> list[str]:
    theirs = {**theirs, "personal": ours["personal"]}
    return [] if ours == theirs else diff(ours, theirs)


def new_pair(client: "redis.Redis", tenant: str, library: Library) -> Pair:
    """A pair with an empty tenant, whose library is loaded."""
    loaded: Any = client
    if not loaded.function_list(library.name):
        loaded.function_load(library.code)
    return Pair(Direct(client, tenant, library))
