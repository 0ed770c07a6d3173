"""Faults in consults: who takes part, whose slot that uses, and when it ends."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "consult: two at once",
        "  elseif c.consult then\n    return { outcome = 'consulting', state = c.state }\n"
        "  elseif c.ringing then",
        "  elseif c.ringing then",
    ),
    Mutant(
        "consult: while another is asked",
        "  elseif c.ringing then\n    return { outcome = 'transfer_pending' }\n  end\n"
        "  refused = colleague",
        "  end\n  refused = colleague",
    ),
    Mutant(
        "consult: of whom can not take it",
        "  refused = colleague.refusal(c, args.to_agent)",
        "  refused = nil",
    ),
    Mutant(
        "consult: who is asked has the contact at once",
        "  if o.kind == 'consult' then\n    colleague.join",
        "  if false then\n    colleague.join",
    ),
    Mutant(
        "consult: his slot is still a bell's",
        "  agent.hold_as(a, c.id, 'consult')\n",
        "",
    ),
    Mutant(
        "consult: his slot is never free",
        "    agent.use_turn(a)\n    agent.drop_work(a, c.id)\n    match.touch_agent(a)\n  end\nend",
        "    agent.use_turn(a)\n    match.touch_agent(a)\n  end\nend",
    ),
    Mutant(
        "consult: who is free again gets nothing",
        "    agent.drop_work(a, c.id)\n    match.touch_agent(a)\n  end\nend",
        "    agent.drop_work(a, c.id)\n  end\nend",
    ),
    Mutant(
        "consult: outlives its owner's part",
        "function ending.free_owner(c)\n  colleague.part(c, 'over')\n",
        "function ending.free_owner(c)\n",
    ),
    Mutant(
        "consult: goes on while it is written up",
        "  colleague.part(c, 'over')\n  intake",
        "  intake",
    ),
    Mutant(
        "consult: completed by anybody",
        "and not (c.consult and agent_id == c.consult.agent) then",
        "and false then",
    ),
    Mutant(
        "consult: who takes part has no say",
        " and not (c.consult and agent_id == c.consult.agent) then",
        " then",
    ),
    Mutant(
        "consult: who is gone takes part for ever",
        "      colleague.part(c, 'gone')\n",
        "",
    ),
    Mutant(
        "consult: who is logged off takes part",
        "      colleague.part(c, 'logged_off')\n",
        "",
    ),
    Mutant(
        "consult: completed, his slot is still a guest's",
        "  agent.hold_as(a, c.id, 'assigned')\n  offer.give(c, a, with.offer)",
        "  offer.give(c, a, with.offer)",
    ),
    Mutant(
        "consult: who takes part may go offline at once",
        "local HELD = { assigned = true, wrap_up = true, consult = true }",
        "local HELD = { assigned = true, wrap_up = true }",
    ),
    Mutant(
        "consult: handed to a third meanwhile",
        "    return { outcome = 'transfer_pending' }\n  elseif c.consult then\n"
        "    return { outcome = 'consulting', state = c.state }\n  end\nend\n",
        "    return { outcome = 'transfer_pending' }\n  end\nend\n",
    ),
    Mutant(
        "consult: a bell that nobody can take back",
        "  elseif c.ringing and c.ringing[1].kind == 'consult' then",
        "  elseif false then",
    ),
    Mutant(
        "consult: ends a transfer's bell",
        "  elseif c.ringing and c.ringing[1].kind == 'consult' then",
        "  elseif c.ringing then",
    ),
    Mutant(
        "consult: a yes that is said twice is a mistake",
        "  if takes_part or c and c.accepted",
        "  if c and c.accepted",
    ),
)
