"""Planted faults: each removes or bends one guard of the Lua; the model test must fall for each.

Every module of this package is a part, with its own `MUTANTS`; a new one is found by being there.
`found.json` names for each fault the scene or the check that falls for it; `scripts/mutants` writes
it, and every fault is held to it.
"""

import json
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

from tests.model.mutants.kind import Mutant as Mutant

Found = dict[str, dict[str, str]]
"""By part and fault: the name of what falls for it."""

_NAMES = sorted(module.name for module in iter_modules(__path__) if module.name != "kind")
PARTS: Final[dict[str, tuple[Mutant, ...]]] = {
    name: import_module(f"{__name__}.{name}").MUTANTS for name in _NAMES
}
MUTANTS: Final = tuple(chain.from_iterable(PARTS.values()))
_PATH = Path(__file__).with_name("found.json")
FOUND: Final[Found] = json.loads(_PATH.read_text())


def found_by(mutant: Mutant) -> str:
    """What fell for the fault last time; empty for one that is new."""
    return next((by[mutant.name] for by in FOUND.values() if mutant.name in by), "")


def keep(found: Found) -> None:
    """Writes down what falls for the faults that there are, in the order in which they stand."""
    kept = {
        part: {m.name: found[part][m.name] for m in mutants if m.name in found.get(part, {})}
        for part, mutants in PARTS.items()
    }
    _PATH.write_text(json.dumps(kept, indent=2) + "\n")
