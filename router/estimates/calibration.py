"""Keeps told quantiles true: each miss widens them, each kept promise narrows them a little. Pure.

Adaptive conformal inference (Gibbs and Candes 2021), on a logarithmic scale: a quantile p is told
times exp(theta), and theta moves by ETA x (missed - (1 - p)). Waits have a bound, so theta has one,
so the share of misses comes to 1 - p whatever the waits do and however wrong the model is. There is
one theta for each queue and channel and one for each band of places in it; they add up.
"""

from math import exp
from typing import Final

from router.estimates.pace import NORMAL

ETA: Final = 0.05
EAGER: Final = 0.15  # of the first step, less with each that follows, down to ETA
THETA_MAX: Final = 12.0

Key = tuple[str, int, int]  # group, band or ALL, percent
ALL: Final = -1
PERCENTS: Final = tuple(NORMAL)


class Calibration:
    """The factors of one tenant."""

    def __init__(self) -> None:
        self._thetas: dict[Key, float] = {}
        self._steps: dict[Key, int] = {}

    def factor(self, group: str, band: int, percent: int) -> float:
        """What the model's quantile is told times."""
        theta = sum(self._thetas.get((group, part, percent), 0.0) for part in (ALL, band))
        return exp(max(-THETA_MAX, min(THETA_MAX, theta)))

    def learn(self, group: str, band: int, percent: int, *, is_kept: bool) -> None:
        """A promise of the group was kept or broken."""
        missed = 0.0 if is_kept else 1.0
        for key in ((group, ALL, percent), (group, band, percent)):
            step = self._steps[key] = self._steps.get(key, 0) + 1
            moved = max(ETA, EAGER / step**0.5) * (missed - (1 - percent / 100))
            theta = self._thetas.get(key, 0.0) + moved
            self._thetas[key] = max(-THETA_MAX, min(THETA_MAX, theta))
