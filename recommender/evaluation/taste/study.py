"""Runs the taste test on a model and on a model of tags alone, and compares the two.

The test measures how many films of a person's narrow taste, such as Korean films, are recommended.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from recommender.errors import DataError
from recommender.evaluation.taste.comparison import TasteComparison, compare_tastes
from recommender.evaluation.taste.measure import (
    TasteFigures,
    TasteSummary,
    measure_taste,
    summaries,
)
from recommender.evaluation.taste.people import PEOPLE_OF_A_TASTE, people_of
from recommender.evaluation.taste.tastes import NarrowTaste, tastes
from recommender.numeric.arrays import Bools
from recommender.numeric.progress import StudyProgress
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit

LIVE, TAGS_ALONE = "live", "tags alone"
REPORTING, ALL = "reporting", "all"


@dataclass(frozen=True, eq=False)
class TasteStudy:
    """The taste test of a model, and of a model of tags alone, which knows no ratings.

    The test measures how many films of people's narrow tastes are recommended.

    Attributes:
        seed: the seed that the simulated people were drawn with.
        version: the version of the model.
        ratings: number of ratings that the model was fitted on.
        films: number of films in the catalogue.
        tastes: all tastes of the taste test, including those with too few films in the catalogue.
        figures: the figures of each model by its name. If the model has learned from no ratings,
            there is only `TAGS_ALONE`, since the two models are then the same.
    """

    seed: int
    version: str
    ratings: int
    films: int
    tastes: tuple[NarrowTaste, ...]
    figures: Mapping[str, TasteFigures]

    def within(self, tastes_of: str) -> Bools:
        """Returns (people,) True for the simulated people whose tastes are of a kind.

        tastes_of: `REPORTING` for the tastes that are kept for reporting only, or `ALL`. A person
        of two tastes is included if either of the two is of that kind.
        """
        people = self.figures[TAGS_ALONE].people
        if tastes_of == ALL:
            return np.ones(len(people), np.bool_)
        own = [any(self.tastes[at].reporting for at in person.tastes) for person in people]
        return np.array(own, np.bool_)

    def summaries(self, model: str, tastes_of: str) -> tuple[TasteSummary, ...]:
        """Returns a model's mean figures for each kind of simulated people.

        model: a key of `figures`. tastes_of: `REPORTING` for people of the tastes that are kept for
        reporting only, or `ALL`.
        """
        return summaries(self.figures[model], self.within(tastes_of))

    def comparison(self) -> TasteComparison | None:
        """Returns how the model compares with a model of tags alone; None if both are the same."""
        if LIVE not in self.figures:
            return None
        return compare_tastes(self.figures[LIVE], self.figures[TAGS_ALONE], self.tastes)


def study_tastes(
    model: Recommender,
    seed: int,
    now: datetime,
    people: int = PEOPLE_OF_A_TASTE,
    progress: StudyProgress | None = None,
) -> TasteStudy:
    """Runs the taste test on a model, and on a model of tags alone, which knows no ratings.

    The test measures how many films of a person's narrow taste are recommended. seed: seed of the
    simulated people. now: the time of the fit of the second model. people: number of people of each
    taste. Raises DataError if no taste has enough films with tags in the model's catalogue.
    """
    known = tastes()
    crowd = people_of(model.catalogue, known, seed, people)
    if not crowd:
        raise DataError("no-taste-to-test")
    models = {LIVE: model} if model.ratings else {}
    models[TAGS_ALONE] = fit(model.catalogue, None, Config(), seed, now)
    figures: dict[str, TasteFigures] = {}
    for done, (name, each) in enumerate(models.items()):
        if progress is not None:
            progress(done, len(models), name)
        figures[name] = measure_taste(each, known, crowd)
    return TasteStudy(
        seed, model.version, model.ratings, len(model.catalogue), known, dict(figures)
    )


def taste_file(study: TasteStudy) -> dict[str, Any]:
    """Returns the figures of a study as the content of a JSON file."""
    models = {
        model: {
            tastes_of: {
                found.name: _without_nan(asdict(found))
                for found in study.summaries(model, tastes_of)
            }
            for tastes_of in (REPORTING, ALL)
        }
        for model in study.figures
    }
    each = {
        model: {study.tastes[at].name: share for at, share in figures.by_taste().items()}
        for model, figures in study.figures.items()
    }
    compared = study.comparison()
    gain = None if compared is None else compared.gain
    return {
        "seed": study.seed,
        "version": study.version,
        "ratings": study.ratings,
        "films": study.films,
        "models": models,
        "tastes": each,
        "gain": None if gain is None else {"mean": gain.mean, "low": gain.low, "high": gain.high},
        "worse": [] if compared is None else [asdict(taste) for taste in compared.worse],
    }


def _without_nan(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the figures with None in place of NaN, which JSON does not have."""
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in figures.items()
        if name != "name"
    }
