"""`matinee evaluate taste`, as an operator types it."""

import json
from pathlib import Path

from recommender.evaluation.taste.tastes import tastes
from tests.bot.command import matinee


def test_without_a_data_folder_the_tags_alone_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    ended = matinee(tmp_path, "evaluate", "taste", "--people", "2", "--seed", "3", "--json", path)
    assert ended.code == 0, ended.err
    told = " ".join(ended.out.split())
    assert "no model" in told
    assert "Tastes kept for reporting" in told
    assert "what serves is the tags alone" in told
    assert not (tmp_path / "data").exists(), "measuring makes no data folder"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["seed"] == 3
    assert set(found["models"]) == {"tags alone"}
    everybody = found["models"]["tags alone"]["all"]
    assert set(everybody) == {"3 loved", "mixed", "two tastes"}
    assert everybody["mixed"]["people"] == len(tastes())
    assert 0.5 < everybody["3 loved"]["taste"] <= 1.0
    assert everybody["two tastes"]["worst"] is None


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "evaluate", "taste", "--json", tmp_path / "none" / "figures.json")
    assert "is missing" in ended.sentence
