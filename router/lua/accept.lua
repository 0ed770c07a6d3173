-- accept: the agent says yes; the contact is his, and rings nobody else. Who is consulted takes part in it.
-- args: contact, offer, agent, session?
-- moves: contact offered>assigned, assigned>assigned, offered>queued, queued>queued, queued>closed
--   · offer pending>accepted, pending>revoked
-- events: offer.accepted, contact.assigned, contact.consulted, work.interrupted, work.resumed, offer.revoked,
--   contact.queued, contact.step, contact.notified, contact.closed, line.made
-- outcomes: ok, unknown, not_yours, gone, stale_session

local function repeated(args)
  local c = contact.load(args.contact)
  local with = c and c.consult
  local takes_part = with and with.offer == args.offer and with.agent == args.agent
  if takes_part or c and c.accepted == args.offer and c.owner == args.agent then
    return { outcome = 'ok', repeated = true, of = c }
  end
end

transition.accept = function(args)
  local refused = offer.refusal(args)
  if refused then
    return refused.outcome == 'gone' and repeated(args) or refused
  end
  local c = contact.load(args.contact)
  local o, a = ringing.numbered(c, args.offer), agent.load(args.agent)
  offer.accept(c, o, a)
  return { outcome = 'ok', of = c }
end
