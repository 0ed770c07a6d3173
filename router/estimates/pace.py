"""How fast a line moves, and what a place in it means: the model that calibration corrects. Pure.

While somebody waits, the gaps between departures have an exponentially weighted mean. A gap that is
still open counts for what it has over the mean already: a line that has stopped is believed at
once. Place k is over after k such gaps: a gamma distribution, whose quantiles come from the formula
of Wilson and Hilferty (1931).
"""

from math import sqrt
from typing import Final

WEIGHT: Final = 0.97  # of each earlier gap beside the next
KNOWN_AFTER: Final = 3.0  # weighted departures from which on a pace is believed
MEAN_MIN_MS: Final = 100.0
PLACES: Final = (1, 2, 4, 8, 16, 32, 64)
NORMAL: Final = {50: 0.0, 80: 0.8416}


class Pace:
    """The departures of one line while somebody waits in it."""

    __slots__ = ("_at", "_count", "_open", "_sum", "is_busy")

    def __init__(self) -> None:
        self.is_busy = False
        self._sum = 0.0
        self._count = 0.0
        self._open = 0.0
        self._at = 0

    @property
    def is_known(self) -> bool:
        """Whether enough have left to say how fast."""
        return self._count >= KNOWN_AFTER

    def advance(self, at: int) -> None:
        """Time has come to `at`; what passed counts if somebody waited."""
        if self.is_busy:
            self._open += max(0, at - self._at)
        self._at = at

    def depart(self) -> None:
        """One of those who waited has left."""
        self._sum = WEIGHT * self._sum + self._open
        self._count = WEIGHT * self._count + 1
        self._open = 0.0

    def mean(self) -> float:
        """The mean gap in ms, with what is known of the one that is open."""
        mean = self._sum / self._count
        excess = max(0.0, self._open - mean)
        return max(MEAN_MIN_MS, (self._sum + excess) / self._count)


def quantile(place: int, percent: int) -> float:
    """How many mean gaps a place takes at most in `percent` of the cases."""
    spread = NORMAL[percent] / (3 * sqrt(place))
    return float(place * max(0.0, 1 - 1 / (9 * place) + spread) ** 3)


def band(place: int) -> int:
    """Which of `PLACES` a place is calibrated with: the last that is not beyond it."""
    return min(place.bit_length(), len(PLACES)) - 1
