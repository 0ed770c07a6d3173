"""The commands by which supervisors act, against a real router."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from router.api.roles import Role
from router.cli import main
from router.cli.verbs import VERBS
from tests.clients import SECRET, Api, Stream, stream

ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}
BOSS: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "boss"}

Acd = Callable[..., Awaitable[Result]]


@pytest.fixture
def acd(api: Api, tmp_path: Path) -> Acd:
    """Runs a command against the test's router, in a thread: it has a loop of its own."""
    path = tmp_path / "config.toml"
    path.write_text(f"[auth.keys.a]\nsecret = '{SECRET.decode()}'\n[tenants.{api.tenant}]\n")

    async def run(*words: str) -> Result:
        given = [words[0], "--url", api.url, "--config", str(path), *words[1:]]
        with capture_logs():  # the router's log would stand among what the command prints
            return await asyncio.to_thread(CliRunner().invoke, main, given)

    return run


async def talking(api: Api, desk: Stream) -> None:
    """Ann has c-1."""
    await desk.command("set_state", presence="ready")
    await api.admit("c-1")
    offer = (await desk.event("offer.made", contact="c-1"))["event"]["offer"]
    await desk.command("accept", contact="c-1", offer=offer)


async def shown(api: Api, contact: str = "c-1") -> dict[str, Any]:
    return await api.ok("GET", f"/v1/contacts/{contact}")


async def test_tokens_are_revoked_after_a_second_word(api: Api, acd: Acd) -> None:
    await api.furnish("ann")

    unsure = await acd("revoke", "ann")
    both = await acd("revoke", "ann", "--id", "x")
    done = await acd(
        "revoke", "ann", "--yes", "--before", "2026-01-02T03:04:05", "--reason", "left"
    )
    one = await acd("revoke", "--id", "a1b2", "--yes")
    listed = await acd("revoked")

    assert (unsure.exit_code, both.exit_code) == (1, 2)
    assert "say whose tokens, or --id of one" in both.output
    assert (done.output, one.output) == ("all tokens of ann revoked\n", "token a1b2 revoked\n")
    assert "id a1b2  admin:acd" in listed.output
    assert "ann to 2026-01-02 03:04:05Z  admin:acd  left" in listed.output
    assert listed.output.endswith("2 revoked\n")
    assert len(json.loads((await acd("revoked", "--json")).output)["revoked"]) == 2


async def test_a_contact_is_given_to_an_agent_and_taken_away(api: Api, acd: Acd) -> None:
    await api.furnish("ann")
    await api.admit("c-1")

    async with stream(api, **ANN), stream(api, **BOSS) as boss:
        refused = await acd("assign", "c-1", "ann")
        given = await acd("assign", "c-1", "ann", "--not-ready", "--reason", "vip", "--as", "eva")
        told = (await boss.event("contact.assigned"))["event"]
        taken = await acd("release", "c-1", "--reason", "wrong desk")
        back = (await boss.event("contact.queued", note="wrong desk"))["event"]

    assert refused.exit_code == 2
    assert refused.output == "Error: The agent can not take a contact now. (verdict: not_ready)\n"
    assert (given.exit_code, given.output) == (0, "c-1: assigned\n")
    assert (told["reason"], told["not_ready"]) == ("vip", True)
    assert (taken.output, back["reason"]) == ("c-1: queued\n", "pulled")


async def test_what_was_done_can_be_read_by_programs(api: Api, acd: Acd) -> None:
    await api.furnish("ann")
    await api.admit("c-1")

    answer = json.loads((await acd("cancel", "c-1", "--reason", "test call", "--json")).output)

    assert (answer["outcome"], answer["state"]) == ("ok", "closed")
    ended = await shown(api)
    assert (ended["result"], ended["reason"]) == ("cancelled", "test call")


async def test_a_conversation_is_listened_to_and_closed(api: Api, acd: Acd) -> None:
    await api.furnish("ann", wrap_up="optional", wrap_up_ms=60_000)

    async with stream(api, **ANN) as desk, stream(api, **BOSS) as boss:
        await talking(api, desk)
        await acd("monitor", "c-1", "listen", "--as", "eva", "--reason", "quality")
        heard = (await boss.event("contact.monitored"))["event"]
        told = ("--disposition", "done", "--resolved")
        closed = await acd("close", "c-1", *told, "--no-wrap-up")

    assert (heard["supervisor"], heard["mode"], heard["reason"]) == ("eva", "listen", "quality")
    assert closed.output == "c-1: closed\n"
    record = await shown(api)
    assert (record["disposition"], record["resolved"]) == ("done", True)


