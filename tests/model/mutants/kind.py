"""What a planted fault is."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A change of the library's text: `old` stands there exactly once."""

    name: str
    old: str
    new: str
