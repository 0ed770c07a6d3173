-- keep_alive: a gateway tells which of its contacts it still has; their leases run on. The answer names
-- those that are unknown or over.
-- args: contacts
-- moves:
-- events:
-- outcomes: ok

transition.keep_alive = function(args)
  local gone = {}
  for _, id in ipairs(args.contacts) do
    local c = contact.load(contact.meant(id))
    if not c or c.state == 'wrap_up' or c.state == 'closed' then
      gone[#gone + 1] = id
    else
      intake.extend_lease(c)
    end
  end
  return { outcome = 'ok', contacts_gone = gone }
end
