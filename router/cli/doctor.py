"""Owns the command `doctor`: what in a tenant's state should never be, and what becomes of it."""

import sys
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
    url_option,
)
from router.cli.plans import yes_option

if TYPE_CHECKING:
    from router.config import Config
    from router.engine.engine import Engine

FOUND = 1
ROUNDS = 5
Report = dict[str, Any]


@click.command(short_help="What in the state should never be, and its repair.")
@click.option("--repair", is_flag=True, help="Have a router repair it, until nothing is found.")
@yes_option
@url_option
@tenant_option
@config_option
@json_option
@told
def doctor(
    url: str | None,
    tenant: str | None,
    own_path: Path | None,
    *,
    repair: bool,
    yes: bool,
    is_json: bool,
) -> None:
    """Looks at everything that the tenant has in the store, and tells what breaks a promise.

    Without --repair nothing is changed. Exit code 0: nothing is wrong; 1: something is.
    """
    config = load_config(own_path)
    name = tenant_of(config, tenant)
    report = _examined(config, name)
    _show(report, is_json=is_json)
    if repair and report["findings"]:
        if not yes:
            click.confirm("Repair?", abort=True)
        report = _repaired(config, name, url, report)
    sys.exit(FOUND if report["findings"] else 0)


def _repaired(config: "Config", tenant: str, url: str | None, report: Report) -> Report:
    """What is found after the repair: one may bring others to light."""
    from router.cli.caller import repair  # noqa: PLC0415  --help is quick without it
    from router.doctor.doctor import ORDER  # noqa: PLC0415  as above

    left: set[str] = set()  # what no repair changes
    for _ in range(ROUNDS):
        found = [f["id"] for f in report["findings"] if f["kind"] in ORDER]
        ids = [one for one in dict.fromkeys(found) if one not in left]
        if not ids:
            break
        for one in repair(config, tenant, url, ids):
            click.echo(
                f"{one['kind']} {one['subject']}: {'; '.join(one['wrong']) or one['outcome']}"
            )
            if one["outcome"] == "unrepairable":
                left.add(one["id"])
        report = _examined(config, tenant)
    _show(report, is_json=False)
    return report


def _examined(config: "Config", tenant: str) -> Report:
    import msgspec  # noqa: PLC0415  --help is quick without it

    from router.doctor.doctor import Doctor, NoTenantError  # noqa: PLC0415  as above

    async def ask(engine: "Engine") -> Report:
        found: Report = msgspec.to_builtins(await Doctor(engine, tenant).report())
        return found

    try:
        return read_with(config, ask)
    except NoTenantError as error:
        raise MistakeError(str(error)) from None


def _show(report: Report, *, is_json: bool) -> None:
    import msgspec  # noqa: PLC0415  --help is quick without it

    if is_json:
        click.echo(msgspec.json.encode(report).decode())
        return
    for finding in report["findings"]:
        click.echo(f"{finding['check']}: {finding['text']}")
    looked = ", ".join(f"{count} {kind}s" for kind, count in sorted(report["examined"].items()))
    click.echo(f"{len(report['findings'])} findings in {looked}")
    if not report["is_whole"]:
        click.echo("There is more: repair these, and look again.")
    elif not report["is_counted"]:
        click.echo("The tenant was too busy to compare its counters; look again.")
