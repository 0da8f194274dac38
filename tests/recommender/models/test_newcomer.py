"""The newcomer model: its posterior is that of the textbook, "haven't seen" never counts against
the film itself, and every answer has its part in a score."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query
from recommender.elicitation import questions
from recommender.elicitation.questions import most_informative, next_films
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.explanation import explain
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.serialize import arrays, from_arrays
from recommender.models import newcomer
from recommender.models.newcomer import NewcomerConfig, NewcomerModel, fit_newcomer
from recommender.numeric.arrays import sparse
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue, recommender

PEOPLE, FILMS = 120, 30


def two_tastes(people: int = PEOPLE, films: int = FILMS, seed: int = 0) -> np.ndarray:
    """Returns stars (people, films), 0 if not rated. Half of the people see and love the first half
    of the films, and the other half the second."""
    rng = np.random.default_rng(seed)
    own_half = (np.arange(people)[:, None] % 2) == (np.arange(films)[None, :] >= films // 2)
    seen = rng.random((people, films)) < np.where(own_half, 0.7, 0.1)
    return np.where(seen, np.where(own_half, 5.0, 2.0), 0.0)


@pytest.fixture(scope="module")
def model() -> NewcomerModel:
    return fit_newcomer(sparse(two_tastes()), NewcomerConfig(dimensions=8))


def test_the_posterior_is_that_of_a_normal_distribution(model: NewcomerModel) -> None:
    query = Query(films=[0, 20], stars=[5.0, 2.0], unseen=[3])
    films = np.array([0, 20, 3])
    cover = model.loadings.astype(float) @ model.loadings.T
    answers = np.array([1.0, 0.25, 0.0])
    inner = cover[np.ix_(films, films)] + np.diag(model.rest[films])
    weights = np.linalg.solve(inner, answers - model.mean[films])
    expected = model.mean + cover[:, films] @ weights
    place = model.place(query)
    scores = model.score_place(place)
    others = np.setdiff1d(np.arange(FILMS), films)
    np.testing.assert_allclose(scores[others], expected[others], atol=1e-5)
    left = cover - cover[:, films] @ np.linalg.solve(inner, cover[films])
    wide = model.loadings.astype(float)
    np.testing.assert_allclose(wide @ place.covariance @ wide.T, left, atol=1e-5)


def test_what_was_left_on_a_screen_is_a_weaker_haven_t_seen(model: NewcomerModel) -> None:
    query = Query(films=[0], stars=[5.0], unseen=[3])
    films = np.array([15, 16])
    nothing, hint = model.place(query), model.place(query, films)
    unseen = model.place(replace(query, unseen=[3, 15, 16]))
    near = model.loadings[17:].astype(float)
    scores = [float((near @ place.mean).mean()) for place in (nothing, hint, unseen)]
    assert scores[0] > scores[1] > scores[2]
    sure = [float(np.trace(near @ place.covariance @ near.T)) for place in (nothing, hint, unseen)]
    assert sure[0] > sure[1] > sure[2]
    again = model.place(query, np.array([0, 3]))  # answered later, so it no longer counts as left
    np.testing.assert_allclose(again.mean, nothing.mean)
    np.testing.assert_allclose(again.covariance, nothing.covariance)


def test_many_people_are_decomposed_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Subspace iteration is compared with the dense decomposition, with fewer dimensions than
    films."""
    for people, films, dimensions in ((300, 80, 6), (40, 1, 3), (60, 12, 12)):
        matrix = sparse(two_tastes(people, films))
        config = NewcomerConfig(dimensions=dimensions)
        exact = fit_newcomer(matrix, config).loadings.astype(float)
        with monkeypatch.context() as patch:
            patch.setattr(newcomer, "DENSE_MAX_PEOPLE", 0)
            quick = fit_newcomer(matrix, config).loadings.astype(float)
        assert quick.shape == exact.shape
        span = np.abs(exact @ exact.T).max()
        np.testing.assert_allclose(quick @ quick.T, exact @ exact.T, atol=0.02 * span)


def test_a_film_is_not_held_against_itself(model: NewcomerModel) -> None:
    with_it = model.score(Query(films=[0], stars=[5.0], unseen=[3, 7]))
    without = model.score(Query(films=[0], stars=[5.0], unseen=[7]))
    assert with_it[3] == pytest.approx(without[3], abs=1e-5)
    assert with_it[4] < without[4]  # but it counts against films that the same people see


def test_unseen_says_something_about_taste(model: NewcomerModel) -> None:
    nothing = model.score(Query())
    scores = model.score(Query(unseen=[0, 1, 2]))
    half = FILMS // 2
    moved = scores - nothing
    assert moved[3:half].mean() < 0 < moved[half:].mean()


