"""The planted faults fit the Lua as it stands, and each is written down with what falls for it."""

import pytest

from router.engine.library import assemble
from tests.model.mutants import MUTANTS, Mutant, found_by
from tests.model.trials import TRIALS

CODE = assemble().code


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_changes_exactly_one_place(mutant: Mutant) -> None:
    assert CODE.count(mutant.old) == 1
    assert mutant.new != mutant.old


def test_no_two_faults_share_a_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_of_every_fault_it_is_known_what_finds_it() -> None:
    by = {mutant.name: found_by(mutant) for mutant in MUTANTS}

    assert [name for name, trial in by.items() if trial not in TRIALS] == []  # scripts/mutants
