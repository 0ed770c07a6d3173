-- Streaks: offers that failed at one agent in a row, by cause. So many of them make him not ready; after a
-- time the engine may make him ready again, when nobody has declared anything meanwhile.

local CAUSES = {
  expired = { count = 'misses', limit = 'max_misses', reason = 'no_answer' },
  declined = { count = 'declines', limit = 'max_declines', reason = 'declines' },
  unreachable = { count = 'unreached', limit = 'max_unreachable', reason = 'unreachable' },
}

function streak.reset(a)
  a.misses, a.declines, a.unreached = 0, 0, 0
  agent.changed(a)
end

-- He has failed once more; what else rings him goes to others when it was once too often.
function streak.add(a, cause)
  local kind, tenant = CAUSES[cause], config.tenant()
  local n, limit = a[kind.count] + 1, tenant[kind.limit]
  a[kind.count] = n
  agent.changed(a)
  if limit == 0 or n < limit or a.presence ~= 'ready' then
    return
  end
  agent.set_presence(a, 'not_ready', kind.reason, kind.reason)
  if tenant.return_ms > 0 and not a.pending then
    a.return_at = cx.now + tenant.return_ms
    timer.set('y|' .. a.id, a.return_at)
  end
  -- With the last one a pending state comes true, which he has declared: it ends the return.
  offer.revoke_all(a, kind.reason)
end

on_due.y = function(agent_id)
  local a = agent.load(agent_id)
  a.return_at = nil
  agent.changed(a)
  if #a.sessions > 0 then
    streak.reset(a)
    match.touch_agent(a)
    agent.set_presence(a, 'ready', '', 'returned')
  end
end
