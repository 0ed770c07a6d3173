"""Faults in what contacts must bring, and in their leases."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("intake: subject's queue", "args.queue or leads_to or", "args.queue or"),
    Mutant(
        "intake: subject's priority",
        "args.priority or subject and subject.priority or 0",
        "args.priority or 0",
    ),
    Mutant(
        "intake: hidden subject",
        "if subject and not is_visible(subject, args.origin) then",
        "if false then",
    ),
    Mutant(
        "intake: any subject",
        "rule.listed_subjects and args.subject ~= '' and not subject",
        "false",
    ),
    Mutant(
        "intake: a queue that handles nothing",
        "  elseif not q.handles then\n"
        "    return { outcome = 'not_accepted', verdict = 'handles_nothing' }\n"
        "  elseif rule",
        "  elseif rule",
    ),
    Mutant(
        "intake: internal queue",
        "elseif rule.external and not q.external and not args.is_fork then",
        "elseif false then",
    ),
    Mutant(
        "transfer: a queue that handles nothing",
        "    return unknown('queue')\n  elseif not q.handles then",
        "    return unknown('queue')\n  elseif false then",
    ),
    Mutant("lease: not begun", "  intake.extend_lease(c)\n  if not is_later", "  if not is_later"),
    Mutant("lease: not extended", "    else\n      intake.extend_lease(c)\n    end", "    end"),
    Mutant("lease: never ended", "  intake.end_lease(c)\n  c.result", "  c.result"),
    Mutant("lease: without effect", "    ending.cancel(c, 'abandoned', 'gateway_lost')\n", ""),
    Mutant(
        "intake: what is there is missing",
        "    if (args[field] or '') == '' then\n      missing",
        "    if true then\n      missing",
    ),
)
