"""Faults in what is kept of estimated waits, and told of offers."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "estimates: earlier ones are lost",
        "  if redis.call('HLEN', key) + #flat / 2 > LINES_MAX then",
        "  if true then",
    ),
    Mutant(
        "offer: who else would have been called is told wrongly",
        "fresh[2] or (fresh[1] and cooled[1] or cooled[2])",
        "fresh[2] or cooled[2]",
    ),
    Mutant(
        "offer: who was passed over is not told",
        "    passed = why.beside and why.beside.passed,\n",
        "",
    ),
    Mutant(
        "gate: estimated waits do not matter",
        "p80 ~= nil and p80 > q.estimated",
        "false and q.estimated",
    ),
    Mutant(
        "gate: who waits before does not matter",
        "contact.score_of(due, args.tier)) + 1",
        "-1e15) + 1",
    ),
    Mutant("gate: a ready agent does not matter", "id or base) > 0 then", "id or base) > 99 then"),
    Mutant(
        "gate: the middle of the waits counts",
        "between(row[1], place), between(row[2], place)",
        "between(row[1], place), between(row[1], place)",
    ),
    Mutant(
        "estimates: a line has that of its queue",
        "local blob = found[1] or found[2]",
        "local blob = found[2]",
    ),
    Mutant("estimates: not kept", "  redis.call('HSET', key, unpack(flat))\n", ""),
    Mutant("gate: between two places the first one counts", "  if not high then", "  if true then"),
)
