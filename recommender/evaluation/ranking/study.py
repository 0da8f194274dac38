"""Models side by side over one or more splits: means, gains with their intervals, and the file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.ranking.candidates import BASELINE, SERVING, Fit, candidates
from recommender.evaluation.ranking.measure import Measured, Options, measure_apart, people_to_test
from recommender.evaluation.significance import Estimate, difference, estimate
from recommender.evaluation.splits import SPLITS
from recommender.numeric.progress import StudyProgress

Measure: TypeAlias = Callable[..., Measured]

SEEDS = (42, 1, 2, 3, 4, 5)  # the reference's: quote the mean over all, never one split alone


@dataclass(frozen=True, eq=False)
class Ranking:
    """data: the folder's name; models: by name, one `Measured` for each seed, in order; skipped:
    why a model is absent."""

    data: str
    split: str
    seeds: tuple[int, ...]
    models: Mapping[str, tuple[Measured, ...]]
    skipped: Mapping[str, str]

    @property
    def serving(self) -> str | None:
        """The name under which the bot's own pipeline stands, where it was measured."""
        return SERVING if SERVING in self.models else None

    def mean(self, name: str) -> Estimate:
        """A model's nDCG@10 over the splits."""
        return estimate([one.sample for one in self.models[name]])

    def figures(self, name: str) -> dict[str, float]:
        """A model's figures, means over the splits."""
        return _means([one.figures for one in self.models[name]])

    def few(self, name: str) -> dict[str, float] | None:
        """Among films with few ratings, means over the splits that had any; None without."""
        known = [one.few for one in self.models[name] if one.few is not None]
        return _means(known) if known else None

    def dial(self, name: str) -> dict[float, dict[str, float]]:
        """Figures by adventurousness, means over the splits; empty where not measured."""
        curves = [one.dial for one in self.models[name]]
        return {at: _means([curve[at] for curve in curves]) for at in curves[0]}

    def known(self, name: str) -> dict[int, float]:
        """nDCG@10 by ratings revealed, means over the splits; empty where not measured."""
        return _means([one.known for one in self.models[name]])

    def gain(self, name: str, against: str) -> Estimate:
        """nDCG@10 of one model above another's, paired by person and split."""
        ours, theirs = self.models[name], self.models[against]
        return difference([one.sample for one in ours], [one.sample for one in theirs])

    def gains(self) -> dict[tuple[str, str], Estimate]:
        """Every model against the item-item baseline, and what serves against every other."""
        pairs = [(name, BASELINE) for name in self.models if name != BASELINE]
        pairs += [(SERVING, name) for name in self.models if name not in (SERVING, BASELINE)]
        known = [pair for pair in pairs if set(pair) <= set(self.models)]
        return {pair: self.gain(*pair) for pair in known}


def rank_models(
    folder: Folder,
    split: str = "reference",
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS[:1],
    people: int | None = None,
    *,
    fits: Mapping[str, Fit] | None = None,
    measure: Measure = measure_apart,
    progress: StudyProgress | None = None,
) -> Ranking:
    """Measure models on a folder. names: None is every model, where one that cannot be fitted to
    data of this size is skipped and said so. Raises DataError for a name that is not known, and
    where nobody can be tested."""
    known = candidates() if fits is None else fits
    wanted = tuple(dict.fromkeys(known if names is None else names))
    if not wanted or not seeds:
        raise DataError("Name at least one model and one seed.")
    _check(wanted, known, "model")
    _check((split,), SPLITS, "split")
    seeds = tuple(dict.fromkeys(seeds))
    models: dict[str, tuple[Measured, ...]] = dict.fromkeys(wanted, ())
    skipped: dict[str, str] = {}
    for turn, seed in enumerate(seeds):
        made = SPLITS[split](folder.ratings, seed)
        people_to_test(made, people)  # refuses before anything is fitted
        for at, name in enumerate(wanted):
            if progress is not None:
                done = turn * len(wanted) + at
                progress(done, len(seeds) * len(wanted), f"{name}, seed {seed}")
            if name in skipped:
                continue
            options = Options(people, dial=name == SERVING, known=split == "new-people")
            try:
                one = measure(name, known[name], folder.catalogue, made, options)
            except DataError as problem:
                if names is not None:
                    raise
                skipped[name] = str(problem)
                continue
            models[name] = (*models[name], one)
    kept = {name: models[name] for name in wanted if name not in skipped}
    if not kept:
        raise DataError(next(iter(skipped.values())))
    return Ranking(folder.name, split, seeds, kept, skipped)


def ranking_file(ranking: Ranking) -> dict[str, Any]:
    """What the JSON file holds: means over the seeds, each seed's own figures, paired gains."""
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
        "skipped": dict(ranking.skipped),
    }


def _model(ranking: Ranking, name: str) -> dict[str, Any]:
    runs = ranking.models[name]
    held: dict[str, Any] = {
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
    few, dial, known = ranking.few(name), ranking.dial(name), ranking.known(name)
    if few is not None:
        held["few_ratings"] = few
    if dial:
        held["dial"] = [{"adventurousness": at, **figures} for at, figures in dial.items()]
    if known:
        held["known"] = {str(at): value for at, value in known.items()}
    return held


def _means(runs: Sequence[Mapping[Any, float]]) -> dict[Any, float]:
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


def _check(names: Sequence[str], known: Mapping[str, object], what: str) -> None:
    for name in names:
        if name not in known:
            raise DataError(f"There is no {what} “{name}”; there are {', '.join(known)}.")
