-- open_session: a desktop connects; its lease must be renewed. The same session again resumes it, under a
-- new epoch: who holds an older one has no say in its end any more.
-- args: agent, session, lease_ms, resume
-- moves: presence offline>not_ready
-- events: session.opened, agent.state
-- outcomes: ok, unknown, too_many, logged_off

transition.open_session = function(args)
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  end
  local resumed = agent.is_live(a, args.session)
  if args.resume and agent.was_logged_off(a, args.session) then
    return { outcome = 'logged_off' } -- he comes back by a hello of his own, not by himself
  end
  if not resumed and #a.sessions >= config.tenant().max_sessions then
    return { outcome = 'too_many' }
  end
  a.epoch = a.epoch + 1
  a.attached[args.session] = a.epoch
  if a.logged_off then
    a.logged_off[args.session] = nil
  end
  agent.changed(a)
  timer.set('s|' .. a.id .. '|' .. args.session, cx.now + args.lease_ms)
  if not resumed then
    table.insert(a.sessions, args.session)
    timer.clear('g|' .. a.id)
    match.touch_agent(a)
    emit({ e = 'session.opened', agent = a.id, session = args.session, reason = 'opened' })
    if a.presence == 'offline' then
      agent.set_presence(a, 'not_ready', 'login', 'login')
    end
  end
  return { outcome = 'ok', resumed = resumed, epoch = a.epoch }
end
