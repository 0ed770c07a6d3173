-- release: the owner gives the contact back to its queue, at its place, or a supervisor takes it from him;
-- it is not closed.
-- args: contact, agent?, reason?
-- moves: contact assigned>queued, waiting_customer>queued · offer pending>revoked
-- events: offer.revoked, line.made, contact.queued
-- outcomes: ok, unknown, not_assigned, not_yours

transition.release = function(args)
  local c = contact.load(args.contact)
  local refused = ending.refusal(c, args.agent, 'waiting_customer')
  if refused then
    return refused
  end
  local q = queue.load(c.queue)
  local owner = c.owner
  offer.revoke_ringing(c, 'released')
  ending.leave_owner(c, q.decline_ms, q.cooldown_max_ms)
  steps.begin(c)
  offer.requeue(c, args.agent and 'released' or 'pulled', { agent = owner, note = args.reason })
  return { outcome = 'ok', of = c }
end
