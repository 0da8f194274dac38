"""The acceptance test: what is held out, what counts as worse, and what each refusal says."""

from dataclasses import fields, replace

import numpy as np
import pytest

from recommender.data import Interactions, Query, interactions
from recommender.datasets.synthetic import Shape, SyntheticWorld, world
from recommender.evaluation.acceptance import sanity
from recommender.evaluation.acceptance.held_out import MIN_PEOPLE, HeldOut, select_held_out
from recommender.evaluation.acceptance.judgement import (
    Gain,
    Judgement,
    compare,
    concordance,
    mean_gain,
    popularity_ranker,
    score_ranker,
)
from recommender.evaluation.acceptance.verdict import MANY_PEOPLE, MIN_PEOPLE_SHARE, Verdict, decide
from recommender.evaluation.ranking.candidates import ServedRanker
from recommender.hybrid.config import RankingConfig
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.recommender import Config, Recommender
from recommender.remarks import remark
from recommender.training.fit import fit
from tests.recommender.worlds import NOW

SHAPE = Shape(people=200, films=300, ratings=8_000, liking_strength=3.0)
LEADS = {"ndcg": Gain(0.10, 0.01), "order": Gain(0.08, 0.01)}
BROKEN = remark("nothing-shown", person="no-ratings")
EVEN = {"ndcg": Gain(0.0, 0.0), "order": Gain(0.0, 0.0)}


@pytest.fixture(scope="module")
def made() -> SyntheticWorld:
    return world(SHAPE, np.random.default_rng(1))


@pytest.fixture(scope="module")
def ratings(made: SyntheticWorld) -> Interactions:
    cells = made.stars.tocoo()
    when = np.random.default_rng(2).random(len(cells.data)) * 1e6
    films = made.catalogue.films
    return interactions(cells.row + 1, films.ids(cells.col), cells.data, when, films=films)


def judged(made: SyntheticWorld, some: Interactions) -> tuple[HeldOut, Judgement, Recommender]:
    held = select_held_out(some, None, 1)
    assert held is not None
    model = fit(made.catalogue, held.train, Config(), 1, NOW)
    popularity = score_ranker(popularity_ranker(held), held, made.catalogue)
    scores = score_ranker(ServedRanker(model), held, made.catalogue)
    assert scores.figures["ndcg@10_against_fame"] == pytest.approx(scores.against_fame.mean())
    assert scores.against_fame.shape == scores.ndcg.shape
    return held, compare(scores, None, popularity, held), model


def test_the_newest_of_each_person_is_held_out(ratings: Interactions) -> None:
    held = select_held_out(ratings, None, 1)
    assert held is not None
    assert held.kind == "newest"
    latest = np.zeros(len(ratings.people))
    np.maximum.at(latest, held.train.person, held.train.when)
    when = {(p, f): t for p, f, t in zip(ratings.person, ratings.film, ratings.when, strict=True)}
    for at, person in enumerate(held.people):
        films = held.later.indices[held.later.indptr[at] : held.later.indptr[at + 1]]
        assert all(when[person, film] >= latest[person] for film in films)
        given = held.given.indices[held.given.indptr[at] : held.given.indptr[at + 1]]
        assert not set(films) & set(given)


def test_what_came_since_the_live_model_is_held_out(ratings: Interactions) -> None:
    held = select_held_out(ratings, 0.8e6, 1)
    assert held is not None
    assert held.kind == "since"
    assert held.train.when.max() < 0.8e6
    too_late = select_held_out(ratings, 1e6 - 1, 1)
    assert too_late is not None
    assert too_late.kind == "newest", "hardly anybody rated since then"


def test_ratings_without_times_are_held_out_at_random(ratings: Interactions) -> None:
    held = select_held_out(replace(ratings, when=np.full(len(ratings), np.nan)), 5.0, 1)
    assert held is not None
    assert held.kind == "random"
    some = np.random.default_rng(4).random(len(ratings)) < 0.3
    mixed = select_held_out(replace(ratings, when=np.where(some, np.nan, ratings.when)), None, 1)
    assert mixed is not None
    assert mixed.kind == "newest", "what has no time counts as old"


