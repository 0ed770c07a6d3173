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
        "report: anybody leaves it to the customer",
        "  elseif args.wait and args.agent ~= c.owner then",
        "  elseif false then",
    ),
    Mutant(
        "report: what nobody has is left to the customer",
        "  elseif args.wait and not IN_HAND[c.state] then",
        "  elseif false then",
    ),
    Mutant(
        "report: into what is over",
        "  return c.state == 'closed' or (c.state == 'wrap_up' and args.author == 'customer')",
        "  return false",
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
        "customer replied: to whom is not there",
        "    and agent.verdict(a, c.channel) == 'ok'\n  if not c.freed",
        "  if not c.freed",
    ),
    Mutant(
        "customer replied: to who has left the queue",
        "    and agent.serves(agent.definition(a.id), c.queue)\n    and agent.verdict",
        "    and agent.verdict",
    ),
    Mutant(
        "customer replied: always to the queue",
        "  if not c.freed or can_take then",
        "  if not c.freed then",
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
)
