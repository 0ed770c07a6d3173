"""Faults in what is said, and in whose turn it is."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "report: a message counts twice", "  return is_in(c.messages, id)\n", "  return false\n"
    ),
    Mutant(
        "report: all messages are remembered",
        "  for i = math.max(1, #(list or NONE) + 2 - max), #(list or NONE) do",
        "  for i = 1, #(list or NONE) do",
    ),
    Mutant(
        "report: by anybody",
        "  elseif args.agent ~= c.owner and not agent.belongs(definition, c.queue) then",
        "  elseif false then",
    ),
    Mutant(
        "report: a note answers",
        "  if args.visibility == 'internal' or args.author == 'system' then",
        "  if args.author == 'system' then",
    ),
    Mutant(
        "report: each message begins the wait anew",
        "c.customer_since or cx.now\n  contact.changed(c)",
        "cx.now\n  contact.changed(c)",
    ),
    Mutant("report: every answer is the first", "not c.answered\n", "true\n"),
    Mutant(
        "report: nobody has replied",
        "    c.participants = with(c.participants, agent_id, PARTICIPANTS_MAX)\n",
        "",
    ),
    Mutant(
        "customer's turn: never ends",
        "  timer.set('u|' .. c.id, c.no_answer_at)\n",
        "",
    ),
    Mutant("customer's turn: timer stays", "  timer.clear('u|' .. c.id)\n", ""),
    Mutant(
        "customer's turn: the slot is always free",
        "    if q.waiting_frees then\n",
        "    if true then\n",
    ),
    Mutant(
        "customer's turn: the slot stays taken",
        "      c.freed = true\n      ending.free_owner(c)\n",
        "      c.freed = true\n",
    ),
    Mutant(
        "customer's turn: a transfer goes on ringing",
        "    offer.revoke_ringing(c, 'waiting_customer') -- a transfer that still rings\n",
        "",
    ),
    Mutant(
        "customer's turn: the time in hand is forgotten",
        "    c.worked_ms = contact.handle_ms(c, cx.now)\n",
        "",
    ),
    Mutant(
        "customer's turn: the next owner's time is his too",
        "    c.worked_ms = nil\n",
        "",
    ),
    Mutant(
        "customer's turn: not in its queue's list",
        "  redis.call('ZREM', cx.p .. 'aq:' .. c.queue, c.id)\n",
        "",
    ),
    Mutant(
        "customer's turn: holds up what the agent declared",
        "    if work.k ~= 'waiting_customer' then\n      return false",
        "    if true then\n      return false",
    ),
    Mutant(
        "customer replied: always at its old place",
        "  if q.return_position == 'back' then\n    c.entered = cx.now\n",
        "  if q.return_position == 'back' then\n",
    ),
    Mutant(
        "customer replied: never to the front",
        "  if q.return_position == 'front' then",
        "  if false then",
    ),
    Mutant(
        "customer replied: never waits for its owner",
        "  if q.sticky ~= 'wait' or not is_there or (a.slots[c.channel] or 0) == 0 then",
        "  if true then",
    ),
    Mutant(
        "customer replied: waits for an owner who is away",
        "agent.serves(agent.definition(a.id), c.queue) and not agent.absence(a)\n",
        "agent.serves(agent.definition(a.id), c.queue)\n",
    ),
    Mutant(
        "owner gone: his slot stays taken",
        "  ending.free_owner(c)\n  c.freed = true\n",
        "  c.freed = true\n",
    ),
    Mutant(
        "grace: what waits for its customer is lost",
        "    elseif c.state == 'waiting_customer' then\n      awaiting.let_go(c)\n"
        "    else\n      orphan(c)",
        "    else\n      orphan(c)",
    ),
    Mutant(
        "waits anew: since the first message for ever",
        "  if not (c.spoken and c.customer_since) then\n",
        "  if not c.customer_since then\n",
    ),
    Mutant(
        "report: anybody leaves it to the customer",
        "  elseif args.agent ~= c.owner then\n    return { outcome = 'not_yours' }",
        "  elseif false then\n    return { outcome = 'not_yours' }",
    ),
    Mutant(
        "report: what nobody has is left to the customer",
        "  elseif not IN_HAND[c.state] then",
        "  elseif false then",
    ),
    Mutant(
        "report: nothing that is over is spoken in",
        "return is_speech and (c.state == 'closed' or",
        "return is_speech and (false or",
    ),
    Mutant(
        "report: a wrap-up hears no customer",
        "(c.state == 'wrap_up' and args.author == 'customer'))",
        "false)",
    ),
    Mutant(
        "report: an answer claims where it may not",
        "  if UNOWNED[c.state] and not claim.refusal(c, a) then",
        "  if UNOWNED[c.state] then",
    ),
    Mutant(
        "report: an answer claims nothing",
        "  if UNOWNED[c.state] and not claim.refusal(c, a) then",
        "  if false then",
    ),
    Mutant(
        "report: known to the new contact only",
        "  if args.id and c ~= first then\n    talk.know(first, args.id)\n  end\n",
        "",
    ),
    Mutant(
        "customer replied: to whom is not there",
        "agent.serves(agent.definition(a.id), queue_id) and agent.verdict(a, channel) == 'ok'",
        "agent.serves(agent.definition(a.id), queue_id)",
    ),
    Mutant(
        "customer replied: to who has left the queue",
        "agent.serves(agent.definition(a.id), queue_id) and agent.verdict(a, channel) == 'ok'",
        "agent.verdict(a, channel) == 'ok'",
    ),
    Mutant(
        "customer replied: always to the queue",
        "  if not c.freed or can_go_on(c, a) then",
        "  if not c.freed then",
    ),
    Mutant(
        "customer replied: to the queue, though its owner could claim it",
        "  return may_claim and not claim.obstacle(c, a)",
        "  return false",
    ),
    Mutant(
        "customer replied: to its owner, though nobody may claim",
        "  local may_claim = queue.load(c.queue).distribution ~= 'push' and",
        "  local may_claim =",
    ),
    Mutant(
        "reopen: what is locked",
        "  elseif q.reopen == 'locked' then\n    return 'policy'",
        "  elseif false then\n    return 'policy'",
    ),
    Mutant(
        "reopen: by anybody", "  elseif not is_named(q.reopen_by, by) then", "  elseif false then"
    ),
    Mutant(
        "reopen: supervisors too only in time",
        "  elseif by == 'supervisor' then\n",
        "  elseif false then\n",
    ),
    Mutant("reopen: for ever", "cx.now > c.closed_at + q.reopen_window_ms then", "false then"),
    Mutant(
        "reopen: one moment less",
        "cx.now > c.closed_at + q.reopen_window_ms then",
        "cx.now >= c.closed_at + q.reopen_window_ms then",
    ),
    Mutant(
        "reopen: a queue that handles nothing",
        "  if not q or not q.handles then\n    return 'queue'",
        "  if not q then\n    return 'queue'",
    ),
    Mutant(
        "reopen: the wrap-up ends it all the same", "  timer.clear('w|' .. c.id)\n  c.w", "  c.w"
    ),
    Mutant(
        "reopen: its old wait counts",
        "  c.entered, c.since = cx.now, cx.now\n  c.customer",
        "  c.since = cx.now\n  c.customer",
    ),
    Mutant(
        "reopen: its last owner is forgotten",
        "  if a and agent.can_take(a, c.queue, c.channel) then\n    c.sticky",
        "  if false then\n    c.sticky",
    ),
    Mutant(
        "reopen: old failures count",
        "  c.tried, c.failures, c.stepped, c.relaxed = {}, 0, nil, nil\n",
        "",
    ),
    Mutant("reopen: what follows is not found", "  c.followed_by = id\n", ""),
    Mutant("reopen: no way back", "  contact.link(n, 'follow_up_of', c.id)\n", ""),
    Mutant(
        "reopen: the id of another one",
        "    if not id or is_taken(id) or not contact.can_link(c) then",
        "    if not id or not contact.can_link(c) then",
    ),
    Mutant(
        "reopen: by who is no member",
        "  elseif not agent.belongs(definition, c.queue) then\n"
        "    return { outcome = 'not_member' }\n  end\nend\n\ntransition.reopen",
        "  end\nend\n\ntransition.reopen",
    ),
    Mutant(
        "customer replied: a place that is kept is worked out anew",
        "  elseif q.return_position == 'back' then\n    contact.schedule(c)",
        "  else\n    contact.schedule(c)",
    ),
)
