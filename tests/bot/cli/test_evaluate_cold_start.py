"""`matinee evaluate coldstart`, as an operator calls it."""

import json
from pathlib import Path

from recommender.evaluation.cold_start.measure import QUESTIONS, SCREENS
from tests.bot.cli.test_evaluate import made
from tests.bot.command import matinee


def test_the_table_and_the_file(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    ended = matinee(
        *(tmp_path, "evaluate", "coldstart", "--data", data, "--draws", "2"),
        *("--strategies", "newcomer", "--json", "f.json", "--report", "f.md"),
    )
    assert ended.code == 0, ended.err
    assert "Single questions" in ended.out
    held = json.loads((tmp_path / "f.json").read_text("utf-8"))
    assert held["serving"] == "newcomer"
    assert set(held["strategies"]) == {"popular", "newcomer"}
    for figures in held["strategies"].values():
        assert set(figures["questions"]) == {str(at) for at in QUESTIONS}
        assert set(figures["screens"]) == {str(at) for at in SCREENS}
        assert {"ndcg@10", "answers"} <= set(figures["questions"]["10"])
    assert "## Screens of 25" in (tmp_path / "f.md").read_text("utf-8")


def test_an_unknown_strategy_is_named(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    ended = matinee(tmp_path, "evaluate", "coldstart", "--data", data, "--strategies", "guess")
    assert ended.code == 1
    assert "There's no strategy called “guess”. Try popular, " in ended.err
