"""Measures models that predict stars, by RMSE and MAE over the same folds.

Predictions are clipped to the lowest and the highest stars in the data. Each model is measured in a
process of its own.
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
from recommender.evaluation.memory import peak_mib
from recommender.evaluation.ranking.candidates import (
    SpreadPredictor,
    StarFit,
    StarPredictor,
    star_candidates,
)
from recommender.evaluation.ranking.measure import run_in_new_process
from recommender.evaluation.significance import Estimate, Sample, difference
from recommender.evaluation.splits import Fold, ratings_at_random
from recommender.numeric.progress import StudyProgress

SEEDS = (0, 1, 2)  # of the random tenths that published figures were measured on


@dataclass(frozen=True, eq=False)
class StarMeasurement:
    """One model measured on one fold.

    Attributes:
        fold: the fold's name.
        rmse: root of the mean squared error, stars.
        mae: mean absolute error, stars.
        fit_seconds: how long the fit took, seconds.
        peak_mib: the largest memory of the process, MiB.
        squares: the squared error of each held-out rating, stars².
        spread_error: how wrong the predicted standard deviations of the ratings are
            (`metrics.spread_error`, 0 to 1); None if the model predicts no standard deviations.
    """

    fold: str
    rmse: float
    mae: float
    fit_seconds: float
    peak_mib: float
    squares: Sample
    spread_error: float | None = None


@dataclass(frozen=True, eq=False)
class StarStudy:
    """Models that predict stars, measured side by side.

    Attributes:
        data: the name of the data set.
        split: "folds" for the data set's own folds, "random" for random tenths.
        serving: the name of the model that the bot uses.
        models: for each model by name, its figures on each fold.
    """

    data: str
    split: str
    serving: str
    models: Mapping[str, tuple[StarMeasurement, ...]]

    def mean(self, name: str) -> tuple[float, float]:
        """Returns (RMSE, MAE) of a model in stars, each a mean over the folds."""
        runs = self.models[name]
        return (
            float(np.mean([one.rmse for one in runs])),
            float(np.mean([one.mae for one in runs])),
        )

    def gain(self, name: str, against: str) -> Estimate:
        """Returns how much lower a model's mean squared error is than another's, stars².

        The errors are paired by rating.
        """
        others, runs = self.models[against], self.models[name]
        return difference([one.squares for one in others], [one.squares for one in runs])


def predict(
    name: str, fit: StarFit, catalogue: Catalogue, fold: Fold, bounds: tuple[float, float]
) -> StarMeasurement:
    """Fits a model in this process, always with seed 0, and returns its figures on one fold.

    bounds: the lowest and highest stars. Raises DataError if a prediction is NaN or infinite.
    """
    start = time.perf_counter()
    model = fit(catalogue, fold.train, 0)
    took, peak = time.perf_counter() - start, peak_mib()
    people, films = fold.test.person.astype(np.int64), fold.test.film.astype(np.int64)
    predicted = np.asarray(model.predict(people, films), np.float64)
    if not np.isfinite(predicted).all():
        raise DataError("no-prediction", model=name, fold=fold.name)
    predicted = np.clip(predicted, *bounds)
    actual = fold.test.stars.astype(np.float64)
    pairs = people * len(fold.test.films) + films
    order = np.argsort(pairs)
    return StarMeasurement(
        fold.name,
        metrics.rmse(predicted, actual),
        metrics.mae(predicted, actual),
        took,
        peak,
        Sample(pairs[order], ((predicted - actual) ** 2)[order]),
        _spread_error(model, people, films, actual),
    )


def predict_in_new_process(
    name: str, fit: StarFit, catalogue: Catalogue, fold: Fold, bounds: tuple[float, float]
) -> StarMeasurement:
    """Fits a model in a new process and returns its figures on one fold.

    It gives the result of `predict`, but the memory measured is that of one model alone. `fit` must
    be a function of a module, because the new process imports it by its name. bounds: the lowest
    and highest stars.
    """
    return run_in_new_process(name, predict, name, fit, catalogue, fold, bounds)


def predict_stars(
    folder: Folder,
    seeds: Sequence[int] = SEEDS,
    names: Sequence[str] | None = None,
    *,
    folds: Sequence[Fold] = (),
    fits: Mapping[str, StarFit] | None = None,
    measure: Callable[..., StarMeasurement] = predict_in_new_process,
    progress: StudyProgress | None = None,
) -> StarStudy:
    """Returns the figures of models on the given folds.

    Without folds, a random tenth of the ratings is held out for each seed. names: the models to
    measure, None for all. fits: every model that can be named, None for `star_candidates`. Raises
    DataError for an unknown name, and if there are too few ratings to hold a tenth out.
    """
    available = star_candidates() if fits is None else fits
    wanted = tuple(dict.fromkeys(available if names is None else names))
    for name in wanted:
        if name not in available:
            raise DataError("unknown-star-model", model=name, choices=tuple(available))
    if not wanted or not (folds or seeds):
        raise DataError("no-model-or-seed")
    split = "folds" if folds else "random"
    parts = folds or tuple(ratings_at_random(folder.ratings, tuple(dict.fromkeys(seeds))))
    if any(not len(fold.test) or not len(fold.train) for fold in parts):
        raise DataError("too-few-ratings")
    stars = folder.ratings.stars
    bounds = (float(stars.min()), float(stars.max()))
    models: dict[str, tuple[StarMeasurement, ...]] = {}
    for at, name in enumerate(wanted):
        runs = []
        for turn, fold in enumerate(parts):
            if progress is not None:
                done = at * len(parts) + turn
                progress(done, len(wanted) * len(parts), f"{name}, {_fold_words(split, fold)}")
            runs.append(measure(name, available[name], folder.catalogue, fold, bounds))
        models[name] = tuple(runs)
    serving = [name for name in available if name in models][-1]
    return StarStudy(folder.name, split, serving, models)


def stars_file(stars: StarStudy) -> dict[str, Any]:
    """Returns the figures of a study as the content of a JSON file."""
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


def _mean_spread_error(runs: Sequence[StarMeasurement]) -> dict[str, float]:
    errors = [one.spread_error for one in runs if one.spread_error is not None]
    return {"spread_error": float(np.mean(errors))} if errors else {}


def _spread_error(
    model: StarPredictor,
    people: npt.NDArray[np.int64],
    films: npt.NDArray[np.int64],
    actual: npt.NDArray[np.float64],
) -> float | None:
    if not isinstance(model, SpreadPredictor):
        return None
    predicted = model.predict_with_spread(people, films)
    return metrics.spread_error(predicted.expected, predicted.spread, actual)


def _fold_words(split: str, fold: Fold) -> str:
    return f"fold {fold.name}" if split == "folds" else f"seed {fold.name}"
