-- end_wrap_up: the agent has finished writing the contact up; his slot is free.
-- args: contact, agent?, disposition?
-- moves: contact wrap_up>closed
-- events: contact.closed
-- outcomes: ok, unknown, not_in_wrap_up, not_yours

transition.end_wrap_up = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  elseif c.state ~= 'wrap_up' then
    return { outcome = 'not_in_wrap_up', state = c.state }
  elseif args.agent and args.agent ~= c.owner then
    return { outcome = 'not_yours' }
  end
  c.disposition = args.disposition or c.disposition
  ending.end_wrap_up(c)
  return { outcome = 'ok', of = c }
end
