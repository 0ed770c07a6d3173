"""Tokens that are taken back before they end: on every router, at once, and after a restart."""

import time
from collections.abc import Callable

import jwt

from router.api.auth import AUDIENCE, LIFE_MAX_S
from router.api.codes import CloseCode
from router.api.roles import Role
from tests.clients import SECRET, Api, Json, connected, stream
from tests.routers import NewService
from tests.waiting import wait_until


async def made(api: Api, subject: str = "ann", role: Role = Role.AGENT) -> Json:
    body = {"role": str(role), "subject": subject, "ttl_ms": 60_000}
    return await api.ok("POST", "/v1/tokens", body)


def older(api: Api, subject: str, seconds: int = 5, **claims: object) -> str:
    """A token of that subject that was made some seconds ago."""
    now = int(time.time())  # noqa: TID251 - tokens live by wall time
    said: Json = {"aud": AUDIENCE, "iat": now - seconds, "exp": now + 600, "role": "agent"}
    return jwt.encode(said | {"tenant": api.tenant, "sub": subject} | claims, SECRET)


async def revoke(api: Api, **body: object) -> tuple[int, Json]:
    return await api.call("POST", "/v1/tokens/revoke", body)


async def status(api: Api, text: str, url: str | None = None) -> int:
    headers = {"Authorization": f"Bearer {text}"}
    async with api.http.get((url or api.url) + "/v1/queues", headers=headers) as answer:
        if answer.status == 401:
            assert "the token was revoked" in await answer.text()
        return answer.status


def refused(api: Api, text: str, url: str | None = None) -> Callable[[], object]:
    async def is_refused() -> bool:
        return await status(api, text, url) == 401

    return is_refused


async def test_one_token_is_taken_back_and_no_other(api: Api) -> None:
    await api.furnish("ann")
    lost, other = await made(api), await made(api)
    assert await status(api, lost["token"]) == 200

    await revoke(api, id=lost["id"], reason="in a chat")

    await wait_until(refused(api, lost["token"]))
    assert await status(api, other["token"]) == 200
    (told,) = (await api.ok("GET", "/v1/tokens/revoked"))["revoked"]
    assert (told["id"], told["by"], told["reason"]) == (lost["id"], "admin:tester", "in a chat")


async def test_all_of_a_subject_are_taken_back_up_to_an_instant(api: Api) -> None:
    await api.furnish("ann", "bob")
    now = time.time_ns() // 1_000_000  # noqa: TID251 - tokens live by wall time
    ann, nameless = older(api, "ann"), older(api, "ann", 0, iat=now // 1_000 - 5, role="gateway")
    bob, fresh = older(api, "bob"), older(api, "ann", 0)

    await revoke(api, subject="ann", before=now - 3_000)

    await wait_until(refused(api, ann))
    assert await status(api, nameless) == 401
    assert await status(api, bob) == 200
    assert await status(api, fresh) == 200
    await revoke(api, subject="ann", before=now - 60_000)
    assert await status(api, ann) == 401
    (told,) = (await api.ok("GET", "/v1/tokens/revoked"))["revoked"]
    assert (told["subject"], told["before"]) == ("ann", now - 3_000)


async def test_a_token_that_does_not_say_when_it_was_made_is_as_old_as_any(api: Api) -> None:
    await api.furnish("ann")
    now = int(time.time())  # noqa: TID251 - tokens live by wall time
    claims: Json = {"aud": AUDIENCE, "exp": now + 600, "role": "agent", "sub": "ann"}
    text = jwt.encode(claims | {"tenant": api.tenant}, SECRET)
    assert await status(api, text) == 200

    await revoke(api, subject="ann", before=0)

    await wait_until(refused(api, text))


async def test_every_router_knows_and_one_that_starts_later_too(
    api: Api, new_service: NewService
) -> None:
    await api.furnish("ann")
    second = await new_service()
    lost = (await made(api))["token"]
    assert await status(api, lost, second.http.url) == 200

    await revoke(api, subject="ann")

    await wait_until(refused(api, lost, second.http.url))
    third = await new_service()
    assert await status(api, lost, third.http.url) == 401
    await wait_until(refused(api, lost))


async def test_what_was_missed_while_a_journal_slept_is_known(
    api: Api, new_service: NewService
) -> None:
    await api.furnish("ann")
    second = await new_service()
    lost = (await made(api))["token"]
    assert await status(api, lost, second.http.url) == 200
    journal = second.edge.journals.get(api.tenant)
    assert journal is not None
    await journal.stop()

    await revoke(api, subject="ann")

    assert await status(api, lost, second.http.url) == 401


async def test_sockets_of_a_revoked_token_are_closed_and_none_opens(
    api: Api, new_service: NewService
) -> None:
    await api.furnish("ann", "bob")
    second = await new_service()
    text = older(api, "ann")
    headers = {"Authorization": f"Bearer {text}"}
    async with (
        connected(api, Role.AGENT, headers=headers) as here,
        connected(api, Role.AGENT, headers=headers, url=second.http.url) as there,
        stream(api, Role.AGENT, "bob") as bob,
    ):
        await here.hello()
        await there.hello()
        await revoke(api, subject="ann")
        assert await here.closed() == CloseCode.TOKEN_EXPIRED
        assert await there.closed() == CloseCode.TOKEN_EXPIRED
        await bob.send({"type": "token", "token": older(api, "bob")})
        assert (await bob.command("snapshot"))["outcome"] == "ok"
        async with connected(api, Role.AGENT, headers=headers) as again:
            await again.send({"type": "hello", "protocol": 1})
            assert await again.closed() == CloseCode.TOKEN_REFUSED
        await revoke(api, id="lost")
        await wait_until(refused(api, older(api, "bob", jti="lost")))
        await bob.send({"type": "token", "token": older(api, "bob", jti="lost")})
        assert await bob.closed() == CloseCode.TOKEN_REFUSED


async def test_faulty_revocations_name_the_field(api: Api) -> None:
    await api.furnish("ann")
    far = 10**13
    cases: list[tuple[Json, str]] = [
        ({}, "subject"),
        ({"subject": "ann", "id": "x"}, "subject"),
        ({"subject": "a b"}, "subject"),
        ({"id": ""}, "id"),
        ({"id": "x", "before": 5}, "before"),
        ({"subject": "ann", "before": far}, "before"),
        ({"subject": "ann", "before": -1}, "before"),
        ({"subject": "ann", "reason": "x" * 257}, "reason"),
        ({"subject": "ann", "why": "x"}, "why"),
    ]
    for body, field in cases:
        code, problem = await revoke(api, **body)
        assert (code, [e["field"] for e in problem["errors"]]) == (422, [field]), body
    assert (await api.ok("GET", "/v1/tokens/revoked"))["revoked"] == []


async def test_a_token_that_would_outlive_its_revocation_is_refused(api: Api) -> None:
    await api.furnish("ann")
    end = int(time.time()) + LIFE_MAX_S  # noqa: TID251 - tokens live by wall time

    headers = {"Authorization": f"Bearer {older(api, 'ann', exp=end + 600)}"}
    async with api.http.get(api.url + "/v1/queues", headers=headers) as answer:
        assert answer.status == 401
        assert "longer than 400 days" in await answer.text()
    assert await status(api, older(api, "ann", exp=end - 600)) == 200
