"""Owns the commands that run something: `serve`, `chat`, `token` and `replay`."""

import asyncio
import os
from pathlib import Path

import click

from router.cli.frame import (
    MistakeError,
    config_option,
    json_option,
    load_config,
    path_of,
    tenant_of,
    tenant_option,
    told,
)


@click.command(short_help="Runs the service.")
@config_option
@click.option("--port", type=click.IntRange(0, 65_535), help="Over the file's http.port.")
@told
def serve(own_path: Path | None, port: int | None) -> None:
    """Runs the service until it is told to stop (Ctrl-C, SIGTERM); SIGHUP reads the file again."""
    from router.service import run  # noqa: PLC0415  --help is quick without it
    from router.setup import Configuration  # noqa: PLC0415  as above

    env = {**os.environ}
    if port is not None:
        env["ACD_HTTP__PORT"] = str(port)
    run(Configuration(path_of(own_path), env))


@click.command(short_help="Runs the web chat alone.")
@config_option
@told
def chat(own_path: Path | None) -> None:
    """Runs the web chat alone, in front of the routers that chat.routers names."""
    from router.chat import serve_alone  # noqa: PLC0415  --help is quick without it
    from router.service import wall_ms  # noqa: PLC0415  as above

    asyncio.run(serve_alone(load_config(own_path), wall_ms))


@click.command(short_help="Prints a bearer token.")
@click.argument("role", type=click.Choice(["gateway", "agent", "supervisor", "admin"]))
@click.argument("subject")
@click.option("--ttl-ms", type=click.IntRange(1_000, 86_400_000), help="Its life.")
@tenant_option
@config_option
@told
def token(
    role: str, subject: str, ttl_ms: int | None, tenant: str | None, own_path: Path | None
) -> None:
    """Prints a bearer token for SUBJECT (an agent's id, or a name) in a ROLE."""
    from router import keys  # noqa: PLC0415  --help is quick without it
    from router.api.auth import mint  # noqa: PLC0415  as above
    from router.api.roles import Role  # noqa: PLC0415  as above

    config = load_config(own_path)
    secrets = keys.secrets(config)
    if not secrets:
        raise MistakeError("auth.keys has public keys only: whoever has the private ones signs")
    try:
        text = mint(
            secrets[0],
            tenant=tenant_of(config, tenant),
            subject=subject,
            role=Role(role),
            ttl_s=(ttl_ms or config.auth.token_ttl_ms) // 1_000,
            issuer=config.auth.issuer or None,
        )
    except ValueError as error:
        raise MistakeError(str(error)) from None
    click.echo(text)


@click.command(short_help="Runs recorded calls through the engine.")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "dates", multiple=True, default=["all"], help="yymmdd, or all; repeatable.")
@click.option("--store", help="A store to use; else one of its own, gone afterwards.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="A PNG to draw.")
@json_option
@told
def replay(
    path: Path, dates: tuple[str, ...], store: str | None, plot: Path | None, *, is_json: bool
) -> None:
    """Runs recorded calls (PATH, tab-separated) through the engine in virtual time.

    Exit code 1 when a promise of the engine did not hold.
    """
    from router.insight import replay as replays  # noqa: PLC0415  --help is quick without it
    from router.insight.bank import BadRecording  # noqa: PLC0415  as above
    from router.insight.plot import PlotUnavailable  # noqa: PLC0415  as above
    from router.insight.stage import BadStore  # noqa: PLC0415  as above

    try:
        holds = replays.run(path, dates, store_url=store, json_out=is_json, plot=plot)
    except (BadRecording, BadStore, PlotUnavailable, replays.UnknownDate) as error:
        raise MistakeError(str(error)) from None
    if not holds:
        raise SystemExit(1)
