"""What the chat tells Prometheus: each figure moves by what happened, and has bounded labels."""

import aiohttp

from router.gateways.chat.gateway import Gateway
from tests.clients import Api
from tests.gateways.conftest import Chat, NewGateway, furnish, gateway_of
from tests.gateways.customers import connected, page
from tests.gateways.test_chat import accept, desk, tells
from tests.routers import NewService
from tests.waiting import wait_until

Figures = dict[tuple[str, ...], float]


def figures(gateway: Gateway) -> Figures:
    """The samples, by name and label values, without the prefix that all have."""
    return {
        (sample.name.removeprefix("acd_chat_"), *sample.labels.values()): sample.value
        for family in gateway.metrics.collect()
        for sample in family.samples
    }


async def test_what_customers_and_agents_say_is_counted_once(archived: Api, chat: Chat) -> None:
    zoe = chat.customer()
    form = zoe.form()
    await zoe.call("POST", "/chat/start", form)
    zoe.ticket = (await zoe.ok("POST", "/chat/start", form))["ticket"]
    async with page(zoe) as one:
        await one.phase("waiting")
        waiting = figures(chat.gateway)
        async with desk(archived) as ann:
            contact = await accept(ann)
            await tells(ann, contact, "Hello Zoe")
            await one.text("Hello Zoe")
            await zoe.say("My order is 7", "m-7")
            await zoe.say("My order is 7", "m-7")
            await one.text("My order is 7")
        talking = figures(chat.gateway)
    await wait_until(lambda: figures(chat.gateway)[("pages",)] == 0)

    assert (waiting[("conversations", "waiting")], waiting[("pages",)]) == (1, 1)
    assert waiting[("connected",)] == 1
    assert (talking[("conversations", "waiting")], talking[("conversations", "talking")]) == (0, 1)
    assert (talking[("messages_total", "in")], talking[("messages_total", "out")]) == (2, 1)
    assert talking[("repeats_total", "start")] == talking[("repeats_total", "messages")] == 1
    assert talking[("acknowledge_seconds_count", "start")] == 2
    assert talking[("acknowledge_seconds_count", "messages")] == 2
    assert 0 < talking[("acknowledge_seconds_sum", "messages")] < 10


async def test_refusals_are_counted_by_what_was_asked_and_why(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived)
    chat = await new_chat(archived.url, starts_per_minute=1)
    zoe = chat.customer()
    await zoe.start()
    await zoe.call("POST", "/chat/start", zoe.form())
    await zoe.call("POST", "/chat/messages", {"id": "m", "text": ""})
    await zoe.call("GET", "/chat/<img src=x onerror=alert(1)>")
    zoe.ticket = "nonsense"
    await zoe.call("POST", "/chat/messages", {"id": "m", "text": "x"})
    async with connected(zoe) as one:
        await one.hello(zoe.ticket)
        await one.closed()
    told = figures(chat.gateway)
    refused = {key[1:]: count for key, count in told.items() if key[0] == "refused_total"}

    assert refused == {
        ("start", "too-many"): 1,
        ("messages", "bad-input"): 1,
        ("messages", "ticket"): 1,
        ("other", "unknown-path"): 1,
        ("stream", "4103"): 1,
    }


async def test_a_router_that_is_away_shows_and_another_one_is_asked(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived)
    chat = await new_chat(archived.url)
    zoe = chat.customer()
    await zoe.start()
    nobody, said = "http://127.0.0.1:1", {"id": "m", "text": "x"}
    chat.gateway._router.urls = (nobody,)
    alone, _ = await zoe.call("POST", "/chat/messages", said)
    away = figures(chat.gateway)[("router_away_total",)]
    chat.gateway._router.urls = (nobody, archived.url)
    both, _ = await zoe.call("POST", "/chat/messages", said)
    again, _ = await zoe.call("POST", "/chat/messages", said)

    assert (alone, away) == (503, 1)
    assert (both, again) == (200, 200)
    assert figures(chat.gateway)[("router_away_total",)] == 2


async def test_they_stand_on_the_page_of_the_router_that_it_runs_in(
    new_service: NewService, tenant: str, http: aiohttp.ClientSession
) -> None:
    service = await new_service(chat=gateway_of(tenant))
    async with http.get(f"{service.page.url}/metrics") as answer:
        text = await answer.text()

    assert "acd_chat_pages 0.0" in text
    assert "acd_chat_created" not in text
