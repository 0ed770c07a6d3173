"""The inbox as teams use it: whose contacts, in which state, and who may see them."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, stream

ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}
BOB: dict[str, Any] = {"role": Role.AGENT, "subject": "bob"}
BOSS: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "eva"}


async def inbox(api: Api, query: str = "", **who: Any) -> list[str]:
    """The ids of a whole list, read in pages of two."""
    found: list[str] = []
    cursor = ""
    at = (await api.ok("GET", "/v1/inbox/counts", **BOSS))["position"]
    while True:
        path = f"/v1/inbox?limit=2&after={at}&{query}{cursor}"
        page = await api.ok("GET", path, **(who or BOSS))
        found += [contact["contact"] for contact in page["contacts"]]
        if page["cursor"] is None:
            return found
        cursor = f"&cursor={page['cursor']}"


async def settle(api: Api, reply: Json) -> None:
    """Waits until the archive has what was answered."""
    await api.ok("GET", f"/v1/inbox/counts?after={reply['position']}", **BOSS)


@pytest.fixture
async def team(archived: Api) -> Api:
    """Two queues; ann serves both, bob one; two contacts wait, two are theirs, two are over."""
    api = archived
    hybrid = {"distribution": "hybrid"}
    await api.furnish("ann", distribution="hybrid")
    await api.ok("PUT", "/v1/queues/billing", hybrid)
    definition = {"slots": {"voice": 1, "chat": 5}, "capacity": 5}
    both: Json = {"memberships": {"sales": {}, "billing": {}}}
    await api.ok("PUT", "/v1/agents/ann", definition | both)
    await api.ok("PUT", "/v1/agents/bob", definition | {"memberships": {"billing": {}}})
    async with stream(api, **ANN) as ann, stream(api, **BOB) as bob:
        for number, queue in enumerate(("sales", "billing") * 3):
            more = {"subject": f"Fatura número {number}", "customer": f"maria-{number % 2}"}
            await api.admit(f"c-{number}", queue=queue, channel="chat", **more)
        await ann.command("claim", contact="c-0")
        await ann.command("claim", contact="c-1")
        await bob.command("claim", contact="c-3")
        await ann.command("close", contact="c-1")
        await ann.command("close", contact="c-0")
        last = await ann.command("claim", contact="c-5")
    await settle(api, last)
    return api


async def test_lists_are_those_that_teams_ask_for(team: Api) -> None:
    assert await inbox(team) == ["c-5", "c-4", "c-3", "c-2", "c-1", "c-0"]
    assert await inbox(team, "sort=oldest&state=open") == ["c-2", "c-3", "c-4", "c-5"]
    assert await inbox(team, "state=closed&queue=sales") == ["c-0"]
    assert await inbox(team, "state=queued,assigned&queue=billing") == ["c-5", "c-3"]
    assert await inbox(team, "owner=none&state=open") == ["c-4", "c-2"]
    assert await inbox(team, "owner=bob") == ["c-3"]
    assert await inbox(team, "customer=maria-1&waiting=us") == ["c-5", "c-3"]
    assert await inbox(team, "text=NUMERO%204") == ["c-4"]
    assert await inbox(team, "state=queued&sort=due") == ["c-2", "c-4"]


async def test_an_agent_sees_his_queues_and_what_is_his(team: Api) -> None:
    assert await inbox(team, **BOB) == ["c-5", "c-3", "c-1"]
    assert await inbox(team, "owner=me", **BOB) == ["c-3"]
    assert await inbox(team, "owner=others&state=open", **BOB) == ["c-5"]
    assert await inbox(team, "participant=me", **ANN) == ["c-5", "c-1", "c-0"]
    assert await inbox(team, "participant=others", **ANN) == ["c-3"]

    status, problem = await team.call("GET", "/v1/inbox?queue=sales", **BOB)
    assert (status, problem["type"]) == (403, "urn:vez:problem:forbidden")
    assert (await team.call("GET", "/v1/inbox", role=Role.GATEWAY))[0] == 403


async def test_open_contacts_are_counted(team: Api) -> None:
    counted = (await team.ok("GET", "/v1/inbox/counts", **ANN))["open"]

    assert {(one["queue"], one["state"], one["whose"]): one["contacts"] for one in counted} == {
        ("billing", "assigned", "me"): 1,
        ("billing", "assigned", "others"): 1,
        ("sales", "queued", "nobody"): 2,
    }
    own = (await team.ok("GET", "/v1/inbox/counts", **BOB))["open"]
    assert {one["queue"] for one in own} == {"billing"}


ASKED: list[Json] = [
    {},
    {"state": "open", "sort": "due"},
    {"owner": "me"},
    {"participant": "others"},
    {"queue": "billing", "limit": 1},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("who", [ANN, BOB, BOSS], ids=lambda who: who["subject"])
async def test_a_desktop_needs_one_connection(team: Api, who: Json, asked: Json) -> None:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    listed = await team.ok("GET", f"/v1/inbox?{query}", **who)
    counted = await team.ok("GET", "/v1/inbox/counts", **who)

    async with stream(team, **who) as desk:
        page = (await desk.command("inbox", **asked))["result"]
        counts = (await desk.command("inbox_counts"))["result"]
        if page["cursor"] is not None:
            more = (await desk.command("inbox", cursor=page["cursor"], **asked))["result"]
            assert more["contacts"] != page["contacts"]

    assert (page["contacts"], page["cursor"]) == (listed["contacts"], listed["cursor"])
    assert counts["open"] == counted["open"]


async def test_a_socket_refuses_what_http_refuses(team: Api) -> None:
    async with stream(team, **BOB) as desk:
        foreign = (await desk.command("inbox", queue="sales"))["problem"]
        hidden = (await desk.command("inbox", hidden=True))["problem"]
        unread = (await desk.command("inbox", cursor="x"))["problem"]
        counts = (await desk.command("inbox_counts", queue="sales"))["problem"]
    async with stream(team, Role.GATEWAY) as gateway:
        barred = (await gateway.command("inbox"))["problem"]

    assert {p["type"] for p in (foreign, hidden, counts, barred)} == {"urn:vez:problem:forbidden"}
    assert unread["errors"][0]["field"] == "cursor"


async def test_who_has_just_done_something_finds_it(team: Api) -> None:
    for number in range(5):
        done = await team.admit(f"new-{number}")
        path = f"/v1/inbox?limit=1&after={done['position']}"
        (found,) = (await team.ok("GET", path, **BOSS))["contacts"]
        assert found["contact"] == f"new-{number}"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=waiting", "state"),
        ("state=open,closed", "state"),
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("sort=best", "sort"),
        ("after=yesterday", "after"),
        ("owner=a%20b", "owner"),
        ("status=open", "status"),
    ],
)
async def test_what_can_not_be_asked_is_refused_by_name(
    archived: Api, query: str, field: str
) -> None:
    await archived.furnish("ann")

    status, problem = await archived.call("GET", f"/v1/inbox?{query}", **BOSS)

    assert (status, problem["errors"][0]["field"]) == (422, field)


async def test_without_an_archive_that_is_said(api: Api) -> None:
    await api.furnish("ann")

    status, problem = await api.call("GET", "/v1/inbox", **BOSS)

    assert (status, problem["type"]) == (404, "urn:vez:problem:unknown-archive")
