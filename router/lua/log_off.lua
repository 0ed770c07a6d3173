-- log_off: a supervisor ends all of an agent's sessions. His offers go to others at once; his contacts
-- wait for him for the grace time (keep), or are back in their queues at once (requeue).
-- args: agent, contacts, reason
-- moves: presence ready>offline, not_ready>offline · offer pending>revoked
--   · contact offered>queued, assigned>queued, wrap_up>closed
-- events: session.closed, agent.state, offer.revoked, contact.waiting_customer, line.made,
--   contact.queued, contact.closed, work.resumed
-- outcomes: ok, unknown

local function close_sessions(a)
  a.logged_off = {}
  while #a.sessions > 0 do
    local session = a.sessions[1]
    agent.forget_session(a, session)
    a.logged_off[session] = true
    emit({ e = 'session.closed', agent = a.id, session = session, reason = 'logged_off' })
  end
end

local function give_back(a)
  for _, id in ipairs(sorted_keys(a.work)) do
    local c = contact.load(id)
    if a.work[id].k == 'consult' then
      colleague.part(c, 'logged_off')
    elseif c.state == 'wrap_up' then
      ending.end_wrap_up(c)
    elseif c.state == 'waiting_customer' then
      awaiting.let_go(c)
    else
      offer.revoke_ringing(c, 'logged_off')
      ending.lose_owner(c, 'logged_off')
    end
  end
end

transition.log_off = function(args)
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  end
  local was_connected = #a.sessions > 0
  match.touch_agent(a)
  a.pending = nil
  agent.changed(a)
  close_sessions(a)
  if a.presence ~= 'offline' then
    agent.set_presence(a, 'offline', args.reason, 'logged_off')
  end
  offer.revoke_all(a, 'agent_gone')
  if args.contacts == 'requeue' then
    give_back(a)
  end
  local grace = 'g|' .. a.id
  if next(a.work) == nil then
    timer.clear(grace)
  elseif was_connected then
    timer.set(grace, cx.now + config.tenant().grace_ms)
  end
  return { outcome = 'ok' }
end
