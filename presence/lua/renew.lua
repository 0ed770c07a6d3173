-- renew: the leases of many sessions run on; the answer names those that are gone, and why.
-- args: sessions, lease_ms
-- moves:
-- events:
-- outcomes: ok

transition.renew = function(args)
  local gone = {}
  for _, pair in ipairs(args.sessions) do
    local member = 's|' .. pair[1] .. '|' .. pair[2]
    if redis.call('ZSCORE', cx.p .. 'timers', member) then
      timer.set(member, cx.now + args.lease_ms)
    else
      local a = agent.load(pair[1])
      gone[#gone + 1] = { pair[1], pair[2], a and agent.was_logged_off(a, pair[2]) or 'gone' }
    end
  end
  return { outcome = 'ok', gone = gone }
end