async def test_a_waiting_contact_asks_for_something_else(api: Api, acd: Acd) -> None:
    await api.furnish()
    await api.admit("c-1", requirements={"english": 50}, any_of=[{"french": 1, "german": 1}])

    more = ("--priority", "7", "--subject", "Fraud", "--skill", "english=20", "--skill", "gold=1")
    changed = await acd("update", "c-1", *more, "--reason", "he waits for long")
    asked = await shown(api)
    await acd("update", "c-1", "--no-skills")
    anything = await shown(api)

    assert changed.output == "c-1: queued\n"
    assert (asked["priority"], asked["subject"]) == (7, "Fraud")
    assert asked["requirements"] == {"english": 20, "gold": 1}
    assert (anything["requirements"], anything["any_of"]) == ({}, [])
    assert anything["priority"] == 7


async def test_a_contact_that_comes_later_is_brought_forward(api: Api, acd: Acd) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN) as desk:
        now = (await desk.command("set_state", presence="ready"))["now"]
        await api.admit("c-1", not_before=now + 86_400_000)
        later = await acd("update", "c-1", "--not-before", "2026-12-24T09:00-03:00")
        put_off = (await shown(api))["not_before"]
        relax = json.dumps([{"after_ms": 9_000, "requirements": {}}])
        await acd("update", "c-1", "--relax", relax, "--not-before", "now")
        await desk.event("offer.made", contact="c-1")
        less = (await shown(api))["relax"]
        await acd("update", "c-1", "--relax", "null")
        never = (await shown(api)).get("relax")

    assert (later.output, put_off) == ("c-1: scheduled\n", 1_798_113_600_000)
    assert (less[0]["after_ms"], never) == (9_000, None)


async def test_an_agent_is_declared_ready_and_logged_off(api: Api, acd: Acd) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN) as desk:
        ready = await acd("state", "ann", "ready", "--reason", "break is over")
        told = (await desk.event("agent.state", presence="ready"))["event"]
        await talking(api, desk)
        later = await acd("state", "ann", "not_ready", "--when", "idle")
        out = await acd("log-off", "ann", "--contacts", "requeue", "--reason", "shift is over")
        code = await desk.closed()

    assert (ready.output, later.output) == ("ann: ok\n", "ann: pending\n")
    assert (told["reason"], told["forced"]) == ("break is over", True)
    assert (out.output, code) == ("ann: ok\n", 4109)
    assert (await shown(api))["state"] == "queued"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("assign", "c-9", "ann"), "There is no such contact."),
        (("assign", "c-1", "nobody"), "There is no such agent."),
        (("release", "c-1"), "not assigned to an agent. (state: queued)"),
        (("log-off", "n o"), "agent: expected "),
        (("release", "c/1"), "contact: expected "),
        (("update", "c-1"), "nothing to change"),
        (("update", "c-1", "--skill", "english"), "--skill english: expected NAME=VALUE"),
        (("update", "c-1", "--skill", "english=much"), "requirements.english: expected "),
        (("update", "c-1", "--skill", "a=1", "--no-skills"), "not both"),
        (("update", "c-1", "--not-before", "now"), "The contact is not scheduled"),
        (("update", "c-1", "--not-before", "2026-12-24T09:00"), "with its zone"),
        (("update", "c-1", "--relax", "[{"), "--relax: expected JSON"),
        (("update", "c-1", "--relax", '[{"after_ms": 1}]'), "relax[0]: expected "),
        (("close", "c-1", "--disposition", "a b"), "disposition: expected "),
        (("monitor", "c-1", "shout"), "'shout' is not one of"),
        (("state", "ann", "asleep"), "'asleep' is not one of"),
        (("cancel", "c-1", "--as", "a b"), "'a b' is not an id"),
    ],
)
async def test_a_mistake_is_told_and_changes_nothing(
    api: Api, acd: Acd, words: tuple[str, ...], complaint: str
) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    before = await shown(api)

    result = await acd(*words)

    assert result.exit_code == 2
    assert complaint in result.output
    assert "Traceback" not in result.output
    after = await shown(api)
    assert {**after, "now": 0} == {**before, "now": 0}


async def test_a_router_that_does_not_answer_is_told(acd: Acd) -> None:
    result = await acd("release", "c-1", "--url", "http://127.0.0.1:1")

    assert result.exit_code == 2
    assert "no router answers at http://127.0.0.1:1" in result.output


@pytest.mark.parametrize("command", VERBS, ids=lambda command: command.name)
def test_every_verb_can_say_why(command: Any) -> None:
    assert {"reason", "actor", "is_json"} <= {param.name for param in command.params}
