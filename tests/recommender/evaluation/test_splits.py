"""Splits: they equal the reference's row for row, and no test rating is ever shown."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import Interactions, Vocabulary, interactions
from recommender.datasets.folder import read_folder
from recommender.errors import DataError, DatasetError
from recommender.evaluation import splits
from recommender.evaluation.movielens_folds import has_folds, read_folds
from tests.recommender.protocol import DATA, needs_protocol, protocol


def ratings(people: int = 40, films: int = 60, seed: int = 0) -> Interactions:
    """Returns ratings of 3 to all films by each person, no two at the same time."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), rng.integers(3, films + 1, people))
    film = np.concatenate(
        [rng.permutation(films)[:n] for n in np.bincount(person, minlength=people)]
    )
    when = rng.permutation(len(person)) * 60.0 + 1e9
    stars = rng.integers(1, 11, len(person)) / 2
    return interactions(person + 5, film + 100, stars, when)


def pairs(given: Interactions) -> set[tuple[int, int]]:
    return set(zip(given.person.tolist(), given.film.tolist(), strict=True))


@needs_protocol
def test_the_reference_splits_are_the_reference() -> None:
    ours, theirs = read_folder(DATA).ratings, protocol().load("ml-latest-small")
    assert (ours.person == theirs.u).all()
    assert (ours.film == theirs.i).all()
    assert (ours.stars == theirs.r).all()
    everything = np.arange(len(theirs.u))
    for seed in protocol().SEEDS:
        train, test = protocol().split_users(theirs.u, everything, 0.2, seed)
        assert (np.flatnonzero(splits.hold_out(ours.person, 0.2, seed)) == test).all()
        split = splits.reference(ours, seed)
        assert (split.train.film == theirs.i[train]).all()
        assert (split.test.person == theirs.u[test]).all()
        assert (split.test.stars == theirs.r[test]).all()
    inside, kept = protocol().split_users(theirs.u, train, 0.1, 43, 10)
    held = splits.hold_out(split.train.person, 0.1, 43, least=10)
    assert (train[held] == kept).all()
    assert (train[~held] == inside).all()


@needs_protocol
def test_the_rating_splits_are_the_reference() -> None:
    ours, theirs = read_folder(DATA).ratings, protocol().load("ml-latest-small")
    drawn = zip(protocol().rating_splits(theirs), splits.ratings_at_random(ours), strict=True)
    for (train, test), fold in drawn:
        for rows, half in ((train, fold.train), (test, fold.test)):
            assert (theirs.u[rows] == half.person).all()
            assert (theirs.i[rows] == half.film).all()
            assert (theirs.r[rows] == half.stars).all()


@needs_protocol
def test_the_cold_start_draws_are_the_reference() -> None:
    ours, theirs = read_folder(DATA).ratings, protocol().load("ml-latest-small")
    drawn = zip(protocol().coldstart_draws(theirs, 2), splits.coldstart(ours, 2), strict=True)
    for (train, people), draw in drawn:
        assert train.shape == draw.train.shape
        assert abs(train - draw.train).nnz == 0
        for (pool, test), newcomer in zip(people, draw.people, strict=True):
            assert pool == dict(zip(newcomer.pool, newcomer.pool_stars, strict=True))
            assert test == dict(zip(newcomer.test, newcomer.test_stars, strict=True))


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.5), st.integers(0, 30))
@settings(max_examples=50)
def test_a_share_of_each_persons_ratings_is_held_out(seed: int, share: float, least: int) -> None:
    person = ratings(seed=seed % 7).person
    held = splits.hold_out(person, share, seed, least)
    count = np.bincount(person)
    expected = np.where(count >= least, np.round(share * count), 0)
    assert (np.bincount(person, weights=held) == expected).all()
    assert (held == splits.hold_out(person, share, seed, least)).all()


@pytest.mark.parametrize("name", splits.SPLITS)
@pytest.mark.parametrize("seed", [1, 42])
def test_nothing_tested_was_shown(name: str, seed: int) -> None:
    every = ratings()
    split = splits.SPLITS[name](every, seed)
    assert split.name == name
    assert len(split.test)
    tested = pairs(split.test)
    assert not tested & pairs(split.train)
    assert not tested & pairs(split.given)
    assert tested | pairs(split.train) | pairs(split.given) <= pairs(every)
    for part in (split.train, split.given, split.test):
        assert part.films == every.films
        assert part.people == every.people


def test_the_reference_holds_nothing_back() -> None:
    every = ratings()
    split = splits.reference(every)
    assert pairs(split.train) | pairs(split.test) == pairs(every)
    rarely = np.flatnonzero(np.bincount(every.person) < splits.MIN_RATINGS)
    assert len(rarely)
    assert not np.isin(split.test.person, rarely).any()


def test_nothing_is_predicted_from_what_came_later() -> None:
    split = splits.temporal(ratings())
    assert split.train.when.max() < split.test.when.min()
    for person in np.unique(split.test.person):
        shown = split.given.when[split.given.person == person]
        assert shown.max() < split.test.when[split.test.person == person].min()


