"""Answers: parts that add up, filters that hold, variety, similar and trending films."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.content.blocks import EXCLUDED_FACETS
from recommender.data import Query, interactions
from recommender.elicitation.questions import next_films
from recommender.errors import DataError
from recommender.models.neighbours import By
from recommender.models.tags import Measure
from recommender.numeric.arrays import sparse
from recommender.numeric.top_k import top_k
from recommender.pipeline.diversity import likeness, rerank
from recommender.pipeline.recommend import explain_one, recommend, recommended_films
from recommender.pipeline.similar import TIE_LIKENESS, similar
from recommender.pipeline.trending import trending
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue, permuted, person, ratings, recommender

MODEL = recommender(120, 60)
NOTHING = fit(MODEL.catalogue, None, SMALL, 0, NOW)


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.booleans())
def test_parts_add_up_and_excluded_films_stay_away(seed: int, rated: bool) -> None:
    model = MODEL if rated else NOTHING
    query = person(model, np.random.default_rng(seed))
    answer = recommend(model, query, 10)
    assert len(answer.picks) == min(10, answer.passing)
    shown = [pick.film for pick in answer.picks]
    assert len(set(shown)) == len(shown)
    assert recommended_films(model, query, 10).tolist() == shown
    assert not {*shown} & {*query.films.tolist(), *query.excluded.tolist()}
    for pick in answer.picks:
        total = sum(part.amount for part in pick.parts)
        scale = max(abs(pick.score), sum(abs(part.amount) for part in pick.parts))
        assert abs(total - pick.score) <= 1e-5 * scale
        assert np.isfinite(pick.score)
        alone = explain_one(model, query, pick.film)
        assert alone.score == pytest.approx(pick.score)
        assert {part.kind for part in alone.parts} == {part.kind for part in pick.parts}


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_parts_of_other_ratings_than_the_loved_are_named_rightly(seed: int) -> None:
    query = person(MODEL, np.random.default_rng(seed))
    for pick in recommend(MODEL, query, 5).picks:
        for part in pick.parts:
            if part.kind == "rating":
                assert part.ref in query.films
            elif part.kind == "tag":
                assert part.ref in query.liked_tags or part.ref in query.disliked_tags
            elif part.kind == "chosen":
                assert pick.film in query.chosen[part.ref]


@pytest.mark.parametrize("rated", [True, False])
def test_permuting_the_films_permutes_the_answer(rated: bool) -> None:
    world = catalogue(80)
    order = np.random.default_rng(4).permutation(80)
    new_row = np.argsort(order)
    other = permuted(world, order)
    given = ratings(world, 40) if rated else None
    one, turned = fit(world, given, SMALL, 0, NOW), fit(other, given, SMALL, 0, NOW)
    query = Query(films=[3, 8], stars=[5, 2], liked_tags=[1], hour=21, weekday=4)
    asked = replace(query, films=new_row[query.films])
    left, right = recommend(one, query, 8), recommend(turned, asked, 8)
    assert [new_row[pick.film] for pick in left.picks] == [pick.film for pick in right.picks]
    assert np.allclose([p.score for p in left.picks], [p.score for p in right.picks])


def test_anothers_new_rating_changes_nothing_before_the_next_fit() -> None:
    query = Query(films=[3], stars=[5])
    before = recommend(MODEL, query)
    recommend(MODEL, Query(films=[3, 4, 5], stars=[1, 1, 1]))
    assert recommend(MODEL, query) == before


def test_ones_own_new_rating_changes_the_very_next_answer() -> None:
    before = recommend(MODEL, Query(films=[3], stars=[5]))
    after = recommend(MODEL, Query(films=[3, 7, 9], stars=[5, 5, 1]))
    assert [pick.film for pick in before.picks] != [pick.film for pick in after.picks]


def test_a_film_with_a_tag_to_leave_out_is_never_picked_however_light_the_tag() -> None:
    tags = MODEL.catalogue.tags.toarray()
    column = int((tags > 0).sum(axis=0).argmax())
    query = Query(films=[2], stars=[4], genres=[1])
    both = [
        [pick.film for pick in recommend(MODEL, asked, 120).picks]
        for asked in (query, replace(query, never_tags=[column]))
    ]
    assert tags[both[0], column].any()
    assert both[1]
    assert not tags[both[1], column].any()
    untagged = np.flatnonzero(~tags.any(axis=1))
    nothing = recommend(MODEL, replace(query, excluded=untagged, never_tags=range(tags.shape[1])))
    assert ("never_tags",) in [each.filters for each in nothing.loosen]
    with pytest.raises(DataError):
        recommend(MODEL, Query(never_tags=[tags.shape[1]]))


def test_genre_never_mood_and_runtime_hold() -> None:
    world = MODEL.catalogue
    query = Query(genres=[1], never=[0], mood=[2], max_runtime=150)
    answer = recommend(MODEL, query, 50)
    assert answer.picks
    for pick in answer.picks:
        genres = world.genres[[pick.film]].toarray()[0]
        assert genres[1]
        assert not genres[0]
        assert world.tags[[pick.film]].toarray()[0][2] > 0
        assert world.runtimes[pick.film] <= 150
    assert not answer.relaxed


def test_unknown_runtimes_come_in_only_when_nothing_else_is_left() -> None:
    answer = recommend(MODEL, Query(max_runtime=10), 5)
    assert answer.relaxed
    assert all(np.isnan(MODEL.catalogue.runtimes[pick.film]) for pick in answer.picks)


def test_family_safe_leaves_out_adults_and_the_unknown() -> None:
    world = MODEL.catalogue
    shown = [pick.film for pick in recommend(MODEL, Query(family_safe=True), 200).picks]
    assert shown
    assert set(world.audience[shown].tolist()) <= {0, 1}
    unknown = replace(world, audience=np.full(len(world), -1, np.int8))
    without = fit(unknown, None, SMALL, 0, NOW)
    assert recommend(without, Query(family_safe=True), 5).picks


def test_adult_films_need_leave() -> None:
    world = MODEL.catalogue
    assert world.adult.any()
    everything = [pick.film for pick in recommend(MODEL, Query(), 200).picks]
    assert not world.adult[everything].any()
    allowed = [pick.film for pick in recommend(MODEL, Query(allow_adult=True), 200).picks]
    assert world.adult[allowed].any()


def test_when_nothing_is_left_it_says_what_to_loosen() -> None:
    world = replace(MODEL.catalogue, runtimes=np.full(120, 100.0))
    model = fit(world, None, SMALL, 0, NOW)
    answer = recommend(model, Query(genres=[1], max_runtime=50))
    assert not answer.picks
    assert [entry.filters for entry in answer.loosen] == [("max_runtime",)]
    without = recommend(model, Query(genres=[1]), 200)
    assert answer.loosen[0].films == without.passing
    both = recommend(model, Query(genres=[1], never=[1], max_runtime=50))
    assert len(both.loosen) == 1
    assert set(both.loosen[0].filters) in ({"genre", "max_runtime"}, {"never", "max_runtime"})


def test_all_rated_and_all_excluded() -> None:
    rated = recommend(MODEL, Query(films=np.arange(120), stars=np.full(120, 4.0)))
    assert rated.picks == ()
    assert rated.loosen == ()
    excluded = recommend(MODEL, Query(excluded=np.arange(120)))
    assert [entry.filters for entry in excluded.loosen] == [("excluded",)]


def test_rows_that_are_not_there_are_refused_in_words() -> None:
    for query in (Query(films=[500], stars=[3]), Query(genres=[9]), Query(mood=[77])):
        with pytest.raises(DataError, match="row-unknown"):
            recommend(MODEL, query)
    with pytest.raises(DataError, match="film-row-unknown"):
        similar(MODEL, 999)
    with pytest.raises(DataError, match="film-row-unknown"):
        explain_one(MODEL, Query(), -1)


def test_the_clock_moves_picks_and_says_by_how_much() -> None:
    query = Query(films=[3, 9], stars=[5, 4])
    plain = recommend(MODEL, query, 20)
    assert not any(part.kind == "context" for pick in plain.picks for part in pick.parts)
    morning = recommend(MODEL, replace(query, hour=8, weekday=1), 20)
    night = recommend(MODEL, replace(query, hour=22, weekday=4), 20)
    assert [pick.film for pick in morning.picks] != [pick.film for pick in night.picks]
    kinds = {part.kind for pick in night.picks for part in pick.parts}
    assert "context" in kinds
    assert any(pick.lifted > 0 for pick in night.picks)
    assert all(
        pick.lifted == 0 or any(part.kind == "context" for part in pick.parts)
        for pick in night.picks
    )


def test_the_dial_goes_from_well_known_to_little_known() -> None:
    query = Query(films=[3], stars=[5])  # with one film, facts do not choose the list
    counts = [
        MODEL.popularity.count[
            [p.film for p in recommend(MODEL, replace(query, adventurousness=dial), 20).picks]
        ].mean()
        for dial in (0.0, 0.5, 1.0)
    ]
    assert counts[0] > counts[1] > counts[2]


def test_a_stranger_sees_more_variety_than_the_bare_favourites() -> None:
    shown = np.array([pick.film for pick in recommend(NOTHING, Query(), 10).picks])
    allowed = ~NOTHING.catalogue.adult
    bare = np.flatnonzero(allowed)[np.argsort(-NOTHING.score(Query())[allowed], kind="stable")[:10]]
    varied = likeness(NOTHING.catalogue, NOTHING.tags, shown).mean()
    assert varied < likeness(NOTHING.catalogue, NOTHING.tags, bare).mean()


def test_moved_tells_what_variety_did() -> None:
    picks = recommend(MODEL, Query(films=[3], stars=[5]), 30).picks
    assert picks[0].moved == 0
    for rank, pick in enumerate(picks):
        better = sum(other.score > pick.score for other in picks)
        assert pick.moved >= better - rank  # its place by score alone is at least that low
    strict = replace(SMALL.variety, strength=0.0, calibration=0.0)
    plain = replace(MODEL, config=replace(SMALL, variety=strict))
    ordered = recommend(plain, Query(films=[3], stars=[5]), 30).picks
    scores = [pick.score for pick in ordered]
    assert scores == sorted(scores, reverse=True)
    assert all(pick.moved == 0 for pick in ordered)


@settings(max_examples=80)
@given(st.integers(0, 10**9), st.integers(0, 400), st.integers(0, 500), st.booleans())
def test_the_greatest_are_those_of_a_full_sort(seed: int, size: int, n: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 9, size).astype(float) if ties else np.sort(rng.normal(size=size))
    assert top_k(values, n).tolist() == np.argsort(-values, kind="stable")[:n].tolist()


def test_reranking_by_hand() -> None:
    scores = np.array([3.0, 2.9, 1.0])
    alike = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1.0]])
    assert rerank(scores, alike, 3, 0.0).tolist() == [0, 1, 2]
    assert rerank(scores, alike, 3, 5.0).tolist() == [0, 2, 1]
    assert rerank(scores[:0], alike[:0, :0], 3, 1.0).tolist() == []


def test_similar_films_share_tags_and_the_clock_never_beats_likeness() -> None:
    rows = [row for row in range(120) if MODEL.tags.tagged[row]][:20]
    for row in rows:
        found = similar(MODEL, row, Query(hour=22, weekday=4), 10)
        assert row not in [pick.film for pick in found]
        for pick in found:
            assert pick.by == "tags"
            assert pick.shared or not MODEL.tags.tagged[pick.film]
            assert abs(pick.score - pick.likeness) <= TIE_LIKENESS / 2 + 1e-9
        for better, worse in pairwise(found):
            assert better.likeness >= worse.likeness - TIE_LIKENESS


@pytest.mark.parametrize("measure", [None, "cosine", "jaccard", "pearson"])
@pytest.mark.parametrize("by", ["tags", "people", "both"])
def test_every_measure_answers(by: By, measure: Measure | None) -> None:
    found = similar(MODEL, 1, None, 5, by, measure)
    assert len(found) == 5
    assert found[0].by == ((measure or "tags") if by == "tags" else by)
    assert all(np.isfinite(pick.score) for pick in found)
    tags, people = (MODEL.neighbours.likeness(1, way, measure)[0] for way in ("tags", "people"))
    wanted = {"tags": tags, "people": people, "both": (tags + people / 2) / 1.5}[by]
    for pick in found:
        if np.isfinite(wanted[pick.film]):
            assert pick.likeness == pytest.approx(wanted[pick.film])


def test_films_without_tags_fall_back() -> None:
    assert not MODEL.tags.tagged[0]
    assert similar(MODEL, 0)[0].by == "both"
    assert similar(NOTHING, 0)[0].by == "facts"
    assert similar(NOTHING, 1, by="people")[0].by == "tags"


def test_people_are_compared_only_where_three_rated() -> None:
    world = MODEL.catalogue
    ids = world.films.ids(np.array([1, 2, 3]))
    for people, used in ((2, "tags"), (3, "people")):
        person, film = np.repeat(np.arange(people), 3), np.tile(ids, people)
        given = interactions(person, film, np.full(len(film), 5.0), films=world.films)
        found = similar(fit(world, given, SMALL, 0, NOW), 1, by="people")
        assert {pick.by for pick in found} == {used}
        assert ({pick.film for pick in found} <= {2, 3}) == (used == "people")


def test_praise_and_occasions_are_no_reason() -> None:
    facets = MODEL.catalogue.tag_facets
    for row in range(1, 40):
        for pick in similar(MODEL, row, n=5):
            assert not {facets[tag] for tag, _ in pick.shared} & EXCLUDED_FACETS


def test_similar_keeps_the_filters() -> None:
    found = similar(MODEL, 1, Query(films=[2], stars=[4], excluded=[3, 4], never=[0]), 120)
    shown = {pick.film for pick in found}
    assert shown
    assert not shown & {2, 3, 4}
    assert not MODEL.catalogue.genres[sorted(shown)].toarray()[:, 0].any()


def test_trending_counts_people_and_keeps_the_filters() -> None:
    ids = MODEL.catalogue.films.ids_array
    safe = np.flatnonzero(~MODEL.catalogue.adult)[:3]
    rows = [(person, ids[safe[0]], 5.0) for person in range(4)]
    rows += [(person, ids[safe[1]], 5.0) for person in range(3)]
    rows += [(person, ids[safe[2]], 5.0) for person in range(2)]
    people, films, stars = zip(*rows, strict=True)
    when = np.full(len(rows), NOW.timestamp() - 3600)
    recent = interactions(people, films, stars, when)
    found = trending(MODEL, recent, NOW)
    assert [(pick.film, pick.raters) for pick in found] == [(safe[0], 4), (safe[1], 3)]
    rated = Query(films=[safe[0]], stars=[5])
    assert trending(MODEL, recent, NOW, rated)[0].film == safe[0]
    assert trending(MODEL, recent, NOW, Query(excluded=[safe[0]]))[0].film == safe[1]
    assert len(trending(MODEL, recent, NOW, Query(hour=22, weekday=4), order="rise")) == 2
    assert trending(MODEL, interactions([], [], []), NOW) == ()


def test_questions_are_new_each_time_and_known_films_first() -> None:
    asked = np.zeros(0, np.int64)
    seen: set[int] = set()
    for _ in range(4):
        rows = next_films(MODEL, Query(films=[3], stars=[5]), asked, 10)
        assert len(rows) == 10
        assert not seen & set(rows.tolist())
        assert 3 not in rows
        seen |= set(rows.tolist())
        asked = np.array(sorted(seen))
    plain = next_films(NOTHING, Query(), np.zeros(0, np.int64), 25)
    assert len(set(plain.tolist())) == 25
    assert len(next_films(MODEL, Query(), np.arange(120), 5)) == 0


def test_the_next_question_depends_on_the_answers_and_not_on_chance() -> None:
    none = np.zeros(0, np.int64)
    first = next_films(MODEL, Query(), none, 10)
    assert np.array_equal(first, next_films(MODEL, Query(), none, 10))
    answered = Query(films=first, stars=np.full(10, 5.0))
    later = next_films(MODEL, answered, first, 10)
    unanswered = next_films(MODEL, Query(), first, 10)
    assert not np.array_equal(later, unanswered)


def test_a_film_without_ratings_can_win_by_its_tags() -> None:
    weights = MODEL.catalogue.tags.toarray()
    loved = int(np.flatnonzero(MODEL.tags.tagged)[0])
    twin = 119  # nobody has rated it
    query = Query(films=[loved], stars=[5], liked_tags=np.flatnonzero(weights[loved])[:3])

    def place(tags_of_twin: np.ndarray) -> int:
        weights[twin] = tags_of_twin
        world = replace(MODEL.catalogue, tags=sparse(weights), adult=np.zeros(120, bool))
        model = fit(world, ratings(world, 60), SMALL, 3, NOW)
        assert model.factors is not None
        assert not model.factors.rated[twin]
        return [pick.film for pick in recommend(model, query, 120).picks].index(twin)

    assert place(weights[loved].copy()) < place(np.zeros(20, np.float32)) - 20


def test_no_film_comes_twice_where_there_is_no_long_tail() -> None:
    model = recommender()
    whole = replace(
        model, long_tail=replace(model.long_tail, films=np.zeros(len(model.catalogue), np.bool_))
    )
    for n in (5, 15, 30):
        films = [pick.film for pick in recommend(whole, Query(), n).picks]
        assert len(films) == len(set(films))
    everything = Query(excluded=np.arange(1, len(model.catalogue)))
    assert len(recommend(whole, everything, 5).picks) <= 1
