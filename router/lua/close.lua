-- close: the work on the contact is done; the owner's slot is free, or held while he writes it up. One
-- that is held or scheduled has no owner: it is closed by whoever acts for nobody.
-- args: contact, agent?, disposition?, resolved?, reason?, wrap_up?, survey?
-- moves: contact assigned>wrap_up, assigned>closed, waiting_customer>closed, held>closed, scheduled>closed
--   · offer pending>revoked
-- events: offer.revoked, contact.wrap_up, contact.closed
-- outcomes: ok, unknown, not_assigned, not_yours, ended, bad_disposition

-- An agent closes his own contacts and, where their queue says so, those of every member.
local function may_close(c, agent_id)
  return not agent_id
    or agent_id == c.owner
    or queue.load(c.queue).close_by == 'members' and agent.belongs(agent.definition(agent_id), c.queue)
end

-- What the queue requires may be told later where its owner can still end a wrap-up himself.
local function is_due(c, args)
  local q = queue.load(c.queue)
  local can_end = q.wrap_up ~= 'forced_limit' and ending.wrap_up_ms(c, q, args.wrap_up) > 0
  return not (q.disposition_at == 'wrap_up' and can_end)
end

-- Nobody has spoken with the customer: nothing is required.
local function close_away(c, args)
  local refused = disposition.refusal(c, args)
  if refused then
    return refused
  end
  calendar.leave(c)
  disposition.keep(c, args)
  ending.close(c, 'handled', args.reason)
  return { outcome = 'ok', of = c }
end

transition.close = function(args)
  local c = contact.load(args.contact)
  if c and (c.state == 'wrap_up' or c.state == 'closed') then
    return { outcome = 'ended', state = c.state }
  end
  if c and not args.agent and (c.state == 'held' or c.state == 'scheduled') then
    return close_away(c, args)
  end
  local refused = ending.refusal(c, nil, 'waiting_customer')
    or not may_close(c, args.agent) and { outcome = 'not_yours' }
    or disposition.refusal(c, args, is_due(c, args))
  if refused then
    return refused
  end
  ending.by_owner(c, args)
  return { outcome = 'ok', of = c }
end