def test_too_few_people_are_not_judged_by(ratings: Interactions) -> None:
    few = ratings.person < MIN_PEOPLE - 1
    some = interactions(
        ratings.person[few] + 1, ratings.film[few], ratings.stars[few], ratings.when[few]
    )
    assert select_held_out(some, None, 1) is None
    assert select_held_out(interactions([], [], []), None, 1) is None


@pytest.mark.parametrize("timed", [True, False])
def test_people_with_the_same_ratings_count_once(ratings: Interactions, timed: bool) -> None:
    rng = np.random.default_rng(4)
    own = np.flatnonzero(ratings.person == 0)
    copies = np.tile(own, 50)
    person = np.repeat(1000 + np.arange(50), len(own))

    def held_of(rows: np.ndarray) -> HeldOut | None:
        rows = np.concatenate([rows, copies])
        people = np.concatenate([ratings.person[rows[: -len(copies)]], person])
        films, stars = ratings.films.ids(ratings.film[rows]), ratings.stars[rows]
        when = rng.random(len(rows)) if timed else None
        return select_held_out(interactions(people, films, stars, when), None, 1)

    assert held_of(own[:0]) is None, "copies of one person are not twenty people"
    held = held_of(np.arange(len(ratings)))
    assert held is not None
    assert len(held.people) <= len(ratings.people)


def test_the_order_of_films_by_stars() -> None:
    scores = np.array([3.0, 2.0, 1.0, 2.0])
    stars = np.array([5.0, 4.0, 1.0, 3.0])
    assert concordance(scores, stars) == pytest.approx((5 + 0.5) / 6), "one of six pairs is a tie"
    assert concordance(-scores, stars) == pytest.approx(0.5 / 6)
    assert concordance(np.full(4, np.nan), stars) == 0.5
    assert np.isnan(concordance(scores[:2], np.array([4.0, 4.0])))


def test_gains_leave_out_people_without_a_figure() -> None:
    found = mean_gain(np.array([1.0, 3.0, np.nan]))
    assert found.mean == 2.0
    assert found.error == pytest.approx(1.0)
    assert not mean_gain(np.array([1.0])).clear


def test_a_good_model_has_leads_and_shuffled_ratings_lose_them(
    made: SyntheticWorld, ratings: Interactions
) -> None:
    _, good, model = judged(made, ratings)
    assert good.leads["ndcg"].clear
    assert decide(good, None, sanity.failures(model), False).promote
    rng = np.random.default_rng(3)
    shuffled = replace(ratings, film=rng.permutation(ratings.film)).newest()
    _, bad, _ = judged(made, shuffled)
    decision = decide(bad, good.leads, {}, False)
    assert not decision.promote
    assert not decision.retire
    (why,) = decision.why
    assert (why.key, why.data["measure"]) == ("lead-lost", "ndcg")


def judgement(change: Gain, new: float = 0.2, coverage: float = 0.3) -> Judgement:
    def figures(value: float, shown: float) -> dict[str, float]:
        return {"ndcg@10": value, "order": 0.6, "coverage@10": shown}

    by_model = {
        "new": figures(new, coverage),
        "live": figures(new - change.mean, 0.3),
        "popularity": figures(0.1, 0.1),
    }
    return Judgement(100, "newest", by_model, EVEN | {"ndcg": change}, LEADS)


@pytest.mark.parametrize(
    ("change", "promoted"),
    [
        (Gain(0.01, 0.001), True),
        (Gain(-0.003, 0.0001), True),  # within two in a hundred
        (Gain(-0.02, 0.011), True),  # within two standard errors
        (Gain(-0.02, 0.009), False),
        (Gain(-0.02, float("inf")), True),  # the error is unknown
    ],
)
def test_what_counts_as_worse(change: Gain, promoted: bool) -> None:
    decision = decide(judgement(change), LEADS, {}, False)
    assert decision.promote is promoted
    why = decision.why[0]
    better = "better-than-live" if change.clear else "as-good-as-live"
    assert why.key == (better if promoted else "worse-than-live")
    assert (why.data["measure"], why.data["figure"], why.data["people"]) == ("ndcg", 0.2, 100)


