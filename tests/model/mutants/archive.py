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
    Mutant(
        "restored: is another arrival to its gateway",
        "  c.fp = trace and trace.fp or ''\n",
        "  c.fp = ''\n",
    ),
    Mutant("restored: nobody is told", "  if not c.is_restored then\n", "  if true then\n"),
    Mutant("restored: nobody ever replied", "  'participants',\n", ""),
    Mutant("restored: counts its offers anew", "  'offers',\n", ""),
    Mutant("restored: its messages count again", "  'messages',\n", ""),
    Mutant(
        "restored: was never followed",
        "not is_taken(id) and not is_linked(c, id)",
        "not is_taken(id)",
    ),
    Mutant(
        "restored: scored anew",
        "  'rating',\n  'survey_requested',\n  'closed_by',\n  'closed_at',\n}",
        "  'survey_requested',\n  'closed_by',\n  'closed_at',\n}",
    ),
    Mutant("archived: all but the one that was let go", "      c = nil\n    end", "    end"),
)
