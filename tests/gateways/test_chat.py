"""A customer's chat from his browser to the desktop and back, over the public interfaces."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from router.api.roles import Role
from tests.clients import Api, Stream, stream
from tests.gateways.conftest import Chat, NewGateway, furnish
from tests.gateways.customers import Customer, page


@asynccontextmanager
async def desk(api: Api, agent: str = "ann") -> AsyncIterator[Stream]:
    """An agent who is ready."""
    async with stream(api, Role.AGENT, agent) as one:
        await one.command("set_state", presence="ready")
        yield one


async def accept(one: Stream) -> str:
    """The next offer is taken; the contact's id."""
    offer = (await one.event("offer.made"))["event"]
    await one.command("accept", contact=offer["contact"], offer=offer["offer"])
    return str(offer["contact"])


async def tells(one: Stream, contact: str, text: str, **more: Any) -> None:
    await one.command("report", contact=contact, author="agent", text=text, **more)


async def test_a_chat_from_the_form_to_the_rating(archived: Api, chat: Chat) -> None:
    await archived.ok(
        "PUT", "/v1/queues/sales", {"external": True, "name": "Sales", "survey": True}
    )
    zoe = chat.customer()
    options = await zoe.ok("GET", "/chat/options")
    await zoe.start()
    async with page(zoe) as at_home:
        await at_home.until(lambda: at_home.status.get("place") == 1)
        async with desk(archived) as ann:
            contact = await accept(ann)
            talking = await at_home.phase("talking")
            await tells(ann, contact, "He is difficult", visibility="internal")
            await tells(ann, contact, "Good morning", attachments=["https://x.example/form.pdf"])
            heard = await at_home.text("Good morning")
            await zoe.say("My order is 7", "m-7")
            await zoe.say("My order is 7", "m-7")
            await at_home.text("My order is 7")
            await ann.command("close", contact=contact)
            ended = await at_home.phase("ended")
        await zoe.ok("POST", "/chat/rating", {"score": 9, "comment": "quick"})
        await at_home.until(lambda: at_home.status["rating"] == "given")
    view = await archived.ok("GET", f"/v1/contacts/{contact}")

    assert [one["id"] for one in options["departments"]] == ["sales"]
    assert options["required"] == ["department"]
    assert talking == {"phase": "talking", "department": "Sales"}
    assert heard["attachments"] == ["https://x.example/form.pdf"]
    assert at_home.kinds == ["message", "joined", "message", "message", "ended"]
    assert at_home.texts == ["Hello", "Good morning", "My order is 7"]
    assert "ann" not in str(at_home.entries)
    assert ended["rating"] == "asked"
    assert view["rating"]["score"] == 9
    assert view["attributes"] == {"name": "Zoe"}


async def test_a_reload_brings_everything_that_was_said(archived: Api, chat: Chat) -> None:
    zoe = chat.customer()
    await zoe.start(message="One")
    async with desk(archived) as ann, page(zoe) as before:
        contact = await accept(ann)
        await tells(ann, contact, "Two")
        await tells(ann, contact, "not for her", visibility="internal")
        await zoe.say("Three")
        await before.text("Three")
        other = await chat_beside(chat, archived)
        zoe.url = other.listener.url
        async with page(zoe) as after:
            await tells(ann, contact, "Four")
            await after.text("Four")
        await before.text("Four")
    positions = [entry["position"] for entry in after.entries]

    assert after.texts == ["One", "Two", "Three", "Four"]
    assert after.kinds == before.kinds == ["message", "joined", "message", "message", "message"]
    assert after.entries == before.entries
    assert len(set(positions)) == len(positions)


async def test_what_is_said_while_the_past_is_read_is_there_once(archived: Api, chat: Chat) -> None:
    zoe = chat.customer()
    await zoe.start(message="0")
    wanted = [str(number) for number in range(300)]
    async with desk(archived) as ann:
        contact = await accept(ann)
        other = await chat_beside(chat, archived)
        zoe.url = other.listener.url
        await zoe.ok("GET", "/chat/options")
        saying = asyncio.create_task(says(ann, contact, wanted[1:]))
        seen: list[list[str]] = []
        while not saying.done():
            seen.append(await looked_at(zoe, wanted[-1]))
            for known in other.gateway.chats.all():
                other.gateway.chats.forget(known)
        await saying

    assert len(seen) > 2
    for texts in seen:
        assert texts == wanted[: len(texts)]


async def looked_at(zoe: Customer, last: str) -> list[str]:
    """What a fresh page is told, with the next few messages."""
    async with page(zoe) as one:
        so_far = len(one.texts)
        await one.until(lambda: last in one.texts or len(one.texts) > so_far + 2)
        return one.texts


async def says(one: Stream, contact: str, texts: list[str]) -> None:
    for text in texts:
        await tells(one, contact, text)


async def test_a_page_that_was_cut_off_gets_what_it_missed_and_nothing_twice(
    archived: Api, chat: Chat
) -> None:
    zoe = chat.customer()
    await zoe.start(message="One")
    async with desk(archived) as ann:
        contact = await accept(ann)
        async with page(zoe) as first:
            await tells(ann, contact, "Two")
            last = await first.text("Two")
        await tells(ann, contact, "Three")
        epoch = first.welcome["epoch"]
        async with page(zoe, after=last["position"], epoch=epoch) as second:
            await second.text("Three")
        async with page(zoe, after=last["position"], epoch="another") as third:
            await third.text("Three")

    assert not second.welcome["whole"]
    assert second.texts == ["Three"]
    assert third.welcome["whole"]
    assert third.texts == ["One", "Two", "Three"]


