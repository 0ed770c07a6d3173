"""What has become of the demo's contacts, as the gateways' own socket tells it. Pure."""

from collections import Counter, deque
from typing import Any

import msgspec

Json = dict[str, Any]
LINES_KEPT = 200


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a run; waits are of the contacts that an agent accepted first."""

    contacts: int
    refused: int
    answered: int
    abandoned: int
    cancelled: int
    offers: int
    declined: int
    expired: int
    revoked: int
    transfers: int
    wait_p50_ms: int
    wait_p90_ms: int
    lost: list[str]


class Ledger:
    """The contacts of one run, and the last lines of what happened."""

    def __init__(self, run: str) -> None:
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.counts: Counter[str] = Counter()
        self._prefix = f"{run}-"
        self._ended: dict[str, str] = {}
        self._pushed: set[str] = set()
        self._waits: dict[str, int] = {}

    def push(self, contact: str) -> None:
        """A gateway has brought a contact and was told that it is taken."""
        self._pushed.add(contact)

    def refuse(self, contact: str, status: int) -> None:
        """The router did not take it."""
        self.counts["refused"] += 1
        self.lines.append(f"refused            {contact}  with {status}")

    def live(self) -> set[str]:
        """Contacts that have not ended."""
        return self._pushed - self._ended.keys()

    def is_waiting(self, contact: str) -> bool:
        """Nobody has accepted it yet, and it has not ended."""
        return contact not in self._waits and contact not in self._ended

    def end(self, contact: str, result: str) -> None:
        """It has ended."""
        self._ended[contact] = result

    def see(self, event: Json) -> None:
        """Takes in an event of the gateways' socket; other runs' contacts are left out."""
        contact = event.get("contact", "")
        if not contact.startswith(self._prefix):
            return
        self.counts[event["e"]] += 1
        if event["e"] == "offer.accepted":
            self._waits.setdefault(contact, event["wait_ms"])
            self.counts["transfers"] += event["kind"] == "transfer"
        elif event["e"] == "contact.assigned" and "wait_ms" in event:  # claimed, or by hand
            self._waits.setdefault(contact, event["wait_ms"])
        elif event["e"] == "contact.queued" and event.get("reason") == "transferred":
            self.counts["transfers"] += 1
        elif event["e"] == "contact.closed":
            self.end(contact, event["result"])
        self.lines.append(line_of(event))

    def take_lines(self) -> list[str]:
        """The lines since they were last taken."""
        taken = list(self.lines)
        self.lines.clear()
        return taken

    def summary(self) -> Summary:
        """The figures so far."""
        results, waits = Counter(self._ended.values()), sorted(self._waits.values())
        return Summary(
            contacts=len(self._pushed),
            refused=self.counts["refused"],
            answered=results["handled"],
            abandoned=results["abandoned"],
            cancelled=results["cancelled"],
            offers=self.counts["offer.made"],
            declined=self.counts["offer.declined"],
            expired=self.counts["offer.expired"],
            revoked=self.counts["offer.revoked"],
            transfers=self.counts["transfers"],
            wait_p50_ms=waits[len(waits) // 2] if waits else 0,
            wait_p90_ms=waits[len(waits) * 9 // 10] if waits else 0,
            lost=sorted(self.live()),
        )


def line_of(event: Json) -> str:
    """An event in one line."""
    words = [f"{event['e']:<17}", event["contact"]]
    names = ("queue", "agent", "kind", "reason", "result")
    words += [f"{name} {event[name]}" for name in names if event.get(name)]
    if event.get("wait_ms") is not None:
        words.append(f"after {event['wait_ms'] / 1000:.1f} s")
    return "  ".join(words)
