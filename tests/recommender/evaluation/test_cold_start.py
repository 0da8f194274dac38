"""The cold-start study: the reference's rules, and what simulated newcomers answer."""

import numpy as np
import pytest

from recommender.data import Query
from recommender.datasets.folder import Folder, read_folder
from recommender.errors import DataError
from recommender.evaluation.cold_start.measure import coldstart_file, measure_coldstart
from recommender.evaluation.cold_start.newcomers import (
    QUESTIONS,
    SCREENS,
    coldstart_ndcg,
    with_guesses,
)
from recommender.evaluation.cold_start.report import coldstart_report
from recommender.evaluation.cold_start.strategies import (
    COMPARED,
    SERVING,
    StrategyFacts,
    strategies,
)
from recommender.evaluation.splits import Newcomer, coldstart
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.models.newcomer import NO_ROWS
from recommender.numeric.arrays import sparse
from tests.movielens import FOLDER, needs_movielens
from tests.recommender.protocol import needs_protocol, protocol
from tests.recommender.worlds import catalogue, ratings

SMALL = RankingConfig(sizes=(4,))


@pytest.fixture(scope="module")
def folder() -> Folder:
    world = catalogue(60)
    return Folder("small", world, ratings(world, 60, share=0.5), 0, 0)


@needs_protocol
@needs_movielens
def test_ndcg_is_the_references() -> None:
    reference = protocol()
    train, people = next(iter(reference.coldstart_draws(reference.load(FOLDER.name), 1)))
    ours = next(iter(coldstart(read_folder(FOLDER).ratings, 1)))
    rng = np.random.default_rng(0)
    count = np.bincount(ours.train.indices, minlength=ours.train.shape[1]).astype(float)
    assert train.shape == ours.train.shape
    assert len(people) == len(ours.people)
    compared = 0
    for (pool, test), person in zip(people, ours.people, strict=True):
        for scores in (count, np.round(rng.random(len(count)), 2)):  # both with many ties
            expected = reference.coldstart_ndcg(scores, pool, test)
            if expected is not None:
                assert coldstart_ndcg(scores, person) == pytest.approx(expected)
                compared += 1
    assert compared > 100


def test_ndcg_by_hand() -> None:
    person = Newcomer(
        np.array([0]), np.array([5.0], np.float32), np.array([1, 2]), np.array([4, 2], np.float32)
    )
    assert coldstart_ndcg(np.array([9.0, 1.0, 8.0, 7.0]), person) == pytest.approx(0.5)  # third
    assert coldstart_ndcg(np.array([9.0, 8.0, 7.0, 1.0]), person) == 1.0


def test_every_strategy_is_measured_at_every_checkpoint(folder: Folder) -> None:
    found = measure_coldstart(folder, 1, config=SMALL)
    assert set(found.strategies) == set(strategies())
    file = coldstart_file(found)
    assert file["serving"] == SERVING
    for figures in file["strategies"].values():
        assert set(figures["questions"]) == {str(at) for at in QUESTIONS}
        assert set(figures["screens"]) == {str(at) for at in SCREENS}
        counts = [figures["questions"][str(at)]["answers"] for at in QUESTIONS]
        assert counts == sorted(counts)
        assert all(0 < figures["questions"][str(at)]["ndcg@10"] <= 1 for at in QUESTIONS)
    same = {name: one.questions[0].ndcg[0].values for name, one in found.strategies.items()}
    assert all((values == same[COMPARED]).all() for values in same.values())
    report = coldstart_report(found)
    assert any(SERVING in row[0] for row in report.sections[0].table.rows)  # type: ignore[union-attr]
    again = coldstart_file(measure_coldstart(folder, 1, [SERVING, COMPARED], config=SMALL))
    assert again["looks"] == file["looks"]
    for name in (SERVING, COMPARED):
        assert again["strategies"][name] == file["strategies"][name]


