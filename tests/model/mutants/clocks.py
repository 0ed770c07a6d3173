"""Faults in by when customers have their answers."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "clocks: run out of hours", "local RUNS = { queued", "local RUNS = { held = true, queued"
    ),
    Mutant(
        "clocks: stand still in hand",
        "offered = true, assigned = true }\n\nf",
        "offered = true }\n\nf",
    ),
    Mutant(
        "clocks: run on while it is written up",
        "offered = true, assigned = true }\n\nf",
        "offered = true, assigned = true, wrap_up = true }\n\nf",
    ),
    Mutant(
        "clocks: nobody need wait",
        "  return c.customer_since ~= nil and RUNS[c.state] == true\n",
        "  return RUNS[c.state] == true\n",
    ),
    Mutant("clocks: timer in the past", "at and math.max(at, cx.now)\n", "at\n"),
    Mutant("clocks: no timer", "    timer.set('t|' .. c.id, c.response.at)\n", ""),
    Mutant("clocks: timer stays", "    timer.clear('t|' .. c.id)\n", ""),
    Mutant(
        "clocks: the breach is told again",
        "  if c.response.told == 'late' then\n    return nil\n  elseif",
        "  if",
    ),
    Mutant(
        "clocks: the warning is told again",
        "  elseif c.response.told then\n    return c.response_by\n  end\n",
        "  end\n",
    ),
    Mutant(
        "clocks: all answers are the first",
        "  local kind = c.answered and 'next' or 'first'\n",
        "  local kind = 'first'\n",
    ),
    Mutant(
        "clocks: all answers are later ones",
        "  local target = kind == 'next' and q.next_response_ms or q.first_response_ms\n",
        "  local target = q.next_response_ms\n",
    ),
    Mutant(
        "clocks: an end that nobody hears of",
        "  if c.response_by or had then\n",
        "  if c.response_by then\n",
    ),
    Mutant(
        "clocks: the deadline stays",
        "      clear_timer(c)\n      c.response, c.response_by = nil, nil\n",
        "      clear_timer(c)\n      c.response = nil\n",
    ),
    Mutant(
        "clocks: the targets of the first queue",
        "  elseif r.queue ~= c.queue then\n    clear_timer(c)\n    begin(c, r.from, r.told)\n",
        "",
    ),
    Mutant(
        "clocks: another queue begins anew",
        "    begin(c, r.from, r.told)\n",
        "    begin(c, cx.now, r.told)\n",
    ),
    Mutant(
        "clocks: another queue tells it all again",
        "    begin(c, r.from, r.told)\n",
        "    begin(c, r.from)\n",
    ),
    Mutant(
        "clocks: count what was before the opening",
        "    begin(c, cx.now)\n",
        "    begin(c, c.customer_since)\n",
    ),
    Mutant(
        "clocks: an answer at the deadline is in time",
        "c.response_by and cx.now < c.response_by",
        "c.response_by and cx.now <= c.response_by",
    ),
    Mutant(
        "clocks: all answers are in time",
        "c.response_by and cx.now < c.response_by",
        "c.response_by and true",
    ),
    Mutant(
        "clocks: the breach is one moment late",
        "  local is_late = cx.now >= c.response_by\n",
        "  local is_late = cx.now > c.response_by\n",
    ),
    Mutant(
        "clocks: no breach after the warning",
        "  set_timer(c, not is_late and c.response_by or nil)\n",
        "  set_timer(c, nil)\n",
    ),
    Mutant(
        "clocks: the offer does not show it", "  response.follow(c) -- the offer shows it\n", ""
    ),
    Mutant("clocks: only offers begin them", "  response.follow_all()\n", ""),
    Mutant(
        "clocks: told of what was over at that instant",
        "  if not r or not response.runs(c) or r.queue ~= c.queue then",
        "  if not r then",
    ),
)
