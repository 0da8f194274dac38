"""Tuning: choosing the settings of the ranking model on a validation slice of the training data.

A fifth of each person's ratings is held out. Settings are tried one after the other, in steps away
from the present value for as long as a step helps. With every change of a component, several
weights between the components are tried, which needs no fit. A change is kept only if it raises the
mean nDCG@10 over people by more than chance would (the paired difference compared with its standard
error). The ratings held out here are part of the training data; test ratings are never used.
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
    sample_people,
)
from recommender.models.als import AlsConfig, match_shrinkage
from recommender.models.item_item import ItemItemConfig
from recommender.numeric.arrays import Array64, Sparse
from recommender.numeric.progress import Progress

MAX_TUNING_RATINGS = 1_000_000  # people are drawn at random from larger data
MIN_JUDGED_PEOPLE = 100  # with fewer people, chance would choose
SIGNIFICANT_ERRORS = 1.645  # standard errors; chance passes for 1 in 20 useless changes

# Steps in two directions, each tried in order. They are factors of the present setting, except for
# dropout and frequency, where they are the new values.
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
FACTOR_SHARE_STEPS = (0.6, 1.0, 1.6)  # factors of the factor models' weight, for each change
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
    """The result of tuning.

    Attributes:
        config: the chosen settings.
        before: nDCG@10 on the slice with the settings as given, or None if the slice was too small.
        after: nDCG@10 on the slice with the chosen settings, or None if the slice was too small.
        trials: number of settings that were judged.
    """

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
    """Returns settings chosen for these ratings, beginning with `config`.

    If fewer than `MIN_JUDGED_PEOPLE` people can be judged, the result is `config` itself.

    Args:
        catalogue: the films.
        matrix: (people, films) stars over the catalogue's rows.
        config: settings to begin with.
        rng: generator for the slice and the fits.
        progress: is called with the number of settings passed, and `TRIALS`.
    """
    ratings = int(matrix.nnz)
    part = hold_out(sample_people(matrix, MAX_TUNING_RATINGS, rng), rng)
    if len(part.people) < MIN_JUDGED_PEOPLE:
        return TunedSettings(config, None, None, 0)
    judge = Judge(part)
    chosen = plan(ratings, config)
    seed = int(rng.integers(1 << 32))  # the same for every fit, so that chance makes no difference
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
        """Try each direction for as long as a step helps, and keep the best settings."""
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
                other, judged = _best(judge, covered(trial), trial, factor_shares)
                helps = judged.mean() > last.mean() and _significant(judged - start)
                if helps and judged.mean() > figures.mean():
                    chosen, components, figures = other.config, other, judged
                passed += 1 if helps else len(way) - at
                if progress is not None:
                    progress(passed, TRIALS)
                if not helps:
                    break
                last = judged

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
    else:  # several sizes already are a choice
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
    """Returns settings in which the factor models' weight, relative to the item-item model's, is
    multiplied by `by`. The sum of the two weights stays the same."""
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
    """Returns the scores with the best of several weights of the factor models, and their
    figures."""
    tried = [components.with_weights(shift_weight(config, by)) for by in factor_shares]
    figures = [judge.figures(each) for each in tried]
    best = int(np.argmax([each.mean() for each in figures]))
    return tried[best], figures[best]


def _significant(gain: Array64) -> bool:
    """Returns True if a paired gain (people,) is larger than chance explains."""
    return bool(gain.mean() > SIGNIFICANT_ERRORS * gain.std() / np.sqrt(len(gain)))
