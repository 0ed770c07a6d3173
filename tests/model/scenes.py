"""Short stories, told to the model and the engine alike: what walks hardly ever come by.

Each names what it reaches; a walk need not wait for that. Planted faults meet them first.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Self

import msgspec
import redis

from presence.calls import CloseSession, OpenSession, PutAgent, SetState
from queues.calls import Admit, PutQueue, Update
from router.calls import (
    Accept,
    Assign,
    Close,
    Decline,
    LogOff,
    Monitor,
    PutCalendar,
    PutConfig,
    PutTenant,
    Release,
    Reopen,
    Tick,
    Transfer,
)
from router.engine.library import Library
from tests.model.chance import START
from tests.model.hours import AHEAD_MAX_MS
from tests.model.pair import Step, new_pair

DAY_MS = 86_400_000


class Stage:
    """A tenant with the queues `q1` and `q2`, and one clock for both sides."""

    def __init__(self, client: "redis.Redis", library: Library, tenant: str) -> None:
        self.pair = new_pair(client, tenant, library)
        self.now = START

    def clear(self) -> None:
        """An empty tenant for the next story."""
        reached, direct = self.pair.reached, self.pair.direct
        direct.drop()
        self.pair = new_pair(direct.client, direct.prefix[1:-2], direct.library)
        self.pair.reached += reached

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.pair.direct.drop()

    def play(self, *calls: msgspec.Struct, after: int = 0) -> None:
        """The calls, all at one instant, so many ms later. Raises: Divergence."""
        self.now += after
        for call in calls:
            self.pair.run(Step(call, self.now))

    def furnish(self, queue: dict[str, object] | None = None, **settings: object) -> None:
        """The settings of the tenant and of `q1`; `q2` is as it comes."""
        self.play(
            PutTenant(settings=settings, simulated=True),
            PutQueue(queue="q1", settings=queue or {}),
            PutQueue(queue="q2", settings={}),
        )

    def engage(self, agent: str, **definition: Any) -> None:
        """A new agent of `q1`, connected and ready."""
        own: dict[str, Any] = {"memberships": {"q1": {"role": "agent"}}, "slots": {"chat": 1}}
        self.play(
            PutAgent(agent=agent, **own | definition),
            OpenSession(agent=agent, session="s", lease_ms=DAY_MS),
            SetState(agent=agent, presence="ready"),
        )

    def arrive(self, contact: str, after: int = 1_000, **asks: Any) -> None:
        """A chat comes to `q1`."""
        own = {"queue": "q1", "channel": "chat", "fp": "f"}
        self.play(Admit(contact=contact, **own | asks), after=after)

    def hand(self, contact: str, agent: str, offer: int = 1) -> None:
        """A chat comes to `q1`, and the agent whom it rings accepts it."""
        self.arrive(contact)
        self.play(Accept(contact=contact, offer=offer, agent=agent))


class Scene(NamedTuple):
    """A story, and the names of what it reaches, as `Pair.reached` counts them."""

    tell: Callable[[Stage], None]
    reaches: tuple[str, ...] = ()


def day(edges: list[int]) -> PutCalendar:
    """The calendar `day`, which opens and closes at these instants in turn."""
    return PutCalendar(calendar="day", settings={}, edges=edges, until=START + DAY_MS)


def who_listens(stage: Stage) -> None:
    """Three may listen to one conversation, in whatever way; the fourth may not."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(
        Monitor(contact="c1", supervisor="v1", mode="listen"),
        Monitor(contact="c1", supervisor="v2", mode="coach"),
        Monitor(contact="c1", supervisor="v3", mode="barge"),
        Monitor(contact="c1", supervisor="v4", mode="listen"),
        Monitor(contact="c1", supervisor="v1", mode="coach"),
        Monitor(contact="c1", supervisor="v1", mode="coach"),
        Monitor(contact="c1", supervisor="v1", mode="stop"),
        Monitor(contact="c1", supervisor="v4", mode="listen"),
        Close(contact="c1"),
    )


def the_same_agent_again(stage: Stage) -> None:
    """A customer who comes again is offered to the agent who served him last."""
    stage.furnish({"sticky": "wait", "wrap_up": "on_request", "wrap_up_ms": 5_000})
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1", customer="c7")
    stage.play(Accept(contact="c1", offer=1, agent="a"))
    stage.play(Close(contact="c1", wrap_up=True), after=1_000)
    stage.play(Tick(), after=5_000)
    stage.arrive("c2", customer="c7")


def too_far_ahead(stage: Stage) -> None:
    """Nothing is put off for longer than the clock can promise; to the last instant it is."""
    stage.furnish()
    for contact, beyond in (("c1", 0), ("c2", 1)):
        at = stage.now + AHEAD_MAX_MS + beyond
        stage.play(Admit(contact=contact, queue="q1", channel="chat", fp="f", not_before=at))
    stage.play(Update(contact="c1", not_before=stage.now + AHEAD_MAX_MS + 1))


