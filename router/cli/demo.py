"""Owns the command `acd demo`."""

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

MINUTES = 2.0


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
@click.option("--url", help="The router's, http://host:port; else from the configuration.")
@tenant_option
@config_option
@told
def demo(
    own_path: Path | None,
    tenant: str | None,
    url: str | None,
    seed: int | None,
    speed: float,
    contacts: int | None,
    minutes: float | None,
) -> None:
    """A small center's traffic against a running router: gateways and desktops as real clients.

    Ctrl-C ends it: customers who wait hang up, those at an agent are served. Exit code 1 when a
    contact was lost.
    """
    from router.insight import demo as demos  # noqa: PLC0415  --help is quick without it

    config = load_config(own_path)
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
