"""Faults in what a repair makes of damage."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "repair: touches what is right",
        "  if is == should then\n    return\n",
        "  if false then\n    return\n",
    ),
    Mutant(
        "repair: entries of sets stay as they are",
        "  if is ~= should then\n    redis.call(should and 'SADD'",
        "  if false then\n    redis.call(should and 'SADD'",
    ),
    Mutant(
        "repair: lists with holes",
        "      at = at + 1\n      map[at] = value\n",
        "      at = at + 1\n      map[i] = value\n",
    ),
    Mutant(
        "repair: in time",
        "  if name == 'repair' then\n    cx.real",
        "  if false then\n    cx.real",
    ),
    Mutant(
        "repair: what is due happens before",
        "    if timer.is_due() and name ~= 'repair' then",
        "    if timer.is_due() then",
    ),
    Mutant(
        "repair: beyond his room",
        "  elseif a and (work or agent.room(a, c.channel, c.id) == 'ok') then",
        "  elseif a then",
    ),
    Mutant(
        "repair: never back to him",
        "  elseif a and (work or agent.room(a, c.channel, c.id) == 'ok') then",
        "  elseif a and work then",
    ),
    Mutant(
        "repair: an unknown state is a state",
        "  elseif not mend.STATES[c.state] then\n    return nil, 'unrepairable'",
        "  elseif false then\n    return nil, 'unrepairable'",
    ),
    Mutant(
        "repair: an unknown state holds nothing",
        "    return type(work) == 'table' and work.k or nil -- what",
        "    return nil -- what",
    ),
    Mutant(
        "repair: bells ring on for whom nobody has",
        "  dismiss_guest(c)\n  for _, o in ipairs(c.ringing or NONE) do",
        "  dismiss_guest(c)\n  for _, o in ipairs(NONE) do",
    ),
    Mutant(
        "repair: a guest keeps his slot",
        "    let_go(mend.sound_agent(c.consult.agent), c)\n    colleague",
        "    colleague",
    ),
    Mutant(
        "repair: a guest is told nothing",
        "    colleague.tell_end(c, 'repaired')",
        "    c.consult = nil",
    ),
    Mutant(
        "repair: a bell without an end",
        "    due['o|' .. c.id .. '|' .. int(o.n)] = o.deadline\n",
        "",
    ),
    Mutant(
        "repair: who rings keeps no slot",
        "  take_back(a, c, 'offer')\n",
        "",
    ),
    Mutant(
        "repair: lost and not told",
        "  if #mend.notes() > 0 and not trace then",
        "  if false then",
    ),
    Mutant(
        "repair: let go and told as lost",
        "  if #mend.notes() > 0 and not trace then",
        "  if #mend.notes() > 0 then",
    ),
    Mutant(
        "repair: held and lost, and not told",
        "    if not c then\n      emit({ e = 'contact.lost', contact = id })",
        "    if false then\n      emit({ e = 'contact.lost', contact = id })",
    ),
    Mutant(
        "repair: a definition that nobody gave",
        "  if not definition or known and not history.is_same(definition, known) then",
        "  if not definition then",
    ),
    Mutant(
        "repair: counted twice",
        "    if mended ~= args.mended then",
        "    if false then",
    ),
    Mutant(
        "repair: an open contact that its conversation does not find",
        "  if not other or OVER[other.state] then\n    conversation.lead(c)",
        "  if false then\n    conversation.lead(c)",
    ),
    Mutant(
        "repair: of two that are open the other one",
        "  if not other or OVER[other.state] then\n    conversation.lead(c)",
        "  if true then\n    conversation.lead(c)",
    ),
    Mutant(
        "repair: a conversation of what is gone",
        "  elseif not c then\n    redis.call('DEL', key)",
        "  elseif false then\n    redis.call('DEL', key)",
    ),
    Mutant(
        "repair: a conversation that is kept for ever",
        "    redis.call('PEXPIRE', key, int(kept))\n  else",
        "    redis.call('PERSIST', key)\n  else",
    ),
)
