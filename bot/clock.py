"""The clock that the bot is given: a function that returns the current time.

For an interaction, "now" is the interaction's own timestamp. For everything else "now" comes from
the clock that is passed to `open_app`. The playground passes a clock that a person can set.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function that returns the current time, aware, UTC."""


def system_clock() -> datetime:
    """Returns the current time by the machine's own clock, aware, UTC."""
    return datetime.now(UTC)
