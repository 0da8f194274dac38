"""Choosing the ranking model's settings on a slice of the training data.

A fifth of each person's ratings is held out; settings are tried one after the other, each in steps
away from where it stands for as long as a step helps. A change is kept only where it raises nDCG@10
over the people by more than chance would (the paired difference against its standard error). What
is held out here is part of the training data: no test rating is ever seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.blending import RankingConfig, RankingModel, joined
from recommender.data import Catalogue, Query, Sparse, sparse
from recommender.factorization import Array64
from recommender.itemitem import ItemItemConfig
from recommender.ranking import fit_factors, fit_items, fit_ranking, plan

HELD = 0.2  # share of a person's ratings that is held out
LEAST = 10  # ratings a person needs to be held out from
MOST = 1_000_000  # ratings to choose by: of more, those of people drawn at random
PEOPLE = 1500  # people at most whose lists are judged
ENOUGH = 100  # people without whom nothing is judged: chance would choose
SURE = 1.645  # standard errors: by chance one change in twenty that does nothing is taken
LOVED = 4.0  # stars from which a held-out film counts as found
SHOWN = 10

# Steps that are tried in turn, each way, as multiples of the setting as it stood; dropout as it is.
Steps: TypeAlias = tuple[tuple[float, ...], ...]
PENALTY: Steps = ((0.5, 0.25), (2.0, 4.0, 8.0))
SIDE: Steps = ((0.6, 0.0), (1.6, 2.5))
DROPOUT: Steps = ((0.2, 0.4, 0.6),)
UNSEEN: Steps = ((0.5, 0.25), (2.0, 4.0))
SHARE: Steps = ((0.6, 0.3), (1.6, 2.5))
EVENED: Steps = ((0.5, 0.0), (1.5, 2.0))
TRIALS = sum(len(way) for steps in (PENALTY, SIDE, DROPOUT, UNSEEN, SHARE, EVENED) for way in steps)


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


def some_people(matrix: Sparse, most: int, rng: np.random.Generator) -> Sparse:
    """The ratings of people drawn at random, at most so many, unless of a single person."""
    if matrix.nnz <= most:
        return matrix
    order = rng.permutation(matrix.shape[0])
    lengths = np.diff(matrix.indptr)[order]
    kept = order[: max(1, int(np.searchsorted(np.cumsum(lengths), most, side="right")))]
    return sparse(matrix[np.sort(kept)])


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
    ratings = int(matrix.nnz)
    part = hold_out(some_people(matrix, MOST, rng), rng)
    if len(part.people) < ENOUGH:
        return Choice(config, None, None, 0)
    chosen = config
    seed = int(rng.integers(1 << 32))  # the same for every fit, so that it makes no difference
    model = fit_ranking(catalogue, part.train, plan(ratings, chosen), np.random.default_rng(seed))
    figures = judge(model, part)
    before = float(figures.mean())
    tried = passed = 0

    def settle(
        steps: Steps,
        option: Callable[[float], RankingConfig],
        refit: Callable[[RankingConfig], RankingModel],
    ) -> None:
        """Try each way for as long as a step helps; keep the best."""
        nonlocal chosen, model, figures, tried, passed
        options = [[option(step) for step in way] for way in steps]
        start = figures
        for way in options:
            last = start
            for at, trial in enumerate(way):
                tried += 1
                other = refit(trial)
                theirs = judge(other, part)
                helps = theirs.mean() > last.mean() and _surely(theirs - start)
                if helps and theirs.mean() > figures.mean():
                    chosen, model, figures = trial, other, theirs
                passed += 1 if helps else len(way) - at
                if progress is not None:
                    progress(passed, TRIALS)
                if not helps:
                    break
                last = theirs

    def items(option: RankingConfig) -> RankingModel:
        item = fit_items(catalogue, part.train, plan(ratings, option))
        return joined(model.popularity, model.tags, item, model.factors, plan(ratings, option))

    def factors(option: RankingConfig) -> RankingModel:
        again = np.random.default_rng(seed)
        fitted = fit_factors(catalogue, part.train, plan(ratings, option), again)
        return joined(model.popularity, model.tags, model.item, fitted, plan(ratings, option))

    def weights(option: RankingConfig) -> RankingModel:
        return joined(
            model.popularity, model.tags, model.item, model.factors, plan(ratings, option)
        )

    def with_item(item: ItemItemConfig) -> RankingConfig:
        return replace(chosen, item=item)

    def with_unseen(by: float) -> RankingConfig:
        return replace(chosen, als=replace(chosen.als, unseen=chosen.als.unseen * by))

    settle(
        PENALTY, lambda by: with_item(replace(chosen.item, penalty=chosen.item.penalty * by)), items
    )
    settle(DROPOUT, lambda at: with_item(replace(chosen.item, dropout=at)), items)
    settle(SIDE, lambda by: with_item(replace(chosen.item, side=chosen.item.side * by)), items)
    settle(UNSEEN, with_unseen, factors)
    settle(SHARE, lambda by: replace(chosen, factor_weight=chosen.factor_weight * by), weights)
    settle(EVENED, lambda by: replace(chosen, evened=chosen.evened * by), weights)
    return Choice(chosen, before, float(figures.mean()), tried)


def _surely(gain: Array64) -> bool:
    """Whether a paired gain is larger than chance would have it."""
    return bool(gain.mean() > SURE * gain.std() / np.sqrt(len(gain)))
