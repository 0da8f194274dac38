"""A list of cards that could not be read from Discord, each with the time of its next try.

A card is a message about a film, whose reactions rate the film.
"""

import time
from dataclasses import dataclass

from storage.feedback.cards import Card

FIRST_PAUSE_SECONDS = 2.0
MAX_PAUSE_SECONDS = 600.0


@dataclass
class _PutOff:
    """A card (a message about a film) that could not be read, and when to try it again.

    Attributes:
        card: the card.
        tries: how often it was tried.
        due: when to try it again, in seconds of the monotonic clock.
        refused: True if Discord answered that the bot may not read the channel, or that the channel
            does not exist.
    """

    card: Card
    tries: int
    due: float
    refused: bool = False


class PutOffCards:
    """The cards (messages about a film) that could not be read. Each is tried again after growing
    pauses.
    """

    def __init__(self) -> None:
        self._cards: dict[int, _PutOff] = {}  # by the message's id

    def __len__(self) -> int:
        """Returns the number of cards (messages about a film) that are to be tried again."""
        return len(self._cards)

    def __contains__(self, message_id: int) -> bool:
        """True if the card in a message is to be tried again."""
        return message_id in self._cards

    def is_refused(self, message_id: int) -> bool:
        """True if the channel of a card cannot be read. Other cards of the channel then need no try
        now.
        """
        return message_id in self._cards and self._cards[message_id].refused

    def add(self, card: Card, *, refused: bool = False) -> None:
        """Plans another try for a card (a message about a film), after a pause.

        refused: True if Discord answered that the bot may not read the channel, or that the channel
            does not exist.
        """
        former = self._cards.get(card.message_id)
        tries = 0 if former is None else former.tries + 1
        pause = min(FIRST_PAUSE_SECONDS * 2**tries, MAX_PAUSE_SECONDS)
        self._cards[card.message_id] = _PutOff(card, tries, time.monotonic() + pause, refused)

    def add_now(self, card: Card) -> None:
        """Plans to read a card (a message about a film) at once."""
        self._cards[card.message_id] = _PutOff(card, 0, time.monotonic())

    def forget(self, message_id: int) -> None:
        """Removes a card (a message about a film) that was read, or that need not be read any
        longer.
        """
        self._cards.pop(message_id, None)

    def due(self) -> list[Card]:
        """Returns the cards (messages about a film) whose next try is due."""
        now = time.monotonic()
        return [one.card for one in self._cards.values() if one.due <= now]

    def pauses(self) -> list[float]:
        """Returns the seconds until the next try of each card; negative if it is overdue."""
        now = time.monotonic()
        return [one.due - now for one in self._cards.values()]

    def owe_reactions(self) -> bool:
        """True if a card may have reactions that the bot has still to find.

        Cards in channels that the bot may not read do not count, because the bot may never be able
        to read them.
        """
        return any(not one.refused for one in self._cards.values())
