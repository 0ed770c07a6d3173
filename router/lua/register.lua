-- Every transition and every query becomes a function named after this version of the library.
-- (While a library loads, the servers offer it no global but `redis`: hence the lists and the loops.)

-- What brings more is refused before it starts when memory is short; what ends or frees work goes on.
local BRINGS_MORE = { 'admit', 'fork', 'put_agent', 'put_calendar', 'put_config', 'put_queue', 'put_tenant' }
local GOES_ON = {
  'accept',
  'archived',
  'assign',
  'claim',
  'call_back', -- it waits already
  'cancel',
  'close',
  'complete_consult',
  'consult',
  'close_session',
  'decline',
  'end_wrap_up',
  'keep_alive',
  'leave_consult',
  'put_estimates',
  'not_reached',
  'log_off',
  'monitor',
  'open_session', -- who is to work the backlog off must get in
  'release',
  'reopen',
  'report',
  'renew',
  'repair',
  'revoke',
  'score',
  'set_state',
  'take_over',
  'tick',
  'transfer',
  'update',
}
local READS = {
  'count_agents',
  'count_queues',
  'examine',
  'list_agents',
  'list_calendars',
  'list_filed',
  'list_queues',
  'list_revoked',
  'list_versions',
  'list_waiting',
  'place_of_contact',
  'places_of_contacts',
  'position',
  'survey',
  'view_agent',
  'view_contact',
  'why_agent',
  'why_contact',
}

local function register(names, answer, flags)
  for i = 1, #names do
    local name = names[i]
    redis.register_function({
      function_name = 'acd_@VERSION@_' .. name,
      callback = function(keys, argv)
        return answer(name, keys, argv)
      end,
      flags = flags,
    })
  end
end

register(BRINGS_MORE, step.call, {})
register(GOES_ON, step.call, { 'allow-oom' })
register(READS, step.read, { 'no-writes' })
