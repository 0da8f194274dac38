"""Chooses rows of films for a person: which shelves, in which order, with which films, and why.

A shelf is a named list of films. Its value is the mean score of its best films plus the person's
affinity: how much more often the person likes films on that shelf than everybody does (`affinity`).
Both are in standard deviations over the shelves. The shelf with the highest value becomes the next
row. Each word of its name then lowers the value of other shelves with that word. A film appears in
one row only.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.shelves.shelves import Shelves

Why: TypeAlias = Literal["loved", "chosen", "people", "everybody"]
SHELF_LOVED_STARS, SHELF_LIKED_STARS = 4.5, 4.0  # "loved", "liked": lowest stars


@dataclass(frozen=True)
class RowConfig:
    """How many rows of films to show, and how they are chosen from shelves (named lists of films).

    Attributes:
        rows: largest number of rows.
        films: largest number of films in each row.
        min_films: fewest films that a row needs, not counting films in earlier rows.
        affinity_weight: weight of the person's affinity to the shelf (how much they like films on
            it) in the shelf's value. The mean score of the films has weight 1.
        repetition_price: by how much each earlier use of a word lowers the value of a shelf with
            that word, in standard deviations of the shelves' values.
        candidates: number of best films of a shelf whose mean score counts.
    """

    rows: int = 5
    films: int = 5
    min_films: int = 3
    affinity_weight: float = 1.0
    repetition_price: float = 0.8
    candidates: int = 5


@dataclass(frozen=True)
class Row:
    """A row of films from one shelf (named list of films), to show to a person.

    Attributes:
        shelf: column of the shelf.
        films: rows of the films, best first.
        why: the reason. "loved": the person rated films on the shelf well. "chosen": the person
            chose its tags. "people": similar people like the shelf. "everybody": everybody likes
            its films.
        because: for "loved", rows of the films that the person rated well, best first; for
            "chosen", columns of the tags; empty for other reasons.
    """

    shelf: int
    films: tuple[int, ...]
    why: Why
    because: tuple[int, ...] = ()


def rows_for_person(
    scores: npt.NDArray[np.float64],
    shelves: Shelves,
    query: Query,
    allowed: npt.NDArray[np.bool_],
    affinity: npt.NDArray[np.float64] | None = None,
    usual: npt.NDArray[np.float64] | None = None,
    tag_names: tuple[str, ...] = (),
    config: RowConfig = RowConfig(),
) -> tuple[Row, ...]:
    """Returns the rows of films to show to the person of a query, the best first.

    scores: (films,) the person's scores, never NaN. shelves: the named lists of films that rows are
    chosen from. allowed: (films,) True if a film may be shown. affinity, usual: (shelves,) how much
    the person likes each shelf, and the mean of everybody; None if unknown. tag_names: the name of
    each tag column of the query; if empty, chosen tags are never a reason.
    """
    members = [np.array(shelf.films, np.int64) for shelf in shelves.shelves]
    fresh = [rows[allowed[rows]] for rows in members]
    fresh = [rows[np.argsort(-scores[rows], kind="stable")] for rows in fresh]
    eligible = np.array([len(rows) >= config.min_films for rows in fresh], bool)
    if not eligible.any():
        return ()
    value = np.full(len(shelves), -np.inf)
    best = np.array(
        [scores[rows[: config.candidates]].mean() if len(rows) else 0.0 for rows in fresh]
    )
    value[eligible] = _standardised(best[eligible])
    if affinity is not None and usual is not None:
        excess = (affinity - usual) / np.sqrt(np.maximum(usual, 1e-6))
        if np.abs(excess).max() > 0:
            value[eligible] += config.affinity_weight * _standardised(excess[eligible])
    rows: list[Row] = []
    shown = np.zeros(len(scores), bool)
    uses: dict[str, int] = {}
    while len(rows) < config.rows and np.isfinite(value).any():
        repeated = np.array(
            [
                sum(uses.get(_counted_key(word.key), 0) for word in shelf.words)
                for shelf in shelves.shelves
            ]
        )
        at = int(np.argmax(value - config.repetition_price * repeated))
        value[at] = -np.inf
        films = fresh[at][~shown[fresh[at]]][: config.films]
        if len(films) < config.min_films:
            continue
        shown[films] = True
        for word in shelves.shelves[at].words:
            uses[_counted_key(word.key)] = uses.get(_counted_key(word.key), 0) + 1
        rows.append(_row(at, films, shelves, query, affinity, usual, tag_names))
    return tuple(rows)


def _row(
    at: int,
    films: npt.NDArray[np.int64],
    shelves: Shelves,
    query: Query,
    affinity: npt.NDArray[np.float64] | None,
    usual: npt.NDArray[np.float64] | None,
    tag_names: tuple[str, ...],
) -> Row:
    """Returns a row of films from a shelf (named list of films), with the first reason that holds.

    The reasons are: the person liked films on the shelf; the person chose a tag in its name; the
    person's affinity (liking for the shelf) is above everybody's mean; everybody likes its films.
    at: column of the shelf. films: rows of the films to show, best first. affinity, usual:
    (shelves,) how much the person, and people on average, like each shelf; None if unknown.
    """
    shelf = shelves.shelves[at]
    shown = tuple(films.tolist())
    liked = [
        (stars, film)
        for film, stars in zip(query.films.tolist(), query.stars.tolist(), strict=True)
        if stars >= SHELF_LIKED_STARS and film in shelf.films
    ]
    if liked:
        liked.sort(key=lambda pair: -pair[0])
        return Row(at, shown, "loved", tuple(film for _, film in liked))
    keys = {word.key for word in shelf.words}
    chosen = tuple(int(tag) for tag in query.liked_tags if tag_names and tag_names[tag] in keys)
    if chosen:
        return Row(at, shown, "chosen", chosen)
    above_usual = affinity is not None and usual is not None and affinity[at] > usual[at] + 1e-9
    return Row(at, shown, "people" if above_usual else "everybody")


def _counted_key(key: str) -> str:
    """Returns the key under which uses of a word in names of rows are counted.

    A pair of genres counts as its first genre, so that one genre does not fill a screen.
    """
    return "-".join(key.split("-")[:2]) if key.startswith("g-") else key


def _standardised(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns the values with mean 0 and standard deviation 1; zeros if all are equal."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 0 else np.zeros(len(values)))
