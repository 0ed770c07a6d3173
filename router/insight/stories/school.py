"""A school's channels: the first answer takes a conversation, forwarding leaves it where it is."""

from typing import Any

from router.api.roles import Role
from router.insight.stories.scene import Scene, hold

SUMMARY = "a school's channels: one conversation with each family, forwarded, rated at the end"
FAMILY: dict[str, Any] = {
    "channel": "message",
    "origin": "app",
    "customer": "family-17",
    "attributes": {"pupil": "Lia", "class": "5B"},
}

CHANNEL: dict[str, Any] = {
    "distribution": "pull",
    "close_by": "members",
    "survey": True,
    "reopen": "locked",
}


async def play(scene: Scene) -> None:
    """Raises: StoryError."""
    await scene.furnish(
        {"channels": {"message": {"cost": 1}}},
        {"secretary": CHANNEL, "finance": CHANNEL},
        {
            name: {
                "memberships": {queue: {} for queue in queues},
                "slots": {"message": 20},
                "capacity": 20,
            }
            for name, queues in (
                ("ivo", ["secretary"]),
                ("julia", ["secretary", "finance"]),
                ("karl", ["finance"]),
            )
        },
    )
    ivo = await scene.arrives("ivo", queues="all")
    julia = await scene.arrives("julia", queues="all")

    scene.tell("A mother writes to the secretary: nobody has answered yet.")
    first = await scene.brings("talk-1", queue="secretary", conversation="lia", **FAMILY)
    hold(first["state"] == "queued", "it does not wait", first)

    scene.tell("She writes once more. It stays one conversation.")
    second = await scene.brings("talk-2", queue="secretary", conversation="lia", **FAMILY)
    hold(second["contact"] == "talk-1" and second["attached"], "a second conversation", second)

    scene.tell("Ivo answers: with that it is in progress, and his.")
    await ivo.does("report", contact="talk-1", author="agent", text="Good morning!")
    mine = await julia.sees("contact.assigned", contact="talk-1")
    hold((mine["agent"], mine["how"]) == ("ivo", "reply"), "the answer did not take it", mine)

    scene.tell("It is about a bill: he forwards it to finance. His own conversation goes on.")
    answer = await ivo.does("fork", contact="talk-1", to_queue="finance", note="asks for a bill")
    copy = answer["fork"]
    original, forwarded = await scene.record("talk-1"), await scene.record(copy)
    hold(original["state"] == "assigned", "the original did not stay", original)
    hold(forwarded["queue"] == "finance", "the copy is elsewhere", forwarded)
    linked = [link["contact"] for record in (original, forwarded) for link in record["links"]]
    hold(sorted(linked) == sorted([copy, "talk-1"]), "the links", linked)

    scene.tell("Karl of finance answers there. Julia, who is in both channels, sees everything.")
    karl = await scene.arrives("karl")
    await karl.does("report", contact=copy, author="agent", text="Here is your bill.")
    await julia.sees("contact.assigned", contact=copy, agent="karl")

    scene.tell("Julia finishes Ivo's conversation: any member may. The mother will be asked.")
    await julia.does("close", contact="talk-1")
    closed = await ivo.sees("contact.closed", contact="talk-1")
    hold(closed["survey_requested"] is True, "nobody asks the mother", closed)
    await scene.asks(Role.GATEWAY, "POST", "/v1/contacts/talk-1/score", {"score": 9})

    scene.tell("It is finished: nobody writes in it any more.")
    await ivo.is_refused("report", contact="talk-1", author="agent", text="One more thing")