def test_what_was_answered_adds_up(model: NewcomerModel) -> None:
    query = Query(films=[0, 20], stars=[5.0, 2.0], unseen=[3])
    place = model.place(query)
    usual, each = model.parts(place, np.arange(FILMS))
    whole = usual + each.sum(axis=1)
    moved = np.setdiff1d(np.arange(FILMS), [3])
    expected = model.score_place(place) - model.centre(place)
    np.testing.assert_allclose(whole[moved], expected[moved], atol=1e-5)


def test_a_rating_is_stronger_than_having_said_unseen(model: NewcomerModel) -> None:
    rated = model.score(Query(films=[0], stars=[5.0]))
    both = model.score(Query(films=[0], stars=[5.0], unseen=[0]))
    np.testing.assert_array_equal(rated, both)


def test_many_people_are_decomposed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, config = sparse(two_tastes()), NewcomerConfig(dimensions=6)
    dense = fit_newcomer(matrix, config)
    monkeypatch.setattr("recommender.models.newcomer.DENSE_MAX_PEOPLE", PEOPLE - 1)
    models = [fit_newcomer(matrix, config) for _ in range(2)]
    cover = [m.loadings.astype(float) @ m.loadings.T for m in (dense, *models)]
    np.testing.assert_allclose(cover[1], cover[0], atol=1e-4)
    np.testing.assert_array_equal(models[0].loadings, models[1].loadings)


@pytest.mark.parametrize("people", [1, 2, 3])
def test_a_handful_of_people_is_enough_to_fit(people: int) -> None:
    model = fit_newcomer(sparse(two_tastes(people)), NewcomerConfig())
    assert np.isfinite(model.score_place(model.place(Query(films=[0], stars=[4.0])))).all()


def test_it_is_stored_and_moved() -> None:
    world = catalogue(FILMS)
    matrix = sparse(two_tastes())
    fitted = fit_ranking(world, matrix, RankingConfig(sizes=(4,)), np.random.default_rng(0))
    kept = arrays(fitted) | {"count": fitted.popularity.count}
    rows = np.arange(FILMS)
    again = from_arrays(kept, fitted.popularity, world, fitted.config, rows)
    query = Query(films=[0, 1], stars=[5.0, 4.0], unseen=[20, 21])
    np.testing.assert_allclose(again.score(query), fitted.score(query))
    assert again.newcomer is not None
    back = np.arange(FILMS)[::-1]
    turned = again.newcomer.over(back).score(replace(query, films=[29, 28], unseen=[9, 8]))
    np.testing.assert_allclose(turned, again.newcomer.score(query)[back], atol=1e-6)


def test_parts_of_a_newcomers_score_name_what_was_not_seen() -> None:
    world = catalogue(FILMS)
    fitted = fit_ranking(
        world, sparse(two_tastes()), RankingConfig(sizes=(4,)), np.random.default_rng(0)
    )
    query = Query(films=[0], stars=[5.0], unseen=[20])
    blended = fitted.blend(query)
    for film, parts in enumerate(explain(fitted, blended, query, np.arange(FILMS))):
        assert sum(part.amount for part in parts) == pytest.approx(blended.score[film], abs=1e-5)
        assert {part.ref for part in parts if part.kind == "unseen"} <= {20}


