"""Every planted fault is found by what `scripts/mutants` has written down for it."""

import pytest
import redis

from router.engine.library import Library
from tests.model.mutants import MUTANTS, Mutant, found_by
from tests.model.trials import falls, planted


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_is_found(
    mutant: Mutant, client: "redis.Redis", library: Library, tenant: str
) -> None:
    bent = planted(library, mutant)
    client.function_load(bent.code)
    try:
        assert falls(found_by(mutant), client, bent, tenant)
    finally:
        client.function_delete(bent.name)
