-- Mending what is kept of a conversation: it names a contact of it, the open one if there is any, for as long as
-- that one's record is there.

local OVER = { closed = true, wrap_up = true }

-- The contact that is named, if it is one of the conversation, and the id.
local function named(name)
  local id = redis.call('GET', cx.p .. 'cv:' .. name)
  local c = id and mend.peek('c:' .. id)
  local is_its = c and type(c.channel) == 'string' and type(c.customer or '') == 'string'
    and type(c.conversation) == 'string' and conversation.name(c) == name
  return is_its and c or nil, id
end

-- Of two that are open each may be meant: that is left to people.
function mend.lead(c)
  if not c.conversation or OVER[c.state] or conversation.is_led_by(c) then
    return
  end
  local other = named(conversation.name(c))
  if not other or OVER[other.state] then
    conversation.lead(c)
    mend.note('it was not the one of its conversation')
  end
end

-- Answers the contact that the conversation has from here on.
function mend.conversation(name)
  local key, c, id = cx.p .. 'cv:' .. name, named(name)
  if not id then
    return nil
  elseif not c then
    redis.call('DEL', key)
    mend.note('conversation ', name, ' named ', id, ', which is not of it')
    return nil
  end
  local kept = redis.call('PTTL', cx.p .. 'c:' .. id)
  if (redis.call('PTTL', key) >= 0) == (kept >= 0) then
    return id
  elseif kept >= 0 then
    redis.call('PEXPIRE', key, int(kept))
  else
    redis.call('PERSIST', key)
  end
  mend.note('conversation ', name, ' was kept for another time than ', id)
  return id
end
