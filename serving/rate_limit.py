"""Token buckets: each caller may send so many requests a minute, and a few at once."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

RATE: Final = 3000  # requests a minute of one caller, where nothing else is said
_MAX_BUCKETS: Final = 10_000  # of callers remembered; the one seen longest ago is forgotten first


class RateLimit:
    """One bucket a caller, full at first, that fills at ``per_minute`` tokens up to ``burst``."""

    def __init__(
        self, per_minute: int, burst: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``per_minute`` 0 means no limit; ``burst`` is a tenth of a minute's tokens when it is not given."""
        self.per_minute = per_minute
        self.burst = max(1, per_minute // 10) if burst is None else burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, when counted

    def take(self, caller: str) -> float:
        """Take a token of ``caller``: 0 if there was one, otherwise the seconds until there will be."""
        if not self.per_minute:
            return 0.0
        rate = self.per_minute / 60
        now = self._clock()
        tokens, counted = self._buckets.pop(caller, (float(self.burst), now))
        tokens = min(self.burst, tokens + (now - counted) * rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / rate
        self._buckets[caller] = (tokens - 1 if wait == 0 else tokens, now)
        if len(self._buckets) > _MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return wait
