"""Faults in who is called first, and in which of his queues an agent serves next."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "idle: a return to ready counts for all",
        "if q.idle_since == 'activity' then",
        "if true then",
    ),
    Mutant("idle: activity is not seen", "  return math.max(a.turn, a.since)", "  return a.turn"),
    Mutant(
        "load: lifetime instead of now",
        "    units = units + work.u\n  end\n  return units\nend",
        "    units = units + work.u\n  end\n"
        "  a.units = math.max(a.units or 0, units)\n  return a.units\nend",
    ),
    Mutant(
        "load: not placed again",
        "  if a.stale and (row or a.stale == 'turn') then",
        "  if a.stale == 'turn' then",
    ),
    Mutant(
        "turn: placed at the old one", "    agent.unsettle(a, 'turn')\n  end\nend", "  end\nend"
    ),
    Mutant(
        "turn: the lower one for arrivals",
        "    if #contacts > 0 then\n      lines.restand(a)",
        "    if false then\n      lines.restand(a)",
    ),
    Mutant(
        "row: lowest level first",
        "spans(LEVEL_MAX - (membership(a, queue_id).level or 50))",
        "spans(membership(a, queue_id).level or 50)",
    ),
    Mutant(
        "row: level counts less than idle time",
        "return spans(LEVEL_MAX - (membership(a, queue_id).level or 50)) + idle(a, q)",
        "return LEVEL_MAX - (membership(a, queue_id).level or 50) + idle(a, q)",
    ),
    Mutant(
        "row: generalists first",
        "return spans(agent.breadth(agent.definition(a.id))) + idle(a, q)",
        "return spans(100 - agent.breadth(agent.definition(a.id))) + idle(a, q)",
    ),
    Mutant(
        "row: skills of a supervised queue",
        "    if agent.serves(definition, queue_id) then\n      breadth",
        "    if true then\n      breadth",
    ),
    Mutant(
        "row: worst skill first",
        "    score = score - worth * agent.level_for(definition, clause)",
        "    score = score + worth * agent.level_for(definition, clause)",
    ),
    Mutant(
        "row: new lines without levels",
        "  return -level_worth(clauses)\nend",
        "  return 0\nend",
    ),
    Mutant(
        "row: newcomers first",
        "local v = count_of(queue_id)\n    a.marks",
        "local v = q.strategy == 'round_robin' and -1 or count_of(queue_id)\n    a.marks",
    ),
    Mutant(
        "row: mark not used",
        "    a.marks[c.queue] = redis.call('HINCRBY', cx.p .. 'v', c.queue, '1')",
        "    redis.call('HINCRBY', cx.p .. 'v', c.queue, '1')",
    ),
    Mutant(
        "race: weight ignored",
        "math.floor(-math.log(u) / weight * DRAW_UNIT)",
        "math.floor(-math.log(u) * DRAW_UNIT)",
    ),
    Mutant("race: seed ignored", "int(q.seed), queue_id", "'0', queue_id"),
    Mutant(
        "race: the called draws from the start",
        "a.marks[c.queue] = draw(a, q, c.queue, rang)",
        "a.marks[c.queue] = draw(a, q, c.queue, 0)",
    ),
    Mutant(
        "race: asking for an agent is one",
        "elseif q.strategy == 'weighted_random' and is_race then",
        "elseif q.strategy == 'weighted_random' then",
    ),
    Mutant("race: clocks that rang stay", "        row.come_back(a)\n", ""),
    Mutant(
        "race: back for whom stood all the time",
        "  local was_away = next(a.open) == nil\n",
        "  local was_away = true\n",
    ),
    Mutant(
        "queue: other rules, old places",
        "      agent.unsettle(a, 'turn')\n      match.touch_agent(a)\n",
        "",
    ),
    Mutant(
        "queue: other rules, old marks",
        "      a.marks[queue_id] = nil\n      agent.changed(a)\n    end\n    if next",
        "      agent.changed(a)\n    end\n    if next",
    ),
    Mutant("queue: other rules, old count", "  redis.call('HDEL', cx.p .. 'v', queue_id)\n", ""),
    Mutant(
        "queue: other credit is not seen",
        "local SHARED = { 'strategy', 'idle_since', 'credit_ms' }",
        "local SHARED = { 'strategy', 'idle_since' }",
    ),
    Mutant("agent: marks of queues that he left", "    if not serves or", "    if"),
    Mutant("agent: old weight", "or (was.weight or 1) ~= (is.weight or 1) then", "then"),
    Mutant(
        "choice: credit of a queue",
        "local credit = q.credit_ms + (membership.credit_ms or 0)",
        "local credit = membership.credit_ms or 0",
    ),
    Mutant(
        "choice: credit of a membership",
        "local credit = q.credit_ms + (membership.credit_ms or 0)",
        "local credit = q.credit_ms",
    ),
    Mutant(
        "choice: credits of another profile",
        "credit == 0 and queue_id or queue_id .. '+' .. int(credit)",
        "queue_id",
    ),
    Mutant(
        "choice: credit in the wrong direction",
        "    score = score - (credits[line.queue_of(id)] or 0)",
        "    score = score + (credits[line.queue_of(id)] or 0)",
    ),
    Mutant(
        "choice: credit of arrivals",
        "  local x_score = x.score - queue.load(x.queue).credit_ms",
        "  local x_score = x.score + queue.load(x.queue).credit_ms",
    ),
    Mutant(
        "several: by turn, whatever the row",
        "  if #hungry == 1 then",
        "  if true then\n    for _, a in ipairs(hungry) do\n      serve_alone(a)\n    end\n"
        "    return\n  end\n  if #hungry == 1 then",
    ),
    Mutant(
        "several: the first in the row takes what another chose",
        "    if own == c then\n      break\n    end\n    c = own",
        "    break",
    ),
    Mutant(
        "row: levels that are too low count",
        "    if level >= least then\n      best = math.max",
        "    if true then\n      best = math.max",
    ),
)
