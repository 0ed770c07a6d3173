-- report: something was said: by the customer, an agent or a system, to be seen by all or inside only. An
-- agent's public message answers the customer, claims what nobody has, and may leave the turn to him; the
-- customer's own brings a contact back that waited for it. Either may bring back what is over.
-- args: contact, author, agent?, visibility, text?, attachments?, id?, wait, record?, follow_up?
-- moves: contact assigned>waiting_customer, waiting_customer>waiting_customer, waiting_customer>assigned,
--   waiting_customer>queued, queued>assigned, offered>assigned, held>assigned, offered>queued,
--   queued>queued, queued>closed, closed>queued, wrap_up>assigned, new>queued
--   · offer pending>accepted, pending>revoked
-- events: contact.restored, contact.activity, contact.waiting_customer, contact.assigned, contact.reopened,
--   contact.linked, contact.admitted, contact.queued, contact.step, contact.notified, contact.closed, line.made,
--   contact.response_clock, offer.accepted, offer.revoked, work.interrupted, work.resumed
-- outcomes: ok, unknown, not_member, not_assigned, not_yours, locked, conflict, push_only, not_available

local IN_HAND = { assigned = true, waiting_customer = true }
local UNOWNED = { queued = true, offered = true, held = true }

-- Who leaves the turn to the customer has the contact in hand, or takes it with these words.
local function wait_refusal(c, args)
  if UNOWNED[c.state] then
    return claim.refusal(c, agent.load(args.agent))
  elseif not IN_HAND[c.state] then
    return { outcome = 'not_assigned', state = c.state }
  elseif args.agent ~= c.owner then
    return { outcome = 'not_yours' }
  end
end

local function agent_refusal(c, args)
  local definition = agent.definition(args.agent)
  if not definition then
    return unknown('agent')
  elseif args.agent ~= c.owner and not agent.belongs(definition, c.queue) then
    return { outcome = 'not_member' }
  end
  return args.wait and wait_refusal(c, args) or nil
end

-- Who writes it up may still say something; everybody else who speaks in what is over, brings it back.
local function brings_back(c, args)
  local is_speech = args.visibility == 'public' and args.author ~= 'system'
  return is_speech and (c.state == 'closed' or (c.state == 'wrap_up' and args.author == 'customer'))
end

local function tell(c, args, waited, is_first, is_met)
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
    response_met = is_met,
    customer_since = c.customer_since,
  })
end

local function by_agent(c, args)
  local is_met = response.is_met(c)
  local waited, is_first = talk.answer(c)
  talk.join(c, args.agent)
  tell(c, args, waited, is_first, is_met)
  local a = agent.load(args.agent)
  if UNOWNED[c.state] and not claim.refusal(c, a) then
    claim.take(c, a, 'reply')
  end
  if args.wait then
    awaiting.begin(c)
  end
end

-- The customer waits for an answer; what waited for him goes on.
function speech.hear(c, args)
  talk.ask(c)
  tell(c, args)
  if c.state == 'waiting_customer' then
    awaiting.go_on(c)
  end
end

local function speak(c, args)
  if args.id then
    talk.know(c, args.id)
  end
  if args.visibility == 'internal' or args.author == 'system' then
    tell(c, args) -- for those who read on; nobody waits less for it
  elseif args.author == 'agent' then
    by_agent(c, args)
  else
    speech.hear(c, args)
  end
end

transition.report = function(args)
  local c = contact.find(args)
  if not c then
    return unknown('contact')
  elseif args.id and talk.is_known(c, args.id) then
    return { outcome = 'ok', repeated = true, of = c }
  end
  local first = c
  c = brings_back(c, args) and reopening.latest(c) or c
  local is_back = brings_back(c, args)
  local refused = args.author == 'agent' and agent_refusal(c, args)
    or is_back and reopening.refusal(c, args.author)
  if refused then
    return refused
  end
  if is_back then
    local how = { agent = reopening.taker(c, args.agent), id = args.follow_up }
    c, refused = reopening.go_on(c, args.author, how)
    if refused then
      return refused
    end
  end
  contact.keep(first)
  if args.id and c ~= first then
    talk.know(first, args.id)
  end
  speak(c, args)
  return { outcome = 'ok', of = c, contact = c ~= first and c.id or nil }
end
