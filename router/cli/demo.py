"""Owns the command `acd demo`."""

import asyncio
from pathlib import Path

import click

from router.cli.frame import (
    MistakeError,
    config_option,
    load_config,
    tenant_of,
    tenant_option,
    told,
)
from router.config import Config

MINUTES = 2.0
TOKEN_S = 3_600


@click.command()
@click.option(
    "--minutes",
    type=click.FloatRange(0, 10_000, min_open=True),
    help=f"How long customers come; {MINUTES:g} unless --contacts is given.",
)
@click.option("--contacts", type=click.IntRange(1, 10_000_000), help="How many customers come.")
@click.option(
    "--speed",
    type=click.FloatRange(0.01, 1_000),
    default=1.0,
    show_default=True,
    help="Everything but the router's own times goes this much faster.",
)
@click.option("--seed", type=click.IntRange(0), help="The same seed brings the same customers.")
@click.option("--story", help="One team's day instead, told as it is played; or `list`.")
@click.option("--url", help="The router's, http://host:port; else from the configuration.")
@tenant_option
@config_option
@told
def demo(
    own_path: Path | None,
    tenant: str | None,
    url: str | None,
    story: str | None,
    seed: int | None,
    speed: float,
    contacts: int | None,
    minutes: float | None,
) -> None:
    """A small center's traffic against a running router: gateways and desktops as real clients.

    With --story it plays a tenant of its own for some seconds, and says what it does.
    Ctrl-C ends it: customers who wait hang up, those at an agent are served. Exit code 1 when a
    contact was lost, or a story went another way than it is told.
    """
    from router.insight import demo as demos  # noqa: PLC0415  --help is quick without it

    config = load_config(own_path)
    if story is not None:
        _tell(config, story, url)
        return
    if minutes is None and contacts is None:
        minutes = MINUTES
    try:
        is_whole = demos.run(
            config,
            tenant=tenant_of(config, tenant),
            url=url,
            minutes=minutes,
            contacts=contacts,
            speed=speed,
            seed=seed,
        )
    except demos.DemoError as error:
        raise MistakeError(str(error)) from None
    if not is_whole:
        raise SystemExit(1)


def _tell(config: Config, name: str, url: str | None) -> None:
    """Plays one story and prints it. Raises: MistakeError."""
    # --help is quick without these
    from router import keys  # noqa: PLC0415
    from router.api.auth import mint  # noqa: PLC0415
    from router.api.roles import Role  # noqa: PLC0415
    from router.insight import stories  # noqa: PLC0415

    if name not in stories.STORIES:
        for known, story in stories.STORIES.items():
            click.echo(f"{known:10} {story.SUMMARY}")
        if name == "list":
            return
        raise MistakeError(f"--story {name}: expected one of {', '.join(stories.STORIES)}")
    secret = keys.secrets(config)
    if not secret:
        raise MistakeError("auth.keys has public keys only: the story can not sign its tokens")
    issuer = config.auth.issuer or None

    def token(tenant: str, role: Role, who: str) -> str:
        return mint(secret[0], tenant=tenant, subject=who, role=role, ttl_s=TOKEN_S, issuer=issuer)

    base = url or f"http://{config.http.host}:{config.http.port}"
    try:
        asyncio.run(stories.play(name, base, token, click.echo))
    except stories.StoryError as error:
        click.echo(f"Here it went another way: {error}", err=True)
        raise SystemExit(1) from None
    click.echo("All as told.")
