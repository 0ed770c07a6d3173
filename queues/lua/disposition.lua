-- Dispositions: why the customer got in touch (a code, of the queue's catalogue where it has one),
-- and whether that was solved; and what the customer himself says of it.

-- The codes that may be given now, and the entry of one of them, in use or not.
local function codes_of(q, code)
  local codes, found = {}, nil
  for _, one in ipairs(q.dispositions) do
    if one.active ~= false then
      codes[#codes + 1] = one.code
    end
    if one.code == code then
      found = one
    end
  end
  return codes, found
end

-- What the queue wants to know and nobody has told: names of fields, or nil.
local function missing(q, c, told)
  local fields = {}
  if q.disposition_required and not (told.disposition or c.disposition) then
    fields[1] = 'disposition'
  end
  if q.resolved_required and told.resolved == nil and c.resolved == nil then
    fields[#fields + 1] = 'resolved'
  end
  return fields[1] and fields
end

-- Why the contact can not end with what is told of it, or nil. `is_due`: this is the last chance to
-- tell what its queue requires.
function disposition.refusal(c, told, is_due)
  local q = queue.load(c.queue)
  local codes, found = codes_of(q, told.disposition)
  local refused = { outcome = 'bad_disposition', state = c.state, codes = codes[1] and codes }
  if told.disposition and q.dispositions[1] and not (found and found.active ~= false) then
    refused.verdict, refused.fields, refused.what = 'unknown', { 'disposition' }, told.disposition
    return refused
  end
  refused.verdict, refused.fields = 'required', is_due and missing(q, c, told) or nil
  return refused.fields and refused
end

-- Keeps what is told; what is not told stays as it was.
function disposition.keep(c, told)
  c.disposition = told.disposition or c.disposition
  if told.resolved ~= nil then
    c.resolved = told.resolved
  end
  if told.survey ~= nil then
    c.survey_wish = told.survey
  end
end

-- What the end of a contact tells of it: its code's label where the queue has a catalogue, whether
-- something that is required was never told, and whether its customer is to be asked.
function disposition.at_end(c, is_served)
  local q = queue.load(c.queue)
  local _, found = codes_of(q, c.disposition)
  local is_asked = q.survey
  if c.survey_wish ~= nil then
    is_asked = c.survey_wish
  end
  c.survey_requested = is_served and is_asked or nil
  return {
    label = found and (found.label or found.code),
    is_missing = is_served and missing(q, c, NONE) ~= nil or nil,
  }
end
