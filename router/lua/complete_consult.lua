-- complete_consult: who is consulted has the contact from now on; its owner is free.
-- args: contact, agent?
-- moves: contact assigned>assigned
-- events: contact.consult_ended, contact.assigned
-- outcomes: ok, unknown, not_assigned, not_yours, not_consulting

transition.complete_consult = function(args)
  local c = contact.load(args.contact)
  local refused = colleague.stranger(c, args.agent)
  if refused then
    return refused
  elseif not c.consult then
    return { outcome = 'not_consulting', state = c.state }
  end
  colleague.hand_over(c)
  return { outcome = 'ok', of = c }
end
