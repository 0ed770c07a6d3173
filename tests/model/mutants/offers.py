"""Faults in offers: whose they are, and how they end."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "accept: anybody's offer",
        "return o.agent ~= a.id and { outcome = 'not_yours' } or nil",
        "return nil",
    ),
    Mutant("accept: any number", "    if o.n == n then", "    if true then"),
    Mutant(
        "accept: dead session",
        "if session and not agent.is_live(a, session) then",
        "if false then",
    ),
    Mutant(
        "accept: repeat of another's",
        "or c and c.accepted == args.offer and c.owner == args.agent then",
        "or c and c.accepted == args.offer then",
    ),
    Mutant(
        "accept: misses stay",
        "  streak.reset(a)\n  if o.kind",
        "  if o.kind",
    ),
    Mutant(
        "accept: deadline stays",
        "  timer.clear('o|' .. c.id .. '|' .. o.n)\n  streak.reset",
        "  streak.reset",
    ),
    Mutant(
        "accept: former owner keeps his slot",
        "  if from then\n    ending.part(c)\n  end\n",
        "",
    ),
    Mutant("accept: failures remembered", "  c.tried, c.failures = {}, 0\n", ""),
    Mutant(
        "offer: slot not freed",
        "  local a = agent.load(o.agent)\n  agent.drop_work(a, c.id)\n",
        "  local a = agent.load(o.agent)\n",
    ),
    Mutant(
        "offer: freed agent not matched",
        "  local a = agent.load(o.agent)\n  agent.drop_work(a, c.id)\n  match.touch_agent(a)\n",
        "  local a = agent.load(o.agent)\n  agent.drop_work(a, c.id)\n",
    ),
    Mutant("offer: turn not used", "  agent.use_turn(a) -- when", "  -- when"),
    Mutant(
        "offer: no deadline",
        "  timer.set('o|' .. c.id .. '|' .. o.n, o.deadline)\n",
        "",
    ),
    Mutant("offer: slot not reserved", "  agent.take_work(a, c, 'offer')\n", ""),
    Mutant(
        "offer: retry timer stays",
        "    timer.clear('r|' .. c.id)\n    c.retry = nil",
        "    c.retry = nil",
    ),
    Mutant(
        "transfer: decline counts against the contact",
        "  if colleague.asks(o.kind) then\n    finish",
        "  if false then\n    finish",
    ),
    Mutant(
        "revoke: transfer leaves its owner",
        "      elseif not colleague.asks(o.kind) then",
        "      else",
    ),
    Mutant("expiry: misses not counted", "  streak.add(agent.load(o.agent), 'expired')\n", ""),
    Mutant(
        "expiry: no limit of misses",
        "  if limit == 0 or n < limit or a.presence",
        "  if limit > 1 or limit == 0 or n < limit or a.presence",
    ),
    Mutant(
        "expiry: state taken meanwhile is lost",
        " or a.presence ~= 'ready' then\n    return",
        " then\n    return",
    ),
    Mutant(
        "expiry: other offers go on ringing",
        "  offer.revoke_all(a, kind.reason)\n",
        "",
    ),
    Mutant(
        "escalation: never",
        "  if q.offers_max == 0 or c.failures < q.offers_max then",
        "  if true then",
    ),
    Mutant(
        "escalation: twice for the same failures",
        "failures = c.failures, to = to })\n  c.failures = 0\n",
        "failures = c.failures, to = to })\n",
    ),
)
