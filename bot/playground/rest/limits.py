"""Rate limits (Discord's topics/rate-limits): buckets, the global limit, invalid requests.

Discord does not publish how many requests most buckets allow; the numbers here are about those seen
in practice. Time is measured with the monotonic clock, so that setting the local Discord's clock
does not change the limits.
"""

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from bot.playground.records.objects import JSON

MAX_REQUESTS_PER_SECOND = 50
MAX_INVALID_REQUESTS = 10_000
INVALID_SECONDS = 600.0
"""The seconds for which an invalid request (answered 401, 403 or 429) counts."""

MAX_WINDOWS = 4096
"""If there are more windows than this, those that have ended are removed from memory."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate limit, counted separately for each channel, guild or webhook in the path.

    Attributes:
        name: the bucket's name; routes with the same name share it.
        count: how many requests are allowed in one window of time.
        seconds: the length of a window.
        in_global: True if the requests also count towards the global limit.
    """

    name: str
    count: int
    seconds: float
    in_global: bool = True


@dataclass(slots=True)
class _Window:
    """The current window of time in which the requests of one rule are counted.

    Attributes:
        ends: when the window ends, in seconds of the monotonic clock.
        used: how many requests have passed in it.
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
        enabled: True if limits hold; False to let every request pass and send no rate-limit
            headers.
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
        """Counts one request and decides whether it may pass.

        rule: the rate limit of the request's route.
        major: the channel, guild or webhook in the path, as text. Requests with different values
            are counted separately.
        """
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
        """Counts an invalid request (one that was answered with 401, 403 or 429)."""
        self._invalid.append(time.monotonic())

    @property
    def barred(self) -> bool:
        """True if the bot sent `MAX_INVALID_REQUESTS` invalid requests within ten minutes."""
        horizon = time.monotonic() - INVALID_SECONDS
        while self._invalid and self._invalid[0] < horizon:
            self._invalid.popleft()
        return self.enabled and len(self._invalid) >= MAX_INVALID_REQUESTS