def brought_forward(stage: Stage) -> None:
    """Whose instant is moved to one that has passed comes now, and has not waited since then."""
    stage.furnish()
    at = stage.now + DAY_MS
    stage.play(Admit(contact="c1", queue="q1", channel="chat", fp="f", not_before=at))
    stage.play(Update(contact="c1", not_before=stage.now + 5_000), after=10_000)
    stage.play(Tick())


def asking_less_otherwise(stage: Stage) -> None:
    """New relaxations count from where it came to its queue, whatever was applied before."""
    stage.furnish()
    relax: list[dict[str, object]] = [{"after_ms": 2_000, "drop": ["en"]}]
    stage.arrive("c1", requirements={"en": 5, "pt": 5}, relax=relax)
    stage.play(Tick(), after=2_000)
    sooner: list[dict[str, object]] = [{"after_ms": 500, "requirements": {"pt": 1}}]
    stage.play(Update(contact="c1", relax=sooner), after=1_000)
    stage.play(Tick(), after=1)
    later: list[dict[str, object]] = [{"after_ms": 60_000, "requirements": {}}]
    stage.play(Update(contact="c1", relax=later), after=1_000)


def into_a_queue_that_closed_for_good(stage: Stage) -> None:
    """No contact is transferred to a queue that handles nothing."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(PutQueue(queue="q2", settings={"handles": False}))
    stage.play(Transfer(contact="c1", to_queue="q2"))


def in_a_back_off(stage: Stage) -> None:
    """What an agent puts off in a back-off, with a contact in hand, ends his return."""
    stage.furnish(max_declines=1, return_ms=10_000)
    stage.engage("a", slots={"chat": 2})
    stage.hand("c1", "a")
    stage.arrive("c2")
    stage.play(Decline(contact="c2", offer=1, agent="a"))
    stage.play(SetState(agent="a", presence="offline", when="idle"), after=1_000)
    stage.play(Close(contact="c1"), after=20_000)


def before_a_back_off(stage: Stage) -> None:
    """Who has put something off, with a contact in hand, does not return from a back-off."""
    stage.furnish(max_declines=1, return_ms=10_000)
    stage.engage("a", slots={"chat": 2})
    stage.hand("c1", "a")
    stage.arrive("c2")
    stage.play(SetState(agent="a", presence="offline", when="idle"))
    stage.play(Decline(contact="c2", offer=1, agent="a"))
    stage.play(Close(contact="c1"), after=20_000)


def removing_who_has_contacts(stage: Stage) -> None:
    """An agent who was logged off with a contact in hand stays until somebody else has it."""
    stage.furnish()
    stage.engage("a")
    stage.engage("b")
    stage.hand("c1", "a")
    stage.play(LogOff(agent="a"))
    gone = PutConfig(changes=[{"kind": "agent", "id": "a", "remove": True}])
    stage.play(gone)
    stage.play(Assign(contact="c1", agent="b"))
    stage.play(gone)


def removing_who_is_awaited(stage: Stage) -> None:
    """An agent for whom alone a contact waits stays until it waits for others, too."""
    stage.furnish()
    stage.engage("a")
    stage.play(LogOff(agent="a"))
    stage.arrive("c1", agents=["a"], agent_wait_ms=10_000)
    gone = PutConfig(changes=[{"kind": "agent", "id": "a", "remove": True}])
    stage.play(gone)
    stage.play(Tick(), gone, after=10_000)


def transfers_ask(stage: Stage) -> None:
    """What is taken unasked from a queue is asked for in a transfer."""
    stage.furnish(channels={"chat": {"auto_accept": True}})
    stage.engage("a")
    stage.arrive("c1")
    stage.engage("b")
    stage.play(Transfer(contact="c1", to_agent="b"))


def removing_a_queue_with_supervisors(stage: Stage) -> None:
    """A queue that somebody supervises is not removed under him."""
    stage.furnish()
    stage.play(PutAgent(agent="v", memberships={"q2": {"role": "supervisor"}}))
    gone = {"kind": "queue", "id": "q2", "remove": True}
    stage.play(PutConfig(changes=[gone]))
    stage.play(PutConfig(changes=[gone, {"kind": "agent", "id": "v", "settings": {}}]))


def bells_beside_a_bell(stage: Stage) -> None:
    """Who rings already and stands first in his row takes nobody's place there."""
    stage.furnish({"strategy": "top_down", "broadcast_to": 2})
    stage.engage("a", memberships={"q1": {"role": "agent", "level": 90}}, slots={"chat": 2})
    stage.engage("b", memberships={"q1": {"role": "agent", "level": 20}})
    stage.arrive("c1")


