"""What time it is: one function from nothing to an aware UTC datetime, passed in everywhere.

"Now" for an interaction is its own timestamp; for everything else it is the clock given to
`open_app`. The playground passes one that a person can set.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""() -> now, aware, UTC."""


def system_clock() -> datetime:
    """Now by the machine's own clock, UTC."""
    return datetime.now(UTC)
