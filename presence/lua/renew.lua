-- renew: the leases of many sessions run on; the answer names those that are gone.
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
      gone[#gone + 1] = pair
    end
  end
  return { outcome = 'ok', gone = gone }
end
