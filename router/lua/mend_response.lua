-- Mending the clock of an answer: one that is not of this waiting begins anew when the step is written.

local function is_sound(r)
  return type(r) == 'table'
    and type(r.queue) == 'string'
    and type(r.from) == 'number'
    and (r.at == nil or type(r.at) == 'number')
end

local function mend_timer(c)
  local r, at = c.response, c.response_by
  if r.told == 'late' then
    at = nil
  elseif at and r.at and r.at <= at then
    at = r.at
  end
  if r.at ~= at then
    r.at = at
    mend.note('its answer had another timer than its deadline')
  end
end

function mend.response(c)
  local r = c.response
  if not response.runs(c) then
    if r ~= nil or c.response_by then
      c.response, c.response_by = nil, nil
      mend.note('its answer had a clock that nobody needs')
    end
  elseif not is_sound(r) or r.queue ~= c.queue then
    c.response = nil
    mend.note('its answer had no clock of this waiting')
  else
    mend_timer(c)
  end
end
