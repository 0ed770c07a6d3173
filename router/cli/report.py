"""Owns the command `acd report`: what was counted, in a table, with what each number is."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from router.cli.frame import (
    MistakeError,
    config_option,
    json_option,
    load_config,
    tenant_option,
    told,
    url_option,
)

if TYPE_CHECKING:
    from rich.console import Console

INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
INTERVALS = click.Choice(["15m", "30m", "hour", "day"])
KINDS = click.Choice(["queue", "agent", "disposition"])
View = dict[str, Any]


@click.command(short_help="Counts what happened, by interval.")
@click.option("--by", type=KINDS, default="queue", show_default=True)
@click.option("--interval", type=INTERVALS, default="hour", show_default=True)
@click.option("--from", "begin", type=INSTANT, required=True, help="Its beginning, a local time.")
@click.option("--to", "end", type=INSTANT, help="Its end; else a day later.")
@click.option("--time-zone", "zone", default="UTC", show_default=True, help="Whose local time.")
@click.option("--service-level-ms", type=click.IntRange(0), default=20_000, show_default=True)
@click.option("--short-abandon-ms", type=click.IntRange(0), default=0, show_default=True)
@url_option
@tenant_option
@config_option
@json_option
@told
def report(
    own_path: Path | None,
    tenant: str | None,
    url: str | None,
    begin: datetime,
    end: datetime | None,
    zone: str,
    *,
    is_json: bool,
    **asked: Any,
) -> None:
    """What was offered, answered, abandoned and handled, asked of a running router."""
    from router.cli import tables  # noqa: PLC0415  --help is quick without it
    from router.cli.caller import send  # noqa: PLC0415  as above

    times = {"from": begin, "to": end or begin + timedelta(days=1)}
    query = asked | {name: _instant(at, zone) for name, at in times.items()} | {"time_zone": zone}
    path = f"reports?{urlencode(query)}"
    view = send(load_config(own_path), tenant, url, "GET", path, None)
    tables.show(view, _draw, is_json=is_json)


def _draw(console: "Console", view: View) -> None:
    """A line for each row, then the definitions."""
    from router.cli import tables  # noqa: PLC0415  --help is quick without it

    zone = ZoneInfo(view["time_zone"])
    names = [name for name in view["definitions"] if any(row[name] for row in view["rows"])]
    rows = (
        (
            datetime.fromtimestamp(row["from"] / 1_000, zone).strftime("%Y-%m-%d %H:%M"),
            row[view["by"]],
            *("" if row[name] is None else row[name] for name in names),
        )
        for row in view["rows"]
    )
    tables.table(console, ("from", view["by"], *names), rows, "nothing happened")
    limits = ("service_level_ms", "short_abandon_ms")
    for name in names:
        console.print(f"{name}: {view['definitions'][name]}")
    console.print(", ".join(f"{name} = {view[name]}" for name in limits))


def _instant(local: datetime, zone: str) -> int:
    try:
        return round(local.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise MistakeError(f"{zone} is no time zone, as Europe/Lisbon is one") from None
