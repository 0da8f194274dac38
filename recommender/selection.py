"""Choosing the ranking model's settings on a slice of the training data.

A tenth of each person's ratings is held out; settings are tried one after the other, and a change
is kept only where it raises nDCG@10 over the people by more than one standard error of the paired
difference, so that noise changes nothing. What is held out here is part of the training data: no
test rating is ever seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.blending import RankingConfig, RankingModel, joined
from recommender.data import Catalogue, Query, Sparse, sparse
from recommender.factorization import Array64, FactorModel
from recommender.itemitem import ItemItemModel
from recommender.ranking import fit_factors, fit_items, fit_ranking, plan

HELD = 0.1  # share of a person's ratings that is held out
LEAST = 10  # ratings a person needs to be held out from
PEOPLE = 1500  # people at most whose lists are judged
ENOUGH = 20  # people without whom nothing is judged
LOVED = 4.0  # stars from which a held-out film counts as found
SHOWN = 10

# What is tried, as multiples of the setting given.
PENALTIES = (0.5, 2.0, 4.0)
SIDES = (0.0, 0.6, 1.6)
DROPOUTS = (0.2,)  # these as they are
UNSEEN = (0.5, 2.0)
SHARES = (0.6, 1.6)
EVENED = (0.0, 0.5, 1.5)
TRIALS = sum(len(options) for options in (PENALTIES, SIDES, DROPOUTS, UNSEEN, SHARES, EVENED))


@dataclass(frozen=True, eq=False)
class Slice:
    """train: (people, films) stars without the held-out; people: rows judged; wanted: for each of
    them the held-out films they loved."""

    train: Sparse
    people: npt.NDArray[np.int64]
    wanted: tuple[npt.NDArray[np.int64], ...]


@dataclass(frozen=True)
class Choice:
    """The chosen settings; nDCG@10 on the slice as given and as chosen, None where it was
    too small to judge by; trials: settings judged."""

    config: RankingConfig
    before: float | None
    after: float | None
    trials: int


def hold_out(matrix: Sparse, rng: np.random.Generator) -> Slice:
    """A slice of the ratings, at random for each person."""
    lengths = np.diff(matrix.indptr)
    person = np.repeat(np.arange(matrix.shape[0]), lengths)
    order = np.lexsort((rng.random(matrix.nnz), person))
    rank = np.empty(matrix.nnz, np.int64)
    rank[order] = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], lengths)
    each = np.where(lengths >= LEAST, np.round(HELD * lengths), 0)
    held = rank < each[person]
    kept = (matrix.data[~held], (person[~held], matrix.indices[~held]))
    loved = held & (matrix.data >= LOVED)
    judged = np.unique(person[loved])
    if len(judged) > PEOPLE:
        judged = np.sort(rng.choice(judged, PEOPLE, replace=False))
    films = matrix.indices.astype(np.int64)
    starts = np.searchsorted(person[loved], np.stack([judged, judged + 1]))
    wanted = tuple(films[loved][a:b] for a, b in starts.T)
    return Slice(sparse(kept, matrix.shape), judged, wanted)


def judge(model: RankingModel, part: Slice) -> Array64:
    """(people,) nDCG@10 of each person judged, all films but those they rated being candidates."""
    discount = 1.0 / np.log2(np.arange(2, SHOWN + 2))
    best = np.cumsum(discount)
    found = np.zeros(len(part.people))
    for at, (person, wanted) in enumerate(zip(part.people, part.wanted, strict=True)):
        rated = slice(part.train.indptr[person], part.train.indptr[person + 1])
        films = part.train.indices[rated]
        scores = model.score(Query(films=films, stars=part.train.data[rated]))
        scores[films] = -np.inf
        count = min(SHOWN, len(scores))
        top = np.argpartition(-scores, count - 1)[:count]
        top = top[np.argsort(-scores[top], kind="stable")]
        hits = np.isin(top, wanted)
        found[at] = (hits * discount[:count]).sum() / best[min(len(wanted), SHOWN) - 1]
    return found


def choose(
    catalogue: Catalogue,
    matrix: Sparse,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] | None = None,
) -> Choice:
    """Settings for these ratings, beginning from `config`. Where too few people have enough
    ratings to judge by (fewer than `ENOUGH`), `config` as it is."""
    part = hold_out(matrix, rng)
    if len(part.people) < ENOUGH:
        return Choice(config, None, None, 0)
    ratings = int(matrix.nnz)
    chosen = config
    model = fit_ranking(catalogue, part.train, chosen, rng)
    figures = judge(model, part)
    before = float(figures.mean())
    tried = 0

    def settle(
        options: Sequence[RankingConfig], refit: Callable[[RankingConfig], RankingModel]
    ) -> None:
        nonlocal chosen, model, figures, tried
        start = figures
        for option in options:
            tried += 1
            other = refit(option)
            theirs = judge(other, part)
            gain = theirs - start
            error = float(gain.std()) / np.sqrt(len(gain))
            if gain.mean() > error and theirs.mean() > figures.mean():
                chosen, model, figures = option, other, theirs
            if progress is not None:
                progress(tried, TRIALS)

    def parts(
        item: ItemItemModel | None, factors: tuple[FactorModel, ...], option: RankingConfig
    ) -> RankingModel:
        config = plan(ratings, option)
        return joined(model.popularity, model.tags, item, factors, config, model.newcomer)

    def items(option: RankingConfig) -> RankingModel:
        item = fit_items(catalogue, part.train, plan(ratings, option))
        return parts(item, model.factors, option)

    def factors(option: RankingConfig) -> RankingModel:
        fitted = fit_factors(catalogue, part.train, plan(ratings, option), rng)
        return parts(model.item, fitted, option)

    def weights(option: RankingConfig) -> RankingModel:
        return parts(model.item, model.factors, option)

    item, als = chosen.item, chosen.als
    settle(
        [replace(chosen, item=replace(item, penalty=item.penalty * k)) for k in PENALTIES], items
    )
    item = chosen.item
    settle([replace(chosen, item=replace(item, side=item.side * k)) for k in SIDES], items)
    item = chosen.item
    settle([replace(chosen, item=replace(item, dropout=share)) for share in DROPOUTS], items)
    settle([replace(chosen, als=replace(als, unseen=als.unseen * k)) for k in UNSEEN], factors)
    settle([replace(chosen, factor_weight=chosen.factor_weight * k) for k in SHARES], weights)
    settle([replace(chosen, evened=chosen.evened * k) for k in EVENED], weights)
    return Choice(chosen, before, float(figures.mean()), tried)
