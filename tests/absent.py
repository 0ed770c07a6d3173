"""The promise about contacts that are in no line yet: those held, and those scheduled. Pure."""

from collections.abc import Iterator
from typing import Any

Plain = dict[str, Any]


def who_is_away_stands_apart(state: Plain) -> Iterator[str]:
    """Promise 1: who is held or scheduled is known to his queue, and stands in no line."""
    held: dict[str, dict[str, int]] = {}
    scheduled: dict[str, dict[str, int]] = {}
    for key, contact in state["contacts"].items():
        if contact["state"] == "held":
            held.setdefault(contact["queue"], {})[f"{contact['entered']:013d}{key}"] = contact[
                "score"
            ]
        elif contact["state"] == "scheduled":
            scheduled.setdefault(contact["queue"], {})[key] = contact["not_before"]
    for name, expected in (("held", held), ("scheduled", scheduled)):
        if state[name] != expected:
            yield f"queues know as {name} {state[name]}, it is {expected}"
