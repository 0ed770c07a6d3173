-- decline: the agent says no, or the gateway could not reach him; the contact looks for another.
-- args: contact, offer, agent, session?, cause, reason
-- moves: contact offered>queued, queued>queued, queued>closed · offer pending>declined, pending>revoked
--   · presence ready>not_ready
-- events: offer.declined, offer.revoked, agent.state, contact.escalated, line.made, contact.queued,
--   contact.step, contact.notified, contact.closed
-- outcomes: ok, unknown, not_yours, gone, stale_session

transition.decline = function(args)
  local refused = offer.refusal(args)
  if refused then
    return refused
  end
  local c = contact.load(args.contact)
  offer.fail(c, ringing.numbered(c, args.offer), args.cause, args.reason)
  streak.add(agent.load(args.agent), args.cause)
  return { outcome = 'ok', of = c }
end
