"""The injected clock: a function that returns the current time as an aware UTC datetime.

For an interaction, "now" is the interaction's own timestamp. For everything else it is the clock
that `open_app` is given. The playground gives it a clock that a person can set.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function that returns the current time, aware, UTC."""


def system_clock() -> datetime:
    """Returns the current time by the machine's own clock, aware, UTC."""
    return datetime.now(UTC)
