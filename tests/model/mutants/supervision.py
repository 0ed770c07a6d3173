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
        "  calendar.leave(c)\n  c.since = cx.now\n  if not c.due",
        "  calendar.leave(c)\n  if not c.due",
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
        "cancel: a called customer can not hang up",
        "c.callback and args.result == 'abandoned' and c.state ~= 'assigned'",
        "c.callback and args.result == 'abandoned'",
    ),
)
