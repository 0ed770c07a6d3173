"""What an explanation says stands in the way is what stands in the way.

On random states: for a contact that waits and one candidate, the verdict that is told is removed,
and only that. Then another one is told, until nothing is left; and then the contact does not wait.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest
import redis

from presence.calls import OpenSession, PutAgent, SetState
from queues.calls import PutQueue
from router.calls import PutTenant, Tick
from router.engine.library import Library
from tests.model.model import Model
from tests.model.pair import Pair, Step, new_pair
from tests.model.records import Agent, Contact, Plain
from tests.model.walk import Rambler, opening

SEEDS = range(1, 9)
STEPS, ASKED_EVERY = 240, 6
FLIPS_MAX = 12
REPEATED = ("cooling", "no_slot", "direct_to_another")
FLIPPED = {
    *("offline", "not_connected", "not_ready", "pending", "no_slot", "lacks_skill", "cooling"),
    "may_claim",
}


class Asker:
    """Asks the engine why, and takes away what it says."""

    def __init__(self, pair: Pair, random: Random) -> None:
        self.pair = pair
        self.random = random

    def ask(self, query: str, **args: object) -> Plain:
        direct = self.pair.direct
        blob = direct.client.fcall_ro(
            direct.library.function(query),
            1,
            f"{direct.prefix}meta",
            msgspec.msgpack.encode({"limit": 200, **args}),
        )
        answer: Plain = msgspec.msgpack.decode(blob)
        return answer

    def candidates(self, contact: str) -> list[Plain]:
        return list(self.ask("why_contact", contact=contact).get("candidates") or [])

    def verdict(self, contact: str, agent: str) -> Plain | None:
        """What is told of the agent; None when the contact has moved on from his queues."""
        return next((c for c in self.candidates(contact) if c["agent"] == agent), None)

    def run(self, call: msgspec.Struct, now: int | None = None) -> None:
        self.pair.run(Step(call, max(now or 0, self.pair.model.now)))

    def waits(self, contact: str) -> bool:
        known = self.pair.model.contacts.get(contact)
        return known is not None and known.state == "queued"

    def flip(self, told: Plain, contact: Contact) -> None:
        """Removes what the verdict says, and nothing else."""
        agent = self.pair.model.agents[told["agent"]]
        match told["verdict"]:
            case "offline" if agent.sessions:
                self.run(SetState(agent=agent.id, presence="not_ready"))
            case "offline" | "not_connected":
                self.run(OpenSession(agent=agent.id, session="s1", lease_ms=600_000))
            case "not_ready" | "pending":
                self.run(SetState(agent=agent.id, presence="ready"))
            case "no_channel" | "no_slot" | "no_capacity" | "excluded" | "no_room":
                self.run(redefined(self.pair.model, agent, contact))
            case "exclusive":
                self.run(PutTenant(settings=self.without_exclusive(), simulated=True))
            case "lacks_skill":
                self.run(redefined(self.pair.model, agent, contact, skills={"en": 100, "pt": 100}))
            case "cooling":
                self.run(Tick(), told["until"])
            case "may_claim":
                rules = {**self.pair.model.queues[contact.queue], "distribution": "hybrid"}
                self.run(PutQueue(queue=contact.queue, settings=rules))
            case "direct_to_another":
                self.run(Tick(), contact.direct_until)
            case other:
                pytest.fail(f"nothing is known of the verdict {other!r}")

    def without_exclusive(self) -> dict[str, object]:
        """The tenant's settings, with channels that take nobody alone."""
        settings = self.pair.model.settings
        channels = {name: {**one, "exclusive": False} for name, one in settings["channels"].items()}
        return {**settings, "channels": channels}


def redefined(model: Model, agent: Agent, contact: Contact, **changes: Any) -> PutAgent:
    """The agent with room for more of the contact's channel, and nothing that is not there."""
    room = len(agent.work) + 6
    slots = {name: n for name, n in agent.slots.items() if name in model.settings["channels"]}
    fields: dict[str, Any] = {
        "memberships": {q: m for q, m in agent.memberships.items() if q in model.queues},
        "skills": agent.skills,
        "slots": {**slots, contact.channel: room},
        "capacity": 10 * room + agent.units(),
    }
    return PutAgent(agent=agent.id, name=agent.name, **fields | changes)


def prove(asker: Asker, contact: Contact, agent: str, seen: set[str]) -> None:
    """Removes verdict after verdict; at the end somebody has been called for the contact."""
    last = ""
    if contact.channel not in asker.pair.model.settings["channels"]:
        return  # it has left the settings: nobody can be given a slot of it
    for _ in range(FLIPS_MAX):
        if not asker.waits(contact.id):
            return
        told = asker.verdict(contact.id, agent)
        if told is None:
            return
        assert told["verdict"] != "ok", f"{agent} is told to be free for {contact.id}, which waits"
        assert told["verdict"] != last or told["verdict"] in REPEATED, told
        last = told["verdict"]
        seen.add(last)
        asker.flip(told, contact)
    pytest.fail(f"{contact.id} waits still, though nothing is left of {agent}'s: {last}")


@pytest.mark.timeout(300)
def test_the_verdict_that_is_told_is_the_one_that_stands_in_the_way(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    seen: set[str] = set()
    for seed in SEEDS:
        random = Random(seed)
        pair = new_pair(client, new_tenant(), library)
        for command in opening(random, pair.model):
            pair.run(command)
        rambler, asker = Rambler(random, pair), Asker(pair, random)
        for number in range(STEPS):
            rambler.step()
            waiting = pair.model.waiting()
            for contact in waiting:
                assert "ok" not in [c["verdict"] for c in asker.candidates(contact.id)]
            if waiting and number % ASKED_EVERY == 0:
                contact = random.choice(waiting)
                known = asker.candidates(contact.id)
                rare = [told for told in known if told["verdict"] not in seen]
                if known:
                    prove(asker, contact, random.choice(rare or known)["agent"], seen)

    assert seen >= FLIPPED


def test_what_an_agent_is_told_of_his_lines_is_what_his_contacts_are_told_of_him(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    compared = 0
    for seed in SEEDS:
        random = Random(100 + seed)
        pair = new_pair(client, new_tenant(), library)
        for command in opening(random, pair.model):
            pair.run(command)
        rambler, asker = Rambler(random, pair), Asker(pair, random)
        for _ in range(STEPS):
            rambler.step()
            for agent in pair.model.agents:
                for line in asker.ask("why_agent", agent=agent)["lines"] or []:
                    if line.get("contact"):
                        told = asker.verdict(line["contact"], agent)
                        assert told is not None
                        assert told["verdict"] == line["verdict"]
                        compared += 1

    assert compared > 20
