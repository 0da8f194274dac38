"""`matinee evaluate matches`, as an operator calls it."""

import json
from pathlib import Path

from recommender.evaluation.matches.study import PLAIN, SERVING, SHRUNK
from tests.bot.cli.test_evaluate_groups import FILMS, ratings
from tests.bot.command import matinee
from tests.bot.folders import write_csv


def test_matches_are_measured_three_ways(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "set", FILMS, ratings())
    command = ("evaluate", "matches", "--data", data)
    few = ("--pairs", "20", "--films", "3", "--json", "m.json", "--report", "m.md")
    ended = matinee(tmp_path, *command, *few)
    assert ended.code == 0, ended.err
    assert "20 pairs" in ended.out
    found = json.loads((tmp_path / "m.json").read_text("utf-8"))
    assert list(found["models"]) == [PLAIN, SHRUNK, SERVING]
    assert sum(row["pairs"] for row in found["bands"]) == 20
    assert "Calibration" in (tmp_path / "m.md").read_text("utf-8")
    assert "Not enough pairs of people have rated the same" in matinee(tmp_path, *command).sentence
