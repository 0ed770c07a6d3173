"""What the journal tells of by when customers have their answers. Pure."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.broken import Broken

if TYPE_CHECKING:
    from tests.hands import FoldedContact

Plain = dict[str, Any]
CLOCKED = ("queued", "offered", "assigned")
MOVES_OF_CLOCKS = dict.fromkeys(
    ("contact.response_clock", "contact.response_due", "contact.response_late"), CLOCKED
)


@dataclass(kw_only=True)
class FoldedClock:
    """The clock of one contact; `warned`: what was told of this waiting."""

    response_by: int | None = None
    clock_from: int | None = None
    warned: list[str] = field(default_factory=list)


class ToldClocks:
    """The part of the fold that watches the clocks."""

    contacts: "dict[str, FoldedContact]"

    def _mind_clock(self, name: str) -> None:
        """It stands still where nobody waits, in the customer's turn and out of hours."""
        contact = self.contacts.get(name)
        if contact and (contact.customer_since is None or contact.state not in CLOCKED):
            contact.response_by = None

    def _contact_response_clock(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if (event["queue"], event.get("agent")) != (contact.queue, contact.owner):
            raise Broken(f"a clock of what is elsewhere: {event}, {contact}")
        if event["since"] != contact.clock_from:
            contact.clock_from, contact.warned = event["since"], []
        contact.response_by = event.get("response_by")

    def _contact_response_due(self, event: Plain) -> None:
        """Each is told once of a waiting, and the warning never after the breach."""
        contact = self.contacts[event["contact"]]
        if event["response_by"] != contact.response_by or event["e"] in contact.warned:
            raise Broken(f"told twice, or of no deadline: {event}, {contact}")
        if "contact.response_late" in contact.warned:
            raise Broken(f"told after the breach: {event}, {contact}")
        contact.warned.append(event["e"])

    _contact_response_late = _contact_response_due
