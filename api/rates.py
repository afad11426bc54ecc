"""How many requests a caller may make: a bucket of tokens that fills up again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_MOST_CALLERS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_s: float


class Rates:
    """Buckets by caller: `burst` requests at once, then `per_s` a second.

    >>> rates = Rates(per_s=2, burst=1)
    >>> [rates.wait_s("ana", at) for at in (0.0, 0.1, 0.5)]
    [0.0, 0.4, 0.0]
    """

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s, self._burst = per_s, float(burst)
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, caller: str, now_s: float) -> float:
        """0 where the caller may go on (which takes a token), else the seconds until it may."""
        bucket = self._buckets.get(caller)
        if bucket is None:
            if len(self._buckets) >= _MOST_CALLERS:
                self._forget(now_s)
            bucket = self._buckets[caller] = _Bucket(self._burst, now_s)
        filled = bucket.tokens + (now_s - bucket.at_s) * self._per_s
        bucket.tokens, bucket.at_s = min(self._burst, filled), now_s
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self._per_s

    def _forget(self, now_s: float) -> None:
        """Forget those whose buckets are full again; the oldest, where all are busy."""
        full_s = self._burst / self._per_s
        self._buckets = {
            caller: bucket
            for caller, bucket in self._buckets.items()
            if now_s - bucket.at_s < full_s
        }
        while len(self._buckets) >= _MOST_CALLERS:
            del self._buckets[next(iter(self._buckets))]
