"""Short stories of hours, of contacts that come at their own instant, and of calling back."""

from queues.calls import Admit, Cancel, PutQueue, Update
from router.calls import (
    Accept,
    Assign,
    CallBack,
    Close,
    NotReached,
    PutCalendar,
    PutConfig,
    Release,
    Tick,
)
from tests.model.hours import LOOK_MS
from tests.model.scenes import DAY_MS, Scene, Stage, day

CLOSED: dict[str, object] = {"calendar": "day", "closed": "hold"}


def later(stage: Stage, contact: str, ms: int, **asks: object) -> None:
    """A chat for `q1` that comes so many ms from now."""
    own = {"queue": "q1", "channel": "chat", "fp": "f", "not_before": stage.now + ms}
    stage.play(Admit(contact=contact, **own | asks))  # type: ignore[arg-type]


def hours_that_nobody_knows_any_more(stage: Stage) -> None:
    """Beyond what is known of its hours a queue is open: who was held comes in."""
    stage.furnish(CLOSED)
    known = stage.now + 10_000
    stage.play(PutCalendar(calendar="day", settings={}, edges=[], until=known))
    stage.arrive("c1")
    stage.arrive("c2", after=9_000)
    stage.play(Tick())
    stage.arrive("c3")


def hours_that_change_and_go(stage: Stage) -> None:
    """Other hours are another version, more of the same are not; they go with their last queue."""
    stage.furnish({"calendar": "day"})
    for zone, edges in (("Europe/Berlin", []), ("Europe/Berlin", [stage.now]), ("UTC", [])):
        hours = {"settings": {"zone": zone}, "edges": edges, "until": stage.now + DAY_MS}
        stage.play(PutCalendar(calendar="day", **hours), after=1_000)  # type: ignore[arg-type]
    gone = {"kind": "calendar", "id": "day", "remove": True}
    without = {"kind": "queue", "id": "q1", "settings": {}}
    stage.play(PutConfig(changes=[gone]), PutConfig(changes=[gone, without]))


