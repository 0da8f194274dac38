"""The study of groups, on a made-up world in which people disagree."""

import json

import numpy as np
import pytest

from recommender.data import interactions
from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.groups import (
    BASELINE,
    SERVING,
    GroupStudy,
    GroupStudyConfig,
    draw_groups,
    group_file,
    group_report,
    study_groups,
)
from recommender.evaluation.nights import ACTIVE, BY_STARS, NIGHT, NIGHTS
from tests.recommender.worlds import SMALL, catalogue

STUDY = GroupStudyConfig(groups=60, size=3, films=8, folds=2)


def folder() -> Folder:
    """Returns ratings of people whose tastes follow two traits, with strong likes and dislikes."""
    rng, world = np.random.default_rng(0), catalogue(60)
    truth = 3.2 + rng.normal(0, 0.4, (60, 1)) + rng.normal(0, 0.4, (1, 60))
    truth += rng.normal(0, 1.0, (60, 2)) @ rng.normal(0, 0.8, (2, 60))
    person, film = np.nonzero(rng.random(truth.shape) < 0.75)
    stars = np.clip(np.round(truth[person, film] * 2) / 2, 0.5, 5)
    made = interactions(person, world.films.ids(film), stars, films=world.films)
    return Folder("made up", world, made, 0, 0)


def test_predicted_stars_spare_the_worst_off_and_cost_the_others_little() -> None:
    study = study_groups(folder(), STUDY, SMALL)
    assert study.candidates >= STUDY.films
    before, after = study.figures[BASELINE], study.figures[SERVING]
    assert len(before.worst) == len(after.worst) == STUDY.groups
    for each in (before, after):
        assert (each.lowest <= each.worst + 1e-9).all()
        assert (each.worst <= each.mean + 1e-9).all()
    gain = study.gain("worst")
    assert gain.low > 0
    assert gain.mean == pytest.approx(float((after.worst - before.worst).mean()))
    assert after.mean.mean() > 0.97 * before.mean.mean()
    kept = json.loads(json.dumps(group_file(study)))
    assert kept["gains"]["worst"]["low"] == pytest.approx(gain.low)
    assert list(kept["models"]) == [BASELINE, SERVING]
    report = group_report(study)
    assert "60 groups of 3" in report.lead
    table = report.sections[0].table
    assert table is not None
    assert [row[0] for row in table.rows] == [BASELINE, SERVING, "gain", "95%"]
    nights_are_measured(study)


def nights_are_measured(study: GroupStudy) -> None:
    """A movie night spares the worst-off, and memory shares out who is worst off."""
    nights = study.nights
    assert nights.gain(ACTIVE).low > 0
    assert nights.loss(BY_STARS) < 0.03
    for name, worst in nights.worst.items():
        assert (worst <= nights.mean[name] + 1e-9).all()
    assert nights.memory_gain.high < 0
    assert nights.most_times.max() <= NIGHTS
    kept = group_file(study)["nights"]
    assert kept["memory"]["fair_share"] == nights.fair_share
    evening, several = group_report(study).sections[1:]
    assert evening.table is not None
    assert [row[0] for row in evening.table.rows][-1] == NIGHT
    assert several.table is not None
    assert several.table.rows[-1][1] == f"{nights.memory_loss:.1%}"


def test_members_share_enough_films_and_no_group_comes_twice() -> None:
    rng = np.random.default_rng(1)
    rated = rng.random((12, 40)) < 0.7
    config = GroupStudyConfig(groups=30, size=4, films=6)
    groups = draw_groups(rated, 30, config, rng)
    assert len({tuple(group.tolist()) for group in groups}) == 30
    for group in groups:
        assert len(set(group.tolist())) == 4
        assert rated[group].all(axis=0).sum() >= 6
    with pytest.raises(DataError, match="too-few-groups"):
        draw_groups(rated[:4], 30, config, rng)
    with pytest.raises(DataError, match="study-too-small"):
        GroupStudyConfig(size=1)
