"""Owns the command `acd top`: queues and agents as they are, in a terminal, until a key ends it."""

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from router.cli.frame import (
    MistakeError,
    config_option,
    json_option,
    load_config,
    tenant_of,
    tenant_option,
    told,
    url_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from router.cli.live.sight import Sight, Wish
    from router.config import Config

View = dict[str, Any]
AGENTS_MAX = 1_000
AGENTS_PAGE = 200
LONGEST_ASKED = 5


@click.command(short_help="Queues and agents, live.")
@click.option("--queue", help="Only these queues: ids with commas.")
@click.option("--filter", "text", default="", help="Only what has this in its name.")
@click.option("--time-zone", default="UTC", show_default=True, help="Whose day today is.")
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(1.0, 60.0),
    default=1.0,
    show_default=True,
    help="Seconds between two questions.",
)
@click.option("--once", "is_once", is_flag=True, help="One picture, as without a terminal.")
@url_option
@tenant_option
@config_option
@json_option
@told
def top(
    own_path: Path | None, tenant: str | None, url: str | None, *, is_json: bool, **wanted: Any
) -> None:
    """Who waits, for how long and why, and what every agent does, as it is now.

    q or Ctrl-C ends it; s and a change the order of queues and agents, / filters, arrows scroll.

    `!` asks for attention soon, `!!` now: a wait beyond half of its queue's target, or all of it; a
    service level below 80 %, or 60 %; somebody who waits for nobody.
    """
    from router.cli import tables  # noqa: PLC0415  --help is quick without it
    from router.cli.caller import base_of, send  # noqa: PLC0415  as above
    from router.cli.live.sight import Sight, Wish  # noqa: PLC0415  as above

    config = load_config(own_path)
    asked = {name: wanted[name] for name in ("queue", "time_zone") if wanted[name]}

    def ask(path: str, **query: Any) -> View:
        given = {name: value for name, value in query.items() if value is not None}
        return send(config, tenant, url, "GET", f"{path}?{urlencode(given)}", None)

    wall = ask("wall", **asked)
    if is_json:
        click.echo(tables.as_json(wall))
        return
    sight = Sight(tenant_of(config, tenant), base_of(config, url), time.monotonic)
    sight.hear(wall)
    console, wish = tables.terminal(), Wish(text=wanted["text"])
    if wanted["is_once"] or console.is_dumb_terminal or not _is_live(console):
        _glance(console, sight, wish, ask)
    else:
        _watch(console, sight, wish, config, asked, wanted["every_s"])


def _is_live(console: "Console") -> bool:
    return console.is_terminal and sys.stdin.isatty()


def _glance(console: "Console", sight: "Sight", wish: "Wish", ask: "Callable[..., View]") -> None:
    """One picture of everything, as long as it is."""
    from router.cli.live.picture import draw, reasons_of  # noqa: PLC0415  --help is quick without

    page: View = {"cursor": None}
    while "cursor" in page and len(sight.staff.agents) < AGENTS_MAX:
        page = ask("agents", limit=AGENTS_PAGE, cursor=page["cursor"])
        sight.staff.take(page["agents"], sight.now)
    for wait in sight.longest(wish)[:LONGEST_ASKED]:
        try:
            why = ask(f"contacts/{wait.contact}/why", limit=1)
        except MistakeError:  # it has been taken meanwhile
            continue
        sight.reasons[wait.contact] = reasons_of(why)
    console.print(draw(sight, wish, console.width, None))


def _watch(
    console: "Console",
    sight: "Sight",
    wish: "Wish",
    config: "Config",
    wanted: dict[str, str],
    every_s: float,
) -> None:
    from router.api.roles import Role  # noqa: PLC0415  --help is quick without it
    from router.cli.caller import sign  # noqa: PLC0415  as above
    from router.cli.live.watcher import Watcher, show  # noqa: PLC0415  as above
    from router.insight.demo.connection import Turned  # noqa: PLC0415  as above

    def mint() -> str:
        ttl_s = config.auth.token_ttl_ms // 1_000
        return sign(config, sight.tenant, Role.SUPERVISOR, ttl_s=ttl_s)

    def watcher(on_news: "Callable[[], None]") -> Watcher:
        return Watcher(sight, mint, wanted, every_s, on_news)

    try:
        asyncio.run(show(console, sight, wish, watcher))
    except Turned as turned:
        raise MistakeError(str(turned)) from None
