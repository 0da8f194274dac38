"""The reactions that Discord reported and that are not in the database yet.

The cog `Ratings` puts them in. The job in `bot/jobs/reactions.py` takes them out and writes them to
the database.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.services.feedback.rate import GAP, ReactionEvent

MAX_EVENTS = 100_000
"""How many events are kept in memory while nothing can be written: about 40 MB."""


@dataclass
class ReactionInbox:
    """Reaction events in the order in which they arrived.

    Attributes:
        arrived: an asyncio event to wait for; `put` sets it and `take` clears it.
    """

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _events: deque[ReactionEvent] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: ReactionEvent) -> None:
        """Adds an event at the end.

        If too many events are waiting, a gap (a mark for missed reactions) is added in its place.
        """
        if len(self._events) < MAX_EVENTS:
            self._events.append(event)
            self.arrived.set()
        else:
            self.put_gap()

    def put_gap(self) -> None:
        """Adds a gap, a mark that says that reactions may be missing at this place.

        Once everything before the gap is in the database, the stored reactions are compared with
        those on Discord. If the last entry is already a gap, no other is added.
        """
        if not self._events or self._events[-1] is not GAP:
            self._events.append(GAP)
        self.arrived.set()

    def put_back(self, events: Sequence[ReactionEvent]) -> None:
        """Puts events before all others. They keep their order."""
        self._events.extendleft(reversed(events))
        self.arrived.set()

    def take(self, limit: int) -> list[ReactionEvent]:
        """Removes the oldest events, at most `limit`, and returns them.

        It takes no event after a gap (a mark for missed reactions).
        """
        self.arrived.clear()
        taken: list[ReactionEvent] = []
        while self._events and len(taken) < limit:
            taken.append(self._events.popleft())
            if taken[-1] is GAP:
                break
        return taken
