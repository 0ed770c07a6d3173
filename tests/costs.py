"""How each transition is led up to, for what it costs (`tests/test_cost.py`)."""

from collections.abc import Callable

from tests.center import Center

THREAD: dict[str, object] = {"customer": "c7", "conversation": "t"}

Scene = Callable[[Center], tuple[str, dict[str, object]]]
SCENES: dict[str, Scene] = {}


def said(to: dict[str, object], **more: object) -> dict[str, object]:
    """The arguments of a report: an agent's own words unless it says otherwise."""
    words: dict[str, object] = {"author": "agent", "visibility": "public", "wait": False}
    return to | words | {"id": "m1" if "author" in more else "m0"} | more


def scene(name: str) -> Callable[[Scene], Scene]:
    """Registers how a transition is led up to; the answer is the call that is counted."""

    def register(made: Scene) -> Scene:
        SCENES[name] = made
        return made

    return register


@scene("admit, offered at once")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "admit", center.arrival("calm")


@scene("admit, waits")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "admit", center.arrival("rush", {"en": 50})


@scene("admit, held")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.close_queue("calm")
    return "admit", center.arrival("calm")


@scene("admit, scheduled")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "admit", center.arrival("calm") | {"not_before": center.now + 10**8}


@scene("admit, to a conversation that goes on")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("admit", **center.arrival("rush") | THREAD)
    return "admit", center.arrival("rush") | THREAD


@scene("admit, after a conversation's last contact")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("put_queue", queue="rush", settings={"reopen": "locked"})
    center.ok("admit", **(args := center.arrival("rush") | THREAD))
    center.ok("cancel", contact=args["contact"], result="abandoned")
    return "admit", center.arrival("rush") | THREAD


