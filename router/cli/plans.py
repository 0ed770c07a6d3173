"""Owns the commands on the configuration in force: plan, apply, show, history and rollback."""

import sys
from collections.abc import Callable
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
from router.config import ConfigError

if TYPE_CHECKING:
    from router.config.plan import Plan
    from router.config.whole import Plain, Target, Whole
    from router.engine.engine import Engine

CHANGES = 2
ERRORS = 1


class PlanError(MistakeError):
    """What stands in the way of a plan: a mistake, told by the exit code as other errors are."""

    exit_code = ERRORS


file_option = click.option(
    "--file",
    "changes_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Changes, JSON or TOML: tenant, calendars, queues, agents; null removes. Else the file's.",
)
prune_option = click.option(
    "--prune", is_flag=True, help="Remove calendars, queues and agents that it does not name."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
note_option = click.option("--note", default="", help="Why, for who reads the history.")


@click.command(short_help="What a change would do; nothing is done.")
@file_option
@prune_option
@click.option("--at-start", is_flag=True, help="Only what a start or SIGHUP would do of it.")
@tenant_option
@config_option
@json_option
@told
def plan(
    changes_path: Path | None,
    tenant: str | None,
    own_path: Path | None,
    *,
    prune: bool,
    at_start: bool,
    is_json: bool,
) -> None:
    """What it would do to make the store's configuration that of the file.

    A start does less: what was changed since the file last said it stays.

    Exit code 0: nothing to do; 2: there are changes; 1: something is in the way.
    """
    if at_start and (prune or changes_path is not None):
        raise PlanError("--at-start goes without --file and --prune: a start knows neither")
    try:
        want = _from_files(own_path, tenant, changes_path, prune=prune)
        want = _at_start(want) if at_start else want
        found, _ = _planned(own_path, tenant, want)
    except (ConfigError, click.ClickException) as error:
        raise PlanError(str(error)) from None
    _show(found, is_json=is_json)
    if found.has_errors:
        sys.exit(ERRORS)
    sys.exit(CHANGES if found.changes else 0)


@click.command(short_help="Plans, asks, and makes the change.")
@file_option
@prune_option
@yes_option
@note_option
@url_option
@tenant_option
@config_option
@told
def apply(
    changes_path: Path | None,
    note: str,
    url: str | None,
    tenant: str | None,
    own_path: Path | None,
    *,
    prune: bool,
    yes: bool,
) -> None:
    """Plans, asks, and makes the change in one step, if nothing else has changed meanwhile.

    Without --file the file's words are put over whatever was changed elsewhere.
    """
    want = _from_files(own_path, tenant, changes_path, prune=prune)
    found, wanted = _planned(own_path, tenant, want)
    if not _agreed(found, yes=yes):
        return
    from router.cli.caller import apply_changes  # noqa: PLC0415  --help is quick without it

    touched = {(change.kind, change.id) for change in found.changes}
    wanted = {target: own for target, own in wanted.items() if target in touched}
    config, is_own = load_config(own_path), changes_path is None
    answers = apply_changes(
        config, tenant, url, wanted, base=found.base, note=note, from_file=is_own
    )
    for answer in answers:
        click.echo(f"version {answer['version']} is in force, {answer['hash'][:12]}")


@click.command(short_help="The configuration in force, or an earlier one.")
@click.argument("version", type=click.IntRange(1), required=False)
@tenant_option
@config_option
@told
def show(version: int | None, tenant: str | None, own_path: Path | None) -> None:
    """The whole configuration in force, or as it was after VERSION, as JSON."""
    import msgspec  # noqa: PLC0415  --help is quick without it

    whole = _read(own_path, tenant, lambda engine, name: _version(engine, name, version))
    click.echo(msgspec.json.format(msgspec.json.encode(whole.document())).decode())


@click.command(short_help="What changed, when, by whom.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@tenant_option
@config_option
@json_option
@told
def history(limit: int, tenant: str | None, own_path: Path | None, *, is_json: bool) -> None:
    """The versions that are kept, newest first, with what each changed."""
    from router.cli import tables  # noqa: PLC0415  --help is quick without it
    from router.standing import read_versions  # noqa: PLC0415  as above

    async def ask(engine: "Engine", name: str) -> dict[str, Any]:
        return await read_versions(engine, name, limit=limit)

    tables.show(_read(own_path, tenant, ask), tables.versions, is_json=is_json)


@click.command(short_help="Everything as it was after a version.")
@click.argument("version", type=click.IntRange(1))
@yes_option
@note_option
@url_option
@tenant_option
@config_option
@told
def rollback(
    version: int,
    note: str,
    url: str | None,
    tenant: str | None,
    own_path: Path | None,
    *,
    yes: bool,
) -> None:
    """Makes everything as it was after VERSION, under a new version; its hash is the same again."""
    from router.cli.caller import roll_back  # noqa: PLC0415  --help is quick without it
    from router.standing import read_earlier, way_back  # noqa: PLC0415  as above

    goal = ""

    async def back(engine: "Engine", name: str, whole: "Whole") -> "dict[Target, Plain | None]":
        nonlocal goal
        earlier = await read_earlier(engine, name, whole, version)
        goal = earlier.hash
        return way_back(whole, earlier)

    found, _ = _planned(own_path, tenant, back)
    if not _agreed(found, yes=yes):
        return
    config = load_config(own_path)
    answer = roll_back(config, tenant, url, version=version, base=found.base, note=note)
    same = "the same" if answer["hash"] == goal else f"another than {goal[:12]}"
    click.echo(f"version {answer['version']} is in force, {answer['hash'][:12]}: {same} hash")


def _agreed(found: "Plan", *, yes: bool) -> bool:
    _show(found, is_json=False)
    if found.has_errors:
        sys.exit(ERRORS)
    if not found.changes:
        return False
    if not yes:
        click.confirm("Apply?", abort=True)
    return True


def _show(found: "Plan", *, is_json: bool) -> None:
    import msgspec  # noqa: PLC0415  --help is quick without it

    from router.config.tell import told as lines  # noqa: PLC0415  as above

    if is_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for line in lines(found):
        click.echo(line)


def _from_files(
    own_path: Path | None, tenant: str | None, changes_path: Path | None, *, prune: bool
) -> Any:
    """What the file, or the changes given, want of the configuration in force."""
    from router.cli.caller import read_changes  # noqa: PLC0415  --help is quick without it
    from router.setup import wanted_of  # noqa: PLC0415  as above

    config = load_config(own_path)
    name = tenant_of(config, tenant)
    if changes_path is not None:
        wanted = read_changes(changes_path)
    elif name in config.tenants:
        wanted = dict(wanted_of(config.tenants[name]))
    else:
        raise MistakeError(f"the configuration has no tenant {name}")

    async def want(_engine: "Engine", _name: str, whole: "Whole") -> "dict[Target, Plain | None]":
        if not prune:
            return wanted
        keep = whole.objects.get(("tenant", ""), {}).get("default_queue")
        unnamed = [t for t in whole.objects if t not in wanted and t != ("queue", keep)]
        return wanted | dict.fromkeys(unnamed)

    return want


def _at_start(want: Any) -> Any:
    """What a start wants of the configuration in force."""
    from router.config import filed  # noqa: PLC0415  --help is quick without it
    from router.standing import read_filed  # noqa: PLC0415  as above

    async def less(engine: "Engine", name: str, whole: "Whole") -> "dict[Target, Plain]":
        wanted = await want(engine, name, whole)
        return filed.at_start(whole.objects, wanted, await read_filed(engine, name))

    return less


def _planned(own_path: Path | None, tenant: str | None, want: Any) -> "tuple[Plan, Any]":
    """The plan, and the objects that are wanted."""
    from router.config.plan import plan as foretell  # noqa: PLC0415  --help is quick without it
    from router.standing import read_live  # noqa: PLC0415  as above

    async def ask(engine: "Engine", name: str) -> Any:
        whole, live = await read_live(engine, name)
        wanted = await want(engine, name, whole)
        return foretell(whole, wanted, live), wanted

    found: tuple[Plan, Any] = _read(own_path, tenant, ask)
    return found


async def _version(engine: "Engine", name: str, version: int | None) -> "Whole":
    from router.standing import read_earlier, read_whole  # noqa: PLC0415  --help is quick

    whole, _ = await read_whole(engine, name)
    return whole if version is None else await read_earlier(engine, name, whole, version)


def _read(own_path: Path | None, tenant: str | None, ask: Callable[..., Any]) -> Any:
    """The answer of the store to a question about one tenant."""
    from router.standing import NoTenantError, UnreadableError  # noqa: PLC0415  --help is quick

    config = load_config(own_path)
    name = tenant_of(config, tenant)

    async def question(engine: "Engine") -> dict[str, Any]:
        return {"found": await ask(engine, name)}

    try:
        return read_with(config, question)["found"]
    except (NoTenantError, UnreadableError) as error:
        raise MistakeError(str(error)) from None
