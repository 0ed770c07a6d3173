"""Faults in how closed contacts are let go."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "archived: one that lives is let go",
        "if c and c.state == 'closed' and c.closed_at == args.contacts[id] then",
        "if c and c.state == 'closed' then",
    ),
    Mutant(
        "archived: what was let go is admitted anew",
        "local known = contact.load(args.contact) or contact.trace(args.contact)",
        "local known = contact.load(args.contact)",
    ),
    Mutant(
        "archived: what was let go is still a contact",
        "    if c and c.let_go then\n",
        "    if false then\n",
    ),
    Mutant("archived: all but the one that was let go", "      c = nil\n    end", "    end"),
)
