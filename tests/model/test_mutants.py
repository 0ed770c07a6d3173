"""The planted faults fit the Lua as it stands; `scripts/mutants` runs them."""

import pytest

from router.engine.library import assemble
from tests.model.mutants import MUTANTS, Mutant

CODE = assemble().code


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_changes_exactly_one_place(mutant: Mutant) -> None:
    assert CODE.count(mutant.old) == 1
    assert mutant.new != mutant.old


def test_no_two_faults_share_a_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
