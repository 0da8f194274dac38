"""The context study: files of any kind are read, and only a real effect is claimed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from recommender.datasets.event_log import EventLog, read_event_log
from recommender.errors import DataError, DatasetError
from recommender.evaluation.context.study import evaluate_context

HOURS = (8.0, 14.0, 20.0, 24.5)
START = 1_600_041_600.0 // 86_400 * 86_400
Row = tuple[str, str, int, float, int, int]  # user, item, stars, time, daypart, genre


def log(amount: float, people: int = 90, rows: int = 40, seed: int = 0) -> list[Row]:
    """Returns rows of people who choose items by taste, by fame, and by the daypart's genres."""
    rng = np.random.default_rng(seed)
    items, genres = 120, 6
    genre = rng.integers(0, genres, items)
    traits = rng.normal(0, 1, (genres, 4))[genre] + rng.normal(0, 0.4, (items, 4))
    effect = np.zeros((4, genres))
    for column in range(genres):
        up, down = rng.choice(4, 2, replace=False)
        effect[up, column], effect[down, column] = amount, -amount
    fame = rng.normal(0, 0.7, items)
    found: list[Row] = []
    for person in range(people):
        base = traits @ rng.normal(0, 0.5, 4) + fame
        left = np.ones(items, bool)
        for day in np.sort(rng.choice(300, rows, replace=False)):
            part = int(rng.integers(4))
            utility = np.where(left, base + effect[part][genre], -np.inf)
            item = int(np.argmax(utility + rng.gumbel(size=items)))
            left[item] = False
            when = START + day * 86_400 + HOURS[part] * 3600
            stars = int(np.clip(np.round(3.5 + base[item] / 2), 1, 5))
            found.append((f"u{person}", f"i{item}", stars, when, part, int(genre[item])))
    return found


def write(path: Path, header: str, lines: Sequence[str]) -> Path:
    path.write_text("\n".join([*([header] if header else []), *lines]) + "\n", "utf-8")
    return path


def timed(path: Path, rows: Sequence[Row]) -> EventLog:
    lines = [f"{u},{i},{t:.0f},g{g}" for u, i, _, t, _, g in rows]
    return read_event_log(write(path, "user,item,timestamp,genres", lines), {})


def test_an_effect_is_found_and_claimed(tmp_path: Path) -> None:
    found = evaluate_context(timed(tmp_path / "log.csv", log(1.0)), seeds=(0, 1))
    assert found.claim
    assert found.gain.low > 0
    assert found.relative > 0.03
    assert found.log_odds > 0.2
    assert all(run.worth > 0 for run in found.runs)


def test_dayparts_and_groups_found_are_enough(tmp_path: Path) -> None:
    """The file has no times and no genres, but names the daypart of each count."""
    words = ("dawn", "noon", "dusk", "night")
    lines = [f"{u};{i};2;{words[p]}" for u, i, _, _, p, _ in log(1.5)]
    path = write(tmp_path / "log.txt", "listener;track;plays;part", lines)
    viewings = read_event_log(path, {"daypart": "part"})
    assert viewings.measure == "count"
    assert set(viewings.parts) == set(words)
    found = evaluate_context(viewings, seeds=(0, 1))
    assert found.gain.mean > 0
    assert found.claim


def test_without_an_effect_nothing_is_claimed(tmp_path: Path) -> None:
    found = evaluate_context(timed(tmp_path / "log.csv", log(0.0)), seeds=(0, 1))
    assert not found.claim
    assert abs(found.relative) < 0.01
    assert found.log_odds < 0.02


def test_ratings_entered_in_bulk_are_no_viewing_times(tmp_path: Path) -> None:
    """The rows have the effect, but each person enters all of their rows within one hour."""
    turn: dict[str, int] = {}
    rows = []
    for user, item, stars, _, part, genre in log(1.5):
        turn[user] = turn.get(user, -1) + 1
        first = START + int(user[1:]) * 86_400
        rows.append((user, item, stars, first + 40 * turn[user], part, genre))
    found = evaluate_context(timed(tmp_path / "log.csv", rows), seeds=(0,))
    assert not found.times.viewing
    assert found.times.bulk > 0.9
    assert found.times.at_once == 1
    assert not found.claim
    assert "no viewing times" in found.why
    assert found.gain.mean == 0
    assert found.without.mean > 0.02, "the ranking itself is measured"


def test_slow_histories_of_one_day_are_no_viewing_times_either(tmp_path: Path) -> None:
    rows = [(u, i, s, START + n % 40 * 900, p, g) for n, (u, i, s, _, p, g) in enumerate(log(1.0))]
    found = evaluate_context(timed(tmp_path / "log.csv", rows), seeds=(0,))
    assert found.times.bulk == 0
    assert not found.claim
    assert "whole history" in found.why


