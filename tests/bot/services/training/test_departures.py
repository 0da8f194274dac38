"""People who left on purpose are not taken for people whose ratings are missing."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.services.training.fit_messages import FitJob
from bot.services.training.fit_record import FitRecord, RecordedJudgement
from bot.services.training.judging import Departures, judge
from bot.services.training.stage_timer import StageTimer
from recommender.datasets.synthetic import Shape, world
from recommender.evaluation.acceptance.held_out import MIN_PEOPLE
from recommender.evaluation.acceptance.judgement import Gain, Judgement
from recommender.evaluation.acceptance.verdict import MANY_PEOPLE, Verdict
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit
from storage.registry import ModelVersion
from tests.recommender.worlds import NOW

SOME = MANY_PEOPLE - MIN_PEOPLE + 1
"""If this number of people are gone, too few are left to judge by."""


@pytest.fixture(scope="module")
def model() -> Recommender:
    made = world(Shape(people=20, films=60, ratings=200), np.random.default_rng(1))
    return fit(made.catalogue, None, Config(), 1, NOW)


def verdict(
    model: Recommender, folder: Path, judged: Judgement | None, left: Departures
) -> Verdict:
    """Returns the decision about a model, where the live one was judged by MANY_PEOPLE people."""
    none = folder / "none"
    job = FitJob(none, none, folder, none, NOW, 1, "live", search=False)
    record = FitRecord(
        ratings=1000, live_ratings=1000, people=MANY_PEOPLE, films=60, erasures=0, searched=None,
        lift=None, judged=RecordedJudgement(MANY_PEOPLE), tastes=None, against=None, promote=True,
        retire=False, why="", seconds={},
    )  # fmt: skip
    live = ModelVersion("live", "live", "", NOW, record.to_json(), is_live=True)
    found, _ = judge(job, model, judged, live, left, StageTimer(lambda _: None))
    return found


def few() -> Judgement:
    """Returns a comparison by as few people as may be, in which both models are equal."""
    even = {"ndcg": Gain(0.0, 0.0), "order": Gain(0.0, 0.0)}
    figures = {"ndcg@10": 0.2, "order": 0.6, "coverage@10": 0.3}
    models = dict.fromkeys(("new", "live", "popularity"), figures)
    return Judgement(MIN_PEOPLE, "newest", models, even, even)


@pytest.mark.parametrize("judged", [None, few()])
def test_who_opted_out_since_is_not_missing(
    model: Recommender, tmp_path: Path, judged: Judgement | None
) -> None:
    after, before = (NOW + timedelta(days=sign) for sign in (1, -1))
    nobody = verdict(model, tmp_path, judged, Departures(0, ()))
    assert not nobody.promote
    assert nobody.why[0].key in ("people-missing", "too-few-people-left")
    assert verdict(model, tmp_path, judged, Departures(0, (after,) * SOME)).promote
    assert not verdict(model, tmp_path, judged, Departures(0, (before,) * SOME)).promote
    deleted = verdict(model, tmp_path, judged, Departures(SOME, ()))
    assert deleted.promote
    assert deleted.why[0].key not in ("people-missing", "too-few-people-left")
