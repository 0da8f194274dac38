"""`matinee evaluate context` as an operator types it."""

import json
from pathlib import Path

import numpy as np

from tests.bot.command import matinee
from tests.movielens import FOLDER, needs_movielens
from tests.recommender.evaluation.test_context import log, write


def test_columns_by_name_over_five_seeds(tmp_path: Path) -> None:
    rows = log(1.0, people=40, rows=25)
    words = ("dawn", "noon", "dusk", "night")
    lines = [f"{u}\t{i}\t{s}\t{words[p]}" for u, i, s, _, p, _ in rows]
    write(tmp_path / "log.tsv", "who\twhat\tgrade\tpart", lines)
    asked = ("evaluate", "context", "--data", "log.tsv", "--json", "f.json")
    named = ("--user", "who", "--item", "what", "--rating", "grade", "--daypart", "part")
    ended = matinee(tmp_path, *asked, *named, "--report", "f.html")
    assert ended.code == 0, ended.err
    held = json.loads((tmp_path / "f.json").read_text("utf-8"))
    assert held["seeds"] == [0, 1, 2, 3, 4]
    assert len(held["without"]["by_seed"]) == len(held["lift"]["by_seed"]) == 5
    assert np.isclose(
        held["gain"]["ndcg@10"], held["with"]["ndcg@10"] - held["without"]["ndcg@10"], atol=1e-9
    )
    assert held["gain"]["low"] <= held["gain"]["ndcg@10"] <= held["gain"]["high"]
    assert held["claim"] == (held["gain"]["low"] > 0)
    assert f"{held['without']['ndcg@10']:.4f}" in ended.out
    assert "Context on log.tsv" in (tmp_path / "f.html").read_text("utf-8")
    wrong = matinee(tmp_path, *asked, "--user", "nobody").sentence
    assert "a column called “nobody”. Its columns are who, what, grade, and part." in wrong


@needs_movielens
def test_movielens_has_no_viewing_times(tmp_path: Path) -> None:
    data = FOLDER / "ratings.csv"
    asked = ("evaluate", "context", "--data", data, "--seeds", "0", "--json", "f.json")
    ended = matinee(tmp_path, *asked)
    assert ended.code == 0, ended.err
    held = json.loads((tmp_path / "f.json").read_text("utf-8"))
    assert held["claim"] is False
    assert not held["times"]["viewing"]
    assert held["why"] in " ".join(ended.out.split())
    assert "no viewing times" in held["why"]
