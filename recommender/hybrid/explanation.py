"""Explains a film's blended score by parts that add up to it.

The blended score is a weighted sum of several models' scores. It is also a sum over facts about the
person: their ratings, the films that they have not seen, and the tags that they named. It can
therefore be split exactly into what each of these facts adds.
"""

from itertools import compress, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Part, PartKind, Query
from recommender.hybrid.blend import Blend
from recommender.hybrid.model import RankingModel
from recommender.numeric.arrays import Array64, Rows


def explain(
    model: RankingModel, blended: Blend, query: Query, films: Rows
) -> list[tuple[Part, ...]]:
    """Returns, for each of k film rows, the parts (what each fact adds) of its score, a weighted
    sum of models.

    The parts of a film add up to its score. Popularity comes first, then the other parts, largest
    first. blended: the scores of the query. films: (k,) rows.
    """
    boost = blended.boosts[model.coverage[films]]
    n = len(query.films)
    popularity = (
        boost * blended.popularity_weight * model.famous[films] + blended.dial * model.reach[films]
    )
    popularity -= blended.penalty * model.penalised[films]
    popularity -= blended.liked_penalty * model.liked[films]
    unseen, unseen_films = np.zeros((len(films), 0)), np.zeros(0, np.int64)
    looks, looked = np.zeros((len(films), len(query.looks))), query.looks
    ratings = np.zeros((len(films), n))
    columns, tags = np.zeros(0, np.int64), np.zeros((len(films), 0))
    place = iter(zip(model.factors, blended.places, strict=False))
    for component in blended.components:
        scale = (boost * component.scale * component.covered[films])[:, None]
        if component.name == "tags":
            assert blended.content is not None
            heard = scale * model.content.rating_parts(blended.content, films)
            ratings += heard[:, :n]
            looks += heard[:, n:]
            popularity -= scale[:, 0] * component.centre
            columns = blended.content.columns
            tags = scale * model.content.tag_parts(blended.content, films)
        elif component.name == "item" and model.item is not None:
            assert blended.contribution is not None
            ratings += scale * model.item.rating_parts(blended.contribution, films, n)
        elif component.name == "newcomer" and model.newcomer is not None:
            assert blended.posterior is not None
            usual, each = model.newcomer.parts(blended.posterior, films)
            posterior, split = blended.posterior, len(blended.posterior.rated)
            popularity += scale[:, 0] * usual
            ratings[:, posterior.rated] += scale * each[:, :split]
            unseen_films, until = posterior.unseen, split + len(posterior.unseen)
            unseen = scale * each[:, split:until]
            places_of = [looked.tolist().index(film) for film in posterior.looked.tolist()]
            looks[:, places_of] += scale * each[:, until:]
        else:
            factors, fold = next(place)
            ratings += scale * factors.rating_parts(fold, films, n)
    facts: tuple[tuple[PartKind, npt.NDArray[Any], Array64], ...] = (
        ("rating", query.films, ratings),
        ("unseen", unseen_films, unseen),
        ("look", looked, looks),
        ("tag", columns, tags),
        ("chosen", np.arange(len(query.chosen)), _chosen_parts(blended, query, films)),
    )
    return _ordered(popularity, facts)


def _chosen_parts(blended: Blend, query: Query, films: Rows) -> Array64:
    """Returns (k, kinds) what kinds of films add to the scores of k films.

    The kinds are those that the person chose in the quiz. blended: the scores of all films for the
    query. films: (k,) rows.
    """
    each = np.zeros((len(films), len(query.chosen)))
    for at, (rows, raised) in enumerate(zip(query.chosen, blended.chosen, strict=True)):
        each[np.isin(films, rows), at] = raised
    largest = each.argmax(axis=1) if each.shape[1] else np.zeros(len(films), np.int64)
    return np.asarray(each * (np.arange(each.shape[1]) == largest[:, None]))


def _ordered(
    popularity: Array64, facts: tuple[tuple[PartKind, npt.NDArray[Any], Array64], ...]
) -> list[tuple[Part, ...]]:
    """Returns the parts of k films' scores: popularity first, then the others, the largest first.

    popularity: (k,) what popularity adds to each film. facts: for each kind of fact, three values:
    the kind, (n,) which facts they are (the values of `Part.ref`), and (k, n) what each fact adds
    to each film.
    """
    facts = tuple(fact for fact in facts if len(fact[1])) or facts[:1]
    kinds = np.repeat(np.array([kind for kind, _, _ in facts], object), [len(x[1]) for x in facts])
    refs = np.concatenate([refs for _, refs, _ in facts])
    amounts = np.hstack([amounts for _, _, amounts in facts])
    order = np.argsort(-amounts, axis=1, kind="stable")
    amounts = np.take_along_axis(amounts, order, axis=1)
    named = kinds[order].tolist() if len(facts) > 1 else repeat(kinds.tolist(), len(popularity))
    lists = zip(named, refs[order].tolist(), amounts.tolist(), strict=True)
    found = []
    for amount, kept, columns in zip(popularity.tolist(), amounts != 0, lists, strict=True):
        parts = map(tuple.__new__, repeat(Part), zip(*columns, strict=True))
        chosen = parts if kept.all() else compress(parts, kept.tolist())
        found.append((Part("popularity", -1, amount), *chosen))
    return found
