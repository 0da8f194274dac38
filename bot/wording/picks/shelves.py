"""Texts about shelves (films of one kind, as a row with a name) and `/browse`."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.wording.shelves.languages import film_language
from bot.wording.speech import N_, Sentence, _, listed, ngettext, pgettext
from recommender.shelves.words import Word


def no_such_shelf_near(typed: str, shelves: list[str]) -> str:
    """Returns the answer to a name that no shelf has. shelves: those with the nearest names."""
    return _(
        "I don't have a shelf called “{typed_shelf}”. Did you mean {near_shelves}?",
        typed_shelf=typed,
        near_shelves=listed(shelves, joined_by="or"),
    )


def no_such_shelf(typed: str) -> str:
    """Returns the answer to a name that no shelf has, and none is near."""
    return _(
        "I don't have a shelf called “{typed_shelf}”. Pick one from the list.", typed_shelf=typed
    )


def chosen_tastes(tastes: list[str]) -> str:
    """Returns why a person sees a shelf: they chose its tastes in the quiz."""
    return _("because you chose {tastes} in the quiz", tastes=listed(tastes))


REFUSALS: dict[str, Sentence] = {
    "no-shelf-chosen": N_("Pick a shelf from the list."),
    "no-shelf-left": N_("I can't fill any shelves for you here. {hint}"),
    "no-such-shelf": no_such_shelf,
    "no-such-shelf-near": no_such_shelf_near,
    "shelf-all-known": N_(
        "I don't have anything on “{shelf}” that's new to you and that I can show here. Try "
        "another shelf."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "because-you-liked": N_("because you liked {films}"),
    "because-you-loved": N_("because you loved {films}"),
    "best-first": N_("your best matches come first"),
    "chosen-tastes": chosen_tastes,
    "close-to-liked": N_("close to {title}, which you liked"),
    "close-to-loved": N_("close to {title}, which you loved"),
    "shared-here": N_("{member} shares these favourites here"),
}
"""A reason below a film or a shelf, by the note's key."""


def shelf(words: Sequence[Sequence[Any]]) -> str:
    """Returns the name of a shelf. words: the fields of each of its words."""
    return film_language().shelf([_word(fields) for fields in words])


def favourites_of(member: str, mood: Sequence[Any]) -> str:
    """Returns the name of a member's favourites of one mood. mood: the fields of its word."""
    return film_language().favourites(member, _word(mood))


def tag(slug: str, name: str) -> str:
    """Returns the name of a tag within a sentence."""
    return film_language().tag(slug, name)


def genre(name: str) -> str:
    """Returns the name of a genre within a sentence."""
    return film_language().genre(name)


NAMES: dict[str, Callable[..., str]] = {
    "favourites-of": favourites_of,
    "genre": genre,
    "shelf": shelf,
    "tag": tag,
}
"""The function that makes each name of a kind of films, by the note's key. Names contain words of
the catalogue and names of people. `said` therefore escapes the whole name.
"""


def _word(fields: Sequence[Any]) -> Word:
    key, kind, phrase, halves = fields
    return Word(key, kind, phrase, tuple(halves))


def newcomer() -> str:
    """Returns the line under the shelves for a person whose taste is not known."""
    return _(
        "-# I don't know your taste yet. Use `/start` or rate some films to get shelves of your "
        "own."
    )


def hidden(count: int) -> str:
    """Returns the line that says how many films of a shelf are not shown."""
    return ngettext("-# and {n} more film", "-# and {n} more films", count)


def open_film() -> str:
    """Returns the words in a menu of films."""
    return pgettext("menu", "Open a film")


def open_shelf() -> str:
    """Returns the words in a menu of shelves."""
    return pgettext("menu", "See a whole shelf")


def more_button() -> str:
    """Returns the label of the button that shows further shelves."""
    return pgettext("button", "More shelves")


def show_taste_button() -> str:
    """Returns the label of the button that leads to the choice whether others see one's taste."""
    return pgettext("button", "Show my taste here")
