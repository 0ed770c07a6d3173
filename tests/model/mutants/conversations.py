"""Faults in what belongs to one conversation."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("conversation: of all customers", "customer .. '|' .. c.conversation", "c.conversation"),
    Mutant(
        "conversation: of all channels",
        "c.conversation and c.channel .. '|'",
        "c.conversation and '|'",
    ),
    Mutant("conversation: two that read alike", "'|' .. #customer .. '|'", "'|'"),
    Mutant(
        "conversation: never lapses",
        "    redis.call('PEXPIRE', key_of(c), int(kept_ms))\n",
        "",
    ),
    Mutant(
        "conversation: an old contact's end is its own",
        "  return c.conversation and redis.call('GET', key_of(c)) == c.id\n",
        "  return c.conversation\n",
    ),
    Mutant("conversation: names what was let go", "    redis.call('DEL', key_of(c))\n", ""),
    Mutant(
        "conversation: an admission leads nothing",
        "  conversation.lead(c)\n  if before",
        "  if before",
    ),
    Mutant("conversation: a follower leads nothing", "  conversation.lead(n)\n", ""),
    Mutant(
        "conversation: what is reopened leads nothing",
        "(c.episode or 1) + 1\n  conversation.lead(c)\n",
        "(c.episode or 1) + 1\n",
    ),
    Mutant("conversation: two open ones", "  return conversation.latest(c) or c\n", "  return c\n"),
    Mutant(
        "attach: even to what is over",
        "  if c and reopening.is_over(c) and not",
        "  if false and not",
    ),
    Mutant(
        "attach: what was told follows again",
        "reopening.is_over(c) and not talk.is_known(c, args.contact) and stays",
        "reopening.is_over(c) and stays",
    ),
    Mutant(
        "attach: reopens what is locked",
        "  return reopening.refusal(c, 'customer') or queue",
        "  return queue",
    ),
    Mutant(
        "attach: reopens what is to be linked",
        "'customer') or queue.load(c.queue).reopen == 'new_linked_contact'",
        "'customer')",
    ),
    Mutant("attach: a message counts twice", "  if not is_repeat then\n", "  if true then\n"),
    Mutant("attach: its id is forgotten", "    talk.know(c, args.contact)\n", ""),
    Mutant("attach: no trace", "    contact.leave_trace(args.contact, args.fp, c.id)\n", ""),
    Mutant(
        "attach: the repeat is about nothing",
        "  elseif known.attached then\n    return attaching.again(known)\n",
        "",
    ),
    Mutant(
        "attach: nobody hears it",
        "    speech.hear(c, { author = 'customer', visibility = 'public', id = args.contact })\n",
        "",
    ),
    Mutant(
        "episode: knows nothing of the one before",
        "    contact.link(c, 'follow_up_of', before.id)\n",
        "",
    ),
    Mutant("episode: of its own", "    c.follows = before.follows or before.id\n", ""),
    Mutant(
        "attach: the archive is not asked",
        "  elseif args.asks_archive and args.conversation and not before then\n"
        "    return unknown('conversation')\n",
        "",
    ),
    Mutant(
        "attach: the archive is asked of what is over",
        "args.asks_archive and args.conversation and not before then",
        "args.asks_archive and args.conversation then",
    ),
    Mutant(
        "attach: the archive's word counts for nothing",
        "conversation.latest(args) or contact.before(args)",
        "conversation.latest(args)",
    ),
    Mutant(
        "attach: the archive's word before the store's",
        "conversation.latest(args) or contact.before(args)",
        "contact.before(args) or conversation.latest(args)",
    ),
    Mutant(
        "attach: to an earlier life of its own id",
        "  if not record or record.id == args.contact then\n",
        "  if not record then\n",
    ),
    Mutant(
        "attach: to a later life in another conversation",
        "  return conversation.name(c) == conversation.name(args) and c or nil\n",
        "  return c\n",
    ),
    Mutant(
        "attach: its own id means nothing",
        "  return trace and trace.attached or id\n",
        "  return id\n",
    ),
    Mutant(
        "attach: nobody is told whom it meant",
        "  reply.contact = reply.contact or other\n  if not cx.now",
        "  if not cx.now",
    ),
    Mutant("attach: keeps nothing alive", "contact.load(contact.meant(id))", "contact.load(id)"),
    Mutant(
        "episode: of what is not there",
        "    contact.keep(before)\n",
        "",
    ),
    Mutant(
        "episode: one link too many",
        "  if contact.can_link(c) then\n    contact.link(c, 'follow_up', id)",
        "  if true then\n    contact.link(c, 'follow_up', id)",
    ),
    Mutant("episode: the one before knows nothing", "    reopening.hand_on(before, c.id)\n", ""),
    Mutant(
        "conversation: what is back is not found",
        "  if not other or other.arrived < c.arrived then",
        "  if other and other.arrived < c.arrived then",
    ),
    Mutant(
        "conversation: what is back comes before what came since",
        "  if not other or other.arrived < c.arrived then",
        "  if true then",
    ),
)
