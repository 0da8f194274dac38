"""Turns errors and notes into sentences.

An error or note has a key and data. Tables in `bot/wording` have the sentence of each key:

    raise Sorry("no-such-stars", least=0.5)            # a service
    REFUSALS = {"no-such-stars": N_("Stars start at {least}.")}    # its wording

An entry of a table is a text with placeholders for the data, or a function that takes the data. A
list in the data becomes a list in words, and an error in the data becomes its sentence.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, TypeGuard

from bot.services.notes import WRITTEN, Keyed, Note
from bot.services.wording import safe
from bot.wording import (
    catalogue,
    delivery,
    feedback,
    interaction,
    settings,
)
from bot.wording.cli import backups, discord, health, imdb, moving, terminal
from bot.wording.cli import experiments as cli_experiments
from bot.wording.errors import evaluation, experiments, histories, lists, recommender, storage
from bot.wording.nights import refusals as nights
from bot.wording.operations import (
    comparisons,
    doctor,
    evaluate,
    imports,
    mending,
    status,
    training,
    verdicts,
)
from bot.wording.operations import experiments as lab
from bot.wording.people import (
    compare,
    history_import_refusals,
    languages,
    preferences,
    privacy,
    profile,
    zones,
)
from bot.wording.picks import filters, headings, moments, reasons, shelves, tastes, watchlist
from bot.wording.posts import films as post_films
from bot.wording.posts import refusals as posts
from bot.wording.posts import scale as rating_scale
from bot.wording.quiz import answers as quiz
from bot.wording.speech import N_, Sentence, listed, translated

ROOMS = (
    backups,
    catalogue,
    cli_experiments,
    compare,
    comparisons,
    delivery,
    discord,
    doctor,
    evaluate,
    feedback,
    filters,
    headings,
    health,
    imdb,
    history_import_refusals,
    imports,
    interaction,
    lab,
    languages,
    mending,
    moments,
    moving,
    nights,
    post_films,
    posts,
    preferences,
    privacy,
    profile,
    quiz,
    rating_scale,
    reasons,
    settings,
    shelves,
    status,
    tastes,
    terminal,
    training,
    verdicts,
    watchlist,
    zones,
)
SENTENCES: Mapping[str, Sentence] = {
    **{key: said for room in ROOMS for key, said in {**room.REFUSALS, **room.NOTES}.items()},
    **experiments.REFUSALS,
    **evaluation.REFUSALS,
    **histories.REFUSALS,
    **histories.NOTES,
    **lists.REFUSALS,
    **recommender.REFUSALS,
    **storage.REFUSALS,
    WRITTEN: N_("{text}"),
}
"""The sentence of each error or note, by its key. Keys are unique over all tables; a test checks
that.
"""


def said(error: Keyed, *, markdown: bool = False) -> str:
    """Returns the sentence of an error or a note, in the present language.

    markdown: True to escape the data for Discord; False for the terminal, which needs no escaping.

    Raises KeyError if no table has a sentence for its key.
    """
    if (name := shelves.NAMES.get(error.key)) is not None:
        return safe(name(**error.data)) if markdown else name(**error.data)
    sentence = SENTENCES[error.key]
    values = {name: _shown(name, value, markdown) for name, value in error.data.items()}
    return translated(sentence, **values) if isinstance(sentence, str) else sentence(**values)


def said_lines(notes: Iterable[Keyed]) -> str:
    """Returns the sentences of notes as markdown for Discord, a line for each note."""
    return "\n".join(said(each, markdown=True) for each in notes)


OPEN_LISTS = ("near", "choices")
"""Names of data whose lists are joined by "or"; all others are joined by "and"."""


def _shown(name: str, value: object, markdown: bool) -> Any:
    """Returns a value in the form for a sentence.

    Strings become a list in words, and errors and notes become sentences. A list of these becomes a
    list in words if its name is among `OPEN_LISTS`, else a list of texts.
    Numbers and times are left to the sentence.
    """
    if isinstance(value, str):
        return safe(value) if markdown else value
    if value is None or isinstance(value, int | float | date):
        return value
    if _is_keyed(value):
        return said(value, markdown=markdown)
    if not isinstance(value, list | tuple):
        return value
    joined_by: Literal["and", "or"] = "or" if name in OPEN_LISTS else "and"
    if all(isinstance(each, str) for each in value):
        words = (safe(each) if markdown else each for each in value)
        return listed(words, joined_by=joined_by)
    if all(_is_keyed(each) for each in value):
        texts = [said(each, markdown=markdown) for each in value]
        return listed(texts, joined_by=joined_by) if name in OPEN_LISTS else texts
    return value


def _is_keyed(value: object) -> TypeGuard[Keyed]:
    """True for an error or a note. Notes are found first: to ask for a protocol takes 20 µs."""
    return isinstance(value, Note | Keyed)
