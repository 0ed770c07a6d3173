"""Owns how much somebody may ask: token buckets, one for each caller. Pure but for their clock."""

from collections.abc import Callable
from typing import Final

BUCKETS_MAX: Final = 20_000


class TokenBucket:
    """Lets `rate_per_s` through on the average, `burst` at once."""

    __slots__ = ("_burst", "_clock", "_filled", "_level", "_rate")

    def __init__(self, rate_per_s: float, burst: int, clock: Callable[[], float]) -> None:
        """Starts full. `clock` tells seconds that never run back."""
        self._rate = rate_per_s
        self._burst = burst
        self._clock = clock
        self._level = float(burst)
        self._filled = clock()

    def take(self, cost: float = 1) -> bool:
        """Whether one more may pass now; what costs more than the burst waits for a full one."""
        now = self._clock()
        self._level = min(self._burst, self._level + (now - self._filled) * self._rate)
        self._filled = now
        if self._level < min(cost, self._burst):
            return False
        self._level -= cost
        return True


class Buckets:
    """A bucket for each caller; the idle ones are forgotten when there are too many."""

    def __init__(self, rate_per_s: float, burst: int, clock: Callable[[], float]) -> None:
        """Makes buckets when they are first asked for."""
        self._rate = rate_per_s
        self._burst = burst
        self._clock = clock
        self._buckets: dict[tuple[str, str], TokenBucket] = {}

    def of(self, tenant: str, subject: str) -> TokenBucket:
        """The caller's bucket."""
        bucket = self._buckets.get((tenant, subject))
        if bucket is None:
            if len(self._buckets) >= BUCKETS_MAX:
                self._buckets.clear()
            bucket = TokenBucket(self._rate, self._burst, self._clock)
            self._buckets[(tenant, subject)] = bucket
        return bucket
