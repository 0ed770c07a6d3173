-- Ringing: a contact's pending offers, in its record in the order of their numbers; nil when none.

-- The pending offer with this number, or nil.
function ringing.numbered(c, n)
  for _, o in ipairs(c.ringing or NONE) do
    if o.n == n then
      return o
    end
  end
end

-- The pending offer to this agent, or nil.
function ringing.of_agent(c, agent_id)
  for _, o in ipairs(c.ringing or NONE) do
    if o.agent == agent_id then
      return o
    end
  end
end

-- Who is rung, in the order of the offers, or nil.
function ringing.agents(c)
  local ids = c.ringing and {}
  for i, o in ipairs(c.ringing or NONE) do
    ids[i] = o.agent
  end
  return ids
end

-- The pending offers as a reply shows them, or nil.
function ringing.shown(c)
  local list = c.ringing and {}
  for i, o in ipairs(c.ringing or NONE) do
    list[i] = { n = o.n, agent = o.agent, deadline = o.deadline }
  end
  return list
end

function ringing.put_in(c, o)
  c.ringing = c.ringing or {}
  table.insert(c.ringing, o)
  contact.changed(c)
end

function ringing.take_out(c, o)
  for i, other in ipairs(c.ringing) do
    if other == o then
      table.remove(c.ringing, i)
    end
  end
  if #c.ringing == 0 then
    c.ringing = nil
  end
  contact.changed(c)
end
