"""Faults in how contacts that nobody has go to another queue."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("move: goes on ringing or waiting", "  arrival.withdraw(c, 'transferred')\n", ""),
    Mutant(
        "move: waits on for its agents",
        "  arrival.withdraw(c, 'transferred')\n  personal.leave(c)\n",
        "  arrival.withdraw(c, 'transferred')\n",
    ),
    Mutant("move: asks for its agents again", "  c.agents, c.backup_queue = nil, nil\n", ""),
    Mutant(
        "move: the old queue's times go on in hold",
        "  steps.stop(c)\n  broadcast.forget(c)\n  contact.move(c, not_before",
        "  broadcast.forget(c)\n  contact.move(c, not_before",
    ),
    Mutant(
        "move: the old queue's width stays",
        "  steps.stop(c)\n  broadcast.forget(c)\n  contact.move(c, not_before",
        "  steps.stop(c)\n  contact.move(c, not_before",
    ),
    Mutant(
        "move: into a closed queue",
        "c.state == 'held', calendar.closed(q)",
        "c.state == 'held', nil",
    ),
    Mutant(
        "move: the wait counts from the hold", "  elseif was_held then\n", "  elseif false then\n"
    ),
    Mutant("move: the wait counts anew", "  elseif was_held then\n", "  else\n"),
    Mutant(
        "move: failures stay",
        "  c.queue, c.note, c.failures = args.to_queue, args.note, 0\n",
        "  c.queue, c.note = args.to_queue, args.note\n",
    ),
    Mutant(
        "move: a place at the back of what comes later",
        "  if c.state == 'scheduled' then\n    position = 'keep'\n  elseif position == 'back' then",
        "  if position == 'back' then",
    ),
    Mutant(
        "move: due as in the old queue",
        "  elseif c.due then\n    contact.schedule(c)",
        "  elseif false then\n    contact.schedule(c)",
    ),
    Mutant(
        "move: to the front of a line that it does not stand in",
        "  else\n    head = hold.head_from(c.queue, from)\n  end\n",
        "  end\n",
    ),
    Mutant(
        "move: by anybody",
        "not args.agent or agent.supervises(agent.definition(args.agent), c.queue)",
        "true",
    ),
    Mutant(
        "move: by who serves the queue",
        "not args.agent or agent.supervises(agent.definition(args.agent), c.queue)",
        "not args.agent or agent.belongs(agent.definition(args.agent), c.queue)",
    ),
    Mutant(
        "move: not by who supervises the queue",
        "not args.agent or agent.supervises(agent.definition(args.agent), c.queue)",
        "not args.agent",
    ),
    Mutant(
        "move: to where it is",
        "  elseif c.queue == args.to_queue and (args.position or 'keep') == 'keep' then",
        "  elseif false then",
    ),
    Mutant(
        "move: no other place where it is",
        "  elseif c.queue == args.to_queue and (args.position or 'keep') == 'keep' then",
        "  elseif c.queue == args.to_queue then",
    ),
    Mutant(
        "move: out of somebody's hands", "  elseif args.if_waiting then\n", "  elseif false then\n"
    ),
    Mutant(
        "move: nobody is told where it is held",
        "    calendar.emit_held(c, closed, 'transferred', left)\n",
        "",
    ),
)
