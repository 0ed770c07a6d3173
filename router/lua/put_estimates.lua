-- put_estimates: what a router has learned of how long places in lines take; the last one is kept.
-- args: lines
-- moves:
-- events:
-- outcomes: ok

transition.put_estimates = function(args)
  estimate.put(args.lines)
  return { outcome = 'ok' }
end
