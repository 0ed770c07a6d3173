"""Faults in contacts that are made of others, and in notes for who gets them."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "fork: other content, same id",
        "  if known and known.fp == args.fp and args.fork then",
        "  if known then",
    ),
    Mutant(
        "fork: over a contact that is there",
        "  elseif known then\n    return { outcome = 'conflict', state = known.state }\n"
        "  elseif not contact.can_link(c) then",
        "  elseif not contact.can_link(c) then",
    ),
    Mutant(
        "fork: links without end",
        "  elseif not contact.can_link(c) then",
        "  elseif false then",
    ),
    Mutant("fork: knows nothing of its origin", "  contact.link(fork, 'fork_of', c.id)\n", ""),
    Mutant("fork: its origin knows nothing", "  contact.link(c, 'fork', id)\n", ""),
    Mutant("fork: dies with a gateway that does not know it", "  fork.lease_ms = nil --", "  --"),
    Mutant(
        "fork: as if its customer had made it",
        "not q.external and not args.is_fork then",
        "not q.external then",
    ),
    Mutant("fork: without its note", "  fork.note = args.note\n", ""),
    Mutant(
        "fork: asks what its origin asked",
        "    requirements = args.requirements,\n    any_of = args.any_of,\n    address",
        "    requirements = c.requirements,\n    any_of = args.any_of,\n    address",
    ),
    Mutant(
        "transfer: to whom is not ready",
        "  if LENIENT[absence] and queue.load(c.queue).transfer_requires ~= 'ready' then",
        "  if LENIENT[absence] then",
    ),
    Mutant(
        "transfer: to whom is not connected",
        "  if LENIENT[absence] and queue.load(c.queue).transfer_requires ~= 'ready' then",
        "  if queue.load(c.queue).transfer_requires ~= 'ready' then",
    ),
    Mutant("transfer: the note is lost", "  c.note = o.note or c.note\n", ""),
    Mutant(
        "transfer: a note without its queue",
        "  c.queue, c.note, c.failures = args.to_queue, args.note, 0\n",
        "  c.queue, c.failures = args.to_queue, 0\n",
    ),
)
