"""Rows of films for a person: which shelves to show, in which order, with which films, and why.

The value of a shelf is the mean score of its best films plus the person's affinity to it
(`affinity`), each in standard deviations over the shelves. Rows are taken greedily. Each word that
an earlier row used lowers the value of the next shelf with that word, and a film appears in one row
only.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.shelves.shelves import Shelves

Why: TypeAlias = Literal["loved", "chosen", "people", "everybody"]
SHELF_LOVED_STARS, SHELF_LIKED_STARS = 4.5, 4.0  # stars from which a film is a reason


@dataclass(frozen=True)
class RowConfig:
    """Which rows to show.

    Attributes:
        rows: most rows.
        films: most films in each row.
        min_films: fewest films that a row needs, not counting films in earlier rows.
        affinity_weight: weight of the affinity, compared with the films' scores.
        repetition_price: what each earlier use of a word costs, in standard deviations of the
            shelves' values.
        candidates: number of a shelf's best films whose mean score counts.
    """

    rows: int = 5
    films: int = 5
    min_films: int = 3
    affinity_weight: float = 1.0
    repetition_price: float = 0.8
    candidates: int = 5


@dataclass(frozen=True)
class Row:
    """A row of films.

    Attributes:
        shelf: column of the shelf.
        films: rows of the films, best first.
        why: the reason: rated films ("loved"), chosen tags ("chosen"), the affinity learned from
            similar people ("people"), or that everybody likes the films ("everybody").
        because: rows of the rated films, best rated first, or columns of the chosen tags.
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
    """Returns the rows for the person of a query, the best first.

    scores: (films,) the person's scores, never NaN. allowed: (films,) True if a film may be shown.
    affinity, usual: (shelves,) affinity of the person and of everybody, None if unknown. tag_names:
    names of the query's tag columns, without which chosen tags are never a reason.
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
    """Returns a row with its reason.

    The reason is the first that holds: films of the shelf that the person liked, tags that they
    chose, an affinity above everybody's, or else that everybody likes its films.
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
    """Returns the key under which uses of a word are counted. A pair of genres counts as its first
    genre, so that one genre does not fill a screen."""
    return "-".join(key.split("-")[:2]) if key.startswith("g-") else key


def _standardised(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns the values with mean 0 and standard deviation 1; zeros if all are equal."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 0 else np.zeros(len(values)))
