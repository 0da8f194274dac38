"""What a data set looks like before anything is fitted to it: the lecture's exploratory analysis.

How many, how sparse, how the stars fall, how unevenly ratings lie on films and people (the long
tail), whether well-known films are liked better (popularity bias), genres, tags, years and times.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.data import Catalogue
from recommender.datasets.folder import Folder
from recommender.numeric.arrays import Floats, Ints, Sparse

BANDS = 10  # of films by ratings, from the least rated to the most
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
TOP = 20  # tags, films
DAY = 86_400
LATEST = 7.2e9  # Unix seconds, in the 22nd century: later is no time of a rating


@dataclass(frozen=True)
class CountSpread:
    """How a count lies over people or films: its mean, `QUANTILES`, and Gini's coefficient (0: all
    the same; near 1: one has everything)."""

    mean: float
    quantiles: tuple[float, ...]
    gini: float


@dataclass(frozen=True)
class Label:
    """A genre or tag: the share of films with it, of ratings, and the mean stars it gets."""

    name: str
    films: float
    ratings: float
    stars: float


@dataclass(frozen=True)
class Band:
    """A tenth of the rated films, from the least rated: ratings a film at least and at most, the
    mean of its films' mean stars, and the share of all ratings."""

    least: int
    most: int
    stars: float
    share: float


@dataclass(frozen=True, eq=False)
class Exploration:
    """Everything `matinee explore` shows. density: ratings over people × films; head: (share of
    films, share of ratings) along the most rated films; bias: rank correlation of a film's ratings
    and its mean stars; months: (name, ratings); hours, weekdays: ratings by UTC hour and by weekday
    from Monday, empty without times; known: the most rated films' titles and ratings."""

    name: str
    people: int
    films: int
    rated_films: int
    ratings: int
    repeats: int
    strays: int
    density: float
    stars: tuple[tuple[float, int], ...]
    mean_stars: float
    person_means: CountSpread
    by_person: CountSpread
    by_film: CountSpread
    few: int
    head: tuple[tuple[float, float], ...]
    bands: tuple[Band, ...]
    bias: float
    genres: tuple[Label, ...]
    tags: tuple[Label, ...]
    tag_count: int
    tagged_films: int
    decades: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]
    known: tuple[tuple[str, int], ...]


def explore(folder: Folder) -> Exploration:
    """Look at a data set."""
    catalogue, ratings = folder.catalogue, folder.ratings
    films, people = len(catalogue), len(ratings.people)
    count = np.bincount(ratings.film, minlength=films)
    total = _sums(ratings.film, ratings.stars, films)
    by_person = np.bincount(ratings.person, minlength=people)
    person_total = _sums(ratings.person, ratings.stars, people)
    values, tally = np.unique(ratings.stars, return_counts=True)
    favourites = np.argsort(-count, kind="stable")[: min(TOP, int((count > 0).sum()))]
    hours, weekdays = _clock(ratings.when)
    return Exploration(
        name=folder.name,
        people=people,
        films=films,
        rated_films=int((count > 0).sum()),
        ratings=len(ratings),
        repeats=folder.repeats,
        strays=folder.strays,
        density=len(ratings) / (people * films),
        stars=tuple(zip(values.tolist(), tally.tolist(), strict=True)),
        mean_stars=float(ratings.stars.mean(dtype=np.float64)),
        person_means=_spread(person_total / np.maximum(by_person, 1)),
        by_person=_spread(by_person),
        by_film=_spread(count),
        few=int((count <= 5).sum()),
        head=_head(count),
        bands=_bands(count, total),
        bias=_bias(count, total),
        genres=_labels(catalogue.genres, catalogue.genre_names, count, total),
        tags=_labels(catalogue.tags, catalogue.tag_names, count, total)[:TOP],
        tag_count=len(catalogue.tag_names),
        tagged_films=int((np.diff(catalogue.tags.indptr) > 0).sum()),
        decades=_decades(catalogue),
        months=_months(ratings.when),
        hours=hours,
        weekdays=weekdays,
        known=tuple((catalogue.titles[row], int(count[row])) for row in favourites.tolist()),
    )


