-- put_agent: creates an agent or replaces his definition; work in hand stays with him.
-- args: agent, name, memberships, skills, slots, capacity
-- moves: presence new>offline · contact queued>queued
-- events: agent.put, contact.queued, line.made
-- outcomes: ok, unknown

transition.put_agent = function(args)
  local changes = { { kind = 'agent', id = args.agent, settings = args } }
  local problem = setup.problems(changes)[1]
  if problem then
    return unknown(problem.what)
  end
  return { outcome = 'ok', version = setup.apply(changes) }
end
