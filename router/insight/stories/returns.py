"""A returns desk by e-mail: the ball goes to and fro until the customer is content."""

from typing import Any

from router.api.roles import Role
from router.insight.stories.scene import Scene, hold

SUMMARY = "a returns desk: waiting for the customer, reopened, with its whole history"
SAID = "/v1/contacts/case-1/activity"
PARCEL: dict[str, Any] = {
    "channel": "email",
    "customer": "buyer-5",
    "address": "buyer@example.com",
    "subject": "Return of order 1042",
    "attributes": {"order": "1042", "return": "R-88"},
}


async def play(scene: Scene) -> None:
    """Raises: StoryError."""
    await scene.furnish(
        {"channels": {"email": {"cost": 1}}},
        {"returns": {"distribution": "hybrid", "first_response_ms": 14_400_000}},
        {"lea": {"memberships": {"returns": {}}, "slots": {"email": 5}, "capacity": 5}},
    )
    lea = await scene.arrives("lea")
    scene.tell("A customer writes: he is to have a first answer within four hours.")
    await scene.brings("case-1", queue="returns", **PARCEL)
    case = await scene.record("case-1")
    deadline = case["customer_since"] + 14_400_000
    hold(case["response_by"] == deadline, "another deadline", case)

    scene.tell("Lea takes the case and writes that she looks into it: the ball stays with her.")
    await lea.does("claim", contact="case-1")
    await lea.does("report", contact="case-1", author="agent", text="We look into it.")
    answer = await lea.sees("contact.activity", contact="case-1")
    hold(answer["response_met"], "the answer came late", answer)
    hold((await scene.record("case-1"))["state"] == "assigned", "the ball moved", "case-1")

    scene.tell("She asks for a photo and waits for an answer: the ball is with the customer.")
    await lea.does("report", contact="case-1", author="agent", text="A photo, please?", wait=True)
    hold((await scene.record("case-1"))["state"] == "waiting_customer", "whose turn", "case-1")

    scene.tell("The customer answers on the self-service page: it is Lea's again.")
    photo = {"author": "customer", "text": "Here it is.", "attachments": ["file:photo-1"]}
    await scene.asks(Role.GATEWAY, "POST", SAID, photo)
    back = await lea.sees("contact.assigned", contact="case-1", how="customer_replied")
    hold(back["agent"] == "lea", "somebody else's", back)

    scene.tell("She closes the case. The customer writes once more, and it is open again.")
    await lea.does("close", contact="case-1")
    await scene.asks(Role.GATEWAY, "POST", SAID, {"author": "customer", "text": "Thank you!"})
    hold((await scene.record("case-1"))["state"] == "queued", "it is not open", "case-1")
    await lea.does("claim", contact="case-1")
    await lea.does("close", contact="case-1")
    scene.tell("She opens it by hand as well, and closes it for good.")
    await lea.does("reopen", contact="case-1")
    done = await lea.does("close", contact="case-1")

    scene.tell("The timeline has every reply, the opening, each close, and all in between.")
    path = f"/v1/contacts/case-1/timeline?after={done['position']}"
    timeline = await scene.asks(Role.SUPERVISOR, "GET", path)
    kinds = [entry["event"]["e"] for entry in timeline["entries"]]
    hold(kinds[0] == "contact.admitted" and kinds.count("contact.closed") == 3, "kinds", kinds)
    hold(kinds.count("contact.activity") == 4, "what was said", kinds)
