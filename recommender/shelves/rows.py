"""Rows for a person: which shelves, in which order, with which films on them, and why.

A shelf is worth the mean score of its best films and what the person is drawn to as learned from
everybody (`recommender/shelves/affinity.py`), both in spreads over the shelves. Rows are taken greedily:
each word said before makes the next shelf that says it worth less, and a film stands in one row
only.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.shelves.shelves import Shelves

Why: TypeAlias = Literal["loved", "chosen", "people", "everybody"]
SHELF_LOVED_STARS, SHELF_LIKED_STARS = 4.5, 4.0  # stars


@dataclass(frozen=True)
class RowConfig:
    """rows: at most so many; films: in each row; fewest: fresh films below which a shelf is no
    row; draw: weight of what the person is drawn to, beside the films' scores; worn: what a word
    already said costs, in spreads; candidates: films that vouch for a shelf."""

    rows: int = 5
    films: int = 5
    fewest: int = 3
    draw: float = 1.0
    worn: float = 0.8
    candidates: int = 5


@dataclass(frozen=True)
class Row:
    """shelf: its column; films: rows, best first; why: what put it here; because: the rated films
    (rows, best loved first) or chosen tags (columns) that are the reason."""

    shelf: int
    films: tuple[int, ...]
    why: Why
    because: tuple[int, ...] = ()


def for_person(
    scores: npt.NDArray[np.float64],
    shelves: Shelves,
    query: Query,
    allowed: npt.NDArray[np.bool_],
    affinity: npt.NDArray[np.float64] | None = None,
    usual: npt.NDArray[np.float64] | None = None,
    tag_names: tuple[str, ...] = (),
    config: RowConfig = RowConfig(),
) -> tuple[Row, ...]:
    """Rows for who asks `query`. scores: (films,) theirs, never NaN; allowed: (films,) which may
    be shown; affinity, usual: (shelves,) what the person and everybody are drawn to."""
    members = [np.array(shelf.films, np.int64) for shelf in shelves.shelves]
    fresh = [rows[allowed[rows]] for rows in members]
    fresh = [rows[np.argsort(-scores[rows], kind="stable")] for rows in fresh]
    open_ = np.array([len(rows) >= config.fewest for rows in fresh], bool)
    if not open_.any():
        return ()
    worth = np.full(len(shelves), -np.inf)
    best = np.array(
        [scores[rows[: config.candidates]].mean() if len(rows) else 0.0 for rows in fresh]
    )
    worth[open_] = _spread(best[open_])
    if affinity is not None and usual is not None:
        drawn = (affinity - usual) / np.sqrt(np.maximum(usual, 1e-6))
        if np.abs(drawn).max() > 0:
            worth[open_] += config.draw * _spread(drawn[open_])
    rows: list[Row] = []
    shown = np.zeros(len(scores), bool)
    said: dict[str, int] = {}
    while len(rows) < config.rows and np.isfinite(worth).any():
        price = np.array(
            [
                sum(said.get(_theme(word.key), 0) for word in shelf.words)
                for shelf in shelves.shelves
            ]
        )
        at = int(np.argmax(worth - config.worn * price))
        worth[at] = -np.inf
        films = fresh[at][~shown[fresh[at]]][: config.films]
        if len(films) < config.fewest:
            continue
        shown[films] = True
        for word in shelves.shelves[at].words:
            said[_theme(word.key)] = said.get(_theme(word.key), 0) + 1
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
    """The row with its reason: films of the shelf that the person liked, tags they chose, people
    like them, or else that everybody likes what stands there."""
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
    drawn = affinity is not None and usual is not None and affinity[at] > usual[at] + 1e-9
    return Row(at, shown, "people" if drawn else "everybody")


def _theme(key: str) -> str:
    """Genres of a pair count as the first of them, so that one genre does not fill a screen."""
    return "-".join(key.split("-")[:2]) if key.startswith("g-") else key


def _spread(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 0 else np.zeros(len(values)))
