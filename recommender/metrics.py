"""How good a list is, and how good a prediction: the measures every model is judged by.

Ranking: nDCG (Järvelin and Kekäläinen 2002, binary gains), recall, reciprocal rank. Beyond
accuracy: coverage, popularity percentile, long-tail share, variety within the list, and genre
calibration (Steck 2018). Stars: RMSE, MAE, and how honest a stated spread is.

A ranking is (people, places) of film rows, best first, -1 where a list has ended. Everything is
finite: a person with nothing relevant, or an empty list, counts 0.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from recommender.numeric.arrays import Array64, Bools, Floats, Ints, Sparse

METRICS_HEAD_SHARE = 0.2  # of the films, the most rated: outside them lies the long tail
SMOOTHING = 0.01  # of a list's genres by the person's, so that the divergence is finite
LEVELS = np.linspace(0.1, 0.9, 9)  # central intervals at which a stated spread is checked
BATCH = 2048  # people at once


def found(ranked: Ints, relevant: Sparse) -> Bools:
    """(people, places) whether the film there is relevant. relevant: (people, films)."""
    people, films = relevant.shape
    rows = np.repeat(np.arange(people), np.diff(relevant.indptr))
    keys = np.sort(rows * films + relevant.indices.astype(np.int64))
    wanted = np.arange(people)[:, None] * films + np.asarray(ranked, np.int64)
    if not len(keys):
        return np.zeros(wanted.shape, bool)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.asarray((keys[place] == wanted) & (np.asarray(ranked) >= 0))


def ndcg(hits: Bools, relevant: Ints, k: int) -> Array64:
    """(people,) discounted hits among the first k, over the best there could be. relevant:
    (people,) how many films are."""
    discount = 1 / np.log2(np.arange(2, k + 2))
    first = hits[:, :k]
    gained = (first * discount[: first.shape[1]]).sum(axis=1)
    ideal = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(relevant, k)]
    return _over(gained, ideal)


def recall(hits: Bools, relevant: Ints, k: int) -> Array64:
    """(people,) share of what is relevant that stands among the first k."""
    return _over(hits[:, :k].sum(axis=1), relevant)


def reciprocal_rank(hits: Bools) -> Array64:
    """(people,) one over the place of the first hit; 0 without one."""
    if not hits.shape[1]:
        return np.zeros(len(hits))
    return np.asarray(np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0.0))


def coverage(ranked: Ints, films: int) -> float:
    """Share of the catalogue that stands in anybody's list."""
    return len(np.unique(ranked[ranked >= 0])) / films if films else 0.0


def popularity_percentile(count: npt.NDArray[Any]) -> Array64:
    """(films,) 0 for the film with the fewest ratings to 100 for the most; ties in row order."""
    percentile = np.zeros(len(count))
    if len(count) > 1:
        order = np.argsort(count, kind="stable")
        percentile[order] = np.arange(len(count)) / (len(count) - 1) * 100
    return percentile


def long_tail_by_rank(count: Ints) -> Bools:
    """Returns (films,) True for a film outside the most rated fifth (`METRICS_HEAD_SHARE`).

    The fifth always holds the same number of films: of films with equally many ratings, those in
    later rows belong to it. `pipeline.long_tail` defines its own long tail.
    """
    tail = np.ones(len(count), bool)
    head = int(np.ceil(METRICS_HEAD_SHARE * len(count)))
    tail[np.argsort(count, kind="stable")[::-1][:head]] = False
    return tail


def list_means(values: npt.NDArray[Any], ranked: Ints) -> Array64:
    """(people,) mean of a film's value over each list."""
    shown = ranked >= 0
    total = (np.asarray(values, np.float64)[np.where(shown, ranked, 0)] * shown).sum(axis=1)
    return _over(total, shown.sum(axis=1))


def variety(ranked: Ints, genres: Sparse) -> Array64:
    """(people,) mean over a list's pairs of one minus the Jaccard likeness of their genres. Two
    films without genres are unlike."""
    table = genres.toarray().astype(np.float64)
    above = np.triu(np.ones((ranked.shape[1],) * 2, bool), 1)
    parts = [np.zeros(0)]
    for start in range(0, len(ranked), BATCH):
        some = ranked[start : start + BATCH]
        shown = some >= 0
        theirs = table[np.where(shown, some, 0)]
        common = theirs @ theirs.transpose(0, 2, 1)
        size = theirs.sum(axis=2)
        union = size[:, :, None] + size[:, None, :] - common
        unlike = 1 - np.where(union > 0, common / np.maximum(union, 1), 0.0)
        pairs = shown[:, :, None] & shown[:, None, :] & above
        parts.append(_over((unlike * pairs).sum(axis=(1, 2)), pairs.sum(axis=(1, 2))))
    return np.concatenate(parts)