@pytest.mark.parametrize("mark", ["::", "\t", ";", ",", "|"])
def test_delimiters_and_missing_headers(tmp_path: Path, mark: str) -> None:
    rows = log(0.0, people=3, rows=4)
    lines = [mark.join((u[1:], i[1:], str(s), f"{t:.0f}")) for u, i, s, t, _, _ in rows]
    plain = read_event_log(write(tmp_path / "plain", "", lines), {})
    assert (len(plain), plain.people, plain.measure) == (12, 3, "rating")
    assert plain.when.tolist() == [row[3] for row in rows]
    headed = write(tmp_path / "headed", mark.join(("UserID", "Movie_ID", "Rating", "When")), lines)
    found = read_event_log(headed, {})
    assert found.columns == {"user": "UserID", "item": "Movie_ID", "rating": "Rating",
                             "time": "When"}  # fmt: skip
    assert found.value.tolist() == plain.value.tolist()
    assert found.daypart.tolist() == plain.daypart.tolist() == [row[4] for row in rows]


def test_times_of_every_kind_mean_the_same(tmp_path: Path) -> None:
    texts = ("2024-05-03T20:15:00", "2024-05-03 22:15:00+02:00", "1714767300", "1714767300000")
    for text in texts:
        path = write(tmp_path / "t.csv", "user,item,time", [f"1,{n},{text}" for n in range(3)])
        found = read_event_log(path, {})
        assert found.when.tolist() == [1714767300.0] * 3
        assert [found.parts[p] for p in found.daypart] == ["evening"] * 3
        assert [found.days[d] for d in found.day] == ["friday night"] * 3
        assert [found.parts[p] for p in read_event_log(path, {}, "Asia/Tokyo").daypart] == (
            ["evening"] * 3 if text == texts[0] else ["morning"] * 3
        )


def test_dates_alone_have_no_dayparts(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "user,item,date", ["1,1,2024-05-04", "1,2,2024-05-06"])
    found = read_event_log(path, {})
    assert found.daypart.tolist() == [-1, -1]
    assert [found.days[d] for d in found.day] == ["weekend", "weekday"]


def test_codes_of_dayparts_are_no_times(tmp_path: Path) -> None:
    lines = [f"{n % 3},{n},{n % 5 + 1},{n % 4 + 1 if n else -1},{n % 3 + 1}" for n in range(30)]
    path = write(tmp_path / "codes.csv", "userID,itemID,rating,time,daytype", lines)
    found = read_event_log(path, {})
    assert found.columns["daypart"] == "time"
    assert found.columns["weekday"] == "daytype"
    assert found.parts == ("1", "2", "3", "4") or found.parts == ("1.0", "2.0", "3.0", "4.0")
    assert found.daypart[0] == -1
    assert np.isnan(found.when).all()


@pytest.mark.parametrize(
    ("header", "line", "names", "zone", "error"),
    [
        ("user,item,rating", "1,2,3", {}, "UTC", "no-time-column"),
        ("a,b,time", "1,2,1600000000", {}, "UTC", r"which-column \(.*kind=user"),
        (
            "user,item,time",
            "1,2,1600000000",
            {"user": "who"},
            "UTC",
            r"no-such-column \(.*column=who",
        ),
        (
            "user,item,time",
            "1,2,1600000000",
            {},
            "Mars/Olympus",
            r"no-such-log-zone \(zone=Mars/Olympus",
        ),
        ("user,item,time", "1,2,yesterday", {}, "UTC", r"column-no-times \(.*column=time"),
        (
            "user,item,rating,time",
            "1,2,good,1600000000",
            {},
            "UTC",
            r"cell-no-number \(.*row=1, column=rating",
        ),
        ("user", "1", {}, "UTC", "no-columns"),
        ("", "1,2,3,4", {}, "UTC", "log-empty"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, header: str, line: str, names: dict[str, str], zone: str, error: str
) -> None:
    path = write(tmp_path / "bad.csv", header, [line])
    with pytest.raises((DataError, DatasetError), match=error):
        read_event_log(path, names, zone)


def test_too_little_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "few.csv", "user,item,time", ["1,2,1600000000", "1,3,1600090000"])
    with pytest.raises(DataError):
        evaluate_context(read_event_log(path, {}), seeds=(0,))


def test_many_columns_without_a_heading_have_to_be_named(tmp_path: Path) -> None:
    """The first four of thirty columns are hardly user, item, rating and time."""
    lines = [",".join(str(row * 31 + at) for at in range(30)) for row in range(40)]
    path = write(tmp_path / "wide.csv", "", lines)
    with pytest.raises(DataError, match=r"which-numbered-column \(file=wide\.csv, kind=user"):
        read_event_log(path, {})
    named = {"user": "7", "item": "3", "rating": "1", "time": "30"}
    assert read_event_log(path, named).columns == named


@pytest.mark.parametrize("lines", [["1,2,4,1700000000", "1,3,5,1700000001"], ["1,2,4,1700000000"]])
def test_too_few_rows_are_a_sentence(tmp_path: Path, lines: list[str]) -> None:
    path = write(tmp_path / "few.csv", "user,item,rating,time", lines)
    with pytest.raises(DataError, match="too-little-to-compare"):
        evaluate_context(read_event_log(path, {}), seeds=(0,))
