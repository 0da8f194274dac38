"""The reactions that Discord reported and that are not in the database yet.

The cog `Ratings` puts them in. The job in `bot/jobs/reactions.py` takes them out and writes them to
the database.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.services.feedback.rate import ReactionEvent


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
        """Adds an event at the end."""
        self._events.append(event)
        self.arrived.set()

    def take(self, limit: int) -> list[ReactionEvent]:
        """Removes and returns the oldest events, at most `limit`."""
        self.arrived.clear()
        return [self._events.popleft() for _ in range(min(limit, len(self._events)))]
