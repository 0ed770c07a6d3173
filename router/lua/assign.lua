-- assign: a supervisor puts a contact into the hands of one agent, whether it waits, rings, is another's,
-- or was to come later.
-- args: contact, agent, over_capacity, not_ready, not_member, reason
-- moves: contact queued>assigned, offered>assigned, assigned>assigned, waiting_customer>assigned,
--   held>assigned, scheduled>assigned, offered>queued · offer pending>revoked
-- events: contact.assigned, offer.revoked, contact.queued, line.made, work.interrupted, work.resumed
-- outcomes: ok, unknown, ended, not_member, not_available

-- What stands in the agent's way, or nil; and whether he will hold more than he may.
local function obstacle(c, a, args)
  local absence = agent.absence(a)
  if absence and not (absence == 'not_ready' and args.not_ready) then
    return absence
  end
  local room = agent.room(a, c.channel, c.id)
  if room == 'ok' then
    return nil
  elseif room == 'no_channel' or not args.over_capacity then
    return room
  end
  return nil, true
end

local function refusal(c, a, args)
  if not c then
    return unknown('contact')
  elseif c.state == 'wrap_up' or c.state == 'closed' then
    return { outcome = 'ended', state = c.state }
  elseif not a then
    return unknown('agent')
  elseif a.id == c.owner then
    return { outcome = 'not_available', verdict = 'owner' }
  elseif not args.not_member and not agent.serves(agent.definition(a.id), c.queue) then
    return { outcome = 'not_member' }
  end
end

transition.assign = function(args)
  local c, a = contact.load(args.contact), agent.load(args.agent)
  local refused = refusal(c, a, args)
  if refused then
    return refused
  end
  local verdict, is_over = obstacle(c, a, args)
  if verdict then
    return { outcome = 'not_available', verdict = verdict }
  end
  claim.take(c, a, 'hand', { over_capacity = is_over, reason = args.reason })
  return { outcome = 'ok', of = c }
end
