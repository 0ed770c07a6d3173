"""A chat desk: the engine offers, agents accept or decline, transfer, and say how it ended."""

from urllib.parse import urlencode

from router.api.roles import Role
from router.insight.stories.scene import Person, Scene, hold

SUMMARY = "a chat desk: offers, transfers, a script at the end"
PHONE = "+55 11 98888 7777"


async def play(scene: Scene) -> None:
    """Raises: StoryError."""
    await _furnish(scene)
    ana, bruno = await scene.arrives("ana"), await scene.arrives("bruno")

    scene.tell("Ana is not ready, so a customer who comes waits.")
    arrived = await scene.brings("call-1", channel="chat", queue="chat", address=PHONE)
    hold(arrived["state"] == "queued", "he does not wait", arrived)

    scene.tell("She gets ready: the card names channel, number, queue, subject and the wait.")
    await ana.does("set_state", presence="ready")
    card = await ana.sees("offer.made", contact="call-1")
    told = card["card"] | {name: card[name] for name in ("channel", "queue", "wait_ms")}
    expected = {"address": PHONE, "subject": "Atendimento geral", "channel": "chat"}
    hold(expected.items() <= told.items(), "the card", told)

    scene.tell("She declines. Nobody else is there, so he comes back to her after a while.")
    await ana.does("decline", contact="call-1", offer=card["offer"], reason="busy")
    again = await ana.sees("offer.made", contact="call-1")

    scene.tell("She declines again, and Bruno, now ready, gets him first.")
    await bruno.does("set_state", presence="ready")
    await ana.does("decline", contact="call-1", offer=again["offer"], reason="busy")
    offered = await bruno.sees("offer.made", contact="call-1")
    await bruno.does("accept", contact="call-1", offer=offered["offer"])
    await bruno.sees("contact.assigned", contact="call-1")

    scene.tell("A second conversation at the same time: Ana takes it.")
    await scene.brings("call-2", channel="chat", queue="chat", address="+55 11 97777 0000")
    second = await ana.sees("offer.made", contact="call-2")
    await ana.does("accept", contact="call-2", offer=second["offer"])

    await _hand_over(scene, ana, bruno)
    await _end(scene, ana)


async def _hand_over(scene: Scene, ana: Person, bruno: Person) -> None:
    scene.tell("Carla is offline: her dot is grey, and a transfer to her is refused.")
    people = (await bruno.does("agents"))["result"]["agents"]
    dots = {one["agent"]: one["visible"] for one in people}
    hold(dots == {"ana": "available", "bruno": "available", "carla": "offline"}, "dots", dots)
    refused = await bruno.is_refused("transfer", contact="call-1", to_agent="carla")
    hold(refused["verdict"] == "offline", "the refusal does not say why", refused)

    scene.tell("Ana is available: she is rung, accepts, and has both conversations.")
    await bruno.does("transfer", contact="call-1", to_agent="ana")
    moved = await ana.sees("offer.made", contact="call-1", kind="transfer")
    await ana.does("accept", contact="call-1", offer=moved["offer"])
    record = await scene.record("call-1")
    hold(record["owner"] == "ana", "the transfer did not arrive", record)


async def _end(scene: Scene, ana: Person) -> None:
    scene.tell("The script at the end is mandatory: without it the close names the catalogue.")
    missing = await ana.is_refused("close", contact="call-1")
    hold("disposition" in str(missing["errors"]), "the refusal names no field", missing)
    await ana.does("close", contact="call-1", disposition="invoice", resolved=True)
    done = await ana.does("end_wrap_up", contact="call-1")
    closed = await ana.sees("contact.closed", contact="call-1")
    hold(closed["result"] == "handled", "it did not end well", closed)

    scene.tell("Whoever looks at this number later finds the conversation.")
    path = f"/v1/history?{urlencode({'address': PHONE, 'after': done['position']})}"
    found = await scene.asks(Role.AGENT, "GET", path, who="ana")
    hold(len(found["contacts"]) == 1, "history", found)


async def _furnish(scene: Scene) -> None:
    await scene.furnish(
        {"channels": {"chat": {"cost": 1}}, "default_subject": "Atendimento geral"},
        {
            "chat": {
                "decline_ms": 100,
                "wrap_up": "forced",
                "wrap_up_ms": 60_000,
                "disposition_required": True,
                "resolved_required": True,
                "dispositions": [
                    {"code": "invoice", "label": "Segunda via"},
                    {"code": "other", "label": "Outro motivo"},
                ],
            }
        },
        {
            name: {"memberships": {"chat": {}}, "slots": {"chat": 2}, "capacity": 2}
            for name in ("ana", "bruno", "carla")
        },
    )
