"""Owns the commands that look at a running engine: `agents`, `queues`, `contacts`, `why`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from router.cli.frame import (
    MistakeError,
    config_option,
    json_option,
    load_config,
    read_with,
    tenant_of,
    tenant_option,
    told,
)

if TYPE_CHECKING:
    from router.api.auth import Identity
    from router.api.reads import Reads
    from router.engine.engine import Engine

View = dict[str, Any]
STATES = [
    *("scheduled", "held", "queued", "offered", "assigned", "waiting_customer", "wrap_up"),
]


@click.command(short_help="Who is there, and who could take a contact.")
@click.option("--queue", help="Only the members of this queue.")
@tenant_option
@config_option
@json_option
@told
def agents(queue: str | None, tenant: str | None, own_path: Path | None, *, is_json: bool) -> None:
    """The agents: presence, work in hand, and whether each could take a contact now."""
    from router.api.parameters import AgentQuery  # noqa: PLC0415  --help is quick without it
    from router.cli import tables  # noqa: PLC0415  as above

    async def ask(reads: "Reads", caller: "Identity") -> View:
        found: list[View] = []
        page: View = {"cursor": None}
        while "cursor" in page:
            query = AgentQuery(queue=queue, limit=200, cursor=page["cursor"])
            page = await reads.agents(caller, query)
            found += page["agents"]
        return {"agents": found}

    tables.show(_read(own_path, tenant, ask), tables.agents, is_json=is_json)


@click.command(short_help="Who waits where, and for how long.")
@tenant_option
@config_option
@json_option
@told
def queues(tenant: str | None, own_path: Path | None, *, is_json: bool) -> None:
    """The queues: who waits, for how long, and who is ready."""
    from router.cli import tables  # noqa: PLC0415  --help is quick without it

    async def ask(reads: "Reads", caller: "Identity") -> View:
        return await reads.queues(caller)

    tables.show(_read(own_path, tenant, ask), tables.queues, is_json=is_json)


@click.command(short_help="What waits and what is served.")
@click.option("--queue", help="Only of this queue.")
@click.option("--state", type=click.Choice(STATES), help="Only in this state.")
@click.option("--agent", help="Only those that this agent has or is offered.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=100, show_default=True)
@tenant_option
@config_option
@json_option
@told
def contacts(
    own_path: Path | None, tenant: str | None, *, is_json: bool, agent: str | None, **filters: Any
) -> None:
    """The contacts that wait or are served."""
    from router.api.parameters import ContactQuery  # noqa: PLC0415  --help is quick without it
    from router.cli import tables  # noqa: PLC0415  as above

    async def ask(reads: "Reads", caller: "Identity") -> View:
        return await reads.contacts(caller, ContactQuery(owner=agent, **filters))

    tables.show(_read(own_path, tenant, ask), tables.contacts, is_json=is_json)


class _WhyGroup(click.Group):
    """`why CONTACT` is `why contact CONTACT`: the question that is asked most."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A first word that is none of ours is a contact."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            args = ["contact", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_WhyGroup, short_help="Why a contact, an agent or an offer is where it is.")
def why() -> None:
    """Why a contact waits, why an agent gets nothing, why an offer was made.

    `acd why CONTACT` is short for `acd why contact CONTACT`.
    """


@why.command("contact", short_help="Why a contact is where it is.")
@click.argument("contact")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@tenant_option
@config_option
@json_option
@told
def why_contact(
    contact: str, limit: int, tenant: str | None, own_path: Path | None, *, is_json: bool
) -> None:
    """Why CONTACT is where it is: its place, and for each agent why he could take it or not."""
    from router.cli import reasons, tables  # noqa: PLC0415  --help is quick without them

    async def ask(reads: "Reads", caller: "Identity") -> View:
        return await reads.why(caller, contact, limit)

    tables.show(_read(own_path, tenant, ask), reasons.of_contact, is_json=is_json)


@why.command("agent", short_help="Why an agent gets nothing.")
@click.argument("agent")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@tenant_option
@config_option
@json_option
@told
def why_agent(
    agent: str, limit: int, tenant: str | None, own_path: Path | None, *, is_json: bool
) -> None:
    """Why AGENT gets nothing: what he could take, and who waits on each of his lines."""
    from router.cli import reasons, tables  # noqa: PLC0415  --help is quick without them

    async def ask(reads: "Reads", caller: "Identity") -> View:
        return await reads.why_agent(caller, agent, limit)

    tables.show(_read(own_path, tenant, ask), reasons.of_agent, is_json=is_json)


@why.command("offer", short_help="Why an offer was made, and how it ended.")
@click.argument("contact")
@click.argument("number", type=click.IntRange(1))
@tenant_option
@config_option
@json_option
@told
def why_offer(
    contact: str, number: int, tenant: str | None, own_path: Path | None, *, is_json: bool
) -> None:
    """Why offer NUMBER of CONTACT was made to its agent, and how it ended."""
    from router.cli import reasons, tables  # noqa: PLC0415  --help is quick without them

    async def ask(reads: "Reads", caller: "Identity") -> View:
        return await reads.why_offer(caller, contact, number)

    tables.show(_read(own_path, tenant, ask), reasons.of_offer, is_json=is_json)


def _read(own_path: Path | None, named: str | None, ask: Any) -> View:
    """The answer to a question, asked as an administrator of the tenant, with the tenant's time."""
    from router.api.auth import Identity  # noqa: PLC0415  --help is quick without it
    from router.api.reads import Reads  # noqa: PLC0415  as above
    from router.api.roles import Role  # noqa: PLC0415  as above
    from router.queries import Position  # noqa: PLC0415  as above

    config = load_config(own_path)
    tenant = tenant_of(config, named)
    caller = Identity(tenant=tenant, subject="acd", role=Role.ADMIN, expires=0)

    async def question(engine: "Engine") -> View:
        at = await engine.read(tenant, Position())
        if at["outcome"] != "ok":
            raise MistakeError(f"the store has no tenant {tenant}")
        view: View = await ask(Reads(engine), caller)
        return {"tenant": tenant, "now": at["now"], **view}

    return read_with(config, question)
