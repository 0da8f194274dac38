"""The moods that have a button: "tonight I want something light · gripping · moving · strange".

Each of them covers several mood tags of the vocabulary. A film has the mood if it has at least one
of these tags. In a command, people may type such a mood or a single mood tag. A test checks that
every tag is in the vocabulary.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.catalogue.library import Library
from bot.services.notes import Note, note


@dataclass(frozen=True)
class Mood:
    """A mood that has a button.

    Attributes:
        key: what is typed, and what is stored with each film shown for this mood.
        tags: slugs (permanent keys) of the mood tags that the mood covers.
    """

    key: str
    tags: tuple[str, ...]


_ALL = (
    Mood(
        "light",
        ("charming", "cosy", "feel-good", "heartwarming", "hilarious", "whimsical", "witty"),
    ),
    Mood("gripping", ("exhilarating", "frantic", "paranoid", "suspenseful", "tense")),
    Mood("moving", ("bittersweet", "heartbreaking", "melancholy", "tender")),
    Mood(
        "strange",
        ("dreamlike", "eerie", "madcap", "mysterious", "quirky", "unsettling"),
    ),
)

MOODS = {mood.key: mood for mood in _ALL}


def order_moods(asked: Mapping[str, int]) -> tuple[str, ...]:
    """Returns the keys of the moods that have a button, the one asked for most often first.

    asked: how often each mood or mood tag was asked for. A request for a tag counts for the mood
        that covers the tag.
    """

    def times_asked(mood: Mood) -> int:
        return sum(asked.get(name, 0) for name in (mood.key, *mood.tags))

    return tuple(mood.key for mood in sorted(_ALL, key=lambda mood: -times_asked(mood)))


def tags_of(mood: str) -> tuple[str, ...]:
    """Returns the tags that a mood covers. For a mood tag, this is the tag alone."""
    return MOODS[mood].tags if mood in MOODS else (mood,)


def find_mood(library: Library, typed: str) -> str:
    """Returns the key of the mood, or the slug (permanent key) of the mood tag, that was typed.

    library: the films and tags to choose from.

    Raises Sorry if there is no such mood.
    """
    key = typed.strip().casefold()
    return key if key in MOODS else library.mood(typed).slug


def mood_note(library: Library, mood: str) -> Note:
    """Returns the name of a mood or mood tag, to be used in a sentence.

    library: has the names of the mood tags.
    mood: the key of a mood, or the slug of a mood tag.
    """
    return note("mood", mood=mood) if mood in MOODS else library.tag_note(mood)


def mood_number(mood: str) -> int:
    """Returns the number of a mood, which never changes.

    The model stores under this number what people choose in that mood. A mood with a button covers
    several mood tags, and all of these have the number of that mood. Any other tag has its own
    number.

    mood: the key of a mood with a button, or the slug (permanent key) of a mood tag.
    """
    broad = next((one.key for one in _ALL if mood in one.tags), mood)
    digest = hashlib.blake2b(broad.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")
