-- Intake: what the contacts of an origin must bring, what their subject decides, and their lease: a
-- contact that its gateway does not report alive in time is taken to have left with it.

local function rule_of(args)
  return config.tenant().intake[args.origin] or {}
end

local function missing_fields(args)
  local missing = {}
  for _, field in ipairs(rule_of(args).required or {}) do
    if (args[field] or '') == '' then
      missing[#missing + 1] = field
    end
  end
  return #missing > 0 and missing or nil
end

local function subject_of(args)
  return config.tenant().subjects[args.subject]
end

local function is_visible(subject, origin)
  for _, one in ipairs(subject.origins or {}) do
    if one == origin then
      return true
    end
  end
  return next(subject.origins or {}) == nil
end

-- The queue that the contact names, or that its subject leads to, or the tenant's default.
function intake.queue(args)
  local subject = subject_of(args)
  local leads_to = subject and subject.queue ~= '' and subject.queue or nil
  return args.queue or leads_to or config.tenant().default_queue
end

-- Its own priority, or its subject's.
function intake.priority(args)
  local subject = subject_of(args)
  return args.priority or subject and subject.priority or 0
end

-- Why this origin can not bring such a contact to this queue, or nil.
function intake.refusal(args, q)
  local missing = missing_fields(args)
  if missing then
    return { outcome = 'missing_fields', fields = missing }
  end
  local rule, subject = rule_of(args), subject_of(args)
  if subject and not is_visible(subject, args.origin) then
    return { outcome = 'bad_subject', verdict = 'hidden' }
  elseif rule.listed_subjects and args.subject ~= '' and not subject then
    return { outcome = 'bad_subject', verdict = 'unknown' }
  elseif not q.handles then
    return { outcome = 'not_accepted', verdict = 'handles_nothing' }
  elseif rule.external and not q.external and not args.is_fork then -- staff make forks
    return { outcome = 'not_accepted', verdict = 'internal_only' }
  end
end

function intake.lease_ms(args)
  local lease_ms = rule_of(args).lease_ms or 0
  return lease_ms > 0 and lease_ms or nil
end

-- Its gateway is known to be there now.
function intake.extend_lease(c)
  if c.lease_ms then
    timer.set('v|' .. c.id, cx.now + c.lease_ms)
  end
end

function intake.end_lease(c)
  if c.lease_ms then
    timer.clear('v|' .. c.id)
  end
end

on_due.v = function(id)
  local c = contact.load(id)
  if c and c.state ~= 'wrap_up' and c.state ~= 'closed' then
    ending.cancel(c, 'abandoned', 'gateway_lost')
  end
end
