"""Owns what the commands share: the file, the tenant, and how mistakes are told."""

import asyncio
import functools
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from router.config import Config, ConfigError, load

P = ParamSpec("P")
T = TypeVar("T")

config_option = click.option(
    "--config",
    "own_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration file, as before the command.",
)
tenant_option = click.option(
    "--tenant", help="The tenant; needless when the configuration has just one."
)
url_option = click.option(
    "--url", help="The router's, http://host:port; else from the configuration."
)
json_option = click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")


class MistakeError(click.ClickException):
    """What the user can put right; one line for each thing, no traceback."""

    exit_code = 2


def told(command: Callable[P, T]) -> Callable[P, T]:
    """Turns the errors that a user can do something about into lines for him."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            raise MistakeError(str(error)) from None
        except click.ClickException:
            raise
        except Exception as error:
            if _is_told(error):
                raise MistakeError(f"{error}" or type(error).__name__) from None
            raise

    return wrapper


def path_of(own_path: Path | None) -> Path:
    """The file given after the command, else the one before it."""
    return own_path or click.get_current_context().find_object(Path) or Path("config.toml")


def load_config(own_path: Path | None = None) -> Config:
    """The configuration that the command runs with. Raises: ConfigError."""
    return load(path_of(own_path), os.environ)


def tenant_of(config: Config, named: str | None) -> str:
    """The tenant that is meant."""
    if named is not None:
        return named
    if len(config.tenants) == 1:
        return next(iter(config.tenants))
    known = ", ".join(config.tenants) or "none"
    raise MistakeError(f"--tenant is needed; the configuration has {known}")


def read_with(
    config: Config, question: Callable[[Any], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    """The answer of the running engine's store to a question."""
    from router.store import visiting_engine  # noqa: PLC0415  --help is quick without it

    async def ask() -> dict[str, Any]:
        async with visiting_engine(config) as engine:
            return await question(engine)

    return asyncio.run(ask())


def _is_told(error: Exception) -> bool:
    """True for the errors whose text is made for users."""
    from router.api.problems import ProblemError  # noqa: PLC0415  only when something failed
    from router.engine.binary import EmbeddedError  # noqa: PLC0415  as above
    from router.engine.driver import StoreError  # noqa: PLC0415  as above
    from router.store import NothingRunsError  # noqa: PLC0415  as above

    return isinstance(error, EmbeddedError | NothingRunsError | ProblemError | StoreError)
