"""Describes a data set before any model is fitted (exploratory analysis).

It covers: sizes and sparsity; the distribution of stars; how uneven the numbers of ratings of films
and people are (the long tail); whether films with many ratings are liked better (popularity bias);
genres, tags, years and times.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.data import Catalogue
from recommender.datasets.folder import Folder
from recommender.numeric.arrays import Floats, Ints, Sparse

BAND_COUNT = 10  # groups of rated films of equal size, from the least rated to the most rated
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
TOP_COUNT = 20  # tags and films listed
FEW_RATINGS = 5  # most ratings of a film that counts as rarely rated
DAY_SECONDS = 86_400
LATEST_TIME = 7.2e9  # Unix seconds, in the 22nd century; later times are damaged data


@dataclass(frozen=True)
class CountSpread:
    """How a number, such as the number of ratings, is distributed over people or films.

    Attributes:
        mean: mean of the numbers.
        quantiles: quantiles at `QUANTILES`.
        gini: Gini's coefficient: 0 if all numbers are equal, near 1 if one person or film has
            nearly the whole sum.
    """

    mean: float
    quantiles: tuple[float, ...]
    gini: float


@dataclass(frozen=True)
class Label:
    """A genre or tag.

    Attributes:
        name: its name.
        films: share of the films that have it.
        ratings: share of the ratings that go to these films.
        stars: mean stars of these ratings, 0 without ratings.
    """

    name: str
    films: float
    ratings: float
    stars: float


@dataclass(frozen=True)
class Band:
    """A tenth of the rated films, from the least rated to the most rated.

    Attributes:
        least: fewest ratings of a film in the band.
        most: most ratings of a film in the band.
        stars: mean of the films' mean stars.
        share: share of all ratings that go to these films.
    """

    least: int
    most: int
    stars: float
    share: float


@dataclass(frozen=True, eq=False)
class Exploration:
    """The description of a data set that `matinee explore` shows.

    Attributes:
        name: name of the data set.
        people: number of people.
        films: number of films.
        rated_films: number of films with ratings.
        ratings: number of ratings.
        repeats: number of ratings that a later rating of the same person and film replaced.
        strays: number of ratings of films that the data set's list of films does not have.
        density: number of ratings divided by people × films.
        stars: pairs (stars, number of ratings), ascending.
        mean_stars: mean of all stars.
        person_means: distribution of people's mean stars.
        by_person: distribution of the number of ratings of each person.
        by_film: distribution of the number of ratings of each film.
        few: number of films with at most FEW_RATINGS ratings.
        head: pairs (share of films, share of ratings) for the most rated films.
        bands: tenths of the rated films, from the least rated to the most rated.
        bias: Spearman's rank correlation between a film's number of ratings and its mean stars.
        genres: the genres, the most frequent first.
        tags: the most frequent tags.
        tag_count: number of tags.
        tagged_films: number of films with tags.
        decades: pairs (name, number of films), ascending.
        months: pairs (name, number of ratings), ascending; empty without times.
        hours: number of ratings by UTC hour; empty without times.
        weekdays: number of ratings by UTC weekday from Monday; empty without times.
        known: pairs (title, number of ratings) of the most rated films.
    """

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
    """Returns the description of a data set."""
    catalogue, ratings = folder.catalogue, folder.ratings
    films, people = len(catalogue), len(ratings.people)
    count = np.bincount(ratings.film, minlength=films)
    total = _sums(ratings.film, ratings.stars, films)
    by_person = np.bincount(ratings.person, minlength=people)
    person_total = _sums(ratings.person, ratings.stars, people)
    values, tally = np.unique(ratings.stars, return_counts=True)
    favourites = np.argsort(-count, kind="stable")[: min(TOP_COUNT, int((count > 0).sum()))]
    hours, weekdays = _hours_and_weekdays(ratings.when)
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
        few=int((count <= FEW_RATINGS).sum()),
        head=_head(count),
        bands=_bands(count, total),
        bias=_bias(count, total),
        genres=_labels(catalogue.genres, catalogue.genre_names, count, total),
        tags=_labels(catalogue.tags, catalogue.tag_names, count, total)[:TOP_COUNT],
        tag_count=len(catalogue.tag_names),
        tagged_films=int((np.diff(catalogue.tags.indptr) > 0).sum()),
        decades=_decades(catalogue),
        months=_months(ratings.when),
        hours=hours,
        weekdays=weekdays,
        known=tuple((catalogue.titles[row], int(count[row])) for row in favourites.tolist()),
    )


def gini(values: npt.NDArray[Any]) -> float:
    """Returns Gini's coefficient of values (n,) that are not negative; 0 if all are equal."""
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
    """Returns (share of films, share of their ratings) for the most rated 1, 2, 5, 10, 20, 50 %.

    count: (films,) number of ratings of each film.
    """
    falling = np.cumsum(np.sort(count)[::-1]) / max(1, int(count.sum()))
    shares = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    return tuple(
        (share, float(falling[max(1, int(np.ceil(share * len(count)))) - 1])) for share in shares
    )


def _bands(count: Ints, total: Floats) -> tuple[Band, ...]:
    """Returns the tenths of the rated films, from the least rated to the most rated.

    count, total: (films,) number of ratings of each film, and the sum of their stars.
    """
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
        for some in np.array_split(order, min(BAND_COUNT, len(order)))
    )


def _bias(count: Ints, total: Floats) -> float:
    """Returns Spearman's correlation between the films' numbers of ratings and mean stars.

    count, total: (films,) number of ratings of each film, and the sum of their stars. Films without
    ratings are left out. Returns 0 if either does not vary.
    """
    rated = count > 0
    counts = pd.Series(count[rated]).rank().to_numpy(np.float64)
    means = pd.Series(total[rated] / count[rated]).rank().to_numpy(np.float64)
    if len(counts) < 2 or not counts.std() or not means.std():
        return 0.0
    return float(np.corrcoef(counts, means)[0, 1])


def _labels(table: Sparse, names: tuple[str, ...], count: Ints, total: Floats) -> tuple[Label, ...]:
    """Returns the labels (genres or tags) of a (films, labels) table, the most frequent first.

    Labels of equally many films keep their order. names: (labels,). count, total: (films,) number
    of ratings of each film, and the sum of their stars.
    """
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
    """Returns (name, number of ratings) of every month from the first to the last.

    Ratings without a plausible time are left out. Empty if no rating has such a time. when: (n,)
    Unix seconds, NaN unknown.
    """
    known = when[(when >= 0) & (when < LATEST_TIME)]
    if not len(known):
        return ()
    months = known.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    first = int(months.min())
    tally = np.bincount(months - first)
    names = np.datetime_as_string((np.arange(len(tally)) + first).astype("datetime64[M]"))
    return tuple(zip(names.tolist(), tally.tolist(), strict=True))


def _hours_and_weekdays(
    when: npt.NDArray[np.float64],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns the number of ratings by UTC hour and by UTC weekday from Monday.

    Both are empty if no rating has a plausible time. when: (n,) Unix seconds, NaN unknown.
    """
    known = when[(when >= 0) & (when < LATEST_TIME)]
    if not len(known):
        return (), ()
    hours = np.bincount((known % DAY_SECONDS // 3600).astype(np.int64), minlength=24)
    weekday = (known // DAY_SECONDS + 3) % 7  # 1 January 1970 was a Thursday
    weekdays = np.bincount(weekday.astype(np.int64), minlength=7)
    return tuple(hours.tolist()), tuple(weekdays.tolist())
