"""Stories of customers who come again, and of what supervisors and settings do to them."""

from presence.calls import CloseSession, OpenSession, PutAgent
from queues.calls import Cancel, PutQueue
from router.calls import Accept, Assign, Close, LogOff, PutConfig, PutTenant, Tick
from tests.model.config_calls import CHANGES_MAX
from tests.model.scenes import DAY_MS, Scene, Stage


def serve(stage: Stage, customer: str, agent: str = "a") -> None:
    """The customer's first contact, from its arrival to its end."""
    stage.arrive(customer, customer=customer)
    stage.play(Accept(contact=customer, offer=1, agent=agent), Close(contact=customer))


def redefine(stage: Stage, agent: str, **definition: object) -> None:
    own = {"memberships": {"q1": {"role": "agent"}}, "slots": {"chat": 1}}
    stage.play(PutAgent(agent=agent, **own | definition))  # type: ignore[arg-type]


def whom_his_last_agent_could_not_serve(stage: Stage) -> None:
    """Who lacks the skills, has left the queue, has no slot or is away is not waited for."""
    stage.furnish({"sticky": "wait"})
    stage.engage("a", skills={"en": 9})
    for customer in ("k1", "k2", "k3", "k4"):
        serve(stage, customer)
    redefine(stage, "a")
    stage.arrive("c1", customer="k1", requirements={"en": 5})
    redefine(stage, "a", memberships={"q2": {"role": "agent"}})
    stage.arrive("c2", customer="k2")
    redefine(stage, "a", slots={"voice": 1})
    stage.arrive("c3", customer="k3")
    redefine(stage, "a")
    stage.play(LogOff(agent="a"))
    stage.arrive("c4", customer="k4")


def whose_last_agent_is_busy(stage: Stage) -> None:
    """A queue says whether a busy agent is waited for."""
    stage.furnish({"sticky": "if_ready"})
    stage.engage("a")
    for customer in ("k1", "k2"):
        serve(stage, customer)
    stage.hand("c0", "a")
    stage.arrive("c1", customer="k1")
    stage.play(PutQueue(queue="q1", settings={"sticky": "wait"}))
    stage.arrive("c2", customer="k2")
    stage.play(Close(contact="c0"))


def whose_last_agent_is_forgotten(stage: Stage) -> None:
    """A queue that does not want its last agents remembered has none, nor does one for ever."""
    stage.furnish()
    stage.engage("a")
    serve(stage, "k1")
    stage.play(PutQueue(queue="q1", settings={"sticky": "wait", "sticky_memory_ms": 60_000}))
    serve(stage, "k2")
    stage.arrive("c1", customer="k1")
    stage.play(Cancel(contact="c1"))
    stage.arrive("c2", after=60_000, customer="k2")


def who_hung_up(stage: Stage) -> None:
    """Who hung up has his old place again, once; a customer who is known, by his id alone."""
    stage.furnish({"resume_ms": 60_000})
    stage.arrive("c1", customer="k1", address="+49")
    stage.play(Cancel(contact="c1"))
    stage.arrive("c2", address="+49")
    stage.arrive("c3", customer="k1")
    stage.arrive("c4", customer="k1")


def what_a_supervisor_overrules(stage: Stage) -> None:
    """An agent's room and readiness, with the word for it, but not that he is away."""
    stage.furnish({"broadcast_to": 2})
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1")
    stage.play(Assign(contact="c1", agent="a"))
    stage.arrive("c2")
    stage.play(
        Assign(contact="c2", agent="a"),
        Assign(contact="c2", agent="a", not_ready=True),
        Assign(contact="c2", agent="a", over_capacity=True),
    )
    stage.play(LogOff(agent="b"))
    both = Assign(contact="c2", agent="b", not_ready=True, over_capacity=True)
    stage.play(both, OpenSession(agent="b", session="s", lease_ms=DAY_MS))
    stage.play(Assign(contact="c2", agent="b"), both)


def connections_of_one_session(stage: Stage) -> None:
    """The end of an old connection does not end the session that went on over a new one."""
    stage.furnish(grace_ms=30_000)
    stage.engage("a")
    stage.play(OpenSession(agent="a", session="s", lease_ms=DAY_MS), after=1_000)
    for epoch in (1, 2):
        stage.play(CloseSession(agent="a", session="s", epoch=epoch))


def logged_off(stage: Stage) -> None:
    """Who was logged off comes back when he says so; what he holds waits for him a while."""
    stage.furnish(grace_ms=30_000)
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(LogOff(agent="a"))
    stage.play(OpenSession(agent="a", session="s", lease_ms=DAY_MS, resume=True))
    stage.play(Tick(), after=30_000)
    stage.play(OpenSession(agent="a", session="s", lease_ms=DAY_MS))
    stage.play(CloseSession(agent="a", session="s"))
    stage.play(LogOff(agent="a"))


def what_a_file_says(stage: Stage) -> None:
    """It is remembered until the file says nothing of it any more; it may not say too much."""
    stage.furnish()
    said = {"kind": "queue", "id": "q1"}
    for word in (said | {"settings": {"ring_ms": 5_000}}, said):
        stage.play(PutConfig(changes=[], file=[word]), after=1_000)
    many = [{"kind": "queue", "id": f"w{n}", "settings": {}} for n in range(CHANGES_MAX + 1)]
    stage.play(PutConfig(changes=[], file=many))


def versions(stage: Stage) -> None:
    """As many versions are kept as the settings say; a circle of queues is none."""
    stage.furnish()
    stage.play(PutTenant(settings={"config_history": 3}, simulated=True))
    for target in ("q2", "", "q2"):
        stage.play(PutQueue(queue="q1", settings={"overflow_to": target}))
    stage.play(PutTenant(settings={"config_history": 1}, simulated=True))
    stage.play(PutQueue(queue="q2", settings={"overflow_to": "q1"}))
    onward = [{"after_ms": 1_000, "to_queue": "q1"}]
    stage.play(PutQueue(queue="q2", settings={"steps": onward}))
    named = {"kind": "queue", "id": "q2", "settings": {}}
    stage.play(PutConfig(changes=[named] * 501), PutConfig(changes=[named] * 2))
    stage.play(PutConfig(changes=[named], base=1))


RETURNING = (
    Scene(whom_his_last_agent_could_not_serve),
    Scene(whose_last_agent_is_busy),
    Scene(whose_last_agent_is_forgotten),
    Scene(who_hung_up),
    Scene(what_a_supervisor_overrules),
    Scene(connections_of_one_session),
    Scene(logged_off),
    Scene(versions),
    Scene(what_a_file_says),
)