def losers_hear_who_has_it(stage: Stage) -> None:
    """Whoever else a contact rang is told who was first; one who is gone rings no more."""
    stage.furnish({"broadcast_to": 4})
    for agent in ("a", "b", "c", "d"):
        stage.engage(agent)
    stage.arrive("c1")
    stage.play(CloseSession(agent="d", session="s"))
    stage.play(Accept(contact="c1", offer=2, agent="b"))


def asks_less_while_it_rings(stage: Stage) -> None:
    """A contact that asks less while it rings too few rings more of them."""
    stage.furnish({"broadcast_to": 3})
    stage.engage("a", skills={"en": 9})
    stage.engage("b", skills={"en": 5})
    stage.arrive("c1", requirements={"en": 9})
    stage.play(Update(contact="c1", requirements={"en": 5}), after=1_000)
    stage.play(Update(contact="c1", requirements={"en": 1}), after=1_000)
    stage.engage("c", skills={"en": 1})


def at_the_edge(stage: Stage) -> None:
    """A queue is open from the very instant at which it opens, and closed from that of its end."""
    stage.furnish({"calendar": "day", "closed": "hold"})
    stage.play(day([START + 10_000, START + 20_000]))
    stage.arrive("c1")
    stage.play(Tick(), after=8_999)
    stage.play(Tick(), after=1)
    stage.arrive("c2", after=9_999)
    stage.arrive("c3", after=1)
    stage.play(Tick(), after=10_000)


def other_hours(stage: Stage) -> None:
    """Changed hours let in whoever is held, at once; hours that stay closed let in nobody."""
    stage.furnish({"calendar": "day", "closed": "hold"})
    stage.play(day([]))
    stage.arrive("c1")
    stage.play(day([START + 60_000]), Tick(), after=1_000)
    stage.play(day([START]), Tick(), after=1_000)


def hours_among_other_changes(stage: Stage) -> None:
    """Hours that change with other settings let in who is held; those in use do not go."""
    stage.furnish({"calendar": "day", "closed": "hold"})
    stage.play(day([]))
    stage.arrive("c1")
    stage.play(PutConfig(changes=[{"kind": "calendar", "id": "day", "remove": True}]))
    opened = {"settings": {}, "edges": [START], "until": START + DAY_MS}
    stage.play(PutConfig(changes=[{"kind": "calendar", "id": "day", **opened}]), Tick())


def given_before_it_opens(stage: Stage) -> None:
    """Who is given from hold to an agent has kept the place of his arrival."""
    stage.furnish({"calendar": "day", "closed": "hold"})
    stage.play(day([]))
    stage.engage("a")
    stage.arrive("c1")
    stage.play(Assign(contact="c1", agent="a"), after=5_000)
    stage.play(Release(contact="c1"), after=5_000)


def back_to_whom_it_was_given(stage: Stage) -> None:
    """What never waited comes back from its wrap-up, and has the line in which it would wait."""
    stage.furnish({"calendar": "day", "closed": "hold", "wrap_up_ms": 5_000})
    stage.play(day([]))
    stage.engage("a")
    stage.arrive("c1")
    stage.play(Assign(contact="c1", agent="a"), Close(contact="c1"))
    stage.play(Reopen(contact="c1", who="customer"), after=1_000)


def at_its_end(stage: Stage) -> None:
    """What is served asks for nothing new; what ends rings nobody any more."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Update(contact="c1", priority=2))
    stage.engage("b")
    stage.play(Transfer(contact="c1", to_agent="b"), Close(contact="c1"))
    stage.play(Update(contact="c1", priority=2))


SCENES = (
    Scene(at_its_end),
    Scene(hours_among_other_changes),
    Scene(given_before_it_opens),
    Scene(back_to_whom_it_was_given, ("contact.reopened",)),
    Scene(losers_hear_who_has_it),
    Scene(asks_less_while_it_rings),
    Scene(at_the_edge),
    Scene(other_hours),
    Scene(bells_beside_a_bell),
    Scene(who_listens, ("monitor>too_many", "contact.monitored mode=coach")),
    Scene(the_same_agent_again, ("offer.made sticky=True", "contact.wrap_up mode=on_request")),
    Scene(too_far_ahead, ("admit>too_far", "update>too_far")),
    Scene(brought_forward),
    Scene(asking_less_otherwise),
    Scene(into_a_queue_that_closed_for_good, ("transfer>not_accepted",)),
    Scene(in_a_back_off),
    Scene(before_a_back_off),
    Scene(removing_who_has_contacts),
    Scene(removing_who_is_awaited),
    Scene(transfers_ask),
    Scene(removing_a_queue_with_supervisors),
)