@scene("call_back, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.admit("rush")["contact"]
    return "call_back", {"contact": contact, "not_before": center.now + 10**8}


@scene("not_reached")
def _(center: Center) -> tuple[str, dict[str, object]]:
    token = center.offered()
    center.ok("call_back", contact=token["contact"])
    center.ok("accept", **token)
    return "not_reached", {"contact": token["contact"]}


@scene("cancel, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "cancel", {"contact": center.admit("rush")["contact"], "result": "abandoned"}


@scene("cancel, offered")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "cancel", {"contact": center.offered()["contact"], "result": "abandoned"}


@scene("update, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    asked = {"priority": 3, "relax": [{"after_ms": 5_000, "requirements": {}}]}
    return "update", {"contact": center.admit("rush")["contact"], **asked}


@scene("update, scheduled")
def _(center: Center) -> tuple[str, dict[str, object]]:
    args = center.arrival("calm") | {"not_before": center.now + 10**8}
    center.ok("admit", **args)
    return "update", {"contact": args["contact"], "not_before": center.now + 10**7}


@scene("keep_alive")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "keep_alive", {"contacts": [center.admit("rush")["contact"]]}


@scene("revoke, a subject's")
def _(center: Center) -> tuple[str, dict[str, object]]:
    args = {"subject": "ann", "before": center.now, "until": center.now + 9, "at": center.now}
    return "revoke", args | {"reason": ""}


@scene("archived, one let go")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.admit("rush")["contact"]
    center.ok("cancel", contact=contact, result="abandoned")
    named = {contact: center.now}
    return "archived", {"position": "1-1", "unarchived_max": 200_000, "contacts": named}


@scene("accept")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "accept", center.offered()


@scene("decline, to the next agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "decline", center.offered() | {"cause": "declined", "reason": ""}


@scene("release, to the next agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "release", center.assigned()


@scene("claim, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("put_queue", queue="rush", settings={"distribution": "hybrid"})
    contact = center.admit("rush")["contact"]
    return "claim", {"contact": contact, "agent": "x2", "session": "s1", "not_member": False}


@scene("claim, offered to another agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("put_queue", queue="calm", settings={"distribution": "hybrid"})
    contact = center.offered()["contact"]
    return "claim", {"contact": contact, "agent": "x2", "not_member": False}


@scene("take_over")
def _(center: Center) -> tuple[str, dict[str, object]]:
    words: dict[str, object] = {"is_supervisor": True, "not_member": False, "reason": ""}
    return "take_over", {"contact": center.assigned()["contact"], "agent": "x2", **words}


@scene("assign")
def _(center: Center) -> tuple[str, dict[str, object]]:
    words = {"over_capacity": True, "not_ready": True, "not_member": False, "reason": ""}
    return "assign", {**words, "contact": center.offered()["contact"], "agent": "x2"}


@scene("assign, held")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.close_queue("calm")
    given = {"agent": "x2", "over_capacity": False, "not_ready": True, "not_member": False}
    return "assign", {**given, "contact": center.admit("calm")["contact"], "reason": ""}


@scene("monitor")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.assigned()["contact"]
    return "monitor", {"contact": contact, "supervisor": "v", "mode": "listen", "reason": ""}


@scene("report, a question")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "report", said(center.assigned(), wait=True)


@scene("report, an answer to it")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("report", **said(owned, wait=True))
    return "report", said({"contact": owned["contact"]}, author="customer")


@scene("report, an answer to nobody")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("report", **said(owned, wait=True))
    center.ok("set_state", **center.be(str(owned["agent"]), "not_ready"))
    return "report", said({"contact": owned["contact"]}, author="customer")


@scene("report, on what is over")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("close", **owned, wrap_up=False)
    return "report", said({"contact": owned["contact"]}, author="customer")


@scene("reopen")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("close", **owned, wrap_up=False)
    return "reopen", {**owned, "who": "agent"}


@scene("log_off")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    return "log_off", {"agent": owned["agent"], "contacts": "requeue", "reason": ""}


@scene("transfer, to an agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("set_state", **center.be("x1", "ready"))  # takes one of those who wait
    return "transfer", {**center.assigned(), "to_agent": f"calm{center.size - 1}"}


@scene("transfer, to a queue")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "transfer", {**center.assigned(), "to_queue": "rush"}


@scene("transfer, to a queue, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "transfer", {"contact": center.admit("rush")["contact"], "to_queue": "calm"}


@scene("transfer, to a closed queue, ringing")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.offered()["contact"]
    center.close_queue("rush")
    return "transfer", {"contact": contact, "to_queue": "rush", "position": "front"}


def consulted(center: Center) -> dict[str, object]:
    """A contact whose owner is asked about by an agent who takes part."""
    center.ok("set_state", **center.be("x1", "ready"))  # takes one of those who wait
    owned, guest = center.assigned(), f"calm{center.size - 1}"
    made = center.ok("consult", **owned, to_agent=guest)
    center.ok("accept", contact=owned["contact"], offer=made["offers"][0]["n"], agent=guest)
    return owned


@scene("consult")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "consult", {**center.assigned(), "to_agent": f"calm{center.size - 1}"}


@scene("complete_consult")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "complete_consult", consulted(center)


@scene("leave_consult")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "leave_consult", consulted(center)


@scene("fork")
def _(center: Center) -> tuple[str, dict[str, object]]:
    target: dict[str, object] = {"to_queue": "rush", "requirements": {}, "fp": "f"}
    return "fork", {"contact": center.assigned()["contact"], **target}


@scene("close")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "close", center.assigned() | {"wrap_up": True}


@scene("end_wrap_up")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("close", **owned, wrap_up=True)
    return "end_wrap_up", owned


@scene("score, of what the archive has")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    record = {"id": "old", "queue": "q", "channel": "chat", "closed_at": 1}
    return "score", {"contact": "old", "score": 9, "record": record}


@scene("score")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("close", **owned, wrap_up=False)
    return "score", {"contact": owned["contact"], "score": 9}


@scene("open_session")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    return "open_session", {"agent": "x1", "session": "s2", "lease_ms": 10**10}


@scene("renew")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    return "renew", {"sessions": [["x1", "s1"]], "lease_ms": 10**10}


@scene("close_session")
def _(center: Center) -> tuple[str, dict[str, object]]:
    token = center.offered()
    return "close_session", {"agent": token["agent"], "session": "s1", "reason": "closed"}


@scene("set_state, ready, where contacts wait")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "set_state", center.be("x1", "ready")


@scene("set_state, ready, where none waits")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("set_state", **center.be("calm1", "not_ready"))
    return "set_state", center.be("calm1", "ready")


@scene("set_state, away from an offer")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "set_state", center.be(str(center.offered()["agent"]), "not_ready")


@scene("tick, an offer expires")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.offered()
    center.now += 3_000_000
    return "tick", {}


@scene("put_estimates")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    return "put_estimates", {"lines": {"rush|voice|": [[1] * 7, [2] * 7]}}


@scene("tick, a queue opens")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.close_queue("calm")
    center.admit("calm")
    center.now += 10**9
    return "tick", {}


@scene("repair")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.admit("rush")["contact"]
    center.client.zrem(center.meta.replace("meta", "wq:rush"), contact)
    return "repair", {"kind": "contact", "id": contact, "places": []}


@scene("put_agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "put_agent", center.definition("x2", "calm")
