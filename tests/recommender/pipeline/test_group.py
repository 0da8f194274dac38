"""Properties that any fair ranking for a group has, and the limit on misery."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.data import Query, interactions
from recommender.errors import DataError
from recommender.models.star_fit import StarConfig, fit_stars
from recommender.models.stars import StarPrediction
from recommender.pipeline.groups.group import (
    Dread,
    GroupConfig,
    calibrate,
    dread_of,
    misery_chances,
    rank_for_group,
)

Scores = np.ndarray
VALUES = st.integers(-40, 40).map(lambda value: value / 8)


@st.composite
def groups(draw: st.DrawFn, least: int = 1) -> Scores:
    shape = (draw(st.integers(least, 5)), draw(st.integers(1, 12)))
    return draw(arrays(np.float64, shape, elements=VALUES))


def dreading(chances: Scores, unknown: float = 0.25) -> Dread:
    return Dread(chances, np.full(len(chances), unknown), np.ones(len(chances), bool))


def films(wants: Scores, chances: Scores | None = None) -> list[int]:
    dread = None if chances is None else dreading(chances)
    return [pick.film for pick in rank_for_group(wants, wants.shape[1], dread)]


@given(groups())
def test_everything_is_ranked_once_and_its_parts_add_up(wants: Scores) -> None:
    picks = rank_for_group(wants, wants.shape[1])
    assert sorted(pick.film for pick in picks) == list(range(wants.shape[1]))
    for pick in picks:
        assert sum(pick.parts) == pytest.approx(pick.score, abs=1e-9)
        own = wants[:, [pick.film]]
        assert pick.percentiles == pytest.approx((wants <= own).mean(axis=1))


@given(groups().map(lambda wants: wants[:1]))
def test_alone_everybody_gets_their_own_ranking(wants: Scores) -> None:
    own = np.argsort(-wants[0], kind="stable").tolist()
    assert films(wants) == own
    assert films(wants, np.ones_like(wants)) == own


@given(groups(), st.randoms(use_true_random=False))
def test_people_are_interchangeable(wants: Scores, random: object) -> None:
    order = list(range(len(wants)))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain = rank_for_group(wants, 5)
    moved = rank_for_group(wants[order], 5)
    assert [pick.film for pick in plain] == [pick.film for pick in moved]
    for one, other in zip(plain, moved, strict=True):
        assert [one.percentiles[at] for at in order] == list(other.percentiles)
        assert sorted(order[at] for at in other.spoilt) == list(one.spoilt)


@given(groups(), st.integers(0, 4), st.integers(0, 11), st.integers(1, 80))
def test_a_film_that_somebody_wants_more_never_falls(
    wants: Scores, person: int, film: int, more: int
) -> None:
    person, film = person % len(wants), film % wants.shape[1]
    keener = wants.copy()
    keener[person, film] += more / 8
    assert films(keener).index(film) <= films(wants).index(film)
    chances = 1 / (1 + np.exp(wants))
    calmer = chances.copy()
    calmer[person, film] /= 2
    assert films(wants, calmer).index(film) <= films(wants, chances).index(film)


@given(groups(least=2))
def test_nobody_is_given_their_worst_while_something_pleases_all(wants: Scores) -> None:
    bottom = int(GroupConfig().bottom_share * wants.shape[1])
    worse = (wants[:, :, None] > wants[:, None, :]).sum(axis=1)  # films each wants more
    spoils = worse >= wants.shape[1] - bottom
    good = int((~spoils.any(axis=0)).sum())
    picks = rank_for_group(wants, wants.shape[1])
    for pick in picks[:good]:
        assert not spoils[:, pick.film].any()
        assert not pick.spoilt
    for pick in picks[good:]:
        assert pick.spoilt == tuple(np.flatnonzero(spoils[:, pick.film]))
    spoilt = [len(pick.spoilt) for pick in picks]
    assert spoilt == sorted(spoilt)


@given(groups(least=2), st.integers(0, 1000))
def test_films_that_somebody_would_hate_come_last(wants: Scores, seed: int) -> None:
    chances = np.random.default_rng(seed).random(wants.shape)
    picks = rank_for_group(wants, wants.shape[1], dreading(chances))
    over_limit = [(chances[:, pick.film] > 0.3).sum() for pick in picks]
    assert over_limit == sorted(over_limit)
    for one, other in pairwise(picks):
        if len(one.spoilt) == len(other.spoilt):
            assert one.score >= other.score


@given(groups(least=2))
def test_the_same_people_twice_over_want_the_same(wants: Scores) -> None:
    assert films(np.vstack([wants, wants])) == films(wants)


@given(groups(), st.integers(0, 4))
def test_twins_count_twice(wants: Scores, person: int) -> None:
    """A person and their twin weigh as much as two, in the score and in what is spoilt."""
    person %= len(wants)
    weights = np.ones(len(wants))
    weights[person] = 2
    for pick in rank_for_group(np.vstack([wants, wants[person]]), wants.shape[1]):
        assert pick.score == pytest.approx(np.average(wants[:, pick.film], weights=weights))
        assert (len(wants) in pick.spoilt) == (person in pick.spoilt)


def test_a_twin_turns_the_ranking() -> None:
    one, other = np.array([1.0, 0.0]), np.array([0.0, 1.5])
    assert films(np.array([one, other])) == [1, 0]
    assert films(np.array([one, one, other])) == [0, 1]


def test_a_compromise_by_hand() -> None:
    wants = np.array([[3.0, 2.0, 1.0, -1.0, -2.0], [-3.0, 1.5, 1.0, 0.0, -2.0]])
    assert films(wants) == [1, 2, 3, 0, 4]  # the first's favourite is the second's last
    config = GroupConfig(bottom_share=0.0)
    free = rank_for_group(wants, 3, config=config)
    assert [pick.film for pick in free] == [1, 2, 0]
    assert free[0].percentiles == (0.8, 1.0)
    dread = dreading(np.array([[0.25, 0.25, 0.25, 0.25, 0.25], [0.25, 0.4, 0.25, 0.25, 0.9]]))
    picks = rank_for_group(wants, 2, dread, config)
    assert [pick.film for pick in picks] == [2, 0]
    assert picks[0].parts == pytest.approx([0.5, 0.5])  # chances like an unknown film's say nothing


def test_what_a_person_dreads_lowers_their_part_of_the_score() -> None:
    wants = np.array([[1.0, 1.0], [1.0, 1.0]])
    dread = Dread(np.array([[0.1, 0.2], [0.2, 0.2]]), np.array([0.2, 0.2]), np.ones(2, bool))
    first, second = rank_for_group(wants, 2, dread)
    assert (first.film, second.film) == (0, 1)
    assert first.parts == pytest.approx([0.5 + GroupConfig().dread * 0.1 / 2, 0.5])
    assert second.parts == pytest.approx([0.5, 0.5])
    assert (first.percentiles, first.spoilt) == ((1.0, 1.0), ())


def test_an_unknown_film_spoils_nobodys_evening() -> None:
    """A person who gives few stars to anything would mind a film no more for being unknown."""
    harsh = Dread(np.array([[0.5, 0.6], [0.1, 0.1]]), np.array([0.5, 0.1]), np.ones(2, bool))
    assert [pick.spoilt for pick in rank_for_group(np.zeros((2, 2)), 2, harsh)] == [(), (0,)]


def test_scales_are_made_one_and_silence_is_the_mean() -> None:
    scores = np.array([[1.0, 2.0, 3.0, np.nan], [100.0, 300.0, 200.0, 200.0], [7.0, 7.0, 7.0, 7.0]])
    found = calibrate(scores)
    assert found[0] == pytest.approx([-np.sqrt(1.5), 0, np.sqrt(1.5), 0])
    assert found[1].std() == pytest.approx(1)
    assert not found[2].any()
    assert not calibrate(np.full((1, 3), np.nan)).any()
    assert calibrate(np.zeros((2, 0))).shape == (2, 0)


@settings(max_examples=50)
@given(groups(), st.floats(0.1, 50), st.floats(-50, 50))
def test_the_scale_of_a_persons_scores_changes_nothing(
    wants: Scores, scale: float, shift: float
) -> None:
    other = wants.copy()
    other[0] = wants[0] * scale + shift
    assert np.allclose(calibrate(wants), calibrate(other), atol=1e-6)


def test_whose_stars_are_unknown_is_spared_the_bottom_of_their_ranking() -> None:
    wants = np.array([[3.0, 2.0, 1.0, -1.0], [-3.0, 1.5, 1.0, 0.0]])
    chances = np.array([[0.1, 0.1, 0.1, 0.9], [0.1, 0.9, 0.1, 0.1]])
    for known, spoilt in (((True, False), [{1}, set(), set(), {0}]), ((False, False), None)):
        picks = rank_for_group(wants, 4, Dread(chances, np.full(2, 0.2), np.array(known)))
        found = {pick.film: set(pick.spoilt) for pick in picks}
        if spoilt is not None:
            assert [found[film] for film in range(4)] == spoilt
        else:
            assert [pick.film for pick in picks] == films(wants)


def test_few_ratings_predict_nobodys_stars() -> None:
    few = fit_stars(interactions([1, 1, 2, 3], [0, 1, 1, 2], [5, 4, 4.5, 2]), StarConfig(sweeps=20))
    assert not dread_of(few, [Query(films=[0], stars=[5])] * 2, np.arange(3)).known.any()


def test_misery_is_the_chance_of_a_low_rating() -> None:
    stars = StarPrediction(np.array([2.75, 4.75, 1.0]), np.zeros(3), np.array([1.0, 1.0, 0.1]))
    assert misery_chances(stars) == pytest.approx([0.5, 0.02275, 1.0], abs=1e-4)
    assert misery_chances(stars, replace(GroupConfig(), disliked_stars=0.5))[0] < 0.03


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(DataError, match="group-scores-missing"):
        rank_for_group(np.array([[np.nan, 1.0]]), 1)
    with pytest.raises(DataError, match="group-rows-differ"):
        rank_for_group(np.zeros((2, 3)), 1, dreading(np.zeros((3, 2))))
    with pytest.raises(DataError, match="misery-out-of-range"):
        GroupConfig(bottom_share=1.0)
    assert rank_for_group(np.zeros((0, 3)), 2) == ()
    assert rank_for_group(np.zeros((2, 0)), 2) == ()


def test_posteriors_spare_people_what_they_would_hate() -> None:
    """Compares the films shown to groups with people's true ratings, in a world of rank two."""
    rng = np.random.default_rng(1)
    truth = 3.2 + rng.normal(0, 0.4, (60, 1)) + rng.normal(0, 0.4, (1, 50))
    truth += rng.normal(0, 1.0, (60, 2)) @ rng.normal(0, 0.8, (2, 50))
    person, film = np.nonzero(rng.random(truth.shape) < 0.4)
    stars = np.clip(truth[person, film] + rng.normal(0, 0.4, len(person)), 0.5, 5)
    config = StarConfig(factors=3, sweeps=40, people_width=4, film_width=4)
    model = fit_stars(interactions(person, film, stars), config, rng)
    limits = (GroupConfig(max_chance=1.0, dread=0.0), GroupConfig())
    hated = [0, 0]
    for _ in range(100):
        group = rng.choice(60, 4, replace=False)
        queries = [Query(films=film[person == one], stars=stars[person == one]) for one in group]
        dread = dread_of(model, queries, np.arange(50))
        places = [model.predict_place(model.fold_in(query), np.arange(50)) for query in queries]
        wants = calibrate(np.array([place.expected for place in places]))
        for at, limit in enumerate(limits):
            shown = [pick.film for pick in rank_for_group(wants, 5, dread, limit)]
            hated[at] += int((truth[group][:, shown] <= 2.5).sum())
    assert hated[1] < 0.7 * hated[0]