def test_new_people_are_new() -> None:
    split = splits.new_people(ratings())
    assert not np.isin(split.test.person, split.train.person).any()
    assert np.isin(split.test.person, split.given.person).all()
    assert len(np.unique(split.given.person)) == 8


def test_other_seeds_are_other_splits() -> None:
    every = ratings()
    for name in ("reference", "new-people"):
        first, second = (splits.SPLITS[name](every, seed) for seed in (1, 2))
        assert pairs(first.test) != pairs(second.test)


def test_a_tenth_of_the_ratings() -> None:
    every = ratings()
    for fold in splits.ratings_at_random(every, (3, 4)):
        assert len(fold.test) == len(every) // 10
        assert pairs(fold.train) | pairs(fold.test) == pairs(every)


def test_fewer_revealed_are_among_more() -> None:
    given = ratings()
    before: set[tuple[int, int]] = set()
    for most in (0, 1, 3, 10):
        shown = splits.reveal(given, most, seed=5)
        count = np.bincount(shown.person, minlength=len(given.people))
        assert (count == np.minimum(np.bincount(given.person), most)).all()
        assert before <= pairs(shown)
        before = pairs(shown)


def test_relevant_is_what_was_liked() -> None:
    split = splits.reference(ratings())
    liked = {
        (person, film)
        for person, film, stars in zip(
            split.test.person, split.test.film, split.test.stars, strict=True
        )
        if stars >= 4
    }
    assert set(zip(*(axis.tolist() for axis in split.relevant().nonzero()), strict=True)) == liked


def test_repeats_count_once() -> None:
    every = ratings()
    twice = splits.reference(
        interactions(
            np.tile(every.people.ids(every.person), 2),
            np.tile(every.films.ids(every.film), 2),
            np.tile(every.stars, 2),
            np.tile(every.when, 2),
        )
    )
    assert not pairs(twice.train) & pairs(twice.test)
    assert len(twice.train) + len(twice.test) == len(every)


def test_splits_refuse_what_cannot_be_split() -> None:
    nothing = interactions([], [], [])
    for make in splits.SPLITS.values():
        with pytest.raises(DataError, match="nothing-to-evaluate"):
            make(nothing, 1)
    timeless = interactions([1, 1], [1, 2], [4, 5])
    with pytest.raises(DataError, match="without-times"):
        splits.temporal(timeless)


def write_folds(folder: Path) -> None:
    folder.mkdir()
    for n in range(1, 6):
        (folder / f"u{n}.base").write_text("1\t10\t3\t5\n2\t11\t4\t5\n", "latin-1")
        (folder / f"u{n}.test").write_text(f"3\t10\t{n}\t5\n3\t99\t5\t5\n", "latin-1")


def test_folds_are_read_over_all_people(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    assert not has_folds(folder)
    write_folds(folder)
    assert has_folds(folder)
    folds = read_folds(folder, Vocabulary([11, 10]))
    assert [fold.name for fold in folds] == ["u1", "u2", "u3", "u4", "u5"]
    for n, fold in enumerate(folds, start=1):
        assert fold.train.people == fold.test.people == Vocabulary([1, 2, 3])
        assert fold.train.film.tolist() == [1, 0]
        assert (fold.test.person.tolist(), fold.test.film.tolist()) == ([2], [1])
        assert fold.test.stars.tolist() == [n], "a film that is not listed is left out"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\t10\t3\t5\n2\t11\t9\t5\n", "u3.test, line=2, problem=stars-out-of-range .given=9,"),
        ("1\t10\t3\t5\n2\t11\n", "u3.test, line=2, problem=not-four-numbers .count=2"),
        ("1\tten\t3\t5\n", "u3.test, line=1, "),
        ("", "fold-empty .file=u3.test"),
    ],
)
def test_a_damaged_fold_is_named(tmp_path: Path, text: str, message: str) -> None:
    folder = tmp_path / "set"
    write_folds(folder)
    (folder / "u3.test").write_text(text, "latin-1")
    with pytest.raises(DatasetError, match=message):
        read_folds(folder, Vocabulary([11, 10]))


def test_the_newest_of_each_person_are_held_out() -> None:
    every = ratings()
    split = splits.newest(every, 0.1, 5)
    assert pairs(split.train) | pairs(split.test) == pairs(every)
    assert not pairs(split.train) & pairs(split.test)
    for person in range(len(every.people)):
        count = int((every.person == person).sum())
        held = split.test.when[split.test.person == person]
        assert len(held) == (round(0.1 * count) if count >= 5 else 0)
        kept = split.train.when[split.train.person == person]
        assert not len(held) or held.min() > kept.max()
    with pytest.raises(DataError, match="without-times"):
        splits.newest(interactions([1], [1], [3.0]))


def test_a_temporal_split_at_a_moment() -> None:
    every = ratings()
    now = float(np.quantile(every.when, 0.5))
    split = splits.temporal(every, now=now, share=0.5, least=2)
    assert split.train.when.max() < now
    assert split.test.when.min() >= now
    assert pairs(split.given) | pairs(split.test) <= pairs(every)
