"""Measures models that rank, on the same one or more splits.

The result has each model's means over the splits, and paired gains between models with intervals.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.ranking.candidates import BASELINE, SERVING, Fit, candidates
from recommender.evaluation.ranking.measure import (
    Options,
    RankingMeasurement,
    measure_in_new_process,
    people_to_test,
)
from recommender.evaluation.significance import Estimate, difference, estimate
from recommender.evaluation.splits import SPLITS
from recommender.numeric.progress import StudyProgress

Measure: TypeAlias = Callable[..., RankingMeasurement]

SEEDS = (42, 1, 2, 3, 4, 5)
"""The seeds of the splits for which there are published figures to compare with. Quote the mean
over all six, never one split.
"""


@dataclass(frozen=True, eq=False)
class Ranking:
    """Models that rank, measured on the same splits.

    Attributes:
        data: the name of the data set.
        split: the kind of split, a key of `splits.SPLITS`.
        seeds: the splits' seeds.
        models: for each model by name, one measurement for each seed, in the order of `seeds`.
        skipped: for each model that could not be fitted, the reason, by the model's name.
    """

    data: str
    split: str
    seeds: tuple[int, ...]
    models: Mapping[str, tuple[RankingMeasurement, ...]]
    skipped: Mapping[str, DataError]

    @property
    def serving(self) -> str | None:
        """The name of the bot's own pipeline; None if it was not measured."""
        return SERVING if SERVING in self.models else None

    def mean(self, name: str) -> Estimate:
        """Returns a model's mean nDCG@10 over people and splits, with its interval."""
        return estimate([one.sample for one in self.models[name]])

    def figures(self, name: str) -> dict[str, float]:
        """Returns a model's figures by their names, as means over the splits."""
        return _means([one.figures for one in self.models[name]])

    def few_ratings(self, name: str) -> dict[str, float] | None:
        """Returns a model's figures when only films with few ratings are ranked.

        They are means over the splits.

        None if no split has a person who liked such a film.
        """
        runs = [one.few_ratings for one in self.models[name] if one.few_ratings is not None]
        return _means(runs) if runs else None

    def dial(self, name: str) -> dict[float, dict[str, float]]:
        """Returns a model's figures at each setting from well-known (0) to little-known films (1).

        They are means over the splits. Empty if they were not measured.
        """
        curves = [one.dial for one in self.models[name]]
        return {at: _means([curve[at] for curve in curves]) for at in curves[0]}

    def by_revealed(self, name: str) -> dict[int, float]:
        """Returns a model's nDCG@10 by the number of ratings that each person reveals to it.

        The values are means over the splits. Empty if they were not measured.
        """
        return _means([one.by_revealed for one in self.models[name]])

    def gain(self, name: str, against: str) -> Estimate:
        """Returns a model's nDCG@10 minus that of `against`, paired by person and split."""
        runs, others = self.models[name], self.models[against]
        return difference([one.sample for one in runs], [one.sample for one in others])

    def gains(self) -> dict[tuple[str, str], Estimate]:
        """Returns gains in nDCG@10 by pairs (model, other model), each with its interval.

        There are the gain of each model over `BASELINE`, and that of the bot's model over each
        other model.
        """
        pairs = [(name, BASELINE) for name in self.models if name != BASELINE]
        pairs += [(SERVING, name) for name in self.models if name not in (SERVING, BASELINE)]
        measured = [pair for pair in pairs if set(pair) <= set(self.models)]
        return {pair: self.gain(*pair) for pair in measured}


