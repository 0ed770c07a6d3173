"""Faults in hours, holding, scheduling and calling back."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "calendar: closed for ever when unknown",
        "to = EVER, is_open = true, missing",
        "to = EVER, is_open = false, missing",
    ),
    Mutant(
        "calendar: open and closed the wrong way round",
        "    is_open = low % 2 == 1,",
        "    is_open = low % 2 == 0,",
    ),
    Mutant(
        "calendar: what was looked up is kept too long",
        "  if not found or wall < found.from or wall >= found.to then",
        "  if not found then",
    ),
    Mutant(
        "calendar: known for ever",
        "  if not record or wall >= record['until'] then",
        "  if not record then",
    ),
    Mutant(
        "calendar: an edge belongs to the time before it",
        "    if edges[middle] <= wall then",
        "    if edges[middle] < wall then",
    ),
    Mutant(
        "calendar: a change lets nobody in",
        "    timer.set('h|@' .. queue_id, cx.now)\n  end",
        "  end",
    ),
    Mutant(
        "hold: not looked at again",
        "  hold.keep(c)\n  timer.set('h|' .. c.id, c.held_until)\n  watch(c.queue)\n",
        "  hold.keep(c)\n  timer.set('h|' .. c.id, c.held_until)\n",
    ),
    Mutant(
        "hold: without an end",
        "  hold.keep(c)\n  timer.set('h|' .. c.id, c.held_until)\n",
        "  hold.keep(c)\n",
    ),
    Mutant(
        "hold: looked at once while closed",
        "    if not hold.is_empty(queue_id) then\n      watch(queue_id)\n    end\n",
        "",
    ),
    Mutant(
        "hold: ends as if it had been cancelled",
        "    ending.close(c, 'expired', 'held_too_long')",
        "    ending.close(c, 'cancelled', 'held_too_long')",
    ),
    Mutant(
        "hold: opens even when the queue is closed",
        "  if calendar.closed(queue.load(queue_id)) then\n    if not hold",
        "  if false then\n    if not hold",
    ),
    Mutant(
        "divert: to a queue that handles nothing",
        "  local to = q.closed == 'divert' and limits.existing(q.closed_to)",
        "  local to = q.closed == 'divert' and q.closed_to",
    ),
    Mutant(
        "divert: in a circle",
        "  if settings.closed == 'divert' then\n    add(",
        "  if false then\n    add(",
    ),
    Mutant(
        "divert: who comes back to where the search began is in no circle",
        "    known[queue_id] = false\n",
        "    known[queue_id] = true\n",
    ),
    Mutant(
        "divert: any circle of diversions is fine",
        "  return is_other and 'several' or 'one'",
        "  return 'several'",
    ),
    Mutant(
        "divert: no circle of diversions is fine",
        "  return is_other and 'several' or 'one'",
        "  return 'one'",
    ),
    Mutant(
        "divert: a circle is fine when a part of it is",
        "before and before.kind == 'mixed' then",
        "false then",
    ),
    Mutant(
        "divert: in a circle that is closed, as if it were full",
        "  if way.reason == 'closed' then\n    return { outcome = 'closed', opens_at = opens_at",
        "  if false then\n    return { outcome = 'closed', opens_at = opens_at",
    ),
    Mutant(
        "divert: in a circle, the last opening",
        "    opens_at = math.min(opens_at or math.huge, way.opens_at or math.huge)",
        "    opens_at = way.opens_at or math.huge",
    ),
    Mutant(
        "callback: a callback is refused with the others",
        "(q.closed == 'callback' and args.callback)",
        "(q.closed == 'callback' and false)",
    ),
    Mutant(
        "schedule: however far",
        "  return not_before ~= nil and not_before > clock.wall() + AHEAD_MAX_MS",
        "  return false",
    ),
    Mutant(
        "schedule: into a closed queue",
        "  local closed = calendar.closed(queue.load(c.queue))\n  if not closed then\n    return",
        "  local closed = calendar.closed(queue.load(c.queue))\n  if true then\n    return",
    ),
    Mutant(
        "schedule: its place is that of its admission",
        "    c.entered = math.max(cx.now - (wall - c.not_before), c.arrived)\n",
        "",
    ),
    Mutant(
        "schedule: comes when the clock is looked at",
        "  if wall < c.not_before then\n    return arm(c)\n  end\n",
        "",
    ),
    Mutant(
        "schedule: timer stays",
        "  hold.forget(c)\n  timer.clear('h|' .. c.id)\n",
        "  hold.forget(c)\n",
    ),
    Mutant(
        "resume: the wish for agents is lost",
        "  if c.since then\n    lines.assign(c)",
        "  if true then\n    lines.assign(c)",
    ),
    Mutant(
        "resume: place lost",
        "  if not c.due then\n    contact.schedule(c)\n  end\n  steps",
        "  c.entered = cx.now\n  contact.schedule(c)\n  steps",
    ),
    Mutant(
        "cancel: a hang-up ends the callback",
        "  elseif c.callback and args.result == 'abandoned' and c.state ~= 'assigned' then",
        "  elseif false then",
    ),
    Mutant(
        "call back: attempts start anew",
        "  local before = c.callback or {",
        "  local before = {",
    ),
    Mutant(
        "call back: address forgotten",
        "address = args.address or before.address }",
        "address = before.address }",
    ),
    Mutant(
        "not reached: any contact",
        "  elseif not c.callback then\n    return { outcome = 'no_callback'",
        "  elseif false then\n    return { outcome = 'no_callback'",
    ),
    Mutant(
        "not reached: without end",
        "  if c.callback.attempts >= q.callback_attempts_max then",
        "  if false then",
    ),
    Mutant(
        "not reached: one more attempt than the limit",
        "  if c.callback.attempts >= q.callback_attempts_max then",
        "  if c.callback.attempts > q.callback_attempts_max then",
    ),
    Mutant(
        "not reached: the agent's slot stays",
        "  ending.free_owner(c)\n  if c.callback.attempts",
        "  if c.callback.attempts",
    ),
    Mutant(
        "update: who is held loses his place among them",
        "  if c.state == 'held' then\n    hold.keep(c)\n  end\n",
        "",
    ),
    Mutant(
        "close: an agent closes what is nobody's",
        "  if c and not args.agent and (c.state == 'held' or",
        "  if c and (c.state == 'held' or",
    ),
    Mutant(
        "calendar: a change is one for all queues",
        "    if ids[queue.load(queue_id).calendar] then",
        "    if true then",
    ),
    Mutant(
        "hold: an empty queue is looked at for ever",
        "    if not hold.is_empty(queue_id) then\n      watch(queue_id)",
        "    if true then\n      watch(queue_id)",
    ),
)
