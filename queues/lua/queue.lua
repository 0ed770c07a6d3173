-- Queue settings: `q:<id>`; `queues` names them all.

queue.DEFAULTS = {
  name = '',
  handles = true,
  external = true,
  target_ms = 20000,
  priority_credit_ms = 60000,
  ring_ms = 20000,
  broadcast_to = 1,
  broadcast_step_ms = 0,
  broadcast_add = 1,
  decline_ms = 15000,
  miss_ms = 30000,
  unreachable_ms = 5000,
  cooldown_max_ms = 240000,
  offers_max = 0,
  escalate_to = '',
  wrap_up = 'optional',
  length_max = 0,
  estimated_wait_max_ms = 0,
  join_when = 'always',
  overflow_to = '',
  wait_max_ms = 0,
  leave_when = 'never',
  wrap_up_ms = 0,
  distribution = 'push',
  take_over = 'supervisors',
  strategy = 'longest_idle',
  idle_since = 'contact',
  seed = 0,
  credit_ms = 0,
  transfer_position = 'keep',
  transfer_requires = 'ready',
  sticky = 'off',
  sticky_wait_ms = 60000,
  sticky_memory_ms = 604800000,
  resume_ms = 0,
  orphan = 'requeue',
  calendar = '',
  closed = 'refuse',
  closed_to = '',
  callback_retry_ms = 900000,
  callback_attempts_max = 3,
  disposition_required = false,
  resolved_required = false,
  disposition_at = 'close',
  survey = false,
  close_by = 'owner',
  waiting_frees = true,
  waiting_customer_ms = 259200000,
  return_position = 'keep',
  first_response_ms = 0,
  next_response_ms = 0,
  response_warn_pct = 80,
  reopen = 'reopen',
  reopen_window_ms = 0,
}

-- Parsed settings outlive the call: they are the same until the tenant's config stamp changes.
function queue.load(id)
  local q = cx.cache.queues[id]
  if q == nil then
    q = load_record(cx.p .. 'q:' .. id) or false
    cx.cache.queues[id] = q
  end
  return q or nil
end

-- Whether the queue offers nothing to whoever is next: its agents choose.
function queue.is_pull(settings)
  return settings.distribution == 'pull'
end

-- The settings with all that they do not say.
function queue.complete(settings)
  for name, value in pairs(queue.DEFAULTS) do
    if settings[name] == nil then
      settings[name] = value
    end
  end
  settings.steps = settings.steps or {}
  settings.dispositions = settings.dispositions or {}
  settings.reopen_by = settings.reopen_by or { 'customer', 'agent' }
  return settings
end

function queue.save(id, settings)
  redis.call('SADD', cx.p .. 'queues', id)
  redis.call('SET', cx.p .. 'q:' .. id, cmsgpack.pack(settings))
  cx.cache.queues[id] = nil
end

-- The caller has seen to it that nothing waits there, is served there or names it.
function queue.remove(id)
  redis.call('SREM', cx.p .. 'queues', id)
  redis.call('DEL', cx.p .. 'q:' .. id)
  cx.cache.queues[id] = false
end

function queue.all()
  local ids = redis.call('SMEMBERS', cx.p .. 'queues')
  table.sort(ids)
  return ids
end
