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
)

if TYPE_CHECKING:
    from router.config import Config
    from router.engine.engine import Engine

FOUND = 1
Report = dict[str, Any]


@click.command(short_help="What in the state should never be.")
@tenant_option
@config_option
@json_option
@told
def doctor(tenant: str | None, own_path: Path | None, *, is_json: bool) -> None:
    """Looks at everything that the tenant has in the store, and tells what breaks a promise.

    Nothing is changed. Exit code 0: nothing was found; 1: something was.
    """
    config = load_config(own_path)
    report = _examined(config, tenant_of(config, tenant))
    _show(report, is_json=is_json)
    sys.exit(FOUND if report["findings"] else 0)


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
