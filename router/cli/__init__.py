"""Owns the command acd: what it is told, what it prints, and how it ends.

What a command needs is imported inside it, so that `acd --help` answers at once. A user's mistake
is one line on the standard error and exit code 2; a promise that does not hold is exit code 1.
"""

from pathlib import Path

import click

from router.cli.demo import demo
from router.cli.doctor import doctor
from router.cli.look import agents, contacts, queues, why
from router.cli.report import report
from router.cli.revoke import revoke, revoked
from router.cli.run import chat, replay, serve, token
from router.cli.settings import config
from router.cli.top import top
from router.cli.verbs import VERBS
from router.version import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    "path",
    envvar="ACD_CONFIG",
    default=Path("config.toml"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration file; also ACD_CONFIG.",
)
@click.version_option(VERSION, prog_name="acd")
@click.pass_context
def main(context: click.Context, path: Path) -> None:
    """Vez, a contact-center routing engine."""
    context.obj = path


COMMANDS = (
    *(agents, chat, config, contacts, demo, doctor, queues),
    *(replay, report, revoke, revoked, serve, token, top, why),
)

for command in (*COMMANDS, *VERBS):
    main.add_command(command)
