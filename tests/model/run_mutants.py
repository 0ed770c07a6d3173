"""Runs the planted faults: the library with one fault at a time, tried until something falls."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from time import monotonic

import click
import redis
from rich.progress import track

from router.engine.library import Library, assemble
from tests.model.mutants import FOUND, PARTS, Mutant, found_by, keep
from tests.model.trials import FALLS, TRIALS, falls, planted
from tests.model.walk import walk
from tests.servers import TestServer

SEEDS = range(1, 13)
STEPS = 1200


class Hunt:
    """One server, and a tenant for each trial."""

    def __init__(self, client: "redis.Redis") -> None:
        self.client = client
        self.library = assemble()
        self._numbers = count(1)

    def tenant(self) -> str:
        """The id of a tenant that does not exist yet."""
        return f"t-mutant-{next(self._numbers)}"

    def finder(self, part: str, mutant: Mutant) -> str | None:
        """What falls for the fault: a trial, or a walk by its seed; None when it survives."""
        library = planted(self.library, mutant)
        self.client.function_load(library.code)
        try:
            for trial in in_order(part, mutant):
                if falls(trial, self.client, library, self.tenant()):
                    return trial
            return next((f"seed {seed}" for seed in SEEDS if self.wanders(seed, library)), None)
        finally:
            self.client.function_delete(library.name)

    def wanders(self, seed: int, library: Library) -> bool:
        """Whether a walk falls for it."""
        try:
            walk(seed, STEPS, self.client, library=library, tenant=self.tenant, shrink=False)
        except FALLS:
            return True
        return False


def in_order(part: str, mutant: Mutant) -> Iterable[str]:
    """What fell for it last time; then what falls for nothing yet, as new scenes do; then the rest.

    Of the rest, what falls for most of its part comes first.
    """
    used = {trial for by in FOUND.values() for trial in by.values()}
    new = [trial for trial in TRIALS if trial not in used]
    often = [trial for trial, _ in Counter(FOUND.get(part, {}).values()).most_common()]
    names = dict.fromkeys([found_by(mutant), *new, *often, *TRIALS])
    return [name for name in names if name in TRIALS]


def chosen(parts: Iterable[str], only: str) -> Iterator[tuple[str, Mutant]]:
    """The faults of these parts, or of all, whose name has the text."""
    for part in parts or PARTS:
        yield from ((part, mutant) for mutant in PARTS[part] if only in mutant.name)


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--json", "as_json", is_flag=True, help="Print one object: planted, killed, alive.")
@click.option("--only", default="", help="Only faults whose name has this text.")
def main(*, parts: tuple[str, ...], as_json: bool, only: str) -> None:
    """Plants faults in the Lua, one at a time, and shows that the model test falls for each.

    The faults of PARTS, or of all. What falls for each is written to found.json beside them: it is
    tried first the next time. A walk comes last, and is not enough: a fault is to have a scene.
    """
    by: dict[str, str | None] = {}
    began = monotonic()
    server = TestServer()
    try:
        with redis.Redis(unix_socket_path=server.server.socket) as client:
            hunt = Hunt(client)
            for part, mutant in track([*chosen(parts, only)], "planting", disable=as_json):
                by[mutant.name] = finder = hunt.finder(part, mutant)
                FOUND.setdefault(part, {})[mutant.name] = finder or "nothing"
    finally:
        server.stop()
        keep(FOUND)
    alive = [name for name, finder in by.items() if finder not in TRIALS]
    killed = len(by) - len(alive)
    if as_json:
        click.echo(json.dumps({"planted": len(by), "killed": killed, "alive": alive}))
    else:
        for name in alive:
            click.echo(f"{name}: by {by[name] or 'nothing'}")
        spent = f"{monotonic() - began:.0f} s"
        click.echo(f"{killed} of {len(by)} planted faults were found by a scene, in {spent}")
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main()
