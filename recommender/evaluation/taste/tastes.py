"""The narrow tastes of the taste test, and which films belong to each.

A taste is a preference for the films that share one fact ("Korean films"), or several facts
together ("slow, melancholy, rural"). `tastes.csv` holds the tastes. Settings may be chosen by the
figures of half of the tastes. The other half is kept for reporting only.
"""

import csv
from dataclasses import dataclass
from importlib import resources

import numpy as np

from recommender.data import Catalogue
from recommender.numeric.arrays import Bools

MIN_TAG_WEIGHT = 2  # weight from which a tag fits a film; 1 only touches it


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a film's facts. A film meets it if it has at least one of the values.

    Attributes:
        kind: "language", "country", "director", "decade", "genre" or "tag".
        values: the values, such as ISO codes, names, or the first year of a decade.
    """

    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NarrowTaste:
    """A narrow taste: a person's preference for films that share some facts, such as Korean films.

    Attributes:
        name: the name that somebody with this taste would give it, such as "Korean films".
        reporting: True if the taste is for reporting only, False if settings may be chosen by it.
        conditions: a film of the taste meets all of these conditions.
    """

    name: str
    reporting: bool
    conditions: tuple[Condition, ...]

    @property
    def by_one_fact(self) -> bool:
        """True if the taste has a single condition, and this condition is not a director."""
        return len(self.conditions) == 1 and self.conditions[0].kind != "director"


@dataclass(frozen=True, eq=False)
class TasteFilms:
    """Which films are of a taste.

    Attributes:
        members: (films,) True for the films of the taste.
        known: (films,) True for films whose facts say whether they are of the taste.
    """

    members: Bools
    known: Bools


def tastes() -> tuple[NarrowTaste, ...]:
    """Returns all narrow tastes of the taste test, such as "Korean films"."""
    file = resources.files("recommender.evaluation.taste") / "tastes.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(
        NarrowTaste(row["name"], row["reporting"] == "yes", _conditions(row["films"]))
        for row in rows
    )


def taste_films(taste: NarrowTaste, catalogue: Catalogue) -> TasteFilms:
    """Returns the catalogue's films of a taste."""
    members = np.ones(len(catalogue), np.bool_)
    known = np.ones(len(catalogue), np.bool_)
    for condition in taste.conditions:
        meets, has_fact = _meeting(condition, catalogue)
        members &= meets
        known &= has_fact
    return TasteFilms(members & known, known)


def _conditions(text: str) -> tuple[Condition, ...]:
    parts = (part.split("=") for part in text.split("&"))
    return tuple(Condition(kind, tuple(values.split("|"))) for kind, values in parts)


def _meeting(condition: Condition, catalogue: Catalogue) -> tuple[Bools, Bools]:
    """Returns which films meet a condition, and for which films that is known; both are (films,).

    A film's facts do not always say whether it meets the condition.
    """
    if condition.kind == "decade":
        first = np.array([float(value) for value in condition.values])
        within = catalogue.years[:, None] - first
        return ((within >= 0) & (within < 10)).any(axis=1), ~np.isnan(catalogue.years)
    if condition.kind == "tag":
        names, matrix, least = catalogue.tag_names, catalogue.tags, MIN_TAG_WEIGHT
    elif condition.kind == "genre":
        names, matrix, least = catalogue.genre_names, catalogue.genres, 1
    else:
        block = catalogue.fact(condition.kind)
        if block is None:
            nothing = np.zeros(len(catalogue), np.bool_)
            return nothing, nothing
        names, matrix, least = block.values, block.matrix, 0
    columns = [at for at, name in enumerate(names) if name in condition.values]
    values = matrix[:, columns].toarray() if columns else np.zeros((len(catalogue), 1))
    meets = values >= least if least else values > 0
    return np.asarray(meets.any(axis=1)), np.asarray(np.diff(matrix.indptr) > 0)