def test_showing_everybody_the_same_is_refused() -> None:
    decision = decide(judgement(Gain(0.0, 0.0), coverage=0.1), LEADS, {}, False)
    assert not decision.promote
    assert decision.why == (remark("same-for-everybody", coverage=0.1, live_coverage=0.3),)
    better = decide(judgement(Gain(0.05, 0.01), coverage=0.1), LEADS, {}, False)
    assert better.promote, "tags alone cover much, and find little"


def test_a_failed_sanity_query_is_refused_whatever_the_figures() -> None:
    decision = decide(judgement(Gain(0.1, 0.001)), LEADS, {"taste": BROKEN}, False)
    assert decision == Verdict(False, False, (remark("fails-sanity"), BROKEN))


def test_a_deletion_weighs_more_than_figures() -> None:
    worse = decide(judgement(Gain(-0.1, 0.001)), LEADS, {}, True)
    assert worse.promote
    assert [why.key for why in worse.why] == ["worse-than-live", "accepted-after-deletion"]
    useless = decide(judgement(Gain(0.0, 0.0)), LEADS, {"numbers": BROKEN}, True)
    assert (useless.promote, useless.retire) == (False, True)


def test_without_a_judgement_sanity_decides() -> None:
    assert decide(None, None, {}, False).promote
    assert not decide(None, None, {"unrated": BROKEN}, False).promote
    assert decide(None, LEADS, {}, False, live_people=MANY_PEOPLE - 1).promote


def test_ratings_that_are_gone_are_noticed() -> None:
    gone = decide(None, LEADS, {}, False, live_people=MANY_PEOPLE)
    assert (gone.promote, gone.retire) == (False, False)
    assert gone.why == (remark("too-few-people-left", least=MIN_PEOPLE, live_people=MANY_PEOPLE),)
    deleted = decide(None, LEADS, {}, True, live_people=MANY_PEOPLE)
    assert deleted.promote, "the people asked for it"
    assert [why.key for why in deleted.why][1:] == ["accepted-after-deletion"]
    fewer = judgement(Gain(0.0, 0.0))
    enough = int(fewer.people / MIN_PEOPLE_SHARE)
    assert decide(fewer, LEADS, {}, False, live_people=enough).promote
    lost = decide(replace(fewer, kind="newest"), LEADS, {}, False, live_people=2 * enough)
    assert not lost.promote
    assert lost.why == (remark("people-missing", people=fewer.people, live_people=2 * enough),)
    since = replace(fewer, kind="since")
    assert decide(since, LEADS, {}, False, live_people=2 * enough).promote


def test_sanity_sees_what_is_broken(made: SyntheticWorld, ratings: Interactions) -> None:
    model = fit(made.catalogue, ratings, Config(), 1, NOW)
    assert sanity.failures(model) == {}
    parts = {part.name: getattr(model, part.name) for part in fields(model)}
    assert set(sanity.failures(NaNRecommender(**parts))) == {"numbers"}
    deaf = Config(
        ranking=RankingConfig(content=0.0, alone=0.0, tag_weight=0.0),
        variety=VarietyConfig(calibration=0.0),
    )
    blind = sanity.failures(fit(made.catalogue, None, deaf, 1, NOW))
    assert "taste" in blind, "no ratings and no facts: nothing tells one taste from another"
    assert blind["taste"].key == "genre-makes-no-difference"


class NaNRecommender(Recommender):
    """A model whose scores are no numbers."""

    def score(self, query: Query) -> np.ndarray:
        return super().score(query) * np.nan
