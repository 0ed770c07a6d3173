"""Rebuilds contacts and agents from the journal alone, and holds every event to its past. Pure.

What the state can not show is found here: an offer that ends twice, an agent who was offered what
he could not take, a contact passed over without a reason, an end that is not the end.
"""

from collections.abc import Iterable
from typing import Any

from router.doctor.capacity import Channels
from tests.broken import Broken
from tests.hands import FoldedAgent, FoldedContact
from tests.told_clocks import MOVES_OF_CLOCKS
from tests.told_ends import BY_HAND, ToldEnds
from tests.told_repairs import ToldRepairs
from tests.told_talk import ToldTalk

Plain = dict[str, Any]
TAKEN = ("claimed", "taken_over", "assigned")  # by whom is told before the event that says so
REFUSALS = ("declined", "expired")
OWNED = ("assigned", "waiting_customer")
LIVE = ("held", "scheduled", "queued", "offered", *OWNED, "wrap_up")
# What each event of a contact may follow. Nothing but notes follows `closed`.
MOVES = {
    "contact.step": ("queued",),
    "contact.notified": ("queued",),
    "contact.unreachable": ("queued",),
    "contact.queued": ("offered", "assigned", "waiting_customer", "queued", "held", "scheduled"),
    "contact.activity": (*LIVE, "closed"),
    **MOVES_OF_CLOCKS,
    "contact.waiting_customer": OWNED,
    "contact.updated": ("queued", "offered", "held", "scheduled"),
    "contact.diverted": ("queued", "held"),
    "contact.held": ("scheduled", "held", "queued", "offered"),
    "contact.scheduled": ("scheduled", "held", "queued", "offered", "assigned"),
    "contact.callback": ("scheduled", "held", "queued", "offered"),
    "contact.not_reached": ("assigned",),
    "contact.escalated": ("offered",),
    "contact.widened": ("offered",),
    "contact.assigned": ("offered", *OWNED, "queued", "held", "scheduled"),
    "contact.monitored": ("assigned",),
    "contact.forked": ("assigned",),
    "contact.consulted": ("assigned",),
    "contact.consult_ended": ("assigned",),
    "contact.wrap_up": ("assigned",),
    "contact.scored": ("wrap_up", "closed"),
    "contact.closed": LIVE,
    "offer.made": ("queued", "offered", "assigned"),
    "offer.accepted": ("offered", "assigned"),
    "offer.declined": ("offered", "assigned"),
    "offer.expired": ("offered", "assigned"),
    "offer.revoked": ("offered", "assigned"),
}
PARTINGS = ("contact.queued", "contact.scheduled", "contact.wrap_up", "contact.closed")
RESTORED = (
    *("offers", "result", "disposition", "resolved", "participants", "links", "episode", "note"),
)
OFFER_ENDS = ("offer.accepted", "offer.declined", "offer.expired", "offer.revoked")


