"""Planted faults: each removes or bends one guard of the Lua; the model test must fall for each.

Every module of this package has its own `MUTANTS`; a new one is found by being there.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.model.mutants.kind import Mutant as Mutant

_MODULES = sorted(module.name for module in iter_modules(__path__) if module.name != "kind")
MUTANTS: tuple[Mutant, ...] = tuple(
    mutant for name in _MODULES for mutant in import_module(f"{__name__}.{name}").MUTANTS
)
