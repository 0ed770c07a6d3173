"""Planted faults where features meet."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "broadcast: rings on though the next step of its wait is due",
        "#c.ringing < c.width and not c.late\n",
        "#c.ringing < c.width\n",
    ),
    Mutant(
        "direct: failures go along to the backup queue",
        "    c.queue = backup\n    c.failures = 0\n",
        "    c.queue = backup\n",
    ),
)
