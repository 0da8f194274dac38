"""Rate limits (Discord's topics/rate-limits): buckets, the global limit, invalid requests.

Discord does not publish the size of most buckets; those here are of the order seen in practice.
Windows are on the monotonic clock, so setting the world's clock changes none.
"""

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from bot.playground.records.objects import JSON

GLOBAL_PER_SECOND = 50
INVALID_LIMIT = 10_000
INVALID_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """So many requests in so many seconds, for each major parameter of a route."""

    name: str
    count: int
    seconds: float
    in_global: bool = True


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """Whether a request may pass, and the headers that say how things stand."""

    headers: dict[str, str]
    body: JSON | None = None
    """The 429 answer; None when the request may pass."""


@dataclass
class Limits:
    """The windows of one bot. `enabled` False lets everything pass and sends no headers."""

    enabled: bool = True
    hits: int = 0
    """Answers with 429 so far."""
    per_second: int = GLOBAL_PER_SECOND
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _global: _Window = field(default_factory=lambda: _Window(0.0))
    _invalid: deque[float] = field(default_factory=deque)

    def take(self, rule: Rule, major: str) -> LimitVerdict:
        """Count one request."""
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
        if len(self._windows) > 4096:
            self._windows = {k: w for k, w in self._windows.items() if w.ends > now}

    def invalid(self) -> None:
        """Count an answer of 401, 403 or 429."""
        self._invalid.append(time.monotonic())

    @property
    def barred(self) -> bool:
        """True once 10,000 invalid requests came within ten minutes."""
        horizon = time.monotonic() - INVALID_SECONDS
        while self._invalid and self._invalid[0] < horizon:
            self._invalid.popleft()
        return self.enabled and len(self._invalid) >= INVALID_LIMIT
