-- Moves: how a waiting contact leaves its queue, for another one or for good.

-- Out of its line, to take its place in the one that it has at the end of the step.
function arrival.leave_line(c)
  if not cx.fresh[c.id] then
    line.leave(c)
    cx.fresh[c.id] = true
  end
  match.touch_contact(c)
end

-- To another queue. Its entry is kept, and so is its place; its due time follows that queue's settings.
-- The gates and limits of that queue are for those who arrive: who waits already is taken in.
function arrival.move(c, queue_id, reason)
  local from = c.queue
  if c.state == 'queued' then
    arrival.leave_line(c)
  end
  personal.leave(c)
  broadcast.forget(c)
  contact.move(c, 'queued')
  c.queue = queue_id
  c.failures = 0
  lines.assign(c)
  contact.schedule(c)
  steps.begin(c)
  offer.wait_again(c, reason, { queue = from })
end

-- It waits no more, and nobody has served it.
function arrival.give_up(c, result, reason)
  arrival.leave_line(c)
  offer.stop_waiting(c)
  ending.close(c, result, reason)
end

-- Where its queue sends those who can not stay; without such a queue it ends.
function arrival.overflow(c, q, reason, result)
  local to = limits.existing(q.overflow_to)
  if to then
    arrival.move(c, to, reason)
  else
    arrival.give_up(c, result, reason)
  end
end