def genre_shares(weights: Sparse, genres: Sparse) -> Array64:
    """(people, genres) each person's genres by weight (people, films), adding up to one; a film's
    weight is split evenly among its genres. All zero where nothing with a genre is weighed."""
    sizes = np.diff(genres.indptr)
    split = genres.copy()
    split.data = np.repeat(1 / np.maximum(sizes, 1), sizes).astype(np.float32)
    shares = np.asarray((weights @ split).toarray(), np.float64)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def calibration_error(listed: Array64, taste: Array64) -> Array64:
    """(people,) Kullback–Leibler divergence, nats, of a list's genre shares from the person's, the
    list's smoothed by `SMOOTHING` of the person's; both (people, genres). 0 is a list with the
    genres in the very shares the person likes; 0 too where they like none."""
    smoothed = (1 - SMOOTHING) * listed + SMOOTHING * taste
    ratio = np.where(taste > 0, taste / np.maximum(smoothed, 1e-300), 1.0)
    return np.asarray(np.maximum((taste * np.log(ratio)).sum(axis=1), 0.0))


def rmse(predicted: Floats, actual: Floats) -> float:
    """Root mean squared error, stars; 0 where there is nothing to predict."""
    gap = np.asarray(predicted, np.float64) - np.asarray(actual, np.float64)
    return float(np.sqrt(np.mean(gap**2))) if gap.size else 0.0


def mae(predicted: Floats, actual: Floats) -> float:
    """Mean absolute error, stars; 0 where there is nothing to predict."""
    gap = np.asarray(predicted, np.float64) - np.asarray(actual, np.float64)
    return float(np.mean(np.abs(gap))) if gap.size else 0.0


def spread_error(predicted: Floats, spread: Floats, actual: Floats) -> float:
    """Calibration error of stated standard deviations: the mean over `LEVELS` of the gap between
    the share of ratings that should lie in the central normal interval and the share that does."""
    gap = np.abs(np.asarray(predicted, np.float64) - np.asarray(actual, np.float64))
    if not gap.size:
        return 0.0
    reached = erf(gap / np.maximum(np.asarray(spread, np.float64), 1e-12) / np.sqrt(2))
    inside = (reached[:, None] <= LEVELS).mean(axis=0)
    return float(np.abs(inside - LEVELS).mean())


@dataclass(frozen=True)
class ListMeasures:
    """The reference figures over people, by the names they carry in files and tables."""

    ndcg: Array64
    figures: dict[str, float]


def measure_lists(
    ranked: Ints, relevant: Sparse, count: Ints, genres: Sparse, liked: Sparse
) -> ListMeasures:
    """All list measures at the reference depths. ranked: (people, places); relevant, liked:
    (people, films), liked weighing what is known of their taste; count: (films,) ratings in the
    training data. novelty is 100 less the mean popularity percentile."""
    hits, wanted = found(ranked, relevant), np.diff(relevant.indptr)
    ten = ranked[:, :10]
    gained = ndcg(hits, wanted, 10)
    percentile = _mean(list_means(popularity_percentile(count), ten))
    shown = ten >= 0
    people = np.repeat(np.arange(len(ten)), shown.sum(axis=1))
    cells = (np.ones(len(people), np.float32), (people, ten[shown]))
    listed = genre_shares(type(liked)(cells, shape=liked.shape), genres)
    figures = {
        "ndcg@10": _mean(gained),
        "recall@10": _mean(recall(hits, wanted, 10)),
        "recall@20": _mean(recall(hits, wanted, 20)),
        "mrr": _mean(reciprocal_rank(hits)),
        "coverage@10": coverage(ten, len(count)),
        "long_tail": _mean(list_means(long_tail_by_rank(count), ten)),
        "novelty": 100 - percentile,
        "popularity_percentile": percentile,
        "variety": _mean(variety(ten, genres)),
        "calibration_error": _mean(calibration_error(listed, genre_shares(liked, genres))),
    }
    return ListMeasures(gained, figures)


def _mean(values: Array64) -> float:
    return float(values.mean()) if len(values) else 0.0


def _over(top: npt.NDArray[Any], bottom: npt.NDArray[Any]) -> Array64:
    """top / bottom, 0 where there is nothing below."""
    some = np.asarray(bottom) > 0
    return np.asarray(np.where(some, top / np.where(some, bottom, 1), 0.0), np.float64)
