"""`matinee evaluate` and `matinee explore`, as an operator or another program calls them."""

import csv
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from bot.cli.console import sentence_of
from bot.cli.evaluate import ranking as ranking_command
from bot.cli.evaluate import rating as rating_command
from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.starter import starter
from recommender.datasets.movielens import read_movielens
from recommender.errors import DataError, DatasetError
from recommender.evaluation.ranking.candidates import candidates
from recommender.numeric.arrays import Sparse
from tests.bot.command import files, matinee
from tests.bot.folders import Film, Rating, write_csv, write_dat, write_item

GENRES = ("Comedy", "War", "Drama")


def films(count: int = 40) -> list[Film]:
    return [
        Film(n + 1, f"Zzyzx {n + 1} ({1950 + n})", (GENRES[n % 3], GENRES[(n + n // 3) % 3]))
        for n in range(count)
    ]


def ratings(people: int = 30, count: int = 40) -> list[Rating]:
    """Returns ratings of 24 films by each person, high ones for every third film."""
    rng = np.random.default_rng(0)
    return [
        (person, int(film) + 1, 5 if film % 3 == person % 3 else 2, 900_000_000 + turn * 1000 + at)
        for turn, person in enumerate(range(1, people + 1))
        for at, film in enumerate(rng.permutation(count)[:24])
    ]


def made(folder: Path) -> Path:
    return write_csv(folder, films(), ratings(), ((1, 1, "slow"), (2, 2, "[red] slow")))


def write_folds(folder: Path, rows: list[Rating]) -> None:
    for n in range(5):
        for name, part in (("base", [r for at, r in enumerate(rows) if at % 5 != n]),
                           ("test", rows[n::5])):  # fmt: skip
            text = "".join(f"{p}\t{f}\t{s:.0f}\t{w}\n" for p, f, s, w in part)
            (folder / f"u{n + 1}.{name}").write_text(text, "latin-1")


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_help_names_the_parts(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "evaluate", "--help")
    assert ended.code == 0
    assert " ranking " in ended.out
    assert " rating " in ended.out
    assert " explore " in matinee(tmp_path, "--help").out


def test_every_model_is_in_the_table_and_the_files(tmp_path: Path) -> None:
    data = made(tmp_path / "my [bold] set")
    ended = matinee(
        *(tmp_path, "evaluate", "ranking", "--data", data, "--seed", "3", "--json", "f.json"),
        *("--csv", "f.csv", "--report", "f.html"),
    )
    assert ended.code == 0, ended.err
    held = read(tmp_path / "f.json")
    assert (held["data"], held["split"], held["seeds"]) == ("my [bold] set", "reference", [3])
    assert held["serving"] == "serving"
    assert list(held["models"]) == list(candidates())
    ease = held["models"]["ease"]
    assert 0.4 < ease["ndcg@10"] <= 1
    assert 20 <= ease["people"] <= 30
    assert ease["fit_seconds"] > 0
    assert ease["peak_mib"] > 10
    assert 0 < ease["latency_ms"]["p50"] <= ease["latency_ms"]["p99"]
    assert held["models"]["popularity"]["ndcg@10"] < ease["ndcg@10"]
    for name, figures in held["models"].items():
        assert f"│ {name} " in ended.out
        assert f"{figures['ndcg@10']:.4f}" in ended.out
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    assert float(rows["serving"]["ndcg@10"]) == held["models"]["serving"]["ndcg@10"]
    assert float(rows["ease"]["latency_ms.p99"]) == ease["latency_ms"]["p99"]
    page = (tmp_path / "f.html").read_text("utf-8")
    assert "my [bold] set" in page
    assert page.count("<svg") == 6, "nDCG, cost, and four along the dial"
    assert "I've saved f.json." in ended.out
    assert "data/matinee.sqlite3" not in files(tmp_path), "it needs no database"


def test_several_seeds_are_paired(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    ended = matinee(
        *(tmp_path, "evaluate", "ranking", "--data", data, "--models", "popularity, ease"),
        *("--seeds", "42,1", "--json", "f.json"),
    )
    assert ended.code == 0, ended.err
    held = read(tmp_path / "f.json")
    assert held["seeds"] == [42, 1]
    assert list(held["models"]) == ["popularity", "ease"]
    assert held["serving"] is None
    both = [held["by_seed"][seed]["ease"]["ndcg@10"] for seed in ("42", "1")]
    assert held["models"]["ease"]["ndcg@10"] == pytest.approx(np.mean(both))
    (gain,) = held["gains"]
    assert (gain["model"], gain["against"]) == ("popularity", "ease")
    assert len(gain["by_seed"]) == 2
    assert gain["high"] < 0


def test_every_layout_gives_the_same(tmp_path: Path) -> None:
    """The layouts hold the same ratings in the same order, so the split is the same.

    No other file of MovieLens is needed.
    """
    found = []
    for write in (write_csv, write_dat, write_item):
        data = write(tmp_path / write.__name__, films(), ratings())
        for name in ("tags.csv", "links.csv"):
            (data / name).unlink(missing_ok=True)
        wanted = tmp_path / f"{write.__name__}.json"
        ranking_command.evaluate(
            data, "reference", "ease", None, None, OutputFiles(wanted), Console()
        )
        ease = read(wanted)["models"]["ease"]
        found.append([ease[key] for key in ("ndcg@10", "mrr", "variety", "novelty", "people")])
    assert found[0][0] > 0.4
    assert found[1] == pytest.approx(found[0])
    assert found[2] == pytest.approx(found[0])


@pytest.mark.parametrize("split", ["temporal", "new-people"])
def test_the_other_splits(tmp_path: Path, split: str) -> None:
    data = made(tmp_path / "set")
    ended = matinee(
        *(tmp_path, "evaluate", "ranking", "--data", data, "--split", split),
        *("--models", "serving", "--people", "4", "--json", "f.json", "--report", "f.md"),
    )
    assert ended.code == 0, ended.err
    held = read(tmp_path / "f.json")
    assert held["split"] == split
    assert 1 <= held["models"]["serving"]["people"] <= 4
    assert ("known" in held["models"]["serving"]) == (split == "new-people")
    pictures = [name for name in files(tmp_path) if name.startswith("f-")]
    text = (tmp_path / "f.md").read_text("utf-8")
    assert pictures
    assert all(f"]({name})" in text for name in pictures)


def test_stars_on_random_tenths(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    ended = matinee(
        *(tmp_path, "evaluate", "rating", "--data", data, "--models", "bias"),
        *("--seeds", "1,2,3", "--json", "f.json", "--report", "f.html"),
    )
    assert ended.code == 0, ended.err
    held = read(tmp_path / "f.json")
    bias = held["models"]["bias"]
    assert list(bias["folds"]) == ["1", "2", "3"]
    assert bias["rmse"] == pytest.approx(np.mean([f["rmse"] for f in bias["folds"].values()]))
    assert 0 < bias["mae"] <= bias["rmse"] < 2
    assert f"{bias['rmse']:.4f}" in ended.out


def test_stars_on_the_folders_own_folds(tmp_path: Path) -> None:
    data = write_item(tmp_path / "set", films(), ratings())
    write_folds(data, ratings())
    ended = matinee(
        *(tmp_path, "evaluate", "rating", "--data", data, "--models", "bias", "--json", "f.json")
    )
    assert ended.code == 0, ended.err
    held = read(tmp_path / "f.json")
    assert held["split"] == "folds"
    assert list(held["models"]["bias"]["folds"]) == ["u1", "u2", "u3", "u4", "u5"]
    assert held["models"]["bias"]["ratings"] == len(ratings())
    (data / "u4.base").write_text("1\t2\n", "latin-1")
    with pytest.raises(DatasetError, match=r"u4\.base, line=1"):
        rating(str(data))


def test_a_set_is_explored(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    ended = matinee(tmp_path, "explore", "--data", data, "--report", "f.html")
    assert ended.code == 0, ended.err
    assert "720 ratings by 30 people of 40 of 40 films" in ended.out
    for word in ("Sparsity", "The long tail", "Popularity bias", "War", "[red] slow"):
        assert word in ended.out
    page = (tmp_path / "f.html").read_text("utf-8")
    assert "Ratings by month" in page
    assert "[red] slow" in page


def test_ten_points_are_read_with_the_scale(tmp_path: Path) -> None:
    """Doubled stars with the scale 10 give the same figures as the stars themselves."""
    doubled = [(person, film, 2 * stars, when) for person, film, stars, when in ratings()]
    plain = write_dat(tmp_path / "plain", films(), ratings())
    data = write_dat(tmp_path / "ten", films(), doubled)
    assert "add --scale 10." in matinee(tmp_path, "explore", "--data", data).sentence
    ended = matinee(tmp_path, "explore", "--data", data, "--scale", "10")
    assert "720 ratings by 30 people" in ended.out
    found = []
    for folder, scale in ((plain, 5), (data, 10)):
        asked = ("--data", folder, "--scale", str(scale), "--json", "f.json")
        for command, model in (("ranking", "ease"), ("rating", "bias")):
            ended = matinee(tmp_path, "evaluate", command, *asked, "--models", model)
            assert ended.code == 0, ended.err
            figures = read(tmp_path / "f.json")["models"][model]
            found.append(figures["ndcg@10" if command == "ranking" else "rmse"])
    assert found[:2] == pytest.approx(found[2:])


def test_films_are_joined_with_the_starter_catalogue(tmp_path: Path) -> None:
    home = starter()
    plain = [film for film in home.films if film.title.isalpha() and film.title.isascii()]
    known = [Film(n + 1, f"{film.title} ({film.year})", ("War",)) for n, film in enumerate(plain)]
    listed = [*known[:20], *films()[20:]]
    tags = ((1, 1, "zzyzx"), (1, 30, "slow"))
    world, matched = home.joined(read_movielens(write_csv(tmp_path / "set", listed, [], tags)))
    assert (matched, len(world)) == (20, 40)
    assert world.films.ids_array.tolist() == [film.id for film in listed]
    assert world.has_hand_tags
    row = next(at for at, film in enumerate(home.films) if film.title == plain[3].title)
    assert world.titles[3] == home.world.titles[row]
    assert names(world.tags, world.tag_names, 3) == names(
        home.world.tags, home.world.tag_names, row
    )
    assert names(world.genres, world.genre_names, 3) == set(plain[3].genres)
    assert world.audience[3] == home.world.audience[row]
    for block in world.facts:
        same = home.world.fact(block.name)
        assert same is not None
        assert names(block.matrix, block.values, 3) == names(same.matrix, same.values, row)
    assert world.titles[25] == "Zzyzx 26"
    assert names(world.genres, world.genre_names, 25) == set(listed[25].genres)
    assert not world.tags[20:].nnz, "a film that the catalogue lacks has no tags"
    assert not any(block.matrix[20:].nnz for block in world.facts)


def test_the_joined_films_are_ranked(tmp_path: Path) -> None:
    plain = [film for film in starter().films if film.title.isalpha() and film.title.isascii()]
    known = [Film(n + 1, f"{film.title} ({film.year})", ("War",)) for n, film in enumerate(plain)]
    data = write_csv(tmp_path / "set", known[:40], ratings())
    asked = ("--data", data, "--catalogue", "--models", "item-item", "--json", "f.json")
    ended = matinee(tmp_path, "evaluate", "ranking", *asked)
    assert ended.code == 0, ended.err
    assert "I know 40 of them from the starter catalogue" in ended.out
    assert read(tmp_path / "f.json")["data"] == "set"
    asked = ("--data", data, "--catalogue", "--strategies", "popular", "--draws", "1")
    ended = matinee(tmp_path, "evaluate", "coldstart", *asked)
    assert ended.code == 0, ended.err
    assert "I know 40 of them from the starter catalogue" in ended.out


def names(table: Sparse, words: tuple[str, ...], row: int) -> set[str]:
    """Returns the words of a table's columns that are not empty in a row."""
    return {words[column] for column in table[[row]].indices}


def ranking(data: str = "set", *, split: str = "reference", models: str | None = None,
            seeds: str | None = None, **wanted: Path) -> None:  # fmt: skip
    """Runs the command in this process."""
    ranking_command.evaluate(
        Path(data), split, models, seeds, None, OutputFiles(**wanted), Console(quiet=True)
    )


def rating(data: str = "set", *, models: str | None = None, seeds: str | None = None) -> None:
    """Runs the command in this process."""
    rating_command.evaluate(Path(data), seeds, models, OutputFiles(), Console(quiet=True))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (partial(ranking, "nowhere"), "nowhere isn't a folder"),
        (partial(ranking, models="magic"), "no model called “magic”"),
        (partial(ranking, models=" , "), "I need at least one"),
        (partial(ranking, split="magic"), "no split called “magic”"),
        (partial(ranking, seeds="-1"), "“-1” doesn't work as a seed"),
        (partial(ranking, seeds="1,x"), "“x” doesn't work as a seed"),
        (partial(ranking, seeds="4294967296"), "doesn't work as a seed"),
        (partial(ranking, json=Path("missing/f.json")), "find the folder “missing”"),
        (partial(ranking, csv=Path("set")), "set is a folder"),
        (partial(ranking, report=Path("f.pdf")), "a name that ends in .html or .md"),
        (partial(ranking, "few"), "too few people have enough ratings"),
        (partial(rating, "few"), "aren't enough ratings"),
        (partial(rating, seeds="one"), "“one” doesn't work as a seed"),
        (partial(rating, models="magic"), "no model for predicting stars called “magic”"),
    ],
)
def test_bad_options_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[[], None], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    made(tmp_path / "set")
    write_csv(tmp_path / "few", films(), ratings()[:3])
    before = files(tmp_path)
    with pytest.raises((DataError, DatasetError)) as refused:
        call()
    assert message in (sentence_of(refused.value) or "")
    assert files(tmp_path) == before, "nothing is left behind"


def test_a_bad_option_ends_the_command(tmp_path: Path) -> None:
    made(tmp_path / "set")
    asked = ("evaluate", "ranking", "--data", "set")
    assert "no model called “magic”" in matinee(tmp_path, *asked, "--models", "magic").sentence
    twice = matinee(tmp_path, *asked, "--seed", "1", "--seeds", "2").sentence
    assert "one of them" in twice


def test_a_timeless_set_has_no_temporal_split(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    lines = (data / "ratings.csv").read_text("utf-8").splitlines()
    bare = "".join(f"{line.rpartition(',')[0]}\n" for line in lines)
    (data / "ratings.csv").write_text(bare, "utf-8")
    asked = ("evaluate", "ranking", "--data", data, "--models", "popularity")
    assert (
        "some of them don't have one" in matinee(tmp_path, *asked, "--split", "temporal").sentence
    )
    assert matinee(tmp_path, *asked).code == 0


def test_a_torn_set_is_named_by_line(tmp_path: Path) -> None:
    data = made(tmp_path / "set")
    with (data / "ratings.csv").open("a", encoding="utf-8") as file:
        file.write("1,2\n")
    assert "ratings.csv line 722" in matinee(tmp_path, "explore", "--data", data).sentence
    for command in (rating, ranking):
        with pytest.raises(DatasetError, match=r"ratings\.csv, line=722"):
            command(str(data))
