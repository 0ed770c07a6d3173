-- update: changes what a waiting contact asks for, and when a scheduled one comes; its place follows, its
-- entry does not change.
-- args: contact, priority?, tier?, requirements?, any_of?, target_ms?, attributes?, subject?, relax?,
--   not_before?, reason?
-- moves: contact scheduled>scheduled
-- events: contact.updated, contact.scheduled, line.made
-- outcomes: ok, unknown, not_waiting, not_scheduled, too_far, too_many_lines

local FIELDS = { 'priority', 'tier', 'requirements', 'any_of', 'target_ms', 'attributes', 'subject' }

local WAITS = { queued = true, offered = true, held = true, scheduled = true }

local function refusal(c, args)
  if not c then
    return unknown('contact')
  elseif not WAITS[c.state] then
    return { outcome = 'not_waiting', state = c.state }
  elseif args.not_before and c.state ~= 'scheduled' then
    return { outcome = 'not_scheduled', state = c.state }
  elseif calendar.is_too_far(args.not_before) then
    return { outcome = 'too_far' }
  end
  local asked = { requirements = args.requirements or c.requirements, any_of = args.any_of or c.any_of }
  if not lines.have_room(c.queue, c.channel, asked) then
    return { outcome = 'too_many_lines' }
  end
end

transition.update = function(args)
  local c = contact.load(args.contact)
  local refused = refusal(c, args)
  if refused then
    return refused
  end
  local is_away = c.state == 'held' or c.state == 'scheduled'
  if c.state == 'queued' then
    arrival.leave_line(c)
  elseif c.state == 'held' then
    hold.forget(c)
  else
    broadcast.touch(c)
  end
  for _, field in ipairs(FIELDS) do
    if args[field] ~= nil then
      c[field] = args[field]
    end
  end
  if not c.direct and not is_away then
    lines.assign(c)
  end
  if c.due and (args.priority or args.target_ms) then
    contact.schedule(c)
  elseif c.due then
    contact.place(c) -- a place at the front, or by older settings, is kept
  end
  if c.state == 'held' then
    hold.keep(c)
  end
  if args.relax then
    steps.relax(c, args.relax)
  end
  contact.changed(c)
  emit({
    e = 'contact.updated',
    contact = c.id,
    queue = c.queue,
    agents = ringing.agents(c),
    line = c.line,
    due = c.due,
    priority = c.priority,
    tier = c.tier,
    requirements = c.requirements,
    any_of = c.any_of,
    target_ms = c.target_ms,
    relax = c.relax,
    subject = c.subject,
    attributes = c.attributes,
    reason = args.reason,
  })
  if args.not_before then
    calendar.postpone(c, math.max(args.not_before, clock.wall()), 'updated')
  end
  return { outcome = 'ok', of = c }
end