def rank_models(
    folder: Folder,
    split: str = "reference",
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS[:1],
    people: int | None = None,
    *,
    fits: Mapping[str, Fit] | None = None,
    measure: Measure = measure_in_new_process,
    progress: StudyProgress | None = None,
) -> Ranking:
    """Returns the measurements of models on a folder's ratings.

    split: a key of `SPLITS`. names: the models to measure; None for all, without those that cannot
    be fitted to data of this size (`Ranking.skipped` says why). people: the largest number of
    people to rank films for, None for all. fits: every model that can be named, None for
    `candidates`. Raises DataError for an unknown name, and if nobody has a held-out film to find.
    """
    available = candidates() if fits is None else fits
    wanted = tuple(dict.fromkeys(available if names is None else names))
    if not wanted or not seeds:
        raise DataError("no-model-or-seed")
    _check(wanted, available, "model")
    _check((split,), SPLITS, "split")
    seeds = tuple(dict.fromkeys(seeds))
    models: dict[str, tuple[RankingMeasurement, ...]] = dict.fromkeys(wanted, ())
    skipped: dict[str, DataError] = {}
    for turn, seed in enumerate(seeds):
        made = SPLITS[split](folder.ratings, seed)
        people_to_test(made, people)  # raises before anything is fitted
        for at, name in enumerate(wanted):
            if progress is not None:
                done = turn * len(wanted) + at
                progress(done, len(seeds) * len(wanted), f"{name}, seed {seed}")
            if name in skipped:
                continue
            options = Options(people, dial=name == SERVING, by_revealed=split == "new-people")
            try:
                one = measure(name, available[name], folder.catalogue, made, options)
            except DataError as problem:
                if names is not None:
                    raise
                skipped[name] = problem
                continue
            models[name] = (*models[name], one)
    kept = {name: models[name] for name in wanted if name not in skipped}
    if not kept:
        raise next(iter(skipped.values()))
    return Ranking(folder.name, split, seeds, kept, skipped)


def ranking_file(ranking: Ranking) -> dict[str, Any]:
    """Returns the measurements as the content of a JSON file: means, each seed's figures, gains."""
    return {
        "data": ranking.data,
        "split": ranking.split,
        "seeds": list(ranking.seeds),
        "serving": ranking.serving,
        "models": {name: _model(ranking, name) for name in ranking.models},
        "by_seed": {
            str(seed): {
                name: _model(replace(ranking, models={name: (ranking.models[name][at],)}), name)
                for name in ranking.models
            }
            for at, seed in enumerate(ranking.seeds)
        },
        "gains": [
            {
                "model": model,
                "against": against,
                "ndcg@10": gain.mean,
                "standard_error": gain.standard_error,
                "low": gain.low,
                "high": gain.high,
                "by_seed": list(gain.splits),
                "people": gain.people,
            }
            for (model, against), gain in ranking.gains().items()
        ],
        "skipped": {name: error.key for name, error in ranking.skipped.items()},
    }


def _model(ranking: Ranking, name: str) -> dict[str, Any]:
    runs = ranking.models[name]
    content: dict[str, Any] = {
        **ranking.figures(name),
        "people": ranking.mean(name).people,
        "standard_error": ranking.mean(name).standard_error,
        "fit_seconds": float(np.mean([one.fit_seconds for one in runs])),
        "search_seconds": float(np.mean([one.search_seconds for one in runs])),
        "peak_mib": max(one.peak_mib for one in runs),
        "latency_ms": {
            "p50": float(np.mean([one.latency_p50 for one in runs])),
            "p99": float(np.mean([one.latency_p99 for one in runs])),
        },
    }
    few, dial = ranking.few_ratings(name), ranking.dial(name)
    revealed = ranking.by_revealed(name)
    if few is not None:
        content["few_ratings"] = few
    if dial:
        content["dial"] = [{"adventurousness": at, **figures} for at, figures in dial.items()]
    if revealed:
        content["known"] = {str(at): value for at, value in revealed.items()}
    return content


def _means(runs: Sequence[Mapping[Any, float]]) -> dict[Any, float]:
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


def _check(names: Sequence[str], available: Mapping[str, object], what: str) -> None:
    for name in names:
        if name not in available:
            raise DataError("unknown-in-study", what=what, name=name, choices=tuple(available))
