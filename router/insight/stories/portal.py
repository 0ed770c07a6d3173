"""A subscriber portal: mandatory fields, any hour, and a status that shows no staff."""

from typing import Any

from router.api.roles import Role
from router.insight.stories.scene import Scene, hold

SUMMARY = "a subscriber portal: mandatory fields, status in real time, no reopening"
ASKED: dict[str, Any] = {
    "channel": "ticket",
    "origin": "portal",
    "queue": "technical",
    "subject": "No signal",
    "customer": "subscriber-8",
    "attributes": {"message": "It is down since noon."},
}


async def play(scene: Scene) -> None:
    """Raises: StoryError."""
    await scene.furnish(
        {
            "channels": {"ticket": {"cost": 1}},
            "subjects": {
                "No signal": {"origins": ["portal", "phone"]},
                "Fraud": {"origins": ["phone"]},
            },
            "intake": {
                "portal": {
                    "external": True,
                    "listed_subjects": True,
                    "required": ["queue", "subject", "customer"],
                }
            },
        },
        {
            "technical": {"reopen": "reopen", "reopen_by": ["agent"]},
            "internal": {"external": False},
        },
        {"rui": {"memberships": {"technical": {}}, "slots": {"ticket": 5}, "capacity": 5}},
    )

    scene.tell("A form with empty fields is refused, each by its name.")
    bare = {"contact": "t-0", "channel": "ticket", "origin": "portal"}
    problem = await scene.is_refused(Role.GATEWAY, "POST", "/v1/contacts", bare)
    fields = {error["field"] for error in problem["errors"]}
    hold({"queue", "subject", "customer"} <= fields, "not all fields", problem)
    scene.tell("A subject that the portal does not show, and a closed department, are refused.")
    for wrong in ({"subject": "Fraud"}, {"queue": "internal"}):
        body = {"contact": "t-0"} | ASKED | wrong
        await scene.is_refused(Role.GATEWAY, "POST", "/v1/contacts", body)

    scene.tell("The request is taken in at any hour; the customer follows it.")
    await scene.brings("t-1", **ASKED)
    place = await scene.asks(Role.GATEWAY, "GET", "/v1/contacts/t-1/position")
    hold(place["place"] == 1, "his place", place)

    scene.tell("Rui takes it, notes something for colleagues, and answers the customer.")
    rui = await scene.arrives("rui")
    await rui.does("set_state", presence="ready")
    offer = await rui.sees("offer.made", contact="t-1")
    await rui.does("accept", contact="t-1", offer=offer["offer"])
    note = {"author": "agent", "visibility": "internal", "text": "An old modem again."}
    await rui.does("report", contact="t-1", **note)
    said = await rui.does("report", contact="t-1", author="agent", text="Please restart it.")

    scene.tell("The customer sees the answer and the movements, not the note, nor who Rui is.")
    path = f"/v1/contacts/t-1/timeline?view=customer&after={said['position']}"
    timeline = str(await scene.asks(Role.GATEWAY, "GET", path))
    hold("Please restart it." in timeline, "the answer is not there", timeline)
    hold("modem" not in timeline and "rui" not in timeline, "it tells too much", timeline)

    scene.tell("Solved. The customer may not reopen it; an agent may.")
    await rui.does("close", contact="t-1")
    again = {"author": "customer", "text": "It is down again."}
    await scene.is_refused(Role.GATEWAY, "POST", "/v1/contacts/t-1/activity", again)
    await rui.does("reopen", contact="t-1")
    hold((await scene.record("t-1"))["owner"] == "rui", "it is not his again", "t-1")
