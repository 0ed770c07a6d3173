"""Walls over HTTP and the stream, without an archive: the present alone, and it says so."""

from router.api.roles import Role
from tests.clients import Api, stream

BOSS = Role.SUPERVISOR


async def test_a_wall_shows_who_waits_and_who_is_there(api: Api) -> None:
    await api.furnish("ann", "bob", "cid", calendar="office", closed="hold")
    await api.ok("PUT", "/v1/calendars/office", {"time_zone": "UTC"})
    await api.ok("PUT", "/v1/queues/vip", {"name": "VIP", "target_ms": 0})
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob"):
        await ann.command("set_state", presence="ready")
        await api.ok("PUT", "/v1/queues/sales", {"name": "Sales"})
        await api.ok("PUT", "/v1/queues/vip", {"name": "VIP", "calendar": "office"})
        for contact in ("c-1", "c-2", "c-3"):
            await api.admit(contact)

        wall = await api.ok("GET", "/v1/wall", role=BOSS)

    _, sales, vip = wall["queues"]
    assert (sales["waiting"], sales["offered"], sales["oldest"]) == (2, 1, "c-2")
    assert sales["oldest_since"] <= wall["now"]
    assert sales["agents"] == {"ready": 0, "busy": 1, "not_ready": 1, "offline": 1}
    assert (vip["name"], vip["hours"]["is_open"], vip["waiting"]) == ("VIP", False, 0)
    assert "settings" not in vip
    assert wall["figures"] == {"missing": "no_archive"}
    assert "today" not in sales


async def test_the_stream_answers_the_same(api: Api) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/queues/vip", {})

    async with stream(api, BOSS) as client:
        reply = await client.command("wall", queue="vip,unknown")

    assert [queue["queue"] for queue in reply["result"]["queues"]] == ["vip"]


async def test_a_day_is_that_of_a_time_zone_there_is(api: Api) -> None:
    await api.furnish()

    status, answer = await api.call("GET", "/v1/wall?time_zone=Mars/Base", role=BOSS)

    assert (status, answer["errors"][0]["field"]) == (422, "time_zone")


async def test_figures_come_with_an_archive(archived: Api) -> None:
    await archived.furnish("ann")
    await archived.admit("c-1")
    gone = await archived.ok("POST", "/v1/contacts/c-1/cancel", {}, role=Role.GATEWAY)
    await archived.ok("GET", f"/v1/inbox/counts?after={gone['position']}")

    wall = await archived.ok("GET", "/v1/wall", role=BOSS)

    _, sales = wall["queues"]
    assert (sales["recent"]["offered"], sales["today"]["abandoned"]) == (1, 1)
    assert sales["today"]["service_level_answered_only"] is None
    assert wall["figures"]["recent"]["to"] == wall["figures"]["at"] + 1
