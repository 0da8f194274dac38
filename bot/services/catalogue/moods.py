"""The moods of one tap: "tonight I want something light · gripping · moving · strange".

Each stands for some of the vocabulary's mood tags, of which a film needs one. A mood may be named
wherever a mood tag may; a test holds every tag to the vocabulary.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.catalogue.library import Library


@dataclass(frozen=True)
class Mood:
    """key: as it is kept of a showing and typed; name: on the button; tags: what it stands for."""

    key: str
    name: str
    tags: tuple[str, ...]


_ALL = (
    Mood(
        "light",
        "Light",
        ("charming", "cosy", "feel-good", "heartwarming", "hilarious", "whimsical", "witty"),
    ),
    Mood("gripping", "Gripping", ("exhilarating", "frantic", "paranoid", "suspenseful", "tense")),
    Mood("moving", "Moving", ("bittersweet", "heartbreaking", "melancholy", "tender")),
    Mood(
        "strange",
        "Strange",
        ("dreamlike", "eerie", "madcap", "mysterious", "quirky", "unsettling"),
    ),
)

MOODS = {mood.key: mood for mood in _ALL}


def in_order(asked: Mapping[str, int]) -> tuple[str, ...]:
    """The moods of one tap, those first that were asked for most often, by themselves or by one of
    their tags. asked: mood or mood tag -> how often."""

    def often(mood: Mood) -> int:
        return sum(asked.get(name, 0) for name in (mood.key, *mood.tags))

    return tuple(mood.key for mood in sorted(_ALL, key=lambda mood: -often(mood)))


def tags_of(mood: str) -> tuple[str, ...]:
    """The tags that a mood, or a mood tag, stands for."""
    return MOODS[mood].tags if mood in MOODS else (mood,)


def named(library: Library, typed: str) -> str:
    """The mood or mood tag that was meant; Sorry where there is none."""
    key = typed.strip().casefold()
    return key if key in MOODS else library.mood(typed).slug


def words(library: Library, mood: str) -> str:
    """What a mood or mood tag is called."""
    return MOODS[mood].name.lower() if mood in MOODS else library.tags[mood].name


def number(mood: str) -> int:
    """A number for what is learned of a mood, the same for ever: that of the one-tap mood to which
    a tag belongs, else the tag's own."""
    broad = next((one.key for one in _ALL if mood in one.tags), mood)
    digest = hashlib.blake2b(broad.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")
