"""Tuning: choosing the settings of the ranking model on a validation slice of the training data.

A fifth of each person's ratings is held out (the validation slice). Settings are changed one after
the other. Each is moved up and down from its present value, in steps, for as long as a step helps.
A changed setting often needs a new fit of one component (a model in the weighted sum). Several
weights of the factor models are then tried too, since this needs no further fit. A change is kept
only if it raises the mean nDCG@10 over people significantly: the mean paired difference must be
larger than `SIGNIFICANT_ERRORS` standard errors. The held-out ratings come from the training data.
Test ratings are never used.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from recommender.data import Catalogue
from recommender.hybrid.assembly import assemble_ranking
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_factors, fit_items, fit_ranking, plan
from recommender.hybrid.slices import hold_out, sample_people
from recommender.hybrid.validation import ComponentScores, Judge, component_scores
from recommender.models.als import AlsConfig, match_shrinkage
from recommender.models.item_item import ItemItemConfig
from recommender.numeric.arrays import Array64, Sparse
from recommender.numeric.progress import Progress

MAX_TUNING_RATINGS = 1_000_000  # from more ratings, a random sample of people is taken
MIN_JUDGED_PEOPLE = 100  # with fewer people, differences would be mostly noise
SIGNIFICANT_ERRORS = 1.645  # standard errors; 1 in 20 useless changes passes

# The steps of a setting, in two directions; those of one direction are tried in order. A step is a
# factor on the present value, but for dropout and frequency it is the new value.
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
FACTOR_SHARE_STEPS = (0.6, 1.0, 1.6)  # tried in `shift_weight` after every fit
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

SEARCHED_SETTINGS = (
    "als", "item", "sizes", "factor_weight", "item_weight", "popularity_penalty",
)  # fmt: skip
"""The settings of `RankingConfig` that `choose` may change. All others are chosen by hand."""


@dataclass(frozen=True)
class TunedSettings:
    """The result of choosing settings on a validation slice (held-out part of the ratings).

    Attributes:
        config: the chosen settings.
        before: mean nDCG@10 on the validation slice with the settings as given, or None if the
            slice had too few people.
        after: mean nDCG@10 on the slice with the chosen settings, or None if it had too few people.
        trials: number of changed settings that were tried.
    """

    config: RankingConfig
    before: float | None
    after: float | None
    trials: int


def with_searched(config: RankingConfig, found: RankingConfig) -> RankingConfig:
    """Returns `config`, in which the settings that `choose` searches for have the values of
    `found`.
    """
    return replace(config, **{name: getattr(found, name) for name in SEARCHED_SETTINGS})


def choose(
    catalogue: Catalogue,
    matrix: Sparse,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> TunedSettings:
    """Returns the settings that rank best on a validation slice (held-out part) of these ratings.

    If the slice has fewer than `MIN_JUDGED_PEOPLE` people to judge, the result is `config` itself.

    Args:
        catalogue: the films.
        matrix: (people, films) stars, with the catalogue's rows as columns.
        config: settings to begin with.
        rng: generator for the slice and the fits.
        progress: is called with the number of steps tried or skipped, and that of all steps.
    """
    ratings = int(matrix.nnz)
    part = hold_out(sample_people(matrix, MAX_TUNING_RATINGS, rng), rng)
    if len(part.people) < MIN_JUDGED_PEOPLE:
        return TunedSettings(config, None, None, 0)
    judge = Judge(part)
    chosen = plan(ratings, config)
    seed = int(rng.integers(1 << 32))  # one seed for all fits, so that only settings differ
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
        """Changes one setting in steps, in each direction while a step helps, and keeps the best
        value.

        steps: the sizes of the steps, for each direction. option: returns all settings after a
        step. covered: returns the models' scores with these settings. factor_shares: factors to try
        on the ratio of the factor models' weight to the item-item model's.
        """
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
            model.popularity, model.tags, model.content, item, model.factors, option, model.newcomer
        )
        return components.with_component(other, "item", judge.queries)

    def factors(option: RankingConfig) -> ComponentScores:
        fitted = fit_factors(catalogue, part.train, option, np.random.default_rng(seed))
        other = assemble_ranking(
            model.popularity, model.tags, model.content, model.item, fitted, option, model.newcomer
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
    else:  # the size is tuned only if there is one factor model
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
    """Returns settings in which the ratio of two weights is multiplied by `by`.

    The ratio is the factor models' weight divided by the item-item model's. Their sum stays the
    same.
    """
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
    """Tries several weights of the factor models, and returns the scores with the best one.

    Also returns (people,) each person's nDCG@10 with that weight. judge: computes nDCG@10.
    components: the models' scores. config: the settings. factor_shares: factors to try on the ratio
    of the factor models' weight to the item-item model's.
    """
    tried = [components.with_weights(shift_weight(config, by)) for by in factor_shares]
    figures = [judge.figures(each) for each in tried]
    best = int(np.argmax([each.mean() for each in figures]))
    return tried[best], figures[best]


def _significant(gain: Array64) -> bool:
    """Returns True if the mean of paired differences is significantly above 0. gain: (people,)."""
    return bool(gain.mean() > SIGNIFICANT_ERRORS * gain.std() / np.sqrt(len(gain)))
