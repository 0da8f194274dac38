"""`matinee evaluate groups`, as an operator calls it."""

import json
from pathlib import Path

import numpy as np

from recommender.evaluation.groups import BASELINE, SERVING
from tests.bot.command import matinee
from tests.bot.folders import Film, Rating, write_csv

FILMS = [Film(n + 1, f"Zzyzx {n + 1} ({1950 + n})", ("Drama",)) for n in range(40)]


def ratings() -> list[Rating]:
    """Returns ratings of 24 films by each of thirty people."""
    rng = np.random.default_rng(0)
    return [
        (person, int(film) + 1, 5 if film % 3 == person % 3 else 2, 900_000_000 + at)
        for person in range(1, 31)
        for at, film in enumerate(rng.permutation(40)[:24])
    ]


def test_groups_are_measured_with_and_without_predicted_stars(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "set", FILMS, ratings())
    command = ("evaluate", "groups", "--data", data)
    few = ("--groups", "10", "--size", "2", "--films", "4", "--json", "g.json")
    ended = matinee(tmp_path, *command, *few)
    assert ended.code == 0, ended.err
    assert "10 groups of 2" in ended.out
    found = json.loads((tmp_path / "g.json").read_text("utf-8"))
    assert list(found["models"]) == [BASELINE, SERVING]
    assert found["gains"]["worst"]["low"] <= found["gains"]["worst"]["mean"]
    assert "Not enough people have rated the same 20 films" in matinee(tmp_path, *command).sentence
