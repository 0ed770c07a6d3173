"""Faults in what is told of contacts at their end, and in who may end them."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "disposition: any code",
        "  if told.disposition and q.dispositions[1] and not",
        "  if false and not",
    ),
    Mutant(
        "disposition: codes that are not in use",
        "not (found and found.active ~= false) then",
        "not found then",
    ),
    Mutant(
        "disposition: refused though there is no catalogue",
        "told.disposition and q.dispositions[1] and not",
        "told.disposition and not",
    ),
    Mutant(
        "disposition: required in vain",
        "  if q.disposition_required and not (told.disposition or c.disposition) then",
        "  if false then",
    ),
    Mutant(
        "disposition: asked for twice",
        "not (told.disposition or c.disposition) then",
        "not told.disposition then",
    ),
    Mutant(
        "disposition: no is no answer",
        "  if q.resolved_required and told.resolved == nil and c.resolved == nil then",
        "  if q.resolved_required and not told.resolved and not c.resolved then",
    ),
    Mutant(
        "disposition: what was told is forgotten",
        "  c.disposition = told.disposition or c.disposition",
        "  c.disposition = told.disposition",
    ),
    Mutant(
        "disposition: whether it was solved is forgotten",
        "  if told.resolved ~= nil then\n",
        "  if told.resolved then\n",
    ),
    Mutant(
        "disposition: due at the close, though the wrap-up is for it",
        "  return not (q.disposition_at == 'wrap_up' and can_end)",
        "  return true",
    ),
    Mutant(
        "disposition: put off to a wrap-up that nobody ends",
        "q.wrap_up ~= 'forced_limit' and ending.wrap_up_ms",
        "ending.wrap_up_ms",
    ),
    Mutant(
        "disposition: put off to no wrap-up",
        "ending.wrap_up_ms(c, q, args.wrap_up) > 0",
        "true",
    ),
    Mutant(
        "disposition: nobody tells that it is missing",
        "is_missing = is_served and missing(q, c, NONE) ~= nil or nil,",
        "is_missing = nil,",
    ),
    Mutant(
        "survey: whatever the close says",
        "  if c.survey_wish ~= nil then",
        "  if false then",
    ),
    Mutant(
        "survey: of who was not served",
        "  c.survey_requested = is_served and is_asked or nil",
        "  c.survey_requested = is_asked or nil",
    ),
    Mutant(
        "score: before the end",
        "  elseif c.state ~= 'wrap_up' and c.state ~= 'closed' then\n"
        "    return { outcome = 'not_ended'",
        "  elseif false then\n    return { outcome = 'not_ended'",
    ),
    Mutant("score: again and again", "  elseif c.rating then", "  elseif false then"),
    Mutant(
        "close: by any member",
        "queue.load(c.queue).close_by == 'members' and agent.belongs",
        "agent.belongs",
    ),
    Mutant(
        "close: by whom the queue does not know",
        " and agent.belongs(agent.definition(agent_id), c.queue)",
        "",
    ),
    Mutant(
        "close: nobody tells who did",
        "  c.closed_by = how.agent ~= c.owner and how.agent or nil\n",
        "",
    ),
)
