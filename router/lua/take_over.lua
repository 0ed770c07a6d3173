-- take_over: an agent takes a contact from its owner, as its queue allows, and the owner is told.
-- args: contact, agent, session?, is_supervisor, not_member, reason
-- moves: contact assigned>assigned, waiting_customer>assigned, offered>queued, queued>queued, queued>closed
--   · offer pending>accepted, pending>revoked
-- events: contact.assigned, offer.accepted, offer.revoked, contact.queued, contact.step, contact.notified,
--   contact.consulted, contact.consult_ended, contact.closed, line.made, work.interrupted, work.resumed
-- outcomes: ok, unknown, stale_session, not_member, not_assigned, not_allowed, not_available

-- Whether the queue lets him: nobody may, who supervises it, or every member.
local function is_allowed(c, a, args)
  local mode = queue.load(c.queue).take_over
  if mode == 'supervisors' then
    return args.is_supervisor or agent.supervises(agent.definition(a.id), c.queue)
  end
  return mode == 'members'
end

-- Whether somebody else has it, in hand or while it waits for its customer.
local function is_anothers(c, a)
  return c.owner ~= a.id and (c.state == 'assigned' or c.state == 'waiting_customer')
end

local function refusal(c, a, args)
  if not is_anothers(c, a) then
    return { outcome = 'not_assigned', state = c.state }
  elseif not is_allowed(c, a, args) then
    return { outcome = 'not_allowed', verdict = queue.load(c.queue).take_over }
  end
  return claim.obstacle(c, a)
end

transition.take_over = function(args)
  local c, a = contact.load(args.contact), agent.load(args.agent)
  local refused = claim.stranger(c, a, args)
  if refused then
    return refused
  elseif c.owner == a.id and c.state == 'assigned' then
    return { outcome = 'ok', repeated = true, of = c }
  end
  refused = refusal(c, a, args)
  if refused then
    return refused
  end
  if not colleague.promote(c, a) then
    claim.take(c, a, 'take_over', { reason = args.reason })
  end
  return { outcome = 'ok', of = c }
end
