-- Tenant settings: `tenant`; each change of config has a version and a stamp in `meta`.

config.DEFAULTS = {
  grace_ms = 60000,
  held_max_ms = 2592000000,
  max_misses = 2,
  max_declines = 0,
  max_unreachable = 3,
  return_ms = 0,
  wrap_up_max_ms = 14400000,
  line_idle_ms = 600000,
  closed_ttl_ms = 86400000,
  journal_max = 100000,
  config_history = 100,
  line_max = 1000,
  max_sessions = 8,
  lease_ms = 10000,
  default_queue = 'general',
  default_subject = '',
}

function config.tenant()
  local cache = cx.cache
  if not cache.tenant then
    cache.tenant = load_record(cx.p .. 'tenant')
  end
  return cache.tenant
end

-- Whether what the journal tells is archived: then it is cut off only when it is, or at a far limit.
function config.is_archived()
  return (cx.meta.unarchived or 0) > 0
end

function config.journal_limit()
  return math.max(config.tenant().journal_max, cx.meta.unarchived or 0)
end

-- Units that a contact of this channel takes from an agent's capacity; 1 when the channel has left
-- the settings while contacts of it live.
function config.cost(channel)
  local settings = config.tenant().channels[channel]
  return settings and settings.cost or 1
end

-- Whether offers of this channel are accepted as they are made.
function config.auto_accepts(channel)
  local settings = config.tenant().channels[channel]
  return settings ~= nil and settings.auto_accept == true
end

local function precedence(channels)
  local rules, is_plain = {}, true
  for channel, settings in pairs(channels) do
    local rule = { exclusive = settings.exclusive == true, interrupts = {} }
    for _, other in ipairs(settings.interrupts or {}) do
      rule.interrupts[other] = true
    end
    is_plain = is_plain and not rule.exclusive and next(rule.interrupts) == nil
    rules[channel] = rule
  end
  return not is_plain and rules
end

-- By channel, whether it takes its agent alone and which others it interrupts; false when none does.
function config.precedence()
  local cache = cx.cache
  if cache.precedence == nil then
    cache.precedence = precedence(config.tenant().channels)
  end
  return cache.precedence
end

function config.has_channel(channel)
  return config.tenant().channels[channel] ~= nil
end

-- The settings with all that they do not say.
function config.complete(settings)
  for name, value in pairs(config.DEFAULTS) do
    if settings[name] == nil then
      settings[name] = value
    end
  end
  if not settings.channels or next(settings.channels) == nil then
    settings.channels = { voice = { cost = 1 }, chat = { cost = 1 }, email = { cost = 1 }, task = { cost = 1 } }
  end
  settings.intake = settings.intake or {}
  settings.subjects = settings.subjects or {}
  settings.not_ready_reasons = settings.not_ready_reasons or {}
  return settings
end

function config.save_tenant(settings)
  redis.call('SET', cx.p .. 'tenant', cmsgpack.pack(settings))
end

-- A count that goes up, with the instant: two servers that count the same still differ in it, so what
-- is kept under a stamp between calls is never another history's.
local function stamp_of(number)
  local t = redis.call('TIME')
  return int(number) .. '-' .. t[1] .. '.' .. t[2]
end

function config.next_stamp(stamp)
  return stamp_of(config.version(stamp) + 1)
end

function config.version(stamp)
  return tonumber(string.match(stamp, '^%d+'))
end

local function read_anew(stamp)
  cx.meta.config = stamp
  redis.call('HSET', cx.p .. 'meta', 'config', stamp)
  cx.cache = step.settings_cache(cx.p, stamp)
  return cx.cache.version
end

-- A new version: what is read of the settings from here on is read anew. Answers the version.
function config.change()
  return read_anew(config.next_stamp(cx.meta.config))
end

-- The same version under another stamp, for what belongs to no version. Answers the version.
function config.refresh()
  return read_anew(stamp_of(cx.cache.version))
end
