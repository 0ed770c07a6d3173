-- set_state: the agent declares himself ready, not ready or offline, now or when he is idle.
-- args: agent, presence, reason, when, forced
-- moves: presence offline>ready, offline>not_ready, not_ready>ready, not_ready>not_ready,
--   not_ready>offline, ready>not_ready, ready>ready, ready>offline · offer pending>revoked
--   · contact offered>queued, queued>queued, queued>closed
-- events: agent.state, offer.revoked, line.made, contact.queued, contact.step, contact.notified,
--   contact.closed
-- outcomes: ok, pending, unknown, not_connected, bad_reason

local HELD = { assigned = true, wrap_up = true, consult = true }

-- Without a desktop nobody gets ready, and nobody comes back from being offline.
local function is_cut_off(a, presence)
  if #a.sessions > 0 or presence == 'offline' then
    return false
  end
  return presence == 'ready' or a.presence == 'offline'
end

-- Where the tenant lists its reasons, an agent tells one of them, or none, or what he had told before:
-- the list if he does not. Who does it for him says why in his own words.
local function other_reasons(a, args)
  local listed = config.tenant().not_ready_reasons
  local is_free = args.presence ~= 'not_ready' or args.forced or args.reason == '' or not next(listed)
  local is_again = a.presence == 'not_ready' and a.reason == args.reason
  return not (is_free or is_again or listed[args.reason]) and sorted_keys(listed)
end

local function get_ready(a, args)
  local changed = a.presence ~= 'ready' or a.pending
  a.pending = nil
  streak.reset(a)
  if changed then
    agent.set_presence(a, 'ready', args.reason, 'declared', args.forced)
  end
  return { outcome = 'ok' }
end

local function put_off(a, args)
  a.pending = { presence = args.presence, reason = args.reason }
  agent.stay(a)
  agent.emit_state(a, a.presence, 'declared', args.forced)
  return { outcome = 'pending' }
end

transition.set_state = function(args)
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  elseif is_cut_off(a, args.presence) then
    return { outcome = 'not_connected' }
  end
  local codes = other_reasons(a, args)
  if codes then
    return { outcome = 'bad_reason', what = args.reason, codes = codes }
  end
  match.touch_agent(a)
  if args.presence == 'ready' then
    return get_ready(a, args)
  elseif args.when == 'idle' and not agent.is_idle(a) then
    return put_off(a, args)
  elseif args.presence == 'offline' and agent.has_work(a, HELD) then
    local reply = put_off(a, args)
    offer.revoke_all(a, 'not_ready')
    return reply
  end
  a.pending = nil
  agent.set_presence(a, args.presence, args.reason, 'declared', args.forced)
  offer.revoke_all(a, 'not_ready')
  return { outcome = 'ok' }
end
