-- Conversations: what a customer says under one key on one channel goes to one contact, the latest.
-- `cv:<channel>|<length of customer>|<customer>|<conversation>` holds its id, for as long as its record is
-- there.

-- The name of a contact's conversation, nil where it has none.
function conversation.name(c)
  local customer = c.customer or ''
  return c.conversation and c.channel .. '|' .. #customer .. '|' .. customer .. '|' .. c.conversation
end

local function key_of(c)
  return cx.p .. 'cv:' .. conversation.name(c)
end

-- Whether the contact is the latest of its conversation.
function conversation.is_led_by(c)
  return c.conversation and redis.call('GET', key_of(c)) == c.id
end

-- The latest contact of the conversation that is asked for, or nil.
function conversation.latest(asked)
  local id = asked.conversation and redis.call('GET', key_of(asked))
  return id and contact.load(id) or nil
end

-- From now on the contact is the latest of its conversation.
function conversation.lead(c)
  if c.conversation then
    redis.call('SET', key_of(c), c.id)
  end
end

-- It is there again: the latest, unless one that came later is there.
function conversation.regain(c)
  local other = conversation.latest(c)
  if not other or other.arrived < c.arrived then
    conversation.lead(c)
  end
end

-- Its record is there for so long still.
function conversation.expire(c, kept_ms)
  if conversation.is_led_by(c) then
    redis.call('PEXPIRE', key_of(c), int(kept_ms))
  end
end

-- Its record goes.
function conversation.forget(c)
  if conversation.is_led_by(c) then
    redis.call('DEL', key_of(c))
  end
end