class Fold(ToldTalk, ToldEnds, ToldRepairs):
    """The state after the events so far. Raises: Broken, at the first event that can not be."""

    def __init__(self) -> None:
        self.contacts: dict[str, FoldedContact] = {}
        self.agents: dict[str, FoldedAgent] = {}
        self.channels = Channels()
        self.lines: set[str] = set()
        self.conversations: dict[str, str] = {}

    def apply(self, event: Plain) -> None:
        """Takes the next event."""
        name: str = event["e"]
        owner, _, verb = name.partition(".")
        if event.get("reason") == "repaired":
            self._repaired(event)
            return
        if name in MOVES:
            self._check_move(name, event)
        if owner in ("contact", "offer"):
            getattr(self, f"_{owner}_{verb}")(event)
            self._mind_clock(event["contact"])
        elif name == "agent.removed":
            self._agent_removed(event["agent"])
        elif owner in ("agent", "session"):
            self._agent(name, event)
        elif name == "config.tenant":
            self.channels = Channels(event["settings"].get("channels") or {})
            for agent in self.agents.values():
                agent.over = agent.over or agent.is_strained(self.channels)
        elif owner == "work":
            self._work(verb, event)
        elif owner == "line":
            self._line(verb, event["line"])
        elif name == "repair.made":
            self._repair_made(event)

    def lowered(self) -> set[str]:
        """Agents who hold more than they may, because their limits were lowered meanwhile."""
        for agent in self.agents.values():
            agent.over = agent.over and agent.is_strained(self.channels)
        return {name for name, agent in self.agents.items() if agent.over}

    def _check_move(self, name: str, event: Plain) -> None:
        contact = self.contacts.get(event["contact"])
        if contact is None or contact.state not in MOVES[name]:
            raise Broken(f"{name} of a contact that is {contact and contact.state}: {event}")
        if contact.guest is not None and name in PARTINGS:
            raise Broken(f"{contact.guest} still takes part: {event}")
        if name in OFFER_ENDS:
            offer = contact.ringing.get(event["offer"])
            if offer is None or offer["agent"] != event["agent"]:
                raise Broken(f"the offer ends that is not pending: {event}, {contact.ringing}")

    def _contact_admitted(self, event: Plain) -> None:
        known = self.contacts.get(event["contact"])
        if known is not None and known.state != "closed":
            raise Broken(f"admitted twice: {event}")
        self.contacts[event["contact"]] = FoldedContact(
            queue=event["queue"],
            channel=event["channel"],
            line=event.get("line") or "",
            entered=event["entered"],
            due=event.get("due") or 0,
            tier=event["tier"],
            state=event["state"],
            is_callback=bool(event.get("callback")),
            customer_since=event.get("customer_since"),
            links=event.get("links") or [],
            note=event.get("note"),
        )
        self._goes_on(event)

    def _contact_restored(self, event: Plain) -> None:
        """The archive has of it what the journal said, as far as we heard that."""
        heard = self.contacts.get(event["contact"])
        told = {name: event[name] for name in RESTORED if name in event}
        told |= {"score": event.get("rating", {}).get("score"), "is_callback": "callback" in event}
        contact = FoldedContact(event["queue"], event["channel"], "", 0, 0, 0, "closed", **told)
        if heard is not None and heard.state != "closed":
            raise Broken(f"restored, and was not gone: {event}, {heard}")
        for name in ("queue", "score", *RESTORED):
            if heard is not None and getattr(heard, name) != getattr(contact, name):
                raise Broken(f"restored with another {name}: {event}, {heard}")
        self.contacts[event["contact"]] = contact

    def _contact_queued(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.ringing:
            raise Broken(f"queued while its offer is pending: {event}")
        if contact.owner is not None:
            contact.tried.add(contact.owner)
            self._drop_owner(event["contact"], contact)
        contact.state, contact.owner = "queued", None
        contact.customer_since = event.get("customer_since")
        contact.queue, contact.line = event["queue"], event["line"]
        contact.entered, contact.due = event["entered"], event["due"]
        contact.tier = event["tier"]
        if event["reason"] == "transferred":
            contact.note = event.get("note")

    def _contact_updated(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        contact.line, contact.due = event.get("line") or "", event.get("due") or 0
        contact.tier = event["tier"]

    def _contact_held(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.ringing:
            raise Broken(f"held while an offer is pending: {event}")
        contact.state, contact.due, contact.line = "held", event["due"], ""
        contact.queue, contact.entered = event["queue"], event["entered"]
        if event["reason"] == "transferred":
            contact.note = event.get("note")

    def _contact_scheduled(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.ringing:
            raise Broken(f"scheduled while an offer is pending: {event}")
        self._drop_owner(event["contact"], contact)
        contact.state, contact.owner = "scheduled", None
        contact.queue, contact.customer_since = event["queue"], None
        if event["reason"] == "transferred":
            contact.note, contact.due = event.get("note"), event.get("due") or contact.due

    def _contact_diverted(self, event: Plain) -> None:
        if event["from"] == event["to"]:
            raise Broken(f"sent on to where it was: {event}")

    def _contact_step(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if event["tier"] < contact.tier or event["entered"] != contact.entered:
            raise Broken(f"a step that costs its place: {event}")
        self._contact_updated(event)

    def _contact_notified(self, event: Plain) -> None:
        if self.contacts[event["contact"]].queue != event["queue"]:
            raise Broken(f"told of a queue where it does not wait: {event}")

    def _contact_unreachable(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.line != event["line"] or event["line"].partition("|@")[1]:
            raise Broken(f"told unreachable in another line: {event}, {contact}")

    def _contact_widened(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if event["width"] <= contact.width:
            raise Broken(f"widened to no more than {contact.width}: {event}")
        contact.width = event["width"]

    def _contact_assigned(self, event: Plain) -> None:
        name, contact = event["contact"], self.contacts[event["contact"]]
        if event["how"] == "customer_replied":
            self._check_return(event, contact)
        elif event["how"] == "consult":
            self._check_heir(event, contact)
        elif event["how"] != "offer":
            self._check_taken(event, contact)
        elif contact.accepted_by != event["agent"]:
            raise Broken(f"assigned without an accepted offer: {event}")
        if contact.lost_to not in (None, event["agent"]):
            raise Broken(f"{contact.lost_to} was told as its taker: {event}")
        contact.lost_to = None
        if contact.ringing:
            raise Broken(f"assigned while it rings others: {event}, {contact.ringing}")
        contact.accepted_by = None
        if contact.owner != event["agent"]:
            self._drop_owner(name, contact)
        contact.is_freed = False
        self._set_work(event["agent"], name, "assigned")
        contact.state, contact.owner = "assigned", event["agent"]
        contact.note = event.get("note") or contact.note
        contact.due = event.get("due", contact.due)
        contact.entered = event.get("entered", contact.entered)
        contact.tried.clear()

    def _check_taken(self, event: Plain, contact: FoldedContact) -> None:
        """The agent was there, ready and had room, or the event says that he need not."""
        is_own = contact.owner == event["agent"]
        is_free = contact.owner is None or is_own
        if event["how"] != "hand" and (event["how"] == "take_over") == is_free:
            raise Broken(f"by {event['how']} from {contact.owner}: {event}")
        if is_own:
            self._drop_owner(event["contact"], contact)
        self._check_there(event, contact)

    def _check_there(self, event: Plain, contact: FoldedContact) -> None:
        """He is there and has room, or the event says that he need not; he has it in hand now."""
        agent = self.agents[event["agent"]]
        wanted = "not_ready" if event.get("not_ready") else "ready"
        if agent.presence != wanted or not agent.sessions:
            raise Broken(f"given to an agent who is not there: {event}, {agent}")
        room = self.channels.room(agent.held(), agent.slots, agent.capacity, contact.channel)
        if (room != "ok") != bool(event.get("over_capacity")):
            raise Broken(f"given to an agent whose room is {room}: {event}, {agent}")
        cost = self.channels.cost(contact.channel)
        agent.work[event["contact"]] = ("assigned", contact.channel, cost)
        agent.over = agent.over or bool(event.get("over_capacity"))

    def _contact_closed(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.ringing:
            raise Broken(f"closed while its offer is pending: {event}")
        self._drop_owner(event["contact"], contact)
        contact.state, contact.result, contact.customer_since = "closed", event["result"], None
        self._hear_end(event, contact)

    def _offer_made(self, event: Plain) -> None:
        name, contact = event["contact"], self.contacts[event["contact"]]
        agent = self.agents[event["agent"]]
        if event["offer"] != contact.offers + 1:
            raise Broken(f"not the contact's next offer: {event}, pending {contact.ringing}")
        if (event["kind"] in BY_HAND) != (contact.state == "assigned"):
            raise Broken(f"offered while {contact.state}: {event}")
        self._check_width(event, contact)
        self._check_routable(event, agent)
        if contact.state == "queued":
            self._check_order(event, contact)
            contact.state = "offered"
        contact.offers = event["offer"]
        contact.ringing[event["offer"]] = event
        agent.work[name] = ("offer", contact.channel, self.channels.cost(contact.channel))

    def _check_width(self, event: Plain, contact: FoldedContact) -> None:
        """Several may ring at once, each once, and no more than the contact's width allows."""
        if not contact.ringing:
            contact.width = (event.get("width") or 1) if event["kind"] == "queue" else 1
        if event["agent"] in {offer["agent"] for offer in contact.ringing.values()}:
            raise Broken(f"rings an agent twice: {event}, pending {contact.ringing}")
        if len(contact.ringing) >= contact.width:
            raise Broken(f"rings more than {contact.width}: {event}, pending {contact.ringing}")
        if contact.ringing and (event["side"], event["kind"]) != ("broadcast", "queue"):
            raise Broken(f"a second bell that is not a broadcast's: {event}")
        if event["side"] == "broadcast":
            self._check_nobody_needs_him(event)

    def _check_nobody_needs_him(self, event: Plain) -> None:
        """A second bell takes no agent from somebody in the line whom nobody serves."""
        line = self.contacts[event["contact"]].line
        for name, other in self.contacts.items():
            waits = other.state == "queued" and other.line == line
            if waits and event["agent"] not in other.tried:
                raise Broken(f"{name} waits while a second bell is rung: {event}")

    def _check_routable(self, event: Plain, agent: FoldedAgent) -> None:
        is_asked = event.get("kind") in BY_HAND and event.get("not_ready")
        is_there = (agent.presence == "ready" and not agent.pending) != bool(is_asked)
        if agent.presence == "offline" or not is_there or not agent.sessions:
            raise Broken(f"offered to an agent who is not routable: {event}, {agent}")
        room = self.channels.room(agent.held(), agent.slots, agent.capacity, event["channel"])
        if room != "ok":
            raise Broken(f"offered to an agent without room ({room}): {event}, {agent}")

    def _check_order(self, event: Plain, contact: FoldedContact) -> None:
        """Who is passed over in a line had failed with this agent before: he was cooling."""
        place = contact.place(event["contact"])
        for name, other in self.contacts.items():
            if other.state == "queued" and other.line == contact.line:
                unfair = other.place(name) < place and event["agent"] not in other.tried
                if unfair:
                    raise Broken(f"{name} waits since earlier, and was passed over: {event}")

    def _end_offer(self, event: Plain) -> FoldedContact:
        contact = self.contacts[event["contact"]]
        if event["e"] in ("offer.declined", "offer.expired") and event["kind"] not in BY_HAND:
            contact.tried.add(event["agent"])
        del contact.ringing[event["offer"]]
        return contact

    def _offer_accepted(self, event: Plain) -> None:
        contact = self._end_offer(event)
        if contact.accepted_by is not None:
            raise Broken(f"accepted twice, by {contact.accepted_by} before: {event}")
        contact.accepted_by = event["agent"]

    def _offer_declined(self, event: Plain) -> None:
        self._end_offer(event)
        self.agents[event["agent"]].drop(event["contact"])

    _offer_expired = _offer_declined

    def _offer_revoked(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        winner, taker = contact.accepted_by, event.get("taken_by")
        if event["reason"] in TAKEN:
            contact.lost_to = taker
        elif (event["reason"] == "taken") != (winner is not None) or winner != taker:
            raise Broken(f"taken by {winner}, but: {event}")
        self._offer_declined(event)

    def _set_work(self, agent: str, contact: str, kind: str) -> None:
        _, channel, units = self.agents[agent].work[contact]
        self.agents[agent].work[contact] = (kind, channel, units)

    def _agent(self, name: str, event: Plain) -> None:
        agent = self.agents.setdefault(event["agent"], FoldedAgent())
        if name == "agent.put":
            agent.slots = event.get("slots") or {}
            agent.capacity = event["capacity"]
            agent.over = agent.is_strained(self.channels)
        elif name == "agent.state":
            if event["was"] != agent.presence:
                raise Broken(f"was not so before: {event}, {agent}")
            agent.presence, agent.reason = event["presence"], event.get("reason") or ""
            agent.pending = event.get("pending") or None
        elif name == "session.opened":
            agent.sessions.add(event["session"])
        elif event["session"] not in agent.sessions:
            raise Broken(f"a session closes that is not open: {event}")
        else:
            agent.sessions.remove(event["session"])

    def _agent_removed(self, name: str) -> None:
        agent = self.agents.pop(name)
        if agent.presence != "offline" or agent.sessions or agent.work:
            raise Broken(f"removed while he was there: {name}, {agent}")

    def _line(self, verb: str, line: str) -> None:
        if (line in self.lines) != (verb == "dropped") and not self.is_repaired:
            raise Broken(f"line {line} can not be {verb}")
        (self.lines.discard if verb == "dropped" else self.lines.add)(line)


def fold(events: Iterable[Plain]) -> Fold:
    """The state that the events tell. Raises: Broken."""
    folded = Fold()
    for event in events:
        folded.apply(event)
    return folded
