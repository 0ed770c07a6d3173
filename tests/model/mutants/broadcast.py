"""Faults in contacts that ring several agents, and in offers that are accepted as they are made."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("broadcast: losers ring on", "  offer.revoke_ringing(c, 'taken', a.id)\n", ""),
    Mutant(
        "broadcast: losers are not told who has it",
        "reason = reason, taken_by = taken_by })",
        "reason = reason })",
    ),
    Mutant(
        "broadcast: only the first loser is told",
        "  while c.ringing do\n    finish(c, c.ringing[1]",
        "  if c.ringing then\n    finish(c, c.ringing[1]",
    ),
    Mutant(
        "broadcast: the same agent twice",
        "    if not ringing.of_agent(c, at.id) then",
        "    if true then",
    ),
    Mutant(
        "broadcast: one too many",
        "      if i > room then",
        "      if i > room + 1 then",
    ),
    Mutant(
        "broadcast: one too few are looked at",
        "limit + #c.ringing + tried)",
        "limit + tried)",
    ),
    Mutant(
        "broadcast: those who failed it before those who did not",
        "        chosen[#chosen + 1] = at\n      elseif",
        "        table.insert(cooled, at)\n      elseif",
    ),
    Mutant(
        "broadcast: rings who is cooling",
        "      elseif not contact.is_cooling(c, at.id) then",
        "      else",
    ),
    Mutant(
        "broadcast: a failed bell takes the others along",
        "  if c.ringing then\n    broadcast.lost_one(c, q)\n    return\n  end\n",
        "  offer.revoke_ringing(c, 'failed')\n",
    ),
    Mutant(
        "broadcast: a failed bell is not replaced",
        "    c.width, c.widen_at = #c.ringing, nil\n  end\n  broadcast.touch(c)\n",
        "    c.width, c.widen_at = #c.ringing, nil\n  end\n",
    ),
    Mutant(
        "broadcast: rings on after its last failure",
        "    c.width, c.widen_at = #c.ringing, nil\n",
        "",
    ),
    Mutant(
        "broadcast: a lost agent takes the contact out of the others' hands",
        "      if c.ringing then\n        broadcast.touch(c)\n      elseif",
        "      if c.ringing then\n        offer.revoke_ringing(c, reason)\n      end\n      if",
    ),
    Mutant(
        "broadcast: never widens",
        "    c.widen_at = grows and c.width < WIDTH_MAX and cx.now + q.broadcast_step_ms or nil\n",
        "    c.widen_at = nil\n",
    ),
    Mutant(
        "broadcast: widens once",
        "  catch_up(c, queue.load(c.queue))\n  if c.widen_at then\n"
        "    timer.set('b|' .. c.id, c.widen_at)\n  end\n",
        "  catch_up(c, queue.load(c.queue))\n",
    ),
    Mutant(
        "broadcast: does not widen while it waits",
        "  if c.width then\n    catch_up(c, q)\n  else",
        "  if c.width then\n    c.width = c.width\n  else",
    ),
    Mutant(
        "broadcast: widening goes on after it is taken",
        "function broadcast.silence(c)\n  if c.width then\n    timer.clear('b|' .. c.id)\n",
        "function broadcast.silence(c)\n  if c.width then\n",
    ),
    Mutant(
        "broadcast: its width outlives its owner",
        "  broadcast.silence(c)\n  c.width, c.widen_at = nil, nil\n",
        "  broadcast.silence(c)\n",
    ),
    Mutant(
        "broadcast: who gets ready is not rung",
        "  if cx.meta.short > 0 then\n    table.sort",
        "  if false then\n    table.sort",
    ),
    Mutant(
        "broadcast: who gets ready is rung out of turn",
        "    table.sort(agents, by_turn)\n    for _, a in ipairs(agents) do\n      broadcast.join",
        "    for _, a in ipairs(agents) do\n      broadcast.join",
    ),
    Mutant(
        "broadcast: who gets ready is rung twice",
        "    if not ringing.of_agent(c, a.id) and not c.tried[a.id] then",
        "    if not c.tried[a.id] then",
    ),
    Mutant(
        "broadcast: who failed it is rung as he gets ready",
        "    if not ringing.of_agent(c, a.id) and not c.tried[a.id] then",
        "    if not ringing.of_agent(c, a.id) then",
    ),
    Mutant(
        "broadcast: rings too few and stands in an old line",
        "  if c.short and (not broadcast.is_short(c) or c.short ~= c.line) then",
        "  if c.short and not broadcast.is_short(c) then",
    ),
    Mutant(
        "broadcast: its line is dropped while it rings",
        "line.length(id) > 0 or broadcast.needs(id)",
        "line.length(id) > 0",
    ),
    Mutant(
        "broadcast: rings in a line that is gone",
        "    lines.assign(c) -- it may have been dropped while the contact rang\n",
        "",
    ),
    Mutant(
        "broadcast: second bells before first ones",
        "  for _, c in ipairs(contacts) do\n",
        "  match_rings(agents)\n  for _, c in ipairs(contacts) do\n",
    ),
    Mutant(
        "update: a contact that rings looks for nobody new",
        "  else\n    broadcast.touch(c)\n  end\n  for _, field",
        "  end\n  for _, field",
    ),
    Mutant(
        "auto_accept: asks all the same",
        "  if is_automatic then\n    offer.take",
        "  if false then\n    offer.take",
    ),
    Mutant(
        "auto_accept: a transfer too",
        "not is_asked and config.auto_accepts(c.channel)",
        "config.auto_accepts(c.channel)",
    ),
    Mutant(
        "auto_accept: rings several",
        " and not c.ringing and not is_automatic then",
        " and not c.ringing then",
    ),
    Mutant("auto_accept: is not told apart", "    auto = is_automatic,\n", ""),
    Mutant(
        "accept: who has it is not told",
        ", taken_by = c.owner ~= a.id and c.owner or nil }",
        " }",
    ),
    Mutant(
        "broadcast: told though it widens no more",
        "  if c.width ~= before then\n    emit({ e = 'contact.widened'",
        "  if true then\n    emit({ e = 'contact.widened'",
    ),
)
