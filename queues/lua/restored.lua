-- Restored: a contact that was over and let go, again as its record in the archive has it.

local KEPT = {
  'id',
  'queue',
  'channel',
  'priority',
  'tier',
  'requirements',
  'any_of',
  'target_ms',
  'relax',
  'address',
  'subject',
  'origin',
  'customer',
  'conversation',
  'attributes',
  'callback',
  'arrived',
  'entered',
  'offers',
  'owner',
  'participants',
  'messages',
  'spoken',
  'answered',
  'links',
  'follows',
  'followed_by',
  'episode',
  'note',
  'result',
  'reason',
  'instruction',
  'disposition',
  'resolved',
  'rating',
  'survey_requested',
  'closed_by',
  'closed_at',
}
local FIRST = { priority = 0, tier = 0, offers = 0, queue = '', channel = '' }
local EMPTY = { 'address', 'subject', 'origin', 'customer', 'attributes' }

local function restore(record)
  local c = { state = 'closed', failures = 0, tried = {}, is_restored = true }
  for _, name in ipairs(KEPT) do
    c[name] = record[name]
  end
  for name, value in pairs(FIRST) do
    c[name] = c[name] or value
  end
  for _, name in ipairs(EMPTY) do
    c[name] = c[name] or ''
  end
  c.arrived = c.arrived or cx.now
  c.entered = c.entered or c.arrived
  c.requirements = c.requirements or {}
  local trace = contact.trace(c.id)
  c.fp = trace and trace.fp or ''
  cx.contacts[c.id] = c
  return c
end

-- The contact that a call is about: the store's, else the archive's, if the call brings that.
function contact.find(args)
  return contact.load(args.contact) or args.record and restore(args.record) or nil
end

-- The last contact of its conversation, which an admission brings; never an earlier life of an id.
function contact.before(args)
  local record = args.record
  if not record or record.id == args.contact then
    return nil
  end
  local c = contact.load(record.id) or restore(record)
  return conversation.name(c) == conversation.name(args) and c or nil
end

-- The store has it again from here on, if it came from the archive: a call that is not refused says so
-- before it says anything else of it.
function contact.keep(c)
  if not c.is_restored then
    return
  end
  c.is_restored = nil
  contact.changed(c)
  emit({
    e = 'contact.restored',
    contact = c.id,
    queue = c.queue,
    channel = c.channel,
    offers = c.offers,
    owner = c.owner,
    result = c.result,
    disposition = c.disposition,
    resolved = c.resolved,
    rating = c.rating,
    participants = c.participants,
    links = c.links,
    episode = c.episode,
    callback = c.callback,
    note = c.note,
    closed_at = c.closed_at,
  })
  conversation.regain(c)
end
