"""Who is called first: scores in the rows of lines, and the marks of those who take turns. Pure."""

from router.doctor import scores as standing
from tests.model.asked import Asked
from tests.model.clocks import Clocks
from tests.model.records import Agent, Contact, Plain

RESTART = ("strategy", "idle_since", "seed")


class Rows(Clocks):
    """The part of the model that knows the strategies of queues."""

    def could_serve(self, line: str) -> int:
        """How many agents could ever serve a queue's line, there or not."""
        queue, channel, _ = line.split("|")
        asked = self.lines[line][2] if line in self.lines else Asked({}, ())
        able = [a for a in self.agents.values() if a.is_member(queue) and a.slots.get(channel)]
        return sum(agent.meets(asked) for agent in able)

    def is_pull(self, queue: str) -> bool:
        """Whether agents choose there, and nobody is called."""
        return bool(self.queues[queue]["distribution"] == "pull")

    def row_score(self, agent: Agent, line: str) -> int:
        """His score in the line's row, now."""
        queue = line.split("|", maxsplit=1)[0]
        self.have_mark(agent, queue)
        return standing.score(
            standing.Standing(
                turn=agent.turn or 0,
                since=agent.since,
                units=agent.units(),
                memberships=agent.memberships,
                skills=agent.skills,
                marks=agent.marks,
            ),
            line,
            self.queues[queue],
        )

    def have_mark(self, agent: Agent, queue: str) -> None:
        """Who has none yet stands behind all who were called, or joins the race now."""
        strategy = self.queues[queue]["strategy"]
        if queue in agent.marks or strategy not in standing.MARKED:
            return
        count = self.counts.get(queue, 0)
        agent.marks[queue] = count if strategy == "round_robin" else self.draw(agent, queue, count)

    def draw(self, agent: Agent, queue: str, start: int) -> int:
        weight = int(agent.memberships.get(queue, {}).get("weight", 1))
        seed = int(self.queues[queue]["seed"])
        return standing.draw(seed, queue, agent.id, start, weight)

    def come_back(self, agent: Agent) -> None:
        """Whose clock rang while he stood nowhere has it wound up again."""
        for queue, mark in agent.marks.items():
            count = self.counts.get(queue, 0)
            if self.queues[queue]["strategy"] == "weighted_random" and mark < count:
                agent.marks[queue] = self.draw(agent, queue, count)

    def called(self, agent: Agent, contact: Contact, *, is_row: bool) -> None:
        """What a call does to his place in the row of the contact's queue."""
        queue = contact.queue
        strategy = self.queues[queue]["strategy"]
        if strategy == "round_robin":
            self.counts[queue] = agent.marks[queue] = self.counts.get(queue, 0) + 1
        elif strategy == "weighted_random" and is_row:
            rang = max(self.counts.get(queue, 0), agent.marks[queue])
            self.counts[queue] = rang
            agent.marks[queue] = self.draw(agent, queue, rang)

    def other_rules(self, queue: str, before: Plain | None) -> None:
        """The queue's rows begin anew when its rules for them are others."""
        if before is None:
            return
        is_same = all(before[name] == self.queues[queue][name] for name in RESTART)
        if is_same and (before["distribution"] == "pull") == self.is_pull(queue):
            return
        self.counts.pop(queue, None)
        for agent in self.agents.values():
            if agent.is_member(queue):
                agent.marks.pop(queue, None)
                if agent.stands:
                    self.touched_agents.add(agent.id)

    def keep_marks(self, agent: Agent, memberships: dict[str, Plain]) -> None:
        """Marks stay for the queues that he served and goes on serving, at the same weight."""
        after = Agent(agent.id, "", memberships, {}, {}, 0, since=0)
        for queue in list(agent.marks):
            weights = [m.get(queue, {}).get("weight", 1) for m in (agent.memberships, memberships)]
            serves = agent.is_member(queue) and after.is_member(queue)
            if not serves or weights[0] != weights[1]:
                del agent.marks[queue]

    def seen_due(self, agent: Agent, contact: Contact) -> int:
        """The contact's score for an agent who chooses: its queue may be credited."""
        if not agent.is_member(contact.queue):
            return contact.score
        membership = agent.memberships[contact.queue]
        credit = self.queues[contact.queue]["credit_ms"] + membership.get("credit_ms", 0)
        return contact.score - int(credit)
