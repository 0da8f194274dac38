"""Definitions of experiments: what a file may hold, what is refused and where, what arms change."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from recommender.data import Query
from recommender.errors import DataError, ExperimentError
from recommender.experiments.arm_settings import ARM_SETTINGS, model_versions, with_changes
from recommender.experiments.assignment import Arm, Experiment
from recommender.experiments.definition import EXPERIMENT_KEYS, read_experiments
from recommender.experiments.metrics import GUARDRAILS, METRICS
from recommender.pipeline.recommend import recommend
from recommender.pipeline.recommender import Recommender
from recommender.training.fit import fit
from tests.recommender import worlds

VALID = """
[[experiment]]
name = "more-variety"
share = 0.5
metric = "reward"
guardrails = ["refused", "seconds"]
start = 2026-12-01T00:00:00Z
end = 2027-01-01T01:00:00+01:00

[[experiment.arm]]
name = "control"

[[experiment.arm]]
name = "more"
share = 2
set = { variety.strength = 2, clock = 0 }

[[experiment]]
name = "challenger"
kind = "interleave"

[[experiment.arm]]
name = "champion"

[[experiment.arm]]
name = "challenger"
[experiment.arm.set]
model = "20261101T040000Z-0123456789"
tail.margin = 0.5
"""


def read(folder: Path, text: str) -> tuple[Experiment, ...]:
    path = folder / "experiments.toml"
    path.write_text(text, encoding="utf-8")
    return read_experiments(path)


def test_a_file_is_read_in_its_order(tmp_path: Path) -> None:
    first, second = read(tmp_path, VALID)
    assert first == Experiment(
        "more-variety",
        (Arm("control"), Arm("more", 2.0, {"variety.strength": 2.0, "clock": 0.0})),
        share=0.5,
        metric="reward",
        guardrails=("refused", "seconds"),
        start=datetime(2026, 12, 1, tzinfo=UTC),
        end=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert second.kind == "interleave"
    assert second.arms[1].changes == {
        "model": "20261101T040000Z-0123456789",
        "tail.margin": 0.5,
    }
    assert model_versions((first, second)) == {"20261101T040000Z-0123456789"}
    assert read(tmp_path, "") == ()


WRONG_FILES = [
    ("[experiment]\nname = 'x'", "experiment", "no-tables", {"table": "experiment"}),
    ("[[experiments]]", "experiments", "no-such-key", {"near": "experiment"}),
    ("[[experiment]]\nname = 'Two words'", "experiment[1], name", "name-wrong", {}),
    ("[[experiment]]\nname = 'x'\nunits = 'person'", "units", "no-such-key", {"near": "unit"}),
    (
        "[[experiment]]\nname = 'x'\nunit = 'channel'",
        "unit",
        "not-a-choice-here",
        {"choices": ("person", "server")},
    ),
    (
        "[[experiment]]\nname = 'x'\nmetric = 'clicks'",
        "metric",
        "not-a-choice-here",
        {"choices": ("taken", "reward", "rated")},
    ),
    ("[[experiment]]\nname = 'x'\nshare = 2", "share", "no-share", {"most": 1.0}),
    ("[[experiment]]\nname = 'x'\nshare = true", "share", "no-share", {"given": "True"}),
    ("[[experiment]]\nname = 'x'\nstart = 2026-12-01", "start", "no-moment", {}),
    ("[[experiment]]\nname = 'x'\nstart = '2026-12-01T00:00:00Z'", "start", "no-moment", {}),
    (
        "[[experiment]]\nname = 'x'\nguardrails = ['sales']",
        "guardrails",
        "not-a-choice-here",
        {"given": "“sales”"},
    ),
    (
        "[[experiment]]\nname = 'x'\nunit = 'server'\nguardrails = ['opted-out']",
        "guardrails",
        "guardrail-by-person",
        {"name": "opted-out"},
    ),
    ("[[experiment]]\nname = 'x'", "experiment[1] (“x”)", "experiment-arms", {"experiment": "x"}),
    ("[[experiment]]\nname = 'x'\narm = 3", "arm", "no-tables", {"table": "experiment.arm"}),
]
WRONG_CHANGES = [
    (
        "variety.strenght = 1",
        "set.variety.strenght",
        "no-such-arm-setting",
        {"near": "variety.strength"},
    ),
    ("variety.strength = 'much'", "set.variety.strength", "set-no-number", {"least": 0.0}),
    ("variety.candidates = 2.5", "set.variety.candidates", "set-no-whole-number", {"least": 1}),
    ("clock = -1", "set.clock", "set-no-number", {"given": "-1"}),
    ("clock = nan", "set.clock", "set-no-number", {"given": "nan"}),
    ("clock = true", "set.clock", "set-no-number", {"given": "True"}),
    ("tail.share = 0.5", "set.tail.share", "setting-of-the-fit", {}),
    ("ranking.als.factors = 8", "set.ranking.als.factors", "setting-of-the-fit", {}),
    ("ranking.sizes = [8]", "set.ranking.sizes", "setting-of-the-fit", {}),
    ("ranking.als = 8", "set.ranking.als", "setting-of-the-fit", {}),
    ("model = 3", "set.model", "set-no-version", {}),
]


def inner(problem: DataError) -> DataError:
    """Returns what is wrong at the place that a problem names."""
    found = problem.data["problem"]
    assert isinstance(found, DataError)
    return found


@pytest.mark.parametrize(("text", "place", "key", "data"), WRONG_FILES)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, text: str, place: str, key: str, data: dict[str, object]
) -> None:
    with pytest.raises(ExperimentError) as refused:
        read(tmp_path, text)
    (found,) = [
        problem
        for problem in refused.value.problems
        if str(problem.data["place"]).endswith(place) and inner(problem).key == key
    ]
    assert str(found.data["place"]).startswith(str(tmp_path / "experiments.toml"))
    assert data.items() <= inner(found).data.items()


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError) as refused:
        read(tmp_path, "name = 'x'\nshare = = 2")
    (found,) = refused.value.problems
    assert found.key == "experiments-no-toml"
    assert "line 2" in str(found.data["cause"])


@pytest.mark.parametrize(("change", "place", "key", "data"), WRONG_CHANGES)
def test_what_an_arm_cannot_change_is_told(
    tmp_path: Path, change: str, place: str, key: str, data: dict[str, object]
) -> None:
    arms = "[[experiment.arm]]\nname = 'a'\n[[experiment.arm]]\nname = 'b'\n"
    with pytest.raises(ExperimentError) as refused:
        read(tmp_path, f"[[experiment]]\nname = 'x'\n{arms}[experiment.arm.set]\n{change}")
    (found,) = refused.value.problems
    assert str(found.data["place"]).endswith(f"experiment[1] (“x”), arm[2] (“b”), {place}")
    assert inner(found).key == key
    assert data.items() <= inner(found).data.items()


def test_all_problems_are_reported_together_and_names_are_unique(tmp_path: Path) -> None:
    arms = "[[experiment.arm]]\nname = 'a'\n[[experiment.arm]]\nname = 'b'\n"
    one = f"[[experiment]]\nname = 'x'\n{arms}"
    with pytest.raises(ExperimentError) as refused:
        read(tmp_path, f"{one}share = 0\nset = 4\n{one}\n[[experiment]]\nname='y'\nkind = 'c'\n")
    problems = refused.value.problems
    places = [str(problem.data["place"]).split(", ")[-1] for problem in problems]
    assert places == ["share", "set", "kind"]
    with pytest.raises(ExperimentError, match=r"experiment-name-twice .name=x"):
        read(tmp_path, one + one)
    with pytest.raises(ExperimentError, match="share-of-interleaved"):
        read(tmp_path, one.replace("'x'", "'x'\nkind = 'interleave'") + "share = 2")
    with pytest.raises(ExperimentError, match="experiment-interleaving"):
        read(tmp_path, one.replace("'x'", "'x'\nkind = 'interleave'\nunit = 'server'"))
    with pytest.raises(ExperimentError, match="experiments-unreadable"):
        read_experiments(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("name = 'é'".encode("latin-1"))
    with pytest.raises(ExperimentError, match="experiments-not-utf8"):
        read_experiments(tmp_path / "latin.toml")


NEEDED_SETTINGS: dict[str, dict[str, object]] = {  # without these a setting changes nothing here
    "variety.least": {"variety.candidates": 1},
    "variety.candidates": {"variety.least": 1},
    "tail.margin": {"ranking.popular": 40.0, "ranking.popular_half": 1000.0},
}


def questions(model: Recommender) -> list[Query]:
    """Returns queries of all kinds of people, in the evening, so that every setting matters."""
    rng = np.random.default_rng(3)
    known = [worlds.person(model, rng) for _ in range(4)]
    shelves = Query(liked_tags=np.array([1, 2]), mood=np.array([3]))
    few = Query(films=np.array([4, 9]), stars=np.array([5.0, 4.0]), liked_tags=np.array([2, 5]))
    asked = [*known, few, Query(), shelves, Query(adventurousness=0.9)]
    return [replace(query, hour=21, weekday=4) for query in asked]


@pytest.fixture(scope="module")
def models() -> list[Recommender]:
    world = worlds.catalogue(60)
    some = (worlds.uneven(world, 80), None)
    return [fit(world, each, worlds.SMALL, seed=1, now=worlds.NOW) for each in some]


def answers(model: Recommender) -> list[list[tuple[int, float]]]:
    found = [recommend(model, query, 3).picks for query in questions(model)]
    return [[(pick.film, pick.score) for pick in picks] for picks in found]


@pytest.mark.parametrize("name", sorted(ARM_SETTINGS))
def test_each_setting_changes_answers_without_a_fit(models: list[Recommender], name: str) -> None:
    """Every arm setting is read while answering; one that only a fit reads changes nothing."""
    setting = ARM_SETTINGS[name]
    chosen = [setting.least, 40.0] if not setting.whole else [1, 40]
    others: dict[str, object] = NEEDED_SETTINGS.get(name, {})
    moved = False
    for model in models:
        plain = answers(with_changes(model, others))
        moved |= any(
            answers(with_changes(model, {**others, name: value})) != plain for value in chosen
        )
    assert moved
    assert with_changes(models[0], {}).config == models[0].config


def test_the_former_name_of_a_setting_still_sets_it(tmp_path: Path) -> None:
    text = "[[experiment]]\nname = 'reach'\n[[experiment.arm]]\nname = 'control'\n"
    text += "[[experiment.arm]]\nname = 'less'\nset = { ranking.evened = 0.1 }\n"
    (one,) = read(tmp_path, text)
    assert one.arms[1].changes == {"ranking.popularity_penalty": 0.1}


def test_everything_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "experiments.md").read_text(encoding="utf-8")
    for name in (*ARM_SETTINGS, *METRICS, *GUARDRAILS, *EXPERIMENT_KEYS):
        assert f"`{name}`" in text or name == "arm", name


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "experiments.md").read_text(encoding="utf-8")
    (one,) = read(tmp_path, text.split("```toml\n")[1].split("```")[0])
    assert one.arms[1].changes == {"variety.strength": 0.5, "variety.unknown": 2.5}
