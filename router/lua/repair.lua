-- repair: makes one thing right that the doctor has found wrong, from the records, in one step. What is right
-- already is not touched, however old the finding is.
-- args: kind, id, places, off_by, mended, reason
-- moves: contact offered>queued, assigned>queued, waiting_customer>queued, wrap_up>closed · offer pending>revoked
-- events: repair.made, offer.revoked, contact.queued, contact.closed, contact.lost, line.made,
--   contact.consult_ended, work.interrupted, work.resumed
-- outcomes: ok, healthy, stale, unrepairable

local MENDS = {
  contact = mend.contact,
  agent = mend.agent,
  line = mend.line,
  queue = mend.queue,
  calendar = mend.calendar,
  conversation = mend.conversation,
  timer = mend.stray_timer,
  key = mend.key,
}

transition.repair = function(args)
  mend.begin()
  local truth, refused
  if args.kind == 'counter' then
    local mended = tonumber(redis.call('HGET', cx.p .. 'meta', 'mended') or '0')
    if mended ~= args.mended then
      return { outcome = 'stale' } -- others were repaired since it was counted
    end
    mend.counter(args.id, args.off_by)
  else
    truth, refused = MENDS[args.kind](args.id, args.places)
  end
  local notes = mend.notes()
  if refused then
    return { outcome = refused }
  end
  if #notes == 0 then
    return { outcome = 'healthy' }
  end
  table.insert(cx.events, 1, {
    e = 'repair.made',
    kind = args.kind,
    id = args.id,
    wrong = notes,
    truth = truth,
    reason = args.reason,
  })
  return { outcome = 'ok', wrong = notes }
end
