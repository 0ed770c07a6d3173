"""Faults in matching: who is found, and in which order."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "match: declined ones again at once",
        "local group = not c.tried[id] and fresh or",
        "local group = true and fresh or",
    ),
    Mutant(
        "match: cooling ignored for contacts",
        "fresh or not contact.is_cooling(c, id) and cooled\n",
        "fresh or cooled\n",
    ),
    Mutant(
        "match: cooling ignored for agents",
        "if not contact.is_cooling(c, a.id) then\n      return c, skipped",
        "if true then\n      return c, skipped",
    ),
    Mutant(
        "match: freed slots wait for the next event",
        "  if #agents == 1 then\n    serve_alone(agents[1])",
        "  if #agents == 1 then\n    lines.place(agents[1])",
    ),
    Mutant(
        "match: unroutable agents stay in line",
        "function agent.restand(a, mine, row)\n  agent.withdraw(a, mine)\n",
        "function agent.restand(a, mine, row)\n",
    ),
    Mutant(
        "match: one offer per pass", "    c, skipped = pick_contact(a)\n  end", "    c = nil\n  end"
    ),
    Mutant(
        "match: taken agents stay in line",
        "  lines.restand(a)\nend\n\nlocal credits",
        "end\n\nlocal credits",
    ),
    Mutant(
        "match: ties",
        "(score == best_score and member < best)",
        "(score == best_score and member > best)",
    ),
    Mutant(
        "match: latest first",
        "if member and (not best or score < best_score or",
        "if member and (not best or score > best_score or",
    ),
    Mutant("match: no second look after a cool-down", "    timer.set('r|' .. c.id, again)\n", ""),
    Mutant(
        "match: personal lines forgotten", "for id in pairs(a.direct) do", "for id in pairs({}) do"
    ),
    Mutant(
        "match: offered contacts stay in line",
        "  if not cx.fresh[c.id] then\n    line.leave(c)\n  end\n  local a",
        "  local a",
    ),
)
