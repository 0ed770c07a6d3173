"""Faults in gates, steps and moves: who may wait, and what comes of waiting."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "gate: no limit of length",
        "  elseif q.length_max > 0 and line.count_waiting(queue_id) >= q.length_max then",
        "  elseif false then",
    ),
    Mutant(
        "gate: one more than the limit",
        "line.count_waiting(queue_id) >= q.length_max then",
        "line.count_waiting(queue_id) > q.length_max then",
    ),
    Mutant(
        "gate: who is there does not matter",
        "  if condition and limits.is_so(condition, queue_id) then",
        "  if false then",
    ),
    Mutant(
        "gate: ready and logged in are one",
        "ready = 'nobody_ready' }",
        "ready = 'nobody_logged_in' }",
    ),
    Mutant(
        "gate: into a queue that handles nothing",
        "  return q and q.handles and queue_id or nil",
        "  return q and queue_id or nil",
    ),
    Mutant(
        "gate: the next queue's is not asked",
        "    queue_id = way.to\n    way = calendar.gate(queue_id, args) or limits.gate(",
        "    queue_id = way.to\n    way = false and limits.gate(",
    ),
    Mutant(
        "gate: waits for a stranger",
        "    args.agents = agents_at(args.agents, queue_id)\n",
        "",
    ),
    Mutant(
        "counts: not those who changed in this step",
        "  return stored + (cx.counts[name] or 0) == 0",
        "  return stored == 0",
    ),
    Mutant(
        "counts: a new definition is not counted",
        "  agent.count_in(settings, a.presence, 1)\n",
        "",
    ),
    Mutant(
        "counts: an old definition stays counted",
        "  agent.count_in(before, a.presence, -1)\n",
        "",
    ),
    Mutant(
        "counts: supervisors are there too",
        "    if agent.serves(definition, queue_id) then\n      count('here|' .. queue_id, by)",
        "    if true then\n      count('here|' .. queue_id, by)",
    ),
    Mutant(
        "leave: a queue is left and nobody looks",
        "      cx.deserted[queue_id] = true\n    end\n  end\nend\n\n-- Of a queue that goes",
        "    end\n  end\nend\n\n-- Of a queue that goes",
    ),
    Mutant(
        "leave: who comes later stays",
        "    line.enter(c)\n    cx.deserted[c.queue] = true\n",
        "    line.enter(c)\n",
    ),
    Mutant(
        "leave: new settings wait for the next who goes",
        "    cx.deserted[change.id] = true\n",
        "",
    ),
    Mutant(
        "leave: though somebody has come back",
        "  if not q or not limits.is_left(q, queue_id) then\n    return\n  end\n",
        "",
    ),
    Mutant(
        "leave: an empty queue has a timer",
        " and line.count_waiting(queue_id) > 0 then",
        " then",
    ),
    Mutant(
        "move: stays in its old line",
        "    arrival.leave_line(c)\n  end\n  personal",
        "  end\n  personal",
    ),
    Mutant(
        "move: due time of the old queue",
        "  lines.assign(c)\n  contact.schedule(c)\n  steps.begin(c)\n",
        "  lines.assign(c)\n  steps.begin(c)\n",
    ),
    Mutant(
        "move: times go on",
        "  contact.schedule(c)\n  steps.begin(c)\n  offer.wait_again(c, reason",
        "  contact.schedule(c)\n  offer.wait_again(c, reason",
    ),
    Mutant(
        "move: still for its agent",
        "  personal.leave(c)\n  broadcast.forget(c)\n  contact.move(c, 'queued')\n",
        "  broadcast.forget(c)\n  contact.move(c, 'queued')\n",
    ),
    Mutant(
        "move: failures come along",
        "  c.queue = queue_id\n  c.failures = 0\n",
        "  c.queue = queue_id\n",
    ),
    Mutant(
        "give up: stays in line",
        "  arrival.leave_line(c)\n  offer.stop_waiting(c)\n  ending.close(c, result, reason)",
        "  offer.stop_waiting(c)\n  ending.close(c, result, reason)",
    ),
    Mutant(
        "give up: retry timer stays",
        "  arrival.leave_line(c)\n  offer.stop_waiting(c)\n  ending",
        "  arrival.leave_line(c)\n  ending",
    ),
    Mutant(
        "step: goes on when it is taken",
        "  steps.stop(c)\n  broadcast.forget(c)\n  if from",
        "  broadcast.forget(c)\n  if from",
    ),
    Mutant("step: goes on after the end", "  steps.stop(c)\n  intake", "  intake"),
    Mutant("step: while it rings", "  elseif c.state == 'offered' then\n    c.late = true\n", ""),
    Mutant("step: never made up for", "  steps.resume(c)\n", ""),
    Mutant(
        "step: after a release times go on",
        "  steps.begin(c)\n  offer.requeue(c, args.agent",
        "  offer.requeue(c, args.agent",
    ),
    Mutant(
        "step: after a transfer times go on",
        "  steps.begin(c)\n  offer.wait_again(c, 'transferred'",
        "  offer.wait_again(c, 'transferred'",
    ),
    Mutant(
        "step: condition does not matter",
        "  if one.when and not limits.is_so(one.when, c.queue) then",
        "  if false then",
    ),
    Mutant("step: twice", "one.after_ms > after and one.after_ms <= upto", "one.after_ms <= upto"),
    Mutant(
        "step: the queue's go before the contact's",
        "    return x.source == 'contact'",
        "    return x.source == 'queue'",
    ),
    Mutant("step: only one timer", "  else\n    set_timer(c)\n  end\nend", "  end\nend"),
    Mutant(
        "step: tier falls",
        "  c.tier = math.max(c.tier, one.tier or 0)",
        "  c.tier = one.tier or 0",
    ),
    Mutant(
        "step: below 1",
        "by[skill] or 0), 1)",
        "by[skill] or 0), 0)",
    ),
    Mutant(
        "step: a personal line is left",
        "  if not c.direct then\n    lines.assign(c)\n  end\n  contact.place(c)\nend\n",
        "  lines.assign(c)\n  contact.place(c)\nend\n",
    ),
    Mutant(
        "step: after the longest wait too", "is_over and q.wait_max_ms or waited, {}", "waited, {}"
    ),
    Mutant(
        "wait: no limit",
        "  if is_over then\n    arrival.overflow",
        "  if false then\n    arrival.overflow",
    ),
    Mutant(
        "wait: never sent on",
        "  local to = limits.existing(q.overflow_to)\n  if to then\n    arrival.move",
        "  local to\n  if to then\n    arrival.move",
    ),
    Mutant(
        "loop: allowed",
        "    return path and { why = 'loop'",
        "    return false and { why = 'loop'",
    ),
    Mutant(
        "loop: only the shortest",
        "    back = own and look(found[i].to, own, found[i])",
        "    back = false and look(found[i].to, own, found[i])",
    ),
    Mutant(
        "loop: steps are not looked at",
        "  for i, one in ipairs(settings.steps or NONE) do",
        "  for i, one in ipairs(NONE) do",
    ),
)
