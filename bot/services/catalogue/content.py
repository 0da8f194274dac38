"""Content that films warn of, such as gore, as people and servers choose to leave it out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.services.catalogue.library import Library
from bot.services.catalogue.search import MAX_CHOICES
from storage.catalogue.films import Tag

CONTENT = "sensitive"
"""The kind of tags that warn of content."""


@dataclass(frozen=True)
class ContentOption:
    """One kind of content that can be left out.

    Attributes:
        slug: the permanent key of its tag.
        name: what it is, such as "suicide".
        definition: what that means, in one sentence.
        left_out: True if films with it are never shown.
    """

    slug: str
    name: str
    definition: str
    left_out: bool


def content_options(library: Library, left_out: Collection[str]) -> tuple[ContentOption, ...]:
    """Returns the kinds of content that a menu offers, sorted by name.

    They are all kinds that a film of the catalogue has. If a menu has too few places for them, all
    that are left out are in it.

    left_out: slugs of the tags that are left out.
    """
    tags = sorted(library.tags_of(CONTENT), key=lambda tag: tag.slug not in left_out)
    return options_of(sorted(tags[:MAX_CHOICES], key=lambda tag: tag.name), left_out)


def options_of(tags: Sequence[Tag], left_out: Collection[str]) -> tuple[ContentOption, ...]:
    """Returns tags that warn of content, in their order, with whether they are left out.

    left_out: slugs of the tags that are left out.
    """
    return tuple(
        ContentOption(tag.slug, tag.name, tag.definition, tag.slug in left_out) for tag in tags
    )


def known_content(library: Library, chosen: Collection[str]) -> tuple[str, ...]:
    """Returns those of the chosen slugs that belong to tags of content of the catalogue."""
    return tuple(tag.slug for tag in library.tags_of(CONTENT) if tag.slug in chosen)
