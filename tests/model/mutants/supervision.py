"""Faults in what supervisors and gateways do to a contact wherever it is."""

from tests.model.mutants.kind import Mutant

KEPT_PLACE = (
    "  if not c.due then\n    c.entered = cx.now\n    contact.schedule(c)\n  end\nend\n\n"
    "-- The contact goes into"
)
MUTANTS = (
    Mutant(
        "assign: what comes later comes all the same",
        "local function bring(c)\n  calendar.leave(c)\n",
        "local function bring(c)\n",
    ),
    Mutant(
        "assign: who is given early has waited since long ago",
        "  c.since = cx.now\n  if not c.due",
        "  if not c.due",
    ),
    Mutant(
        "assign: who is given early has no line to go back to",
        "  c.line = line.id(c.queue, c.channel, c)\n  c.since = cx.now\n",
        "  c.since = cx.now\n",
    ),
    Mutant(
        "assign: who is given early has no place to go back to",
        KEPT_PLACE,
        "end\n\n-- The contact goes into",
    ),
    Mutant(
        "assign: a place that was kept in hold is lost",
        KEPT_PLACE,
        "  c.entered = cx.now\n  contact.schedule(c)\nend\n\n-- The contact goes into",
    ),
    Mutant(
        "update: new relaxations wait for the instant of the old ones",
        "c.relax, c.relaxed = #relax > 0 and relax or nil, nil\n"
        "  if c.state == 'queued' or c.state == 'offered' then",
        "c.relax, c.relaxed = #relax > 0 and relax or nil, nil\n  if false then",
    ),
    Mutant(
        "update: new relaxations count as applied",
        "  c.relax, c.relaxed = #relax > 0 and relax or nil, nil\n",
        "  c.relax = #relax > 0 and relax or nil\n",
    ),
    Mutant(
        "update: what is due already was due in the past",
        "math.max(c.joined + after, cx.now) -- new",
        "c.joined + after -- new",
    ),
    Mutant(
        "update: who waits is sent away to come later",
        "  elseif args.not_before and c.state ~= 'scheduled' then",
        "  elseif false then",
    ),
    Mutant(
        "update: comes at any time",
        "    return { outcome = 'not_scheduled', state = c.state }\n"
        "  elseif calendar.is_too_far(args.not_before) then",
        "    return { outcome = 'not_scheduled', state = c.state }\n  elseif false then",
    ),
    Mutant(
        "update: an instant that has passed gives a place of then",
        "math.max(args.not_before, clock.wall()), 'updated'",
        "args.not_before, 'updated'",
    ),
    Mutant(
        "cancel: a called customer can not hang up",
        "c.callback and args.result == 'abandoned' and c.state ~= 'assigned'",
        "c.callback and args.result == 'abandoned'",
    ),
)
