-- Talk: what of a conversation counts for routing: who has replied, which messages are known, and since
-- when the customer waits for an answer. `aq:<queue>` and `aa:<agent>` hold the contacts that wait for
-- their customer, by the instant since when: of a queue, and of an owner.

local PARTICIPANTS_MAX, MESSAGES_MAX = 50, 20

-- The list with one more at its end, a new one: events may hold the old one. The oldest gives way.
local function with(list, item, max)
  local longer = {}
  for i = math.max(1, #(list or NONE) + 2 - max), #(list or NONE) do
    longer[#longer + 1] = list[i]
  end
  longer[#longer + 1] = item
  return longer
end

local function is_in(list, item)
  for _, one in ipairs(list or NONE) do
    if one == item then
      return true
    end
  end
  return false
end

-- Whether a message with this id was told of before; the last ones are remembered.
function talk.is_known(c, id)
  return is_in(c.messages, id)
end

function talk.know(c, id)
  c.messages = with(c.messages, id, MESSAGES_MAX)
  contact.changed(c)
end

-- The agent has replied, now or ever.
function talk.join(c, agent_id)
  if not is_in(c.participants, agent_id) then
    c.participants = with(c.participants, agent_id, PARTICIPANTS_MAX)
  end
end

-- The customer waits for an answer: since now, unless he did already.
function talk.ask(c)
  c.spoken, c.customer_since = true, c.customer_since or cx.now
  contact.changed(c)
end

-- He has one: how long he waited for it, and whether it is the first; nothing when he did not wait.
function talk.answer(c)
  local waited, is_first = c.customer_since and cx.now - c.customer_since, not c.answered
  c.spoken, c.answered, c.customer_since = true, true, nil
  contact.changed(c)
  return waited, waited and is_first or nil
end

-- He waits for somebody again. Where nobody tells of messages, the owner had his attention until now.
function talk.wait_anew(c)
  if not (c.spoken and c.customer_since) then
    c.customer_since = cx.now
  end
end

-- The contact stands among those that wait for their customer.
function talk.stand(c)
  redis.call('ZADD', cx.p .. 'aq:' .. c.queue, int(c.asked_at), c.id)
  redis.call('ZADD', cx.p .. 'aa:' .. c.owner, int(c.asked_at), c.id)
end

function talk.leave(c)
  redis.call('ZREM', cx.p .. 'aq:' .. c.queue, c.id)
  redis.call('ZREM', cx.p .. 'aa:' .. c.owner, c.id)
end

-- The ids of those of a queue, the longest first.
function talk.list_of_queue(queue_id, from, to)
  return redis.call('ZRANGE', cx.p .. 'aq:' .. queue_id, int(from), int(to))
end

-- The ids of an owner's, the latest first.
function talk.list_of_agent(agent_id, limit)
  return redis.call('ZRANGE', cx.p .. 'aa:' .. agent_id, '0', int(limit - 1), 'REV')
end