async def test_a_repeated_beginning_is_no_second_one(archived: Api, chat: Chat) -> None:
    zoe = chat.customer()
    form = zoe.form(message="Hello")
    status, first = await zoe.call("POST", "/chat/start", form)
    other = await chat_beside(chat, archived)
    zoe.ticket = first["ticket"]
    async with page(zoe) as one:
        await one.text("Hello")
        zoe.url = other.listener.url
        _, again = await zoe.call("POST", "/chat/start", form)
        zoe.ticket = again["ticket"]
        async with page(zoe) as two:
            await two.text("Hello")
    listed = await archived.ok("GET", "/v1/contacts?origin=chat")

    assert status == 201
    assert len(listed["contacts"]) == 1
    assert one.texts == two.texts == ["Hello"]


async def test_one_browser_of_a_customer_has_one_open_conversation(
    archived: Api, chat: Chat
) -> None:
    zoe, thief = chat.customer(), chat.customer()
    await zoe.start(message="One")
    again = await zoe.start(message="Two")
    stolen = await thief.start(message="Me too")
    async with page(zoe) as hers, page(thief) as his:
        await hers.text("Two")
        await his.text("Me too")
    listed = await archived.ok("GET", "/v1/contacts?origin=chat")

    assert again["attached"] is True
    assert hers.texts == ["One", "Two"]
    assert stolen["attached"] is False
    assert his.texts == ["Me too"]
    assert len(listed["contacts"]) == 2
    assert zoe.browser not in str(listed)


async def test_the_customer_leaves_while_he_waits_and_while_he_talks(
    archived: Api, chat: Chat
) -> None:
    zoe, yan = chat.customer(), chat.customer()
    await zoe.start()
    async with page(zoe) as one:
        await zoe.ok("POST", "/chat/end", {})
        await zoe.ok("POST", "/chat/end", {})
        left = await one.phase("ended")
    await yan.start(reach="+55 (11) 5555-0100")
    async with desk(archived) as ann, page(yan) as two:
        contact = await accept(ann)
        await two.phase("talking")
        await yan.ok("POST", "/chat/end", {})
        await two.phase("ended")
        closed = (await ann.event("contact.closed", contact=contact))["event"]
    view = await archived.ok("GET", f"/v1/contacts/{contact}")

    assert left["result"] == "abandoned"
    assert closed["reason"] == "customer_left"
    assert view["customer"] == "+551155550100"


async def test_an_agent_who_leaves_is_told_and_the_name_only_where_it_is_configured(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived)
    await archived.ok(
        "PUT",
        "/v1/agents/ann",
        {"name": "Ann", "memberships": {"sales": {}}, "slots": {"chat": 2}, "capacity": 2},
    )
    chat = await new_chat(archived.url, agent_names=True)
    zoe = chat.customer()
    await zoe.start()
    async with desk(archived) as ann, page(zoe) as one:
        contact = await accept(ann)
        await one.until(lambda: one.status.get("agent") == "Ann")
        await ann.command("release", contact=contact)
        await one.phase("waiting")
        await one.until(lambda: "left" in one.kinds)

    assert one.kinds[:2] == ["message", "joined"]
    assert "agent" not in one.status


async def test_a_question_waits_for_the_customer_and_he_is_with_the_agent_again(
    archived: Api, chat: Chat
) -> None:
    zoe = chat.customer()
    await zoe.start()
    async with desk(archived) as ann, page(zoe) as one:
        contact = await accept(ann)
        await tells(ann, contact, "Which order?", wait=True)
        await one.phase("asked")
        await zoe.say("Seven")
        await one.phase("talking")

    assert one.kinds == ["message", "joined", "message", "message"]


async def test_what_is_over_goes_on_by_the_policy_of_its_queue(archived: Api, chat: Chat) -> None:
    zoe = chat.customer()
    await zoe.start()
    async with desk(archived) as ann, page(zoe) as one:
        await ann.command("close", contact=await accept(ann))
        ended = await one.phase("ended")
        await zoe.say("One more thing")
        await one.until(lambda: "again" in one.kinds)
        await ann.command("close", contact=await accept(ann))
        await one.phase("ended")
        await furnish(archived, reopen="new_linked_contact")
        await zoe.say("And another")
        followed = await accept(ann)
        await tells(ann, followed, "Yes?")
        await one.text("Yes?")
        await ann.command("close", contact=followed)
        await one.until(lambda: one.kinds.count("ended") == 3)
        other = await chat_beside(chat, archived)
        zoe.url = other.listener.url
        async with page(zoe) as two:
            await two.until(lambda: two.kinds.count("ended") == 3)
        await furnish(archived, reopen="locked")
        locked = await zoe.call("POST", "/chat/messages", {"id": "m-9", "text": "Hello?"})

    assert ended["may_reopen"] is True
    assert followed.endswith(".2")
    assert one.texts == two.texts == ["Hello", "One more thing", "And another", "Yes?"]
    assert two.kinds == one.kinds
    assert (locked[0], locked[1]["type"]) == (409, "urn:vez:problem:locked")


async def chat_beside(chat: Chat, api: Api) -> Chat:
    """Another process of the same chat, which has seen nothing yet."""
    return await chat.twin(api.url)
