-- end_wrap_up: the agent has finished writing the contact up; his slot is free. A wrap-up that lasts as
-- long as its queue says is ended by nobody who names himself its agent.
-- args: contact, agent?, disposition?, resolved?
-- moves: contact wrap_up>closed
-- events: contact.closed
-- outcomes: ok, unknown, not_in_wrap_up, not_yours, too_early, bad_disposition

transition.end_wrap_up = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  elseif c.state ~= 'wrap_up' then
    return { outcome = 'not_in_wrap_up', state = c.state }
  elseif args.agent and args.agent ~= c.owner then
    return { outcome = 'not_yours' }
  elseif args.agent and c.wrap_up == 'forced_limit' then
    return { outcome = 'too_early', state = c.state, ['until'] = c.wrap_until }
  end
  local refused = disposition.refusal(c, args, true)
  if refused then
    return refused
  end
  disposition.keep(c, args)
  ending.end_wrap_up(c)
  return { outcome = 'ok', of = c }
end
