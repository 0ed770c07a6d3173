-- consult: the owner asks an agent who can take the contact at this instant to take part in it. He is rung;
-- while he takes part, his slot is used. One at a time.
-- args: contact, agent?, to_agent, note?
-- moves: offer new>pending
-- events: offer.made
-- outcomes: ok, unknown, not_assigned, not_yours, transfer_pending, consulting, not_available, not_member

transition.consult = function(args)
  local c = contact.load(args.contact)
  local refused = ending.refusal(c, args.agent)
  if refused then
    return refused
  elseif c.consult then
    return { outcome = 'consulting', state = c.state }
  elseif c.ringing then
    return { outcome = 'transfer_pending' }
  end
  refused = colleague.refusal(c, args.to_agent)
  if refused then
    return refused
  end
  local why = { kind = 'consult', side = 'consult', rank = 1, note = args.note }
  offer.make(c, agent.load(args.to_agent), why)
  return { outcome = 'ok', of = c }
end
