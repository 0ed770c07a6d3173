"""Everything that is told step by step, by its name: what planted faults must fall for."""

from collections.abc import Callable
from functools import partial
from typing import Final

import redis

from router.engine.library import Library
from tests.model.meetings import MEETINGS
from tests.model.mutants import MUTANTS, Mutant
from tests.model.pair import Divergence
from tests.model.rare import CHECKS, Tenant
from tests.model.repairs import REPAIRS
from tests.model.scenes import Scene, Stage
from tests.model.stories import STORIES

Trial = Callable[["redis.Redis", Library, str], None]
"""Tried with a connection, a loaded library and a new tenant; it raises where a rule is broken."""
FALLS: Final = (AssertionError, Divergence, LookupError, TypeError, redis.ResponseError)
"""How a trial falls for a fault: by what it asks, or because an answer lacks what it reads."""


def planted(library: Library, mutant: Mutant) -> Library:
    """The library with the fault in it, under a version of its own.

    Raises: ValueError, when the text that it changes does not stand there exactly once.
    """
    if library.code.count(mutant.old) != 1:
        message = f"{mutant.name}: stands {library.code.count(mutant.old)} times in the Lua"
        raise ValueError(message)
    version = f"m{MUTANTS.index(mutant):07d}"
    code = library.code.replace(mutant.old, mutant.new)
    return Library(version, code.replace(library.version, version))


def falls(trial: str, client: "redis.Redis", library: Library, tenant: str) -> bool:
    """Whether what is told under this name goes otherwise than it should."""
    try:
        TRIALS[trial](client, library, tenant)
    except FALLS:
        return True
    return False


def _check(
    check: Callable[[Tenant], None], client: "redis.Redis", library: Library, tenant: str
) -> None:
    own = Tenant(client, library, tenant)
    try:
        check(own)
    finally:
        own.drop()


def _tell(scene: Scene, client: "redis.Redis", library: Library, tenant: str) -> None:
    with Stage(client, library, tenant) as stage:
        scene.tell(stage)


def _named(told: Callable[..., None]) -> str:
    return f"{told.__module__.rpartition('.')[2]}.{told.__name__}"


TRIALS: Final[dict[str, Trial]] = {
    **{_named(check): partial(_check, check) for check in (*CHECKS, *MEETINGS, *REPAIRS)},
    **{_named(scene.tell): partial(_tell, scene) for scene in STORIES},
}
