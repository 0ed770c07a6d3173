-- update: changes what a waiting contact asks for; its place follows, its entry does not change.
-- args: contact, priority?, tier?, requirements?, any_of?, target_ms?, attributes?, subject?, reason?
-- moves:
-- events: contact.updated, line.made
-- outcomes: ok, unknown, not_waiting, too_many_lines

local FIELDS = { 'priority', 'tier', 'requirements', 'any_of', 'target_ms', 'attributes', 'subject' }

transition.update = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  end
  local is_away = c.state == 'held' or c.state == 'scheduled'
  if not is_away and c.state ~= 'queued' and c.state ~= 'offered' then
    return { outcome = 'not_waiting', state = c.state }
  end
  local asked = { requirements = args.requirements or c.requirements, any_of = args.any_of or c.any_of }
  if not lines.have_room(c.queue, c.channel, asked) then
    return { outcome = 'too_many_lines' }
  end
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
    subject = c.subject,
    attributes = c.attributes,
    reason = args.reason,
  })
  return { outcome = 'ok', of = c }
end
