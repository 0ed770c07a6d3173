-- Attaching: an admission to a conversation that goes on makes no contact: it is a message of its customer.

local function stays_over(c)
  return reopening.refusal(c, 'customer') or queue.load(c.queue).reopen == 'new_linked_contact'
end

-- The contact that the admission belongs to; or nil, and the one that is over and that a new one follows.
function attaching.target(args)
  local c = conversation.latest(args) or contact.before(args)
  if c and reopening.is_over(c) and not talk.is_known(c, args.contact) and stays_over(c) then
    return nil, c
  end
  return c
end

-- A repeat changes nothing.
function attaching.attach(c, args)
  local is_repeat = talk.is_known(c, args.contact)
  if not is_repeat then
    if reopening.is_over(c) then
      reopening.go_on(c, 'customer', {})
    end
    talk.know(c, args.contact)
    speech.hear(c, { author = 'customer', visibility = 'public', id = args.contact })
    contact.leave_trace(args.contact, args.fp, c.id)
  end
  return { outcome = 'ok', repeated = is_repeat or nil, attached = true, contact = c.id, of = c }
end

-- What an admission that attached is told again.
function attaching.again(trace)
  local id = trace.attached
  local of = contact.load(id) or contact.trace(id)
  return { outcome = 'ok', repeated = true, attached = true, contact = id, of = of }
end
