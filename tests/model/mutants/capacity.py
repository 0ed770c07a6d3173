"""Faults in what holds an agent's slots, and in what is done to him."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("wrap-up: unasked", "    return wish == true", "    return wish ~= false"),
    Mutant("wrap-up: only when asked", "    return wish ~= false", "    return wish == true"),
    Mutant(
        "wrap-up: off is forgotten",
        "  off = function()\n    return false",
        "  off = function()\n    return true",
    ),
    Mutant(
        "wrap-up: forced can be refused",
        "  forced = function()\n    return true",
        "  forced = function(wish)\n    return wish ~= false",
    ),
    Mutant(
        "wrap-up: forced by the queue's limit",
        "  return q.wrap_up == 'forced' and longest or math.min(q.wrap_up_ms, longest)",
        "  return math.min(q.wrap_up_ms, longest)",
    ),
    Mutant(
        "wrap-up: longer than the tenant allows",
        "math.min(q.wrap_up_ms, longest)",
        "q.wrap_up_ms",
    ),
    Mutant(
        "wrap-up: ended early",
        "  elseif args.agent and c.wrap_up == 'forced_limit' then",
        "  elseif false then",
    ),
)
