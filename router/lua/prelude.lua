-- The names that every part of the library shares. A call's context `cx` lives for one call:
-- p (key prefix of the tenant), now, args, meta, settings, events, loaded records, what was touched.
-- Records are loaded once, changed in place and written together at the end of a step (step.commit);
-- sorted sets are written at once, because matching reads them.

local cx

local clock, step, timer, config = {}, {}, {}, {} -- router: time, the call itself, settings
local contact, line, queue = {}, {}, {} -- queues
local agent = {} -- presence
local offer, ending, match, lines = {}, {}, {}, {} -- router: what brings the two together
local transition, query = {}, {} -- what can be called, by name
local on_due = {} -- what a timer does, by its kind

local function load_record(key)
  local blob = redis.call('GET', key)
  return blob and (cmsgpack.unpack(blob)) or nil
end

local function emit(event)
  cx.events[#cx.events + 1] = event
end

-- Numbers go to the store as text made this way: all of ours are whole, and it is the cheaper format.
local function int(number)
  return string.format('%d', number)
end

local function count(name, by)
  cx.counts[name] = (cx.counts[name] or 0) + by
end

local function sorted_keys(map)
  local keys = {}
  for key in pairs(map) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local function unknown(what)
  return { outcome = 'unknown', what = what }
end
