"""Runs the planted faults: the library with one fault at a time, walked until the sides differ."""

import json
import sys
from itertools import count

import click
import redis
from rich.progress import track

from router.engine.library import Library, assemble
from tests.model.meetings import MEETINGS
from tests.model.mutants import MUTANTS, Mutant
from tests.model.pair import Divergence
from tests.model.rare import CHECKS, Tenant
from tests.model.repairs import REPAIRS
from tests.model.scenes import Stage
from tests.model.stories import STORIES
from tests.model.walk import walk
from tests.servers import TestServer

SEEDS = range(1, 13)
STEPS = 1200
FALLS = (AssertionError, Divergence, LookupError, TypeError, redis.ResponseError)
"""How a test falls for a fault: by what it asks, or because an answer lacks what it reads."""
_tenants = count(1)


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


def falls_for_a_rare_rule(client: "redis.Redis", library: Library) -> bool:
    """Whether one of the rules that walks hardly ever meet is broken."""
    for check in (*CHECKS, *MEETINGS, *REPAIRS):
        tenant = Tenant(client, library, f"t-mutant-{next(_tenants)}")
        try:
            check(tenant)
        except FALLS:
            return True
        finally:
            tenant.drop()
    for scene in STORIES:
        try:
            with Stage(client, library, f"t-mutant-{next(_tenants)}") as stage:
                scene.tell(stage)
        except FALLS:
            return True
    return False


def killing_seed(mutant: Mutant, client: "redis.Redis") -> int | None:
    """The first seed whose walk falls for the fault, 0 for a rare rule; None when it survives."""
    library = planted(assemble(), mutant)
    client.function_load(library.code)
    try:
        if falls_for_a_rare_rule(client, library):
            return 0
        for seed in SEEDS:
            try:
                name = f"t-mutant-{next(_tenants)}"
                walk(seed, STEPS, client, library=library, tenant=lambda n=name: n, shrink=False)  # type: ignore[misc]
            except FALLS:
                return seed
        return None
    finally:
        client.function_delete(library.name)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object: planted, killed, alive.")
@click.option("--only", default="", help="Only faults whose name has this text.")
def main(*, as_json: bool, only: str) -> None:
    """Plants faults in the Lua, one at a time, and shows that the model test falls for each."""
    chosen = [mutant for mutant in MUTANTS if only in mutant.name]
    server = TestServer()
    fell: dict[str, int | None] = {}
    try:
        with redis.Redis(unix_socket_path=server.server.socket) as client:
            for mutant in track(chosen, "planting", disable=as_json):
                fell[mutant.name] = killing_seed(mutant, client)
    finally:
        server.stop()
    alive = [name for name, seed in fell.items() if seed is None]
    if as_json:
        killed = len(chosen) - len(alive)
        click.echo(json.dumps({"planted": len(chosen), "killed": killed, "alive": alive}))
    else:
        for name, seed in fell.items():
            click.echo(f"{'ALIVE ' if seed is None else 'killed'}  {name}")
        click.echo(f"{len(chosen) - len(alive)} of {len(chosen)} planted faults were found")
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main()
