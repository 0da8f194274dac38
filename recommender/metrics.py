"""Measures of ranked lists and of predicted stars. Every model is judged by them.

Ranking: nDCG (Järvelin and Kekäläinen 2002) with binary gains, and with gains that are lower for
popular films, so that famous films alone cannot win; recall; reciprocal rank. Beyond accuracy:
coverage, popularity percentile, share of the long tail (films that few people rated), variety
within a list, and genre calibration (Steck 2018). Predicted stars: RMSE, MAE, and whether the
predicted standard deviations fit the errors.

A ranking is an array (people, places) of film rows, best first; -1 fills the places after the end
of a list. No measure is NaN or infinite: a person without relevant films counts as 0, and so does
an empty list.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from recommender.numeric.arrays import Array64, Bools, Floats, Ints, Sparse

METRICS_HEAD_SHARE = 0.2  # the most rated fifth of the films; the rest is the long tail
GENRE_SMOOTHING = 0.01  # share of the person's taste mixed into a list; keeps the divergence finite
FAME_OFFSET = 5.0  # ratings added to a film's number before it divides the gain of a hit
AGAINST_FAME = "ndcg@10_against_fame"  # the figure's name
INTERVAL_LEVELS = np.linspace(0.1, 0.9, 9)  # probabilities of the central intervals to check
BATCH_PEOPLE = 2048  # people whose lists are processed at once


def find_hits(ranked: Ints, relevant: Sparse) -> Bools:
    """Returns (people, places) True where the film of a place is relevant to the person.

    ranked: (people, places) film rows. relevant: (people, films), not zero for a relevant film.
    """
    people, films = relevant.shape
    rows = np.repeat(np.arange(people), np.diff(relevant.indptr))
    keys = np.sort(rows * films + relevant.indices.astype(np.int64))
    wanted = np.arange(people)[:, None] * films + np.asarray(ranked, np.int64)
    if not len(keys):
        return np.zeros(wanted.shape, bool)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.asarray((keys[place] == wanted) & (np.asarray(ranked) >= 0))


def ndcg(hits: Bools, relevant: Ints, k: int) -> Array64:
    """Returns (people,) nDCG@k: the sum of the discounts of the hits among the first k places,
    divided by the largest possible sum. hits: (people, places) True where the film of a place is
    relevant to the person. relevant: (people,) number of relevant films.
    """
    discount = 1 / np.log2(np.arange(2, k + 2))
    first = hits[:, :k]
    gained = (first * discount[: first.shape[1]]).sum(axis=1)
    ideal = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(relevant, k)]
    return _ratio(gained, ideal)


def ndcg_against_fame(ranked: Ints, relevant: Sparse, count: Ints, k: int) -> Array64:
    """Returns (people,) nDCG@k in which the gain of a hit is the inverse of the film's popularity.

    The gain is 1 / (number of training ratings + `FAME_OFFSET`). Without the offset, one film that
    nobody rated would outweigh all others. The sum is divided by the largest possible one, in which
    the person's relevant films come first, the least known at the top.

    ranked: (people, places) film rows. relevant: (people, films), not zero for a relevant film.
    count: (films,) number of ratings in the training data.
    """
    gain = 1.0 / (np.asarray(count, np.float64) + FAME_OFFSET)
    discount = 1 / np.log2(np.arange(2, k + 2))
    first = np.asarray(ranked)[:, :k]
    gained = gain[np.where(first >= 0, first, 0)] * discount[: first.shape[1]]
    sizes = np.diff(relevant.indptr)
    person = np.repeat(np.arange(len(sizes)), sizes)
    own = gain[relevant.indices]
    order = np.lexsort((-own, person))
    place = np.arange(len(order)) - np.repeat(relevant.indptr[:-1], sizes)
    best = np.where(place < k, own[order] * discount[np.minimum(place, k - 1)], 0.0)
    ideal = np.bincount(person, weights=best, minlength=len(sizes))
    return _ratio((gained * find_hits(first, relevant)).sum(axis=1), ideal)


def recall(hits: Bools, relevant: Ints, k: int) -> Array64:
    """Returns (people,) the share of each person's relevant films that are in the first k places.

    hits: (people, places) True where the film of a place is relevant to the person. relevant:
    (people,) number of relevant films.
    """
    return _ratio(hits[:, :k].sum(axis=1), relevant)


def reciprocal_rank(hits: Bools) -> Array64:
    """Returns (people,) 1 divided by the place of the first hit, or 0 if there is no hit."""
    if not hits.shape[1]:
        return np.zeros(len(hits))
    return np.asarray(np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0.0))


def coverage(ranked: Ints, films: int) -> float:
    """Returns the share of the catalogue that is in at least one list.

    ranked: (people, places) film rows, -1 after the end of a list. films: number of films.
    """
    return len(np.unique(ranked[ranked >= 0])) / films if films else 0.0


def popularity_percentile(count: npt.NDArray[Any]) -> Array64:
    """Returns (films,) percentiles from 0 (fewest ratings) to 100 (most).

    Of films with equally many ratings, later rows get higher percentiles. count: (films,) number of
    ratings.
    """
    percentile = np.zeros(len(count))
    if len(count) > 1:
        order = np.argsort(count, kind="stable")
        percentile[order] = np.arange(len(count)) / (len(count) - 1) * 100
    return percentile


def long_tail_by_rank(count: Ints) -> Bools:
    """Returns (films,) True for a film outside the most rated fifth (`METRICS_HEAD_SHARE`).

    The most rated fifth is cut at an exact number of films. If films at the cut have equally many
    ratings, those in later rows belong to the fifth. Recommendation itself uses another
    definition of the long tail, in `pipeline.long_tail`. count: (films,) number of ratings.
    """
    tail = np.ones(len(count), bool)
    head = int(np.ceil(METRICS_HEAD_SHARE * len(count)))
    tail[np.argsort(count, kind="stable")[::-1][:head]] = False
    return tail


def list_means(values: npt.NDArray[Any], ranked: Ints) -> Array64:
    """Returns (people,) the mean value of the films in each list.

    values: (films,). ranked: (people, places) film rows, -1 after the end of a list.
    """
    shown = ranked >= 0
    total = (np.asarray(values, np.float64)[np.where(shown, ranked, 0)] * shown).sum(axis=1)
    return _ratio(total, shown.sum(axis=1))


def variety(ranked: Ints, genres: Sparse) -> Array64:
    """Returns (people,) how different the genres of the films in each list are, from 0 to 1.

    It is the mean, over all pairs of films in the list, of 1 minus the Jaccard similarity of their
    genres. The similarity of two films without genres is 0. ranked: (people, places) film rows.
    genres: (films, genres).
    """
    table = genres.toarray().astype(np.float64)
    above = np.triu(np.ones((ranked.shape[1],) * 2, bool), 1)
    parts = [np.zeros(0)]
    for start in range(0, len(ranked), BATCH_PEOPLE):
        lists = ranked[start : start + BATCH_PEOPLE]
        shown = lists >= 0
        listed = table[np.where(shown, lists, 0)]
        common = listed @ listed.transpose(0, 2, 1)
        size = listed.sum(axis=2)
        union = size[:, :, None] + size[:, None, :] - common
        unlike = 1 - np.where(union > 0, common / np.maximum(union, 1), 0.0)
        pairs = shown[:, :, None] & shown[:, None, :] & above
        parts.append(_ratio((unlike * pairs).sum(axis=(1, 2)), pairs.sum(axis=(1, 2))))
    return np.concatenate(parts)


def genre_shares(weights: Sparse, genres: Sparse) -> Array64:
    """Returns (people, genres) the share of each genre in the films of each person.

    A film's weight is split evenly among its genres. A person's shares add up to 1, or are all 0 if
    no film with a weight has a genre.

    weights: (people, films) how much each film counts for each person. genres: (films, genres) 1
    for a genre that the film belongs to.
    """
    sizes = np.diff(genres.indptr)
    split = genres.copy()
    split.data = np.repeat(1 / np.maximum(sizes, 1), sizes).astype(np.float32)
    shares = np.asarray((weights @ split).toarray(), np.float64)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def calibration_error(listed: Array64, taste: Array64) -> Array64:
    """Returns (people,) how far the genres of each list are from those that the person likes.

    The measure is the Kullback–Leibler divergence of the genre shares, in nats. It is 0 if the list
    has exactly the person's genre shares, or if the person has no genre shares. First, the person's
    shares are mixed into the list's with the weight `GENRE_SMOOTHING`, so that the divergence stays
    finite if the list lacks a genre.

    listed, taste: (people, genres) genre shares of each list and of each person.
    """
    smoothed = (1 - GENRE_SMOOTHING) * listed + GENRE_SMOOTHING * taste
    ratio = np.where(taste > 0, taste / np.maximum(smoothed, 1e-300), 1.0)
    return np.asarray(np.maximum((taste * np.log(ratio)).sum(axis=1), 0.0))


def rmse(predicted: Floats, actual: Floats) -> float:
    """Returns the root mean squared error in stars, or 0 if there are no ratings.

    predicted, actual: (n,) stars.
    """
    gap = np.asarray(predicted, np.float64) - np.asarray(actual, np.float64)
    return float(np.sqrt(np.mean(gap**2))) if gap.size else 0.0


def mae(predicted: Floats, actual: Floats) -> float:
    """Returns the mean absolute error in stars, or 0 if there are no ratings.

    predicted, actual: (n,) stars.
    """
    gap = np.asarray(predicted, np.float64) - np.asarray(actual, np.float64)
    return float(np.mean(np.abs(gap))) if gap.size else 0.0


def spread_error(predicted: Floats, spread: Floats, actual: Floats) -> float:
    """Returns how badly predicted standard deviations (`spread`) fit the errors, from 0 to 1.

    Each prediction is a normal distribution. Its central 10% interval should contain the actual
    rating in 10% of cases, its 20% interval in 20%, and so on for all `INTERVAL_LEVELS`. The result
    is the mean absolute difference between these shares and the actual ones. predicted, spread,
    actual: (n,) stars.
    """
    gap = np.abs(np.asarray(predicted, np.float64) - np.asarray(actual, np.float64))
    if not gap.size:
        return 0.0
    reached = erf(gap / np.maximum(np.asarray(spread, np.float64), 1e-12) / np.sqrt(2))
    inside = (reached[:, None] <= INTERVAL_LEVELS).mean(axis=0)
    return float(np.abs(inside - INTERVAL_LEVELS).mean())


@dataclass(frozen=True)
class ListMeasures:
    """Measures of one model's lists.

    Attributes:
        ndcg: (people,) nDCG@10 of each person.
        against_fame: (people,) `ndcg_against_fame` at 10 of each person.
        figures: the value of each measure over all people, by name, such as "recall@20".
    """

    ndcg: Array64
    against_fame: Array64
    figures: dict[str, float]


def measure_lists(
    ranked: Ints, relevant: Sparse, count: Ints, genres: Sparse, liked: Sparse
) -> ListMeasures:
    """Returns all measures of ranked lists, most of them over the first ten places.

    Args:
        ranked: (people, places) film rows, best first; -1 after the end of a list.
        relevant: (people, films) not zero for a relevant film.
        count: (films,) number of ratings in the training data.
        genres: (films, genres) 1 for a film's genre.
        liked: (people, films) how much each film counts in a person's taste in genres.

    Novelty is 100 minus the mean popularity percentile.
    """
    hits, wanted = find_hits(ranked, relevant), np.diff(relevant.indptr)
    ten = ranked[:, :10]
    gained = ndcg(hits, wanted, 10)
    against_fame = ndcg_against_fame(ranked, relevant, count, 10)
    percentile = _mean(list_means(popularity_percentile(count), ten))
    shown = ten >= 0
    people = np.repeat(np.arange(len(ten)), shown.sum(axis=1))
    cells = (np.ones(len(people), np.float32), (people, ten[shown]))
    listed = genre_shares(type(liked)(cells, shape=liked.shape), genres)
    figures = {
        "ndcg@10": _mean(gained),
        AGAINST_FAME: _mean(against_fame),
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
    return ListMeasures(gained, against_fame, figures)


def _mean(values: Array64) -> float:
    """Returns the mean, or 0 if there are no values."""
    return float(values.mean()) if len(values) else 0.0


def _ratio(top: npt.NDArray[Any], bottom: npt.NDArray[Any]) -> Array64:
    """Returns top / bottom, or 0 where the bottom is not above 0."""
    divides = np.asarray(bottom) > 0
    return np.asarray(np.where(divides, top / np.where(divides, bottom, 1), 0.0), np.float64)