def gini(values: npt.NDArray[Any]) -> float:
    """Gini's coefficient of amounts that are not negative: 0 where all are the same."""
    ordered = np.sort(np.asarray(values, np.float64))
    n, total = len(ordered), float(ordered.sum())
    if not n or not total:
        return 0.0
    return float(2 * (np.arange(1, n + 1) @ ordered) / (n * total) - (n + 1) / n)


def _sums(rows: Ints, values: Floats, n: int) -> npt.NDArray[np.float64]:
    return np.asarray(np.bincount(rows, weights=values, minlength=n), np.float64)


def _spread(values: npt.NDArray[Any]) -> CountSpread:
    quantiles = np.quantile(values, QUANTILES).tolist()
    return CountSpread(float(np.mean(values)), tuple(map(float, quantiles)), gini(values))


def _head(count: Ints) -> tuple[tuple[float, float], ...]:
    """The share of the ratings on the most rated 1, 2, 5, 10, 20, 50 % of the films."""
    falling = np.cumsum(np.sort(count)[::-1]) / max(1, int(count.sum()))
    shares = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    return tuple(
        (share, float(falling[max(1, int(np.ceil(share * len(count)))) - 1])) for share in shares
    )


def _bands(count: Ints, total: Floats) -> tuple[Band, ...]:
    rated = np.flatnonzero(count > 0)
    order = rated[np.argsort(count[rated], kind="stable")]
    everything = int(count.sum())
    return tuple(
        Band(
            int(count[some].min()),
            int(count[some].max()),
            float((total[some] / count[some]).mean()),
            float(count[some].sum() / everything),
        )
        for some in np.array_split(order, min(BANDS, len(order)))
    )


def _bias(count: Ints, total: Floats) -> float:
    """Spearman's correlation; 0 where one of the two does not vary."""
    rated = count > 0
    counts = pd.Series(count[rated]).rank().to_numpy(np.float64)
    means = pd.Series(total[rated] / count[rated]).rank().to_numpy(np.float64)
    if len(counts) < 2 or not counts.std() or not means.std():
        return 0.0
    return float(np.corrcoef(counts, means)[0, 1])


def _labels(table: Sparse, names: tuple[str, ...], count: Ints, total: Floats) -> tuple[Label, ...]:
    """Most films first; names in their own order where equal."""
    film = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    films = np.bincount(table.indices, minlength=len(names))
    ratings = np.bincount(table.indices, weights=count[film], minlength=len(names))
    stars = np.bincount(table.indices, weights=total[film], minlength=len(names))
    order = np.argsort(-films, kind="stable")
    return tuple(
        Label(
            names[at],
            float(films[at] / max(1, table.shape[0])),
            float(ratings[at] / max(1, count.sum())),
            float(stars[at] / ratings[at]) if ratings[at] else 0.0,
        )
        for at in order.tolist()
    )


def _decades(catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    known = catalogue.years[~np.isnan(catalogue.years)]
    decades, tally = np.unique((known // 10 * 10).astype(np.int64), return_counts=True)
    return tuple((f"{decade}s", int(n)) for decade, n in zip(decades, tally, strict=True))


def _months(when: npt.NDArray[np.float64]) -> tuple[tuple[str, int], ...]:
    """Ratings by month of those with a sensible time, from the first month to the last, none left
    out."""
    known = when[(when >= 0) & (when < LATEST)]
    if not len(known):
        return ()
    months = known.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    first = int(months.min())
    tally = np.bincount(months - first)
    names = np.datetime_as_string((np.arange(len(tally)) + first).astype("datetime64[M]"))
    return tuple(zip(names.tolist(), tally.tolist(), strict=True))


def _clock(when: npt.NDArray[np.float64]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    known = when[(when >= 0) & (when < LATEST)]
    if not len(known):
        return (), ()
    hours = np.bincount((known % DAY // 3600).astype(np.int64), minlength=24)
    weekdays = np.bincount(((known // DAY + 3) % 7).astype(np.int64), minlength=7)  # 1970: Thursday
    return tuple(hours.tolist()), tuple(weekdays.tolist())
