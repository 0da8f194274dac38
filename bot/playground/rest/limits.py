"""Rate limits (Discord's topics/rate-limits): buckets, the global limit, invalid requests.

Discord does not publish the size of most buckets; the sizes here are of the order seen in practice.
Windows follow the monotonic clock, so that setting the world's clock does not change them.
"""

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from bot.playground.records.objects import JSON

MAX_REQUESTS_PER_SECOND = 50
MAX_INVALID_REQUESTS = 10_000
INVALID_SECONDS = 600.0
"""Invalid requests count for this long."""

MAX_WINDOWS = 4096
"""Above this number of windows, those that have ended are forgotten."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate limit, counted separately for each major parameter of a route.

    Attributes:
        name: the bucket's name; routes with the same name share it.
        count: how many requests are allowed in one window.
        seconds: how long a window is.
        in_global: True if the requests count in the global limit too.
    """

    name: str
    count: int
    seconds: float
    in_global: bool = True


@dataclass(slots=True)
class _Window:
    """The current window of one rule.

    Attributes:
        ends: when it ends, in seconds of the monotonic clock.
        used: how many requests it has let pass.
    """

    ends: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """The decision about one request.

    Attributes:
        headers: the rate-limit headers of the answer.
        body: the JSON of the 429 answer, or None if the request may pass.
    """

    headers: dict[str, str]
    body: JSON | None = None


@dataclass
class Limits:
    """The rate-limit windows of one bot.

    Attributes:
        enabled: False lets every request pass and sends no headers.
        hits: how many requests were answered with 429.
        per_second: the global limit, in requests per second.
    """

    enabled: bool = True
    hits: int = 0
    per_second: int = MAX_REQUESTS_PER_SECOND
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _global: _Window = field(default_factory=lambda: _Window(0.0))
    _invalid: deque[float] = field(default_factory=deque)

    def take(self, rule: Rule, major: str) -> LimitVerdict:
        """Counts one request and decides whether it may pass."""
        if not self.enabled:
            return LimitVerdict({})
        now = time.monotonic()
        if rule.in_global:
            if now >= self._global.ends:
                self._global = _Window(now + 1.0)
            if self._global.used >= self.per_second:
                return self._refused(self._global.ends - now, "global", {})
            self._global.used += 1
        window = self._windows.get((rule.name, major))
        if window is None or now >= window.ends:
            self._forget(now)
            window = self._windows[rule.name, major] = _Window(now + rule.seconds)
        left = window.ends - now
        passed = window.used < rule.count
        window.used += passed
        headers = {
            "X-RateLimit-Limit": str(rule.count),
            "X-RateLimit-Remaining": str(rule.count - window.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.blake2s(rule.name.encode(), digest_size=12).hexdigest(),
        }
        if passed:
            return LimitVerdict(headers)
        return self._refused(left, "user", headers)

    def _refused(self, seconds: float, scope: str, headers: dict[str, str]) -> LimitVerdict:
        self.hits += 1
        headers = headers | {"Retry-After": str(int(seconds) + 1), "X-RateLimit-Scope": scope}
        if scope == "global":
            headers["X-RateLimit-Global"] = "true"
        body: JSON = {
            "message": "You are being rate limited.",
            "code": 0,
            "retry_after": round(max(seconds, 0.001), 3),
            "global": scope == "global",
        }
        return LimitVerdict(headers, body)

    def _forget(self, now: float) -> None:
        if len(self._windows) > MAX_WINDOWS:
            self._windows = {k: w for k, w in self._windows.items() if w.ends > now}

    def invalid(self) -> None:
        """Counts an answer of 401, 403 or 429."""
        self._invalid.append(time.monotonic())

    @property
    def barred(self) -> bool:
        """True if the bot sent `MAX_INVALID_REQUESTS` invalid requests within ten minutes."""
        horizon = time.monotonic() - INVALID_SECONDS
        while self._invalid and self._invalid[0] < horizon:
            self._invalid.popleft()
        return self.enabled and len(self._invalid) >= MAX_INVALID_REQUESTS
