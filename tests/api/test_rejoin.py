"""A desktop with a bad line: however it drops and returns, it ends with the state of the server."""

import random
from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Stream, stream
from tests.waiting import wait_until

ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}


class Screen:
    """What a desktop shows, from snapshots and events alone."""

    def __init__(self) -> None:
        self.work: dict[str, str] = {}
        self.presence = ""
        self.position: dict[str, Any] | None = None

    def take(self, desk: Stream) -> None:
        """Applies what the socket has brought so far."""
        snapshot = desk.welcome.pop("snapshot", None)
        if snapshot is not None:
            self.presence = snapshot["agent"]["presence"]
            self.work = {c["contact"]: self.kind_of(c) for c in snapshot["work"]}
        for message in desk.events:
            self.apply(message["event"])
        desk.events.clear()
        self.position = desk.position

    @staticmethod
    def kind_of(contact: dict[str, Any]) -> str:
        is_mine = contact.get("owner") == "ann"
        return contact["state"] if is_mine else "offered"

    def apply(self, event: dict[str, Any]) -> None:
        match event["e"]:
            case "offer.made":
                self.work[event["contact"]] = "offered"
            case "contact.assigned" if event["agent"] == "ann":
                self.work[event["contact"]] = "assigned"
            case "contact.wrap_up":
                self.work[event["contact"]] = "wrap_up"
            case "offer.declined" | "offer.expired" | "offer.revoked" | "contact.closed":
                self.work.pop(event["contact"], None)
            case "contact.queued" | "contact.assigned":
                self.work.pop(event["contact"], None)
            case "agent.state":
                self.presence = event["presence"]


@pytest.mark.parametrize("seed", range(20))
async def test_a_desktop_that_drops_and_returns_at_random_ends_with_the_truth(
    api: Api, seed: int
) -> None:
    """The work of one agent under random steps, seen by a desktop with a bad line."""
    dice = random.Random(seed)
    await api.furnish("ann", decline_ms=100, wrap_up_ms=60_000)
    screen = Screen()
    admitted = 0
    for _ in range(12):
        given: dict[str, Any] = {} if screen.position is None else {"position": screen.position}
        async with stream(api, **ANN, session="s1", **given) as desk:
            for _ in range(dice.randrange(6)):
                admitted += 1
                await random_step(api, desk, dice, f"c-{admitted}")
                if dice.random() < 0.5:
                    await desk.command("snapshot")  # reads what has come
            screen.take(desk)
            await leave(desk, dice)
    async with stream(api, **ANN, session="s1", position=screen.position) as desk:
        truth = await desk.command("snapshot")
        end = truth["result"]["position"]
        await wait_until(lambda: is_at(desk, end))
        screen.take(desk)

    shown = {c["contact"]: Screen.kind_of(c) for c in truth["result"]["work"]}
    assert screen.work == shown
    assert screen.presence == truth["result"]["agent"]["presence"]


async def is_at(desk: Stream, end: str) -> bool:
    """Whether every event up to the entry has come; what is not for the agent never will."""
    await desk.send({"type": "heartbeat"})
    await desk.message("heartbeat")
    assert desk.position is not None
    flow = desk.position["id"].partition(".")[0]
    return flow >= end or not desk.events or await settled(desk)


async def settled(desk: Stream) -> bool:
    """The router has read all that the store had when this was asked, and sent it."""
    before = len(desk.events)
    for _ in range(3):
        await desk.command("snapshot")
    return len(desk.events) == before


async def random_step(api: Api, desk: Stream, dice: random.Random, fresh: str) -> None:
    work = (await desk.command("snapshot"))["result"]["work"]
    chosen = dice.choice(work) if work else None
    match dice.randrange(6), chosen:
        case 0, _:
            await desk.command("set_state", presence=dice.choice(["ready", "not_ready"]))
        case 1 | 2, _:
            await desk.command("set_state", presence="ready")
            await api.admit(fresh, channel=dice.choice(["voice", "chat"]))
        case _, {"state": "offered", "offers": [{"n": n}], "contact": contact}:
            await desk.command(
                dice.choice(["accept", "accept", "decline"]), contact=contact, offer=n
            )
        case _, {"state": "assigned", "contact": contact}:
            name = dice.choice(["close", "release", "transfer"])
            moved = {"to_queue": dice.choice(["general", "sales"])} if name == "transfer" else {}
            await desk.command(name, contact=contact, **moved)
        case _, {"state": "wrap_up", "contact": contact}:
            await desk.command("end_wrap_up", contact=contact)
        case _:
            await desk.command("snapshot")


async def leave(desk: Stream, dice: random.Random) -> None:
    if dice.random() < 0.7:
        desk.drop()
    else:
        await desk.close()
