"""Faults in what contacts ask for: clauses, targets, places."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "any_of: every alternative is needed",
        "    if (definition.skills[skill] or 0) >= level then\n      return true\n    end\n  end\n"
        "  return false\nend\n\n-- Whether he meets one alternative of each clause.",
        "    if (definition.skills[skill] or 0) < level then\n      return false\n    end\n  end\n"
        "  return true\nend\n\n-- Whether he meets one alternative of each clause.",
    ),
    Mutant(
        "any_of: a new line gets those of one alternative only",
        "      redis.call('ZUNIONSTORE', pool, 2, pool, spare, 'AGGREGATE', 'MAX')\n",
        "",
    ),
    Mutant(
        "any_of: one alternative is a line of its own",
        "    if skill then\n      plain[skill] = math.max(plain[skill] or 0, level)",
        "    if skill then\n      plain[skill] = level",
    ),
    Mutant(
        "any_of: what is met anyway is asked again",
        "    if not is_met_by(plain, clause) then",
        "    if not only_entry(clause) then",
    ),
    Mutant(
        "target: the queue's in spite of the contact's",
        "(c.target_ms or q.target_ms)",
        "q.target_ms",
    ),
    Mutant(
        "target: a new one does not move it",
        "  if args.priority or args.target_ms then",
        "  if args.priority then",
    ),
    Mutant(
        "transfer: the call's place does not count",
        "  position = position or q.transfer_position\n",
        "  position = q.transfer_position\n",
    ),
)
