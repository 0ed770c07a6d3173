"""The desk's model: whatever happens, events lead where a snapshot would."""

import random

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream
from tests.pages.conftest import NewTab

STEPS = 80
SLOTS: Json = {"memberships": {"sales": {}}, "slots": {"chat": 20}, "capacity": 20}
SETTINGS: Json = {
    "distribution": "hybrid",
    "take_over": "members",
    "close_by": "members",
    "transfer_requires": "ready_or_busy_with_capacity",
    "wrap_up_ms": 60_000,
    "first_response_ms": 60_000,
    "next_response_ms": 120_000,
}
HIMSELF = ("presence", "reason", "since", "pending", "sessions", "name", "slots")
TOLD = (
    *("state", "queue", "owner", "customer_since", "response_by", "disposition", "resolved"),
    *(
        "wrap_until",
        "no_answer_at",
        "freed",
        "assigned_at",
        "asked_at",
        "subject",
        "address",
        "consult",
    ),
)
FOLD = """async ([snapshot, events, work]) => {
    const { after, begun, filled, slots } = await import("/static/desk/state.js");
    const state = events.reduce(after, begun(snapshot));
    const { me, contacts } = state;
    const whole = work.reduce((known, view) => filled(known, view, () => true), state);
    return { me, contacts: Object.values(contacts), slots: slots(whole) };
}"""


@pytest.mark.parametrize("seed", range(3))
async def test_events_lead_where_a_snapshot_would(api: Api, new_tab: NewTab, seed: int) -> None:
    await api.furnish(**SETTINGS, waiting_frees=seed != 1)
    for agent in ("ann", "bob"):
        await api.ok("PUT", f"/v1/agents/{agent}", SLOTS)
    page = (await new_tab("/")).page
    async with (
        stream(api, Role.AGENT, "ann", queues="all") as ann,
        stream(api, Role.AGENT, "bob") as bob,
    ):
        await walk(api, random.Random(seed), ann, bob)
        await asks_a_customer(api, ann)
        await api.ok("PUT", "/v1/agents/ann", SLOTS | {"name": "The end"})
        events = await told_until_the_end(ann)
        truth = (await ann.command("snapshot"))["result"]
    folded = await page.evaluate(FOLD, [ann.welcome["snapshot"], events, truth["work"]])
    assert part(folded["me"], HIMSELF) == part(truth["agent"], HIMSELF)
    shown = {one["contact"]: one for one in folded["contacts"]}
    assert shown.keys() == {one["contact"] for one in truth["work"]}
    for contact in truth["work"]:
        known = shown[contact["contact"]]
        assert seen(known) == seen(contact, known), contact
    assert len(truth["work"]) > 1, "the walk has brought her little"
    listed = (await api.ok("GET", "/v1/agents"))["agents"]
    held = next(one["work"] for one in listed if one["agent"] == "ann")
    used = sum(work["k"] != "offer" for work in held.values())
    assert folded["slots"] == [{"channel": "chat", "used": used, "slots": 20}]


async def walk(api: Api, dice: random.Random, ann: Stream, bob: Stream) -> None:
    """Anything that may happen to a contact, by anybody; what is refused changes nothing."""
    for agent in (ann, bob):
        await agent.command("set_state", presence="ready")
    for number in range(STEPS):
        contact = f"c-{dice.randrange(12)}"
        desk, other = dice.choice([(ann, "bob"), (bob, "ann")])
        said = {"contact": contact, "author": "agent", "text": f"text {number}"}
        offer = dice.randrange(1, 4)
        steps: list[tuple[str, Json]] = [
            *[("accept", {"contact": contact, "offer": offer})] * 4,
            ("decline", {"contact": contact, "offer": offer, "cause": "declined"}),
            ("claim", {"contact": contact}),
            ("take_over", {"contact": contact}),
            ("release", {"contact": contact}),
            ("report", said),
            ("report", said | {"wait": True}),
            ("transfer", {"contact": contact, "to_agent": other}),
            ("transfer", {"contact": contact, "to_queue": "sales"}),
            ("consult", {"contact": contact, "to_agent": other}),
            ("complete_consult", {"contact": contact}),
            ("leave_consult", {"contact": contact}),
            ("close", {"contact": contact, "disposition": "x", "resolved": True}),
            ("end_wrap_up", {"contact": contact, "disposition": "y"}),
            ("reopen", {"contact": contact}),
            ("set_state", {"presence": dice.choice(["ready", "ready", "not_ready"])}),
            ("set_state", {"presence": "not_ready", "reason": "break", "when": "idle"}),
        ]
        name, args = dice.choice(steps)
        await desk.command(name, **args)
        await customer(api, dice, contact, number)


async def asks_a_customer(api: Api, ann: Stream) -> None:
    """One more contact, which waits for its customer and holds a slot of hers or not."""
    await ann.command("set_state", presence="ready")
    await api.admit("c-last", channel="chat")
    assert (await ann.command("claim", contact="c-last"))["outcome"] == "ok"
    asked = {"author": "agent", "text": "Which one?", "wait": True}
    assert (await ann.command("report", contact="c-last", **asked))["outcome"] == "ok"


async def customer(api: Api, dice: random.Random, contact: str, number: int) -> None:
    body: Json = {"contact": contact, "channel": "chat", "queue": "sales", "address": contact}
    await api.call("POST", "/v1/contacts", body | {"subject": "Bill"}, role=Role.GATEWAY)
    if dice.random() < 0.4:
        said = {"author": "customer", "text": f"text {number}"}
        path = f"/v1/contacts/{contact}/activity"
        await api.call("POST", path, said, role=Role.GATEWAY)


async def told_until_the_end(desk: Stream) -> list[Json]:
    events, desk.events = desk.events, []
    while events[-1]["event"].get("name") != "The end":
        events.append(await desk.message("event"))
    return events


def seen(contact: Json, known: Json | None = None) -> Json:
    """What is shown of a contact, and its bell; of a stub what it tells: the rest is asked for."""
    is_stub = (known or contact).get("stub", False)
    names = [name for name in TOLD if not is_stub or name in (known or contact)]
    asked = sorted((o["n"], o["deadline"]) for o in contact["offers"] if o["agent"] == "ann")
    return part(contact, tuple(names)) | {"asked": asked}


def part(record: Json, names: tuple[str, ...]) -> Json:
    """The members that say something."""
    return {name: record[name] for name in names if record.get(name) not in (None, "")}
