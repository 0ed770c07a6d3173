-- reopen: a contact that is over goes on, as its queue's policy has it: it comes back, or a new one follows
-- it. An agent of its queue who has room takes it at once.
-- args: contact, who, agent?, record?, follow_up?, reason?
-- moves: contact closed>queued, wrap_up>assigned, new>queued, queued>assigned, offered>queued,
--   queued>queued, queued>closed · offer pending>revoked
-- events: contact.restored, contact.reopened, contact.admitted, contact.linked, contact.assigned,
--   contact.queued, contact.step, contact.notified, contact.closed, offer.revoked, line.made,
--   work.interrupted, work.resumed
-- outcomes: ok, unknown, not_member, locked, conflict

local function agent_refusal(c, args)
  local definition = agent.definition(args.agent)
  if not definition then
    return unknown('agent')
  elseif not agent.belongs(definition, c.queue) then
    return { outcome = 'not_member' }
  end
end

transition.reopen = function(args)
  local c = contact.find(args)
  if not c then
    return unknown('contact')
  end
  c = reopening.latest(c)
  if not reopening.is_over(c) then
    return { outcome = 'ok', repeated = true, of = c, contact = c.id }
  end
  local refused = args.agent and agent_refusal(c, args) or reopening.refusal(c, args.who)
  if refused then
    return refused
  end
  local how = { agent = reopening.taker(c, args.agent), id = args.follow_up, reason = args.reason }
  local going
  going, refused = reopening.go_on(c, args.who, how)
  return refused or { outcome = 'ok', of = going, contact = going.id }
end
