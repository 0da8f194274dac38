"""The clock of a local Discord, and the ids made from it (Discord's reference, "Snowflakes").

The high 42 bits of an id are its time of creation, in milliseconds since the first second of 2015.
The low 22 bits count upwards, so that no two ids are equal. The bot takes the time of an
interaction from its id. Ids therefore follow the local Discord's clock, which a person may set
forwards or backwards.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
LOW_BITS = 22


class WorldClock:
    """The clock of a local Discord. It runs at the usual pace and can be set.

    It begins at `start` (aware), or at the machine's own time if `start` is None.

    Attributes:
        listeners: functions that are called after the clock was set.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta(0)
        self.listeners: list[Callable[[], None]] = []
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """Returns the time that the clock shows, aware, UTC."""
        return datetime.now(UTC) + self._offset

    @property
    def is_real(self) -> bool:
        """True if the clock shows the machine's own time."""
        return self._offset == timedelta(0)

    def set(self, when: datetime) -> None:
        """Sets the clock to `when` (aware); time goes on from there.

        Raises ValueError if `when` has no zone or is not between 2015 and 2114.
        """
        if when.tzinfo is None:
            raise ValueError("the clock needs a time with a zone, for instance ending in Z")
        when = when.astimezone(UTC)
        if not EPOCH + timedelta(days=1) < when < EPOCH + timedelta(days=365 * 100):
            raise ValueError("the clock can be set between 2015 and 2114")
        self._change(when - datetime.now(UTC))

    def advance(self, seconds: float) -> None:
        """Moves the clock forward by `seconds`, or backwards if they are negative.

        Raises ValueError if the new time is not between 2015 and 2114.
        """
        try:
            self.set(self.now() + timedelta(seconds=seconds))
        except OverflowError:
            raise ValueError("the clock can be set between 2015 and 2114") from None

    def real(self) -> None:
        """Sets the clock back to the machine's own time."""
        self._change(timedelta(0))

    def _change(self, offset: timedelta) -> None:
        self._offset = offset
        for listener in list(self.listeners):
            listener()


class Snowflakes:
    """Makes unique ids that hold the time of the clock."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._count = 0

    def next(self) -> int:
        """Returns a new id, larger than any other of the same millisecond."""
        self._count += 1
        return snowflake_at(self._clock.now()) | (self._count & ((1 << LOW_BITS) - 1))


def snowflake_at(when: datetime) -> int:
    """Returns the smallest id that can be made in the millisecond `when` (aware)."""
    return int((when - EPOCH) / timedelta(milliseconds=1)) << LOW_BITS


def time_of(snowflake: int) -> datetime:
    """Returns when an id was made, aware, UTC."""
    return EPOCH + timedelta(milliseconds=snowflake >> LOW_BITS)


def iso(when: datetime) -> str:
    """Returns a time in Discord's form: ISO 8601 in UTC, with microseconds."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")
