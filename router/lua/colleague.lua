-- Colleagues: an owner asks another agent to take his contact on (it stays his until the other says yes), or
-- to take part in it: a consult. `consult` on the contact is who takes part, since when, by which offer.

-- Kinds of offers that a colleague makes; the contact stays where it is.
local ASKS = { transfer = true, consult = true }

function colleague.asks(kind)
  return ASKS[kind] or false
end

-- The queue may say that he need not be ready.
local LENIENT = { not_ready = true, pending = true }

-- Why the agent can not be asked about the contact at this instant, or nil.
function colleague.refusal(c, id)
  local a = agent.load(id)
  if not a then
    return unknown('agent')
  elseif id == c.owner then
    return { outcome = 'not_available', verdict = 'owner' }
  elseif not agent.serves(agent.definition(id), c.queue) then
    return { outcome = 'not_member' }
  end
  local absence = agent.absence(a)
  if LENIENT[absence] and queue.load(c.queue).transfer_requires ~= 'ready' then
    absence = nil
  end
  local verdict = absence or agent.room(a, c.channel)
  if verdict ~= 'ok' then
    return { outcome = 'not_available', verdict = verdict }
  end
end

-- He says yes and takes part, beside the owner.
function colleague.join(c, o)
  local a = agent.load(o.agent)
  ringing.take_out(c, o)
  agent.hold_as(a, c.id, 'consult')
  c.consult = { agent = a.id, since = cx.now, offer = o.n }
  offer.tell_accepted(c, o)
  emit({
    e = 'contact.consulted',
    contact = c.id,
    queue = c.queue,
    agent = a.id,
    agents = { c.owner },
    offer = o.n,
  })
end

-- Who took part does no more; what he holds is the caller's affair.
function colleague.tell_end(c, reason)
  local with = c.consult
  c.consult = nil
  contact.changed(c)
  emit({
    e = 'contact.consult_ended',
    contact = c.id,
    queue = c.queue,
    agent = with.agent,
    agents = { c.owner },
    reason = reason,
    consult_ms = cx.now - with.since,
  })
  return with
end

-- Nobody takes part any more; who did is free.
function colleague.part(c, reason)
  if c.consult then
    local a = agent.load(colleague.tell_end(c, reason).agent)
    agent.use_turn(a)
    agent.drop_work(a, c.id)
    match.touch_agent(a)
  end
end

-- Who takes part has the contact from now on.
function colleague.hand_over(c)
  local from = c.owner
  local with = colleague.tell_end(c, 'completed')
  ending.free_owner(c)
  local a = agent.load(with.agent)
  agent.hold_as(a, c.id, 'assigned')
  offer.give(c, a, with.offer)
  emit({ e = 'contact.assigned', contact = c.id, queue = c.queue, agent = a.id, from = from, how = 'consult' })
end

-- He takes over a contact in which he takes part, or is asked to: then he has it. Answers whether it is so.
function colleague.promote(c, a)
  local own = ringing.of_agent(c, a.id)
  if own and own.kind == 'consult' then
    offer.accept(c, own, a)
  end
  local takes_part = c.consult ~= nil and c.consult.agent == a.id
  if takes_part then
    colleague.hand_over(c)
  end
  return takes_part
end

-- Why this agent has no say in the contact's consult, or nil: its owner has, and who is consulted.
function colleague.stranger(c, agent_id)
  local refused = ending.refusal(c)
  if refused then
    return refused
  elseif agent_id and agent_id ~= c.owner and not (c.consult and agent_id == c.consult.agent) then
    return { outcome = 'not_yours' }
  end
end
