-- accept: the agent says yes; the contact is his, and rings nobody else.
-- args: contact, offer, agent, session?
-- moves: contact offered>assigned, assigned>assigned · offer pending>accepted, pending>revoked
-- events: offer.accepted, offer.revoked, contact.assigned
-- outcomes: ok, unknown, not_yours, gone, stale_session

local function repeated(args)
  local c = contact.load(args.contact)
  if c and c.accepted == args.offer and c.owner == args.agent then
    return { outcome = 'ok', repeated = true, of = c }
  end
end

transition.accept = function(args)
  local refused = offer.refusal(args)
  if refused then
    return refused.outcome == 'gone' and repeated(args) or refused
  end
  local c = contact.load(args.contact)
  local o = ringing.numbered(c, args.offer)
  timer.clear('o|' .. c.id .. '|' .. o.n)
  agent.load(args.agent).misses = 0
  offer.take(c, o)
  return { outcome = 'ok', of = c }
end
