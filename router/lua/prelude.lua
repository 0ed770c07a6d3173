-- The names that every part of the library shares, and the context of the running call.
-- Records are loaded once, changed in place and written together at the end of a step (step.lua);
-- sorted sets are written at once, because matching reads them. The context's tables are made once
-- and emptied for each call: making them anew was a fifth of a small call's cost.

local cx = {
  -- p: key prefix of the tenant · args · meta, cache: its clock, versions and settings · now
  -- next: earliest timer known · position: of the last journal entry · more, echo: for the reply
  contacts = {}, -- records loaded, by id; false for one that is not there
  traces = {}, -- what is left of contacts that were let go
  agents = {},
  definitions = {},
  -- of one step:
  events = {},
  counts = {},
  changed_contacts = {}, -- records to write at the commit, by id
  changed_agents = {},
  touched_contacts = {}, -- records to match before the commit
  touched_agents = {},
  wide = {}, -- contacts that may ring more agents before the commit
  crowded = {}, -- agents who took a contact unasked, with its channel: what it interrupts goes to others
  fresh = {}, -- contacts that wait and are in no line's set yet
  deserted = {}, -- queues that an agent has left, or where somebody waits anew: is anybody there?
  opened = 0, -- contacts that came out of hold
}

local clock, step, timer, config = {}, {}, {}, {} -- router: time, the call itself, settings
local contact, line, queue, hold, disposition, talk = {}, {}, {}, {}, {}, {} -- queues
local conversation = {} -- queues: what of a customer is one thread
local agent = {} -- presence
local setup, history, filed = {}, {}, {} -- router: how settings change, what they were, what a file says
local intake, arrival = {}, {} -- router: how contacts come in
local offer, ringing, broadcast, streak, ending = {}, {}, {}, {}, {} -- router: what brings the two together
local claim = {} -- router: agents who choose
local colleague = {} -- router: agents who ask another one
local match, lines, strategy = {}, {}, {}
local personal, memory = {}, {} -- agents who are meant, customers who are known
local awaiting, reopening = {}, {} -- router: contacts that wait for their customer, or are over
local speech, attaching = {}, {} -- router: what a customer says, and what he says by coming again
local response = {} -- router: by when customers are to have their answers
local limits, steps = {}, {} -- router: who may wait, and what comes of waiting
local estimate = {} -- router: how long a place takes
local mend = {} -- router: what follows from records, made right again
local calendar = {} -- router: hours, and what waits for them
local transition, query = {}, {} -- what can be called, by name
local on_due = {} -- what a timer does, by its kind

local NONE = {} -- for loops over what is not there; never written to

local function wipe(t)
  for key in pairs(t) do
    t[key] = nil
  end
end

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

-- What is counted goes: its count is 0 by now.
local function uncount(name)
  cx.counts[name] = nil
  redis.call('HDEL', cx.p .. 'n', name)
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
