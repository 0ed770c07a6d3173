"""What contacts ask of their agents. Pure."""

from dataclasses import dataclass

Skills = dict[str, int]


@dataclass(frozen=True)
class Asked:
    """What a contact asks of its agent: all of the one, and one of each clause of the other."""

    all_of: Skills
    any_of: tuple[Skills, ...]

    def simple(self) -> "Asked":
        """The same demand in its shortest words: what all equal demands are written as."""
        all_of = dict(self.all_of)
        for clause in self.any_of:
            if len(clause) == 1:
                [(skill, level)] = clause.items()
                all_of[skill] = max(level, all_of.get(skill, 0))
        open_ones = [c for c in self.any_of if all(all_of.get(s, 0) < n for s, n in c.items())]
        return Asked(all_of, tuple(open_ones))

    def text(self) -> str:
        simple = self.simple()
        plain = [f"{skill}={level}" for skill, level in simple.all_of.items()]
        clauses = ["/".join(sorted(f"{s}={n}" for s, n in c.items())) for c in simple.any_of]
        return ",".join(sorted({*plain, *clauses}))
