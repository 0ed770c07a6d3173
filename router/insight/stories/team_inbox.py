"""A support team that pulls: an inbox with departments, taking, releasing and taking over."""

from router.api.roles import Role
from router.insight.stories.scene import Person, Scene, hold

SUMMARY = "a support inbox: people take what they want, release it, take it over"
WEB = {"channel": "message", "origin": "site"}


async def play(scene: Scene) -> None:
    """Raises: StoryError."""
    pulled = {"distribution": "pull", "reopen": "reopen"}
    await scene.furnish(
        {
            "channels": {"message": {"cost": 1}},
            "default_queue": "general",
            "subjects": {"payment": {"queue": "finance"}, "access": {"queue": "general"}},
        },
        {"general": pulled, "finance": pulled},
        {
            "ana": _agent(general="agent"),
            "bruno": _agent(general="agent", finance="agent"),
            "eva": _agent(general="supervisor", finance="supervisor"),
            "finn": _agent(finance="agent"),
        },
    )
    ana = await scene.arrives("ana", queues="all")
    bruno = await scene.arrives("bruno", queues="all")
    eva = await scene.arrives("eva", queues="all")

    scene.tell("A message that nobody classified goes to the default department.")
    await scene.brings("m-1", **WEB)
    unclassified = await scene.record("m-1")
    hold(unclassified["queue"] == "general", "not the default queue", unclassified)
    scene.tell("One about a payment goes to the finance department by its subject.")
    await scene.brings("m-2", subject="payment", **WEB)
    paid = await scene.record("m-2")
    hold(paid["queue"] == "finance", "the subject did not lead there", paid)
    scene.tell("Every member sees it in the list; nothing rings.")
    await eva.sees("contact.admitted", contact="m-2")

    scene.tell("Ana takes the first one. Everybody sees by whom and since when.")
    await ana.does("claim", contact="m-1")
    seen = await bruno.sees("contact.assigned", contact="m-1")
    hold(seen["agent"] == "ana" and seen["how"] == "claim", "who took it", seen)
    scene.tell("Bruno is too late, and is told so.")
    late = await bruno.is_refused("claim", contact="m-1")
    hold(late["taken_by"] == "ana", "the refusal does not name her", late)
    scene.tell("The payment is not Ana's department: she can not take it.")
    await ana.is_refused("claim", contact="m-2")

    scene.tell(
        "She answers and goes home without finishing it. Eva, who supervises, takes it over."
    )
    await ana.does("report", contact="m-1", author="agent", text="We look into it.")
    await eva.does("take_over", contact="m-1", reason="Ana has gone home")
    lost = await ana.sees("contact.assigned", contact="m-1", agent="eva")
    hold(lost["from"] == "ana", "Ana is not told", lost)

    await _elsewhere(scene, bruno, eva)


async def _elsewhere(scene: Scene, bruno: Person, eva: Person) -> None:
    scene.tell(
        "Eva moves it to finance, where nobody has it; Bruno takes it and releases it again."
    )
    await eva.does("transfer", contact="m-1", to_queue="finance", note="asks for a refund")
    await bruno.does("claim", contact="m-1")
    await bruno.does("release", contact="m-1", reason="not mine")
    record = await scene.record("m-1")
    hold((record["state"], record["queue"]) == ("queued", "finance"), "where it is", record)

    scene.tell("Finn answers it at last and closes it. The list of open ones is shorter by one.")
    finn = await scene.arrives("finn")
    await finn.does("claim", contact="m-1")
    await finn.does("report", contact="m-1", author="agent", text="The refund is on its way.")
    await finn.does("close", contact="m-1")
    await finn.sees("contact.closed", contact="m-1")
    scene.tell("The customer writes again: it is open once more, without anybody's doing.")
    await scene.asks(
        Role.GATEWAY,
        "POST",
        "/v1/contacts/m-1/activity",
        {"author": "customer", "text": "It has not come."},
    )
    again = await scene.record("m-1")
    hold(again["state"] in ("queued", "assigned"), "it is not open again", again)


def _agent(**roles: str) -> dict[str, object]:
    memberships = {queue: {"role": role} for queue, role in roles.items()}
    return {"memberships": memberships, "slots": {"message": 10}, "capacity": 10}