def test_what_looks_good_says_less_than_a_rating_and_more_than_nothing() -> None:
    """Films of the first half look good to one person, another person loved them."""
    model = fit_newcomer(sparse(two_tastes()))
    others = np.arange(5, FILMS // 2)

    def found(query: Query) -> float:
        return float(model.score(query)[others].mean())

    films = np.arange(2)
    loved = found(Query(films=films, stars=[5.0, 5.0]))
    tempting = found(Query(unseen=films, wanted=films))
    unseen = found(Query(unseen=films))
    assert loved > tempting > found(Query()) > unseen
    assert found(Query(unwanted=films)) < found(Query())


def test_a_rating_replaces_a_guess_about_the_same_film() -> None:
    both = Query(films=[1], stars=[5.0], wanted=[1, 2], unwanted=[2, 3])
    assert both.wanted.tolist() == [2]
    assert both.unwanted.tolist() == [3]
    assert both.with_looks().films.tolist() == [1, 2, 3]
    assert both.with_looks().stars.tolist() == [5.0, 4.0, 2.0]


def test_parts_name_the_films_that_were_guessed_about() -> None:
    world = replace(catalogue(FILMS), adult=np.zeros(FILMS, bool))
    config = RankingConfig(sizes=(4,), trusted_people=0.0)
    fitted = fit_ranking(world, sparse(two_tastes()), config, np.random.default_rng(0))
    query = Query(films=[0], stars=[5.0], unseen=[20, 3], wanted=[3], unwanted=[21])
    blended = fitted.blend(query)
    named: set[int] = set()
    for film, parts in enumerate(explain(fitted, blended, query, np.arange(FILMS))):
        assert sum(part.amount for part in parts) == pytest.approx(blended.score[film], abs=1e-5)
        named |= {part.ref for part in parts if part.kind == "look"}
        assert {part.ref for part in parts if part.kind == "unseen"} <= {20}
    assert named == {3, 21}


def test_questions_are_about_films_that_tell_tastes_apart() -> None:
    stars = np.hstack(
        [two_tastes(), np.full((PEOPLE, 1), 4.0)]
    )  # the last film, which everybody saw
    fitted = fit_ranking(
        catalogue(FILMS + 1), sparse(stars), RankingConfig(sizes=(4,)), np.random.default_rng(0)
    )
    rows = np.arange(FILMS + 1)
    first = most_informative(fitted, Query(), rows, 1)
    assert first is not None
    assert first[0] != FILMS
    both = most_informative(fitted, Query(), rows, 2)
    assert both is not None
    assert len(set(both.tolist())) == 2


def test_a_question_leaves_the_likely_picks_least_uncertain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted = fit_ranking(
        catalogue(FILMS),
        sparse(two_tastes()),
        RankingConfig(sizes=(4,), tag_weight=0.0, content=0.0, trusted_people=0.0),
        np.random.default_rng(0),
    )
    model = fitted.elicitation_model
    query = Query(films=[0, 1], stars=[5.0, 5.0], unseen=[16])
    rows = np.setdiff1d(np.arange(FILMS), [0, 1, 16])
    monkeypatch.setattr(questions, "TARGET_FILMS", 5)
    everything, some = np.ones(FILMS, np.bool_), np.arange(FILMS) >= 20
    chosen: list[int] = []
    for wanted in (everything, some):  # films that may not be recommended do not count as targets
        (asked,) = most_informative(fitted, query, rows, 1, wanted=wanted)
        scores = np.where(wanted, fitted.score(query), -np.inf)
        scores[[0, 1]] = -np.inf
        picks = model.loadings[np.argsort(-scores)[:5]].astype(float)

        def uncertain(film: int, picks: np.ndarray = picks) -> float:
            place = model.place(replace(query, unseen=[16, film]))
            return float(np.trace(picks @ place.covariance @ picks.T))

        assert uncertain(asked) == pytest.approx(min(map(uncertain, rows.tolist())), rel=1e-6)
        chosen.append(int(asked))
    assert chosen[0] != chosen[1]


def test_the_next_screen_turns_from_what_was_left() -> None:
    """A person who chose films of one half and left those of the other is shown the first half."""
    fitted = fit_ranking(
        catalogue(FILMS), sparse(two_tastes()), RankingConfig(sizes=(4,)), np.random.default_rng(0)
    )
    query = Query(films=[0, 20], stars=[5.0, 5.0])
    left = np.array([15, 16, 17, 18])
    rows = np.setdiff1d(np.arange(FILMS), [0, 20, *left])

    def ours(chosen: np.ndarray) -> int:
        return int((chosen < FILMS // 2).sum())

    covered = ours(most_informative(fitted, query, rows, 10, left))
    assert covered > ours(most_informative(fitted, query, rows, 10))


def test_what_was_asked_is_not_asked_again() -> None:
    model = recommender()
    asked = np.array([1, 2, 3])
    query = Query(films=[4], stars=[4.0], unseen=[5], excluded=[6])
    chosen = next_films(model, query, asked, 25)
    assert len(set(chosen.tolist())) == len(chosen) == 25
    assert not set(chosen.tolist()) & {1, 2, 3, 4, 5, 6}


def test_without_ratings_a_screen_teaches_more_of_tags_than_the_best_known_films() -> None:
    world = catalogue(300, tags=40, seed=8)
    model = fit(world, None, SMALL, seed=3, now=NOW)
    assert model.ranking.newcomer is None
    screen = next_films(model, Query(), np.zeros(0, np.int64), 10)
    assert len(set(screen.tolist())) == 10
    reach = model.popularity.reach
    famous = np.argsort(-reach, kind="stable")[:10]
    away = model.tags.plain_model.centred_vectors(np.arange(300))

    def left(
        films: np.ndarray,
    ) -> float:  # variance of all films that is explained if all of these are answered
        vectors = away[films]
        taken = vectors.T @ np.linalg.solve(vectors @ vectors.T + np.eye(len(films)), vectors)
        return float((away**2).sum() - ((away @ taken) * away).sum())

    assert left(screen) < left(famous)
    assert reach[screen].mean() > reach.mean()
    again = next_films(model, Query(films=screen[:5], stars=[5, 1, 4, 2, 5]), screen, 10)
    assert not set(again.tolist()) & set(screen.tolist())
