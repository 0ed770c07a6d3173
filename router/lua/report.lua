-- report: something was said: by the customer, an agent or a system, to be seen by all or inside only. An
-- agent's public message answers the customer, and may leave the turn to him; the customer's own brings
-- a contact back that waited for it.
-- args: contact, author, agent?, visibility, text?, attachments?, id?, wait
-- moves: contact assigned>waiting_customer, waiting_customer>waiting_customer, waiting_customer>assigned,
--   waiting_customer>queued · offer pending>revoked
-- events: contact.activity, contact.waiting_customer, contact.assigned, contact.queued, line.made,
--   offer.revoked, work.interrupted, work.resumed
-- outcomes: ok, unknown, not_member, not_assigned, not_yours, ended

local IN_HAND = { assigned = true, waiting_customer = true }

local function agent_refusal(c, args)
  local definition = agent.definition(args.agent)
  if not definition then
    return unknown('agent')
  elseif args.agent ~= c.owner and not agent.belongs(definition, c.queue) then
    return { outcome = 'not_member' }
  elseif args.wait and not IN_HAND[c.state] then
    return { outcome = 'not_assigned', state = c.state }
  elseif args.wait and args.agent ~= c.owner then
    return { outcome = 'not_yours' }
  end
end

-- Who writes it up may still say something; nobody else speaks in what is over.
local function is_over(c, args)
  return c.state == 'closed' or (c.state == 'wrap_up' and args.author == 'customer')
end

local function refusal(c, args)
  if not c then
    return unknown('contact')
  end
  local is_speech = args.visibility == 'public' and args.author ~= 'system'
  if is_speech and is_over(c, args) then
    return { outcome = 'ended', state = c.state }
  end
  return args.author == 'agent' and agent_refusal(c, args) or nil
end

local function tell(c, args, waited, is_first)
  emit({
    e = 'contact.activity',
    contact = c.id,
    queue = c.queue,
    author = args.author,
    agent = args.agent,
    agents = c.owner and { c.owner } or ringing.agents(c),
    visibility = args.visibility,
    text = args.text,
    attachments = args.attachments,
    id = args.id,
    wait = args.wait or nil,
    response_ms = waited,
    first_response = is_first,
    customer_since = c.customer_since,
  })
end

local function by_agent(c, args)
  local waited, is_first = talk.answer(c)
  talk.join(c, args.agent)
  tell(c, args, waited, is_first)
  if args.wait then
    awaiting.begin(c)
  end
end

local function by_customer(c, args)
  talk.ask(c)
  tell(c, args)
  if c.state == 'waiting_customer' then
    awaiting.go_on(c)
  end
end

transition.report = function(args)
  local c = contact.load(args.contact)
  if c and args.id and talk.is_known(c, args.id) then
    return { outcome = 'ok', repeated = true, of = c }
  end
  local refused = refusal(c, args)
  if refused then
    return refused
  end
  if args.id then
    talk.know(c, args.id)
  end
  if args.visibility == 'internal' or args.author == 'system' then
    tell(c, args) -- for those who read on; nobody waits less for it
  elseif args.author == 'agent' then
    by_agent(c, args)
  else
    by_customer(c, args)
  end
  return { outcome = 'ok', of = c }
end