def test_films_of_the_test_are_never_asked_about(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    people = [person for one in coldstart(folder.ratings, 1) for person in one.people]

    def spy(facts: StrategyFacts):  # type: ignore[no-untyped-def]
        def ask(query: Query, rows: np.ndarray, n: int, left: np.ndarray) -> np.ndarray:
            asked.extend(rows.tolist())
            assert any(not np.isin(person.test, rows).any() for person in people)
            return rows[:n]

        return ask

    monkeypatch.setattr(
        "recommender.evaluation.cold_start.measure.strategies", lambda: {COMPARED: spy}
    )
    measure_coldstart(folder, 1, [COMPARED], config=SMALL)
    assert asked


def test_what_is_left_on_a_screen_is_no_answer_and_reaches_the_next_screen_only(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen on which nothing was chosen leaves nothing, and neither do single questions."""
    calls: list[tuple[Query, np.ndarray, int]] = []
    shown: list[np.ndarray] = []

    def spy(facts: StrategyFacts):  # type: ignore[no-untyped-def]
        def ask(query: Query, rows: np.ndarray, n: int, left: np.ndarray) -> np.ndarray:
            calls.append((query, left, n))
            shown.append(rows[:n])
            return rows[:n]

        return ask

    monkeypatch.setattr(
        "recommender.evaluation.cold_start.measure.strategies", lambda: {COMPARED: spy}
    )
    monkeypatch.setattr("recommender.evaluation.cold_start.newcomers.FILMS_PER_SCREEN", 2)
    measure_coldstart(folder, 1, [COMPARED], config=SMALL)
    some, nothing = 0, 0
    for at, (query, left, n) in enumerate(calls):
        if n == 1:
            assert not len(left)
            continue
        assert not len(query.unseen)
        assert not np.isin(left, query.films).any()
        if calls[at - 1][2] == n and not len(calls[at - 1][0].films):  # the second screen
            some, nothing = some + (len(query.films) > 0), nothing + (not len(query.films))
            before = shown[at - 1]
            expected = before[~np.isin(before, query.films)] if len(query.films) else NO_ROWS
            assert set(left.tolist()) == set(expected.tolist())
    assert some
    assert nothing


def test_half_of_the_held_out_films_are_guessed_about_and_the_other_half_judges() -> None:
    stars = np.array([5, 5, 4.5, 5, 1, 1, 1.5, 1], np.float32)
    person = Newcomer(np.arange(4), np.full(4, 3.0, np.float32), np.arange(10, 18), stars)
    right = total = 0
    for seed in range(60):
        rest, guesses = with_guesses(person, np.random.default_rng(seed))
        assert len(rest.test) == len(guesses) == 4
        assert sorted([*rest.test.tolist(), *guesses]) == list(range(10, 18))
        right += sum((stars[film - 10] > 3) == good for film, good in guesses.items())
        total += len(guesses)
    assert 0.9 < right / total < 1.0, "guesses are noisy"


def test_what_looks_good_is_measured_beside_the_same_people_without(folder: Folder) -> None:
    found = measure_coldstart(folder, 2, [SERVING], config=SMALL)
    assert found.looks is not None
    assert found.looks.gain(0).mean == 0.0
    for at in QUESTIONS:
        both = [arm[at].ndcg for arm in (found.looks.without, found.looks.heard)]
        assert [len(each.values) for each in both[0]] == [len(each.values) for each in both[1]]
    assert set(coldstart_file(found)["looks"]) == {str(at) for at in QUESTIONS}
    titles = [section.title for section in coldstart_report(found).sections]
    assert "Looks good, not for me" in titles
    assert measure_coldstart(folder, 1, [COMPARED], config=SMALL).looks is None


def test_unknown_strategies_and_too_few_people_are_refused(folder: Folder) -> None:
    with pytest.raises(DataError, match=r"unknown-strategy .name=guess"):
        measure_coldstart(folder, 1, ["guess"])
    world = catalogue(20)
    with pytest.raises(DataError, match="too-few-newcomers"):
        measure_coldstart(Folder("few", world, ratings(world, 5), 0, 0), 1)


def test_classic_orders_are_what_their_papers_say() -> None:
    stars = np.zeros((8, 3))
    stars[:6, 0] = 4.0  # many know it, and everybody agrees
    stars[:4, 1] = [1, 2, 4, 5]  # fewer know it, and nobody agrees
    stars[:1, 2] = 5.0
    matrix = sparse(stars)
    model = fit_ranking(catalogue(3), matrix, SMALL, np.random.default_rng(0))
    rows = np.array([0, 1, 2])
    facts = StrategyFacts(model, matrix)
    order = {
        name: make(facts)(Query(), rows, 3, NO_ROWS).tolist()
        for name, make in strategies().items()
        if name in ("popular", "helf", "entropy0")
    }
    assert order["popular"] == [0, 1, 2]
    assert order["helf"][0] == 1
    assert order["entropy0"][0] == 1
