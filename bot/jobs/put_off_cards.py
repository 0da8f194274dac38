"""Keeps the cards (messages about a film) that could not be read from Discord, for another try."""

import time
from dataclasses import dataclass

from storage.feedback.cards import Card

FIRST_PAUSE_SECONDS = 2.0
MAX_PAUSE_SECONDS = 600.0


@dataclass
class _PutOff:
    """A card that could not be read, and when it is tried again.

    Attributes:
        card: the card.
        tries: how often it was tried.
        due: when it is tried again, in seconds of the monotonic clock.
        refused: True if Discord said that the bot may not read the channel, or does not know it.
    """

    card: Card
    tries: int
    due: float
    refused: bool = False


class PutOffCards:
    """The cards that could not be read. Each is tried again, after a pause that grows."""

    def __init__(self) -> None:
        self._cards: dict[int, _PutOff] = {}  # by the message's id

    def __len__(self) -> int:
        """Returns the number of cards that are to be tried again."""
        return len(self._cards)

    def __contains__(self, message_id: int) -> bool:
        """True if the card of this message is to be tried again."""
        return message_id in self._cards

    def is_refused(self, message_id: int) -> bool:
        """True if the card's channel cannot be read, so that its other cards need no try now."""
        return message_id in self._cards and self._cards[message_id].refused

    def add(self, card: Card, *, refused: bool = False) -> None:
        """Lets a card be tried again after a pause.

        refused: True if Discord said that the bot may not read the channel, or does not know it.
        """
        former = self._cards.get(card.message_id)
        tries = 0 if former is None else former.tries + 1
        pause = min(FIRST_PAUSE_SECONDS * 2**tries, MAX_PAUSE_SECONDS)
        self._cards[card.message_id] = _PutOff(card, tries, time.monotonic() + pause, refused)

    def add_now(self, card: Card) -> None:
        """Lets a card be read at once."""
        self._cards[card.message_id] = _PutOff(card, 0, time.monotonic())

    def forget(self, message_id: int) -> None:
        """Forgets a card that was read, or that is no longer to be read."""
        self._cards.pop(message_id, None)

    def due(self) -> list[Card]:
        """Returns the cards whose next try is due."""
        now = time.monotonic()
        return [one.card for one in self._cards.values() if one.due <= now]

    def pauses(self) -> list[float]:
        """Returns how many seconds are left until each next try; negative for one that is due."""
        now = time.monotonic()
        return [one.due - now for one in self._cards.values()]

    def owe_reactions(self) -> bool:
        """True if a card may have reactions that are still to be found.

        Cards in channels that the bot may not read do not count, because that may never end.
        """
        return any(not one.refused for one in self._cards.values())
