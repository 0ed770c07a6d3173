-- score: what the customer says of a contact that has ended; once for each contact.
-- args: contact, score, comment?, record?
-- moves:
-- events: contact.restored, contact.scored
-- outcomes: ok, unknown, not_ended, scored

transition.score = function(args)
  local c = contact.find(args)
  if not c then
    return unknown('contact')
  elseif c.state ~= 'wrap_up' and c.state ~= 'closed' then
    return { outcome = 'not_ended', state = c.state }
  elseif c.rating then
    local is_same = c.rating.score == args.score and c.rating.comment == args.comment
    return is_same and { outcome = 'ok', repeated = true, of = c } or { outcome = 'scored', state = c.state }
  end
  contact.keep(c)
  c.rating = { score = args.score, comment = args.comment, at = cx.now }
  contact.changed(c)
  emit({
    e = 'contact.scored',
    contact = c.id,
    queue = c.queue,
    channel = c.channel,
    agent = c.owner,
    score = args.score,
    comment = args.comment,
  })
  return { outcome = 'ok', of = c }
end
