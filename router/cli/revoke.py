"""Owns the commands `revoke` and `revoked`: tokens taken back before they end, and which."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
from router.cli.plans import yes_option


@click.command(short_help="Takes tokens back before they end.")
@click.argument("subject", required=False)
@click.option("--id", "token", help="One token, by its id (jti).")
@click.option("--before", type=click.DateTime(), help="Made up to then, UTC; else up to now.")
@click.option("--reason", default="", help="Why, for the journal.")
@yes_option
@url_option
@tenant_option
@config_option
@told
def revoke(
    subject: str | None,
    token: str | None,
    before: datetime | None,
    reason: str,
    url: str | None,
    tenant: str | None,
    own_path: Path | None,
    *,
    yes: bool,
) -> None:
    """Takes back all tokens of SUBJECT, in every role, or one by its --id, through a router.

    They are refused everywhere from then on, and what is connected with one is disconnected.
    """
    from router.cli.caller import send  # noqa: PLC0415  --help is quick without it

    config = load_config(own_path)
    if (subject is None) == (token is None):
        raise MistakeError("say whose tokens, or --id of one")
    whose = f"token {token}" if subject is None else f"all tokens of {subject}"
    if not yes:
        click.confirm(f"Revoke {whose}?", abort=True)
    body: dict[str, Any] = {"id": token, "subject": subject, "reason": reason}
    if before is not None:
        body["before"] = round(before.replace(tzinfo=UTC).timestamp() * 1_000)
    send(config, tenant, url, "POST", "tokens/revoke", body)
    click.echo(f"{whose} revoked")


@click.command(short_help="Which tokens were taken back.")
@url_option
@tenant_option
@config_option
@json_option
@told
def revoked(url: str | None, tenant: str | None, own_path: Path | None, *, is_json: bool) -> None:
    """Which tokens were taken back, the newest first, as far as one of them may live."""
    import msgspec  # noqa: PLC0415  --help is quick without it

    from router.cli.caller import send  # noqa: PLC0415  as above

    answer = send(load_config(own_path), tenant, url, "GET", "tokens/revoked", None)
    if is_json:
        click.echo(msgspec.json.encode(answer).decode())
        return
    for one in answer["revoked"]:
        what = f"id {one['id']}" if one.get("id") else f"{one['subject']} to {_time(one['before'])}"
        parts = (_time(one["at"]), what, one.get("by", ""), one.get("reason", ""))
        click.echo("  ".join(filter(None, parts)))
    click.echo(f"{len(answer['revoked'])} revoked")


def _time(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1_000, UTC):%Y-%m-%d %H:%M:%SZ}"
