"""Short stories about what agents have room for, and about who is left alone for a while."""

from presence.calls import CloseSession, SetState
from router.calls import Accept, Close, Decline, PutTenant, Tick
from tests.model.scenes import Scene, Stage

ALIKE = {"chat": {"cost": 1}, "email": {"cost": 1}, "voice": {"cost": 1}}
CALLS_FIRST = {**ALIKE, "voice": {"cost": 1, "exclusive": True, "interrupts": ["email"]}}
OF_ALL_KINDS = {"slots": {"voice": 1, "chat": 1, "email": 2}, "capacity": 4}


def alone_or_not_at_all(stage: Stage) -> None:
    """A call that wants its agent alone waits for his chat to end, and pushes an e-mail aside."""
    stage.furnish(channels=CALLS_FIRST)
    stage.engage("a", **OF_ALL_KINDS)
    stage.hand("c1", "a")
    stage.arrive("call", channel="voice")
    stage.play(Close(contact="c1", wrap_up=False), after=1_000)
    stage.arrive("m1", channel="email")
    stage.clear()
    stage.furnish(channels=CALLS_FIRST)
    stage.engage("a", **OF_ALL_KINDS)
    stage.arrive("m1", channel="email")
    stage.arrive("call", channel="voice")
    stage.play(Accept(contact="call", offer=1, agent="a"), Tick(), after=1_000)


def a_call_that_only_rings(stage: Stage) -> None:
    """What is in hand is interrupted when the call is taken, not while it rings."""
    stage.furnish(channels=ALIKE | {"voice": {"cost": 1, "interrupts": ["email"]}})
    stage.engage("a", **OF_ALL_KINDS)
    stage.arrive("m1", channel="email")
    stage.play(Accept(contact="m1", offer=1, agent="a"))
    stage.arrive("call", channel="voice")
    stage.hand("c1", "a")
    stage.play(Accept(contact="call", offer=1, agent="a"), after=1_000)
    stage.play(Close(contact="call", wrap_up=False), after=1_000)


def with_room_for_all(stage: Stage) -> None:
    """What rings him goes on ringing, when the call that could interrupt it leaves room for it."""
    stage.furnish(channels=ALIKE | {"voice": {"cost": 1, "interrupts": ["email"]}})
    stage.engage("a", **OF_ALL_KINDS)
    stage.arrive("m1", channel="email")
    stage.arrive("call", channel="voice")
    stage.play(Accept(contact="call", offer=1, agent="a"), after=1_000)


def another_precedence(stage: Stage) -> None:
    """New rules interrupt what is in hand, and give it back."""
    stage.furnish(channels=ALIKE)
    stage.engage("a", **OF_ALL_KINDS)
    for contact, channel in (("m1", "email"), ("call", "voice")):
        stage.arrive(contact, channel=channel)
        stage.play(Accept(contact=contact, offer=1, agent="a"))
    for others in (["email"], ["chat"]):
        channels = ALIKE | {"voice": {"cost": 1, "interrupts": others}}
        stage.play(PutTenant(settings={"channels": channels}, simulated=True), after=1_000)


def left_alone_for_a_while(stage: Stage) -> None:
    """Back after that, he begins anew; nobody comes back without a desktop."""
    quick: dict[str, object] = {"decline_ms": 100, "cooldown_max_ms": 100}
    stage.furnish(quick, max_declines=2, return_ms=2_000)
    stage.engage("a")
    stage.arrive("c1")
    for offer in (1, 2, 3):
        stage.play(Decline(contact="c1", offer=offer, agent="a"))
        stage.play(Tick(), after=2_000)
    stage.play(Decline(contact="c1", offer=4, agent="a"))
    stage.play(CloseSession(agent="a", session="s", reason="lost"))
    stage.play(Tick(), after=2_000)
    stage.clear()
    stage.furnish(max_declines=1, return_ms=2_000)
    stage.engage("a")
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    stage.play(SetState(agent="a", presence="not_ready", reason="lunch"), after=1_000)
    stage.play(Tick(), after=2_000)


def writing_up_on_request(stage: Stage) -> None:
    """Who does not ask for it has no wrap-up; nor has who asks for it where there is none."""
    for mode, wish in (("on_request", None), ("off", True)):
        stage.furnish({"wrap_up": mode, "wrap_up_ms": 5_000})
        stage.engage("a")
        stage.hand("c1", "a")
        stage.play(Close(contact="c1", wrap_up=wish))
        stage.clear()


def writing_up_for_too_long(stage: Stage) -> None:
    """No queue may have its agents write up for longer than the tenant allows."""
    stage.furnish({"wrap_up": "forced_limit", "wrap_up_ms": 60_000}, wrap_up_max_ms=5_000)
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Close(contact="c1"))
    stage.play(Tick(), after=5_000)


BUSY = (
    *(Scene(alone_or_not_at_all), Scene(a_call_that_only_rings), Scene(another_precedence)),
    *(Scene(left_alone_for_a_while), Scene(writing_up_on_request)),
    *(Scene(writing_up_for_too_long), Scene(with_room_for_all)),
)
