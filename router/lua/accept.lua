-- accept: the agent says yes; the contact is his.
-- args: contact, offer, agent, session?
-- moves: contact offered>assigned, assigned>assigned · offer pending>accepted
-- events: offer.accepted, contact.assigned
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
  local o, a = ringing.numbered(c, args.offer), agent.load(args.agent)
  local from = c.owner
  timer.clear('o|' .. c.id .. '|' .. o.n)
  personal.leave(c)
  steps.stop(c)
  if from then
    ending.free_owner(c)
  end
  agent.hold_as(a, c.id, 'assigned')
  a.misses = 0
  contact.move(c, 'assigned')
  c.ringing, c.accepted = nil, o.n
  c.owner, c.assigned_at = a.id, cx.now
  c.tried, c.failures = {}, 0
  emit({
    e = 'offer.accepted',
    contact = c.id,
    agent = a.id,
    offer = o.n,
    kind = o.kind,
    queue = c.queue,
    channel = c.channel,
    ring_ms = cx.now - o.made,
    wait_ms = cx.now - c.since,
  })
  emit({ e = 'contact.assigned', contact = c.id, queue = c.queue, agent = a.id, from = from })
  return { outcome = 'ok', of = c }
end
