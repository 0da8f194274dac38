"""Choosing the ranking model's settings on a slice of the training data.

A fifth of each person's ratings is held out; settings are tried one after the other, each in steps
away from where it stands for as long as a step helps. Whenever a component changes, the weight between
the components is looked for again, which costs no fit. A change is kept only where it raises nDCG@10
over the people by more than chance would (the paired difference against its standard error). What
is held out here is part of the training data: no test rating is ever seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from recommender.data import Catalogue
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_factors, fit_items, fit_ranking, plan
from recommender.hybrid.model import assemble_ranking
from recommender.hybrid.validation import (
    ComponentScores,
    Judge,
    component_scores,
    hold_out,
    some_people,
)
from recommender.models.als import AlsConfig, match_shrinkage
from recommender.models.item_item import ItemItemConfig
from recommender.numeric.arrays import Array64, Sparse
from recommender.numeric.progress import Progress

MAX_TUNING_RATINGS = 1_000_000  # ratings to choose by: of more, those of people drawn at random
MIN_JUDGED_PEOPLE = 100  # people without whom nothing is judged: chance would choose
SIGNIFICANT_ERRORS = (
    1.645  # standard errors: by chance one change in twenty that does nothing is taken
)

# Steps that are tried in turn, each way, as multiples of the setting as it stood; dropout and
# frequency as they are.
Steps: TypeAlias = tuple[tuple[float, ...], ...]
PENALTY_STEPS: Steps = ((0.5, 0.25), (2.0, 4.0, 8.0))
FEATURE_WEIGHT_STEPS: Steps = ((0.6, 0.0), (1.6, 2.5))
DROPOUT_STEPS: Steps = ((0.2, 0.4, 0.6), (0.0,))
UNSEEN_STEPS: Steps = ((0.5, 0.25), (2.0, 4.0))
FREQUENCY_STEPS: Steps = ((0.5, 0.0), (1.0,))
LEVEL_STEPS: Steps = ((0.7, 0.5), (1.4, 2.0))
SIZE_STEPS: Steps = ((0.75, 0.5), (1.5, 2.0))
SHARE_STEPS: Steps = ((0.6, 0.3), (1.6, 2.5, 4.0, 6.0, 10.0))
POPULARITY_PENALTY_STEPS: Steps = ((0.5, 0.0), (1.5, 2.0))
FACTOR_SHARE_STEPS = (
    0.6,
    1.0,
    1.6,
)  # of the factors' weight, with every other component that is tried
STEPS_IN_ORDER = (
    *(
        SHARE_STEPS,
        POPULARITY_PENALTY_STEPS,
        PENALTY_STEPS,
        DROPOUT_STEPS,
        FEATURE_WEIGHT_STEPS,
        UNSEEN_STEPS,
        FREQUENCY_STEPS,
        LEVEL_STEPS,
        SIZE_STEPS,
    ),
    *(SHARE_STEPS, POPULARITY_PENALTY_STEPS),
)
TRIALS = sum(len(way) for steps in STEPS_IN_ORDER for way in steps)


@dataclass(frozen=True)
class TunedSettings:
    """The chosen settings; nDCG@10 on the slice as given and as chosen, None where it was
    too small to judge by; trials: settings judged."""

    config: RankingConfig
    before: float | None
    after: float | None
    trials: int


def choose(
    catalogue: Catalogue,
    matrix: Sparse,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> TunedSettings:
    """Settings for these ratings, beginning from `config`. Where too few people have enough
    ratings to judge by (fewer than `MIN_JUDGED_PEOPLE`), `config` as it is."""
    ratings = int(matrix.nnz)
    part = hold_out(some_people(matrix, MAX_TUNING_RATINGS, rng), rng)
    if len(part.people) < MIN_JUDGED_PEOPLE:
        return TunedSettings(config, None, None, 0)
    judge = Judge(part)
    chosen = plan(ratings, config)
    seed = int(rng.integers(1 << 32))  # the same for every fit, so that it makes no difference
    model = fit_ranking(catalogue, part.train, chosen, np.random.default_rng(seed))
    components = component_scores(model, chosen, judge.queries)
    figures = judge.figures(components)
    before = float(figures.mean())
    tried = passed = 0

    def settle(
        steps: Steps,
        option: Callable[[float], RankingConfig],
        covered: Callable[[RankingConfig], ComponentScores],
        factor_shares: tuple[float, ...] = FACTOR_SHARE_STEPS,
    ) -> None:
        """Try each way for as long as a step helps; keep the best."""
        nonlocal chosen, components, figures, tried, passed
        options = [[option(step) for step in way] for way in steps]
        start, stood = figures, chosen
        for way in options:
            last = start
            for at, trial in enumerate(way):
                if trial == stood:
                    passed += 1
                    continue
                tried += 1
                other, theirs = _best(judge, covered(trial), trial, factor_shares)
                helps = theirs.mean() > last.mean() and _significant(theirs - start)
                if helps and theirs.mean() > figures.mean():
                    chosen, components, figures = other.config, other, theirs
                passed += 1 if helps else len(way) - at
                if progress is not None:
                    progress(passed, TRIALS)
                if not helps:
                    break
                last = theirs

    def items(option: RankingConfig) -> ComponentScores:
        item = fit_items(catalogue, part.train, option)
        other = assemble_ranking(
            model.popularity, model.tags, item, model.factors, option, model.newcomer
        )
        return components.with_component(other, "item", judge.queries)

    def factors(option: RankingConfig) -> ComponentScores:
        fitted = fit_factors(catalogue, part.train, option, np.random.default_rng(seed))
        other = assemble_ranking(
            model.popularity, model.tags, model.item, fitted, option, model.newcomer
        )
        return components.with_component(other, "factors", judge.queries)

    def weights(option: RankingConfig) -> ComponentScores:
        return components

    def with_als(als: AlsConfig) -> RankingConfig:
        return replace(chosen, als=match_shrinkage(part.train, chosen.als, als))

    def with_level(by: float) -> RankingConfig:
        return replace(chosen, als=replace(chosen.als, penalty=chosen.als.penalty * by))

    def with_item(item: ItemItemConfig) -> RankingConfig:
        return replace(chosen, item=item)

    def with_size(by: float) -> RankingConfig:
        return replace(chosen, sizes=(max(1, round(chosen.sizes[0] * by)),))

    def settle_shares() -> None:
        settle(SHARE_STEPS, lambda by: shift_weight(chosen, by), weights, (1.0,))
        settle(
            POPULARITY_PENALTY_STEPS,
            lambda by: replace(chosen, popularity_penalty=chosen.popularity_penalty * by),
            weights,
            (1.0,),
        )

    settle_shares()
    settle(
        UNSEEN_STEPS,
        lambda by: with_als(replace(chosen.als, unseen=chosen.als.unseen * by)),
        factors,
    )
    settle(FREQUENCY_STEPS, lambda at: with_als(replace(chosen.als, frequency=at)), factors)
    settle(LEVEL_STEPS, with_level, factors)
    if len(chosen.sizes) == 1:
        settle(SIZE_STEPS, with_size, factors)
    else:  # several sizes are a choice already
        passed += sum(map(len, SIZE_STEPS))
    settle(
        PENALTY_STEPS,
        lambda by: with_item(replace(chosen.item, penalty=chosen.item.penalty * by)),
        items,
    )
    settle(DROPOUT_STEPS, lambda at: with_item(replace(chosen.item, dropout=at)), items)
    settle(
        FEATURE_WEIGHT_STEPS,
        lambda by: with_item(replace(chosen.item, feature_weight=chosen.item.feature_weight * by)),
        items,
    )
    settle_shares()
    if progress is not None:
        progress(TRIALS, TRIALS)
    return TunedSettings(chosen, before, float(figures.mean()), tried)


def shift_weight(config: RankingConfig, by: float) -> RankingConfig:
    """The factors' weight over the item-item model's times `by`; what the two add up to stays."""
    both = config.item_weight + config.factor_weight
    odds = config.factor_weight * by
    share = odds / (odds + config.item_weight) if both else 0.0
    return replace(config, factor_weight=both * share, item_weight=both * (1.0 - share))


def _best(
    judge: Judge,
    components: ComponentScores,
    config: RankingConfig,
    factor_shares: tuple[float, ...],
) -> tuple[ComponentScores, Array64]:
    """The best of some weights of the factors, and its figures."""
    tried = [components.with_weights(shift_weight(config, by)) for by in factor_shares]
    figures = [judge.figures(each) for each in tried]
    best = int(np.argmax([each.mean() for each in figures]))
    return tried[best], figures[best]


def _significant(gain: Array64) -> bool:
    """Whether a paired gain is larger than chance would have it."""
    return bool(gain.mean() > SIGNIFICANT_ERRORS * gain.std() / np.sqrt(len(gain)))
