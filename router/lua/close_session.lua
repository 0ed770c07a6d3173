-- close_session: a desktop says goodbye; with the last one the agent's offers go to others, and his
-- contacts wait for him for the grace time.
-- args: agent, session, epoch?, reason
-- moves: offer pending>revoked · contact offered>queued, queued>queued, queued>closed
-- events: session.closed, offer.revoked, line.made, contact.queued, contact.step,
--   contact.notified, contact.closed
-- outcomes: ok, unknown, gone, superseded

local function close_session(a, session, reason)
  agent.forget_session(a, session)
  match.touch_agent(a)
  emit({ e = 'session.closed', agent = a.id, session = session, reason = reason })
  if #a.sessions == 0 then
    offer.revoke_all(a, 'agent_gone')
    timer.set('g|' .. a.id, cx.now + config.tenant().grace_ms)
  end
end

transition.close_session = function(args)
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  elseif not agent.is_live(a, args.session) then
    return { outcome = 'gone' }
  elseif args.epoch and args.epoch ~= a.attached[args.session] then
    return { outcome = 'superseded' } -- a late goodbye: the session was resumed on another connection
  end
  close_session(a, args.session, args.reason)
  return { outcome = 'ok' }
end

on_due.s = function(agent_id, session)
  local a = agent.load(agent_id)
  if a and agent.is_live(a, session) then
    close_session(a, session, 'lease')
  end
end
