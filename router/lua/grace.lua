-- Grace: the time that an agent's contacts wait for him after his last desktop has gone.

local function orphan(c)
  offer.revoke_ringing(c, 'orphaned')
  if queue.load(c.queue).orphan == 'close' then
    c.ended_at = cx.now
    ending.free_owner(c)
    ending.close(c, 'handled', 'orphaned')
    return
  end
  ending.lose_owner(c, 'orphaned')
end

on_due.g = function(agent_id)
  local a = agent.load(agent_id)
  if not a or #a.sessions > 0 then
    return
  end
  a.pending = nil
  agent.changed(a)
  for _, contact_id in ipairs(sorted_keys(a.work)) do
    local c = contact.load(contact_id)
    if a.work[contact_id].k == 'consult' then
      colleague.part(c, 'gone')
    elseif c.state == 'wrap_up' then
      ending.end_wrap_up(c)
    elseif c.state == 'waiting_customer' then
      awaiting.let_go(c)
    else
      orphan(c)
    end
  end
  if a.presence ~= 'offline' then
    agent.set_presence(a, 'offline', 'disconnected', 'grace_over')
  end
end