def hours_of_another_queue(stage: Stage) -> None:
    """What changes for one queue is looked at there alone; what holds nobody is not looked at."""
    stage.furnish(CLOSED)
    stage.play(PutQueue(queue="q2", settings=CLOSED | {"calendar": "night"}), day([]))
    stage.play(PutCalendar(calendar="night", settings={}, edges=[], until=stage.now + DAY_MS))
    stage.arrive("c1")
    stage.arrive("c2", queue="q2")
    stage.play(day([stage.now + DAY_MS // 2]))
    stage.play(Cancel(contact="c1"), Tick(), after=1_000)
    stage.play(Tick(), after=LOOK_MS)


def held_for_too_long(stage: Stage) -> None:
    """Who is held longer than the tenant would have it comes to nothing, and was not cancelled."""
    stage.furnish(CLOSED, held_max_ms=60_000)
    stage.play(day([]))
    stage.arrive("c1")
    stage.play(Tick(), after=59_999)
    stage.play(Tick(), after=1)


def sent_on_to_who_handles_nothing(stage: Stage) -> None:
    """A closed queue sends nobody on to one that handles nothing, nor to one that is not there."""
    for target in ("q2", "q3"):
        stage.furnish(CLOSED | {"closed": "divert", "closed_to": target})
        stage.play(PutQueue(queue="q2", settings={"handles": False}), day([]))
        stage.arrive("c1")
        stage.clear()


def its_instant_comes_while_it_is_closed(stage: Stage) -> None:
    """Who comes at an instant at which his queue is closed is held until it opens."""
    stage.furnish(CLOSED)
    stage.play(day([stage.now + 60_000]))
    later(stage, "c1", 10_000)
    stage.play(Tick(), after=10_000)
    stage.play(Tick(), after=50_000)


def the_clock_is_looked_at_on_the_way(stage: Stage) -> None:
    """The clock is looked at again and again; nobody comes before his instant."""
    stage.furnish()
    later(stage, "c1", LOOK_MS + 10_000)
    stage.play(Tick(), after=LOOK_MS)
    stage.play(Tick(), after=10_000)


def it_asks_for_its_agents_as_it_comes(stage: Stage) -> None:
    """Whom a contact asks for he has from when it comes, out of schedule and out of hold."""
    stage.furnish(CLOSED)
    stage.play(day([stage.now + 20_000]))
    stage.engage("a")
    stage.engage("b")
    later(stage, "c1", 10_000, agents=["b"], agent_wait_ms=5_000)
    later(stage, "c2", 30_000, agents=["b"], agent_wait_ms=5_000)
    for after in (10_000, 10_000, 10_000, 5_000):
        stage.play(Tick(), after=after)


def he_hangs_up_to_be_called(stage: Stage) -> None:
    """Who hangs up because he will be called has not gone; he has when he is called and does."""
    stage.furnish()
    gone = Cancel(contact="c1", result="abandoned")
    stage.arrive("c1", address="+55 11")
    stage.play(CallBack(contact="c1"), gone)
    stage.engage("a")
    stage.play(Accept(contact="c1", offer=1, agent="a"), gone)


def given_before_it_comes(stage: Stage) -> None:
    """Whom an agent gets before his instant has waited since then, and goes back to that place."""
    stage.furnish()
    stage.engage("a")
    later(stage, "c1", 60_000)
    stage.play(Assign(contact="c1", agent="a"), after=5_000)
    stage.play(Release(contact="c1"), after=5_000)


def called_once_more_each_time(stage: Stage) -> None:
    """Each attempt counts, whatever was agreed since; after the last one the contact ends."""
    stage.furnish({"callback_attempts_max": 3, "callback_retry_ms": 5_000})
    stage.engage("a")
    stage.arrive("c1", address="+55 11")
    stage.play(CallBack(contact="c1", address="+55 21"))
    for offer in (1, 2, 3):
        stage.play(Accept(contact="c1", offer=offer, agent="a"))
        stage.play(NotReached(contact="c1", agent="a"), after=1_000)
        stage.play(CallBack(contact="c1"), Tick(), after=5_000)


def nobody_was_to_be_called(stage: Stage) -> None:
    """Who came by himself can not have been missed."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(NotReached(contact="c1", agent="a"))


def his_place_among_those_held(stage: Stage) -> None:
    """Who asks for more priority while he is held comes in before those who came earlier."""
    stage.furnish(CLOSED | {"priority_credit_ms": 60_000})
    stage.play(day([stage.now + 60_000]))
    for contact in ("c1", "c2", "c3"):
        stage.arrive(contact)
    stage.play(Update(contact="c2", priority=5), Tick(), after=1_000)
    stage.play(Tick(), after=60_000)


def nobody_closes_what_is_not_his(stage: Stage) -> None:
    """No agent closes what is held or scheduled; whoever acts for nobody does."""
    stage.furnish(CLOSED)
    stage.play(day([]))
    stage.engage("a")
    stage.arrive("c1")
    later(stage, "c2", DAY_MS // 2)
    for contact in ("c1", "c2"):
        stage.play(Close(contact=contact, agent="a"), Close(contact=contact))


COMING = (
    *(Scene(hours_that_nobody_knows_any_more), Scene(held_for_too_long)),
    *(Scene(sent_on_to_who_handles_nothing), Scene(its_instant_comes_while_it_is_closed)),
    *(Scene(the_clock_is_looked_at_on_the_way), Scene(it_asks_for_its_agents_as_it_comes)),
    *(Scene(he_hangs_up_to_be_called), Scene(called_once_more_each_time)),
    *(Scene(nobody_was_to_be_called), Scene(his_place_among_those_held)),
    *(Scene(hours_that_change_and_go), Scene(hours_of_another_queue)),
    *(Scene(nobody_closes_what_is_not_his), Scene(given_before_it_comes)),
)
