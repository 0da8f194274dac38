"""The clock of the bot: a function that returns the current time.

While the bot answers an interaction, "now" is the interaction's own timestamp. Everything else
takes the time from the clock that is passed to `open_app`. The playground passes a clock that a
person can set.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function that returns the current time, aware, UTC."""


def system_clock() -> datetime:
    """Returns the current time of this machine's clock: an aware datetime in UTC."""
    return datetime.now(UTC)
