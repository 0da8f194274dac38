"""Models that predict stars, side by side over folds: RMSE and MAE, each fold's and the mean.

Predictions are clipped to the lowest and the highest stars in the data. A model's figures are
measured in a process of its own.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import metrics
from recommender.data import Catalogue
from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.ranking.candidates import (
    SpreadPredictor,
    StarFit,
    StarPredictor,
    star_candidates,
)
from recommender.evaluation.ranking.measure import apart, peak_mib
from recommender.evaluation.significance import Estimate, Sample, difference
from recommender.evaluation.splits import Fold, ratings_at_random
from recommender.numeric.progress import StudyProgress

SEEDS = (0, 1, 2)  # the reference's splits


@dataclass(frozen=True, eq=False)
class Predicted:
    """A model on a fold; squares: each held-out rating's squared error, stars²; spread_error: how
    dishonest its stated spreads are (`metrics.spread_error`), None where it states none."""

    fold: str
    rmse: float
    mae: float
    fit_seconds: float
    peak_mib: float
    squares: Sample
    spread_error: float | None = None


@dataclass(frozen=True, eq=False)
class StarStudy:
    """models: by name, one for each fold. serving: the model the bot predicts stars with."""

    data: str
    split: str
    serving: str
    models: Mapping[str, tuple[Predicted, ...]]

    def mean(self, name: str) -> tuple[float, float]:
        """RMSE and MAE, means over the folds."""
        runs = self.models[name]
        return (
            float(np.mean([one.rmse for one in runs])),
            float(np.mean([one.mae for one in runs])),
        )

    def gain(self, name: str, against: str) -> Estimate:
        """By how much one model's squared error is lower, paired by rating, stars²."""
        theirs, ours = self.models[against], self.models[name]
        return difference([one.squares for one in theirs], [one.squares for one in ours])


def predict(
    name: str, fit: StarFit, catalogue: Catalogue, fold: Fold, bounds: tuple[float, float]
) -> Predicted:
    """Fit and measure here; the seed is 0 for every fold. Raises DataError where the model gives
    no number."""
    start = time.perf_counter()
    model = fit(catalogue, fold.train, 0)
    took, peak = time.perf_counter() - start, peak_mib()
    people, films = fold.test.person.astype(np.int64), fold.test.film.astype(np.int64)
    said = np.asarray(model.predict(people, films), np.float64)
    if not np.isfinite(said).all():
        raise DataError(f"{name} predicts no number for some ratings of fold {fold.name}.")
    said = np.clip(said, *bounds)
    actual = fold.test.stars.astype(np.float64)
    pairs = people * len(fold.test.films) + films
    order = np.argsort(pairs)
    return Predicted(
        fold.name,
        metrics.rmse(said, actual),
        metrics.mae(said, actual),
        took,
        peak,
        Sample(pairs[order], ((said - actual) ** 2)[order]),
        _spread_error(model, people, films, actual),
    )


def predict_apart(
    name: str, fit: StarFit, catalogue: Catalogue, fold: Fold, bounds: tuple[float, float]
) -> Predicted:
    """As `predict`, in a fresh process; `fit` must be importable by its module and name."""
    return apart(name, predict, name, fit, catalogue, fold, bounds)


def predict_stars(
    folder: Folder,
    seeds: Sequence[int] = SEEDS,
    names: Sequence[str] | None = None,
    *,
    folds: Sequence[Fold] = (),
    fits: Mapping[str, StarFit] | None = None,
    measure: Callable[..., Predicted] = predict_apart,
    progress: StudyProgress | None = None,
) -> StarStudy:
    """Measure on the folds given, else on a random tenth for each seed. Raises DataError for a
    name that is not known, and where a tenth of the ratings is none."""
    known = star_candidates() if fits is None else fits
    wanted = tuple(dict.fromkeys(known if names is None else names))
    for name in wanted:
        if name not in known:
            raise DataError(f"There is no star model “{name}”; there are {', '.join(known)}.")
    if not wanted or not (folds or seeds):
        raise DataError("Name at least one model and one seed.")
    split = "folds" if folds else "random"
    parts = folds or tuple(ratings_at_random(folder.ratings, tuple(dict.fromkeys(seeds))))
    if any(not len(fold.test) or not len(fold.train) for fold in parts):
        raise DataError("There are too few ratings to hold a tenth of them out; give a larger set.")
    stars = folder.ratings.stars
    bounds = (float(stars.min()), float(stars.max()))
    models: dict[str, tuple[Predicted, ...]] = {}
    for at, name in enumerate(wanted):
        runs = []
        for turn, fold in enumerate(parts):
            if progress is not None:
                done = at * len(parts) + turn
                progress(done, len(wanted) * len(parts), f"{name}, {_called(split, fold)}")
            runs.append(measure(name, known[name], folder.catalogue, fold, bounds))
        models[name] = tuple(runs)
    serving = [name for name in known if name in models][-1]
    return StarStudy(folder.name, split, serving, models)


def stars_file(stars: StarStudy) -> dict[str, Any]:
    """What the JSON file holds."""
    return {
        "data": stars.data,
        "split": stars.split,
        "serving": stars.serving,
        "models": {
            name: {
                "rmse": stars.mean(name)[0],
                "mae": stars.mean(name)[1],
                **_mean_spread_error(runs),
                "ratings": sum(len(one.squares.values) for one in runs),
                "fit_seconds": float(np.mean([one.fit_seconds for one in runs])),
                "peak_mib": max(one.peak_mib for one in runs),
                "folds": {
                    one.fold: {
                        "rmse": one.rmse,
                        "mae": one.mae,
                        "fit_seconds": one.fit_seconds,
                        "peak_mib": one.peak_mib,
                    }
                    for one in runs
                },
            }
            for name, runs in stars.models.items()
        },
    }


def _mean_spread_error(runs: Sequence[Predicted]) -> dict[str, float]:
    stated = [one.spread_error for one in runs if one.spread_error is not None]
    return {"spread_error": float(np.mean(stated))} if stated else {}


def _spread_error(
    model: StarPredictor,
    people: npt.NDArray[np.int64],
    films: npt.NDArray[np.int64],
    actual: npt.NDArray[np.float64],
) -> float | None:
    if not isinstance(model, SpreadPredictor):
        return None
    said = model.predict_with_spread(people, films)
    return metrics.spread_error(said.expected, said.spread, actual)


def _called(split: str, fold: Fold) -> str:
    return f"fold {fold.name}" if split == "folds" else f"seed {fold.name}"
