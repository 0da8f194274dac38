"""Lifts in answers: they are bounded, exact, and kept separate from the editorial tilt."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from recommender.context.editorial import MAX_TILT
from recommender.context.events import Events
from recommender.context.lift import LEVELS, MAX_LIFT, LearnedLevel, LiftModel, circumstance
from recommender.data import Part, Query, Vocabulary, interactions
from recommender.pipeline.contextual_scores import SPREAD_FILMS, clock_weight
from recommender.pipeline.recommend import explain_one, recommend
from recommender.pipeline.recommender import Recommender
from recommender.pipeline.similar import TIE_LIKENESS, similar
from recommender.pipeline.trending import trending
from recommender.training import array_files, artifacts
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue, permuted, person, ratings, recommender

PLAIN = recommender(120, 60)
ME, HERE, MOOD = 7, 3, 1


def lifted(model: Recommender, strong: float = 0.4, seed: int = 5) -> Recommender:
    """Returns the model with random lifts at every level."""
    rng = np.random.default_rng(seed)
    lift = model.lift
    times = {"always": 1, "daypart": lift.parts, "day": lift.days, "moment": lift.parts * lift.days}
    units = {"everyone": 0, "mood": MOOD, "server": HERE, "person": ME}
    learned = {}
    for level in LEVELS:
        many = times[level.time]
        table = rng.normal(0, strong, (many, len(lift.features.names))).astype(np.float32)
        learned[level.name] = LearnedLevel(
            Vocabulary([units[level.scope]]), many, np.arange(many), table
        )
    return replace(model, lift=replace(lift, learned=learned, strength=0.8, events=900))


MODEL = lifted(PLAIN)


def of(parts: Sequence[Part], kind: str) -> float:
    return sum(part.amount for part in parts if part.kind == kind)


def at(query: Query, **more: object) -> Query:
    return replace(query, person=ME, server=HERE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(12))
def test_parts_add_up_and_what_was_learned_is_bounded(seed: int) -> None:
    query = at(person(MODEL, np.random.default_rng(seed)), mood_number=MOOD if seed % 2 else -1)
    allowed = ~MODEL.catalogue.adult
    allowed[np.concatenate([query.films, query.excluded])] = False
    best = np.sort(MODEL.score(query)[allowed])[::-1][:SPREAD_FILMS]
    answer = recommend(MODEL, query, 10)
    for pick in answer.picks:
        assert sum(part.amount for part in pick.parts) == pytest.approx(pick.score, rel=1e-5)
        lift, tilt = of(pick.parts, "lift"), of(pick.parts, "context")
        assert abs(lift) <= MAX_LIFT * MODEL.lift.worth * best.std() + 1e-9
        clock = MODEL.config.clock * clock_weight(MODEL.ranking.blend(query))
        assert abs(tilt) <= MAX_TILT * clock * best.std() + 1e-9
        own = pick.score - lift - tilt
        assert pick.own == pytest.approx((own - best.mean()) / best.std(), abs=1e-6)
        alone = explain_one(MODEL, query, pick.film)
        assert alone.score == pytest.approx(pick.score)
        assert of(alone.parts, "lift") == pytest.approx(lift)
    assert any(of(pick.parts, "lift") for pick in answer.picks)


def test_the_lift_names_what_moved_the_film_most() -> None:
    """The reason names the film's feature with the strongest effect in the sign of the lift."""
    mine = at(Query(films=[3, 9], stars=[5, 4], hour=22, weekday=4), mood_number=MOOD)
    gained = MODEL.lift.coefficients(circumstance(22, 4, ME, HERE, MOOD))
    named = 0
    for pick in recommend(MODEL, mine, 20).picks:
        for part in (part for part in pick.parts if part.kind == "lift"):
            has = MODEL.lift.features.table[[pick.film]].toarray().reshape(-1)
            pull = has * gained * np.sign(part.amount)
            assert part.ref == int(np.argmax(pull))
            assert pull[part.ref] > 0
            named += 1
    assert named > 10


def test_among_all_films_the_answer_is_the_same_as_if_all_were_looked_at() -> None:
    """No film that belongs among the best is left out, however far time and mood move films."""
    query = at(Query(films=[3, 9], stars=[5, 4], hour=22, weekday=4), mood_number=MOOD)
    picks = recommend(MODEL, query, 10).picks
    allowed = np.flatnonzero(~MODEL.catalogue.adult)
    every = [explain_one(MODEL, query, int(film)).score for film in allowed if film not in (3, 9)]
    assert max(pick.score for pick in picks) == pytest.approx(max(every))


def test_each_can_be_switched_off_and_the_mood_stays() -> None:
    timed = Query(films=[3, 9], stars=[5, 4], hour=22, weekday=4)

    def kinds(query: Query, model: Recommender = MODEL) -> set[str]:
        found = [part.kind for pick in recommend(model, query, 20).picks for part in pick.parts]
        return {"lift", "context"} & set(found)

    assert kinds(at(timed)) == {"lift", "context"}
    assert kinds(at(timed, editorial=False)) == {"lift"}
    assert kinds(at(timed), PLAIN) == {"context"}
    assert kinds(at(timed, editorial=False), PLAIN) == set()
    off = at(timed, hour=None, weekday=None)
    assert kinds(off) == set(), "nobody follows the clock who does not want to"
    assert kinds(replace(off, mood_number=MOOD)) == {"lift"}
    assert recommend(PLAIN, at(timed), 20) == recommend(PLAIN, timed, 20)
    stranger = replace(timed, person=ME + 1)
    assert recommend(MODEL, stranger, 9) == recommend(MODEL, timed, 9)
    assert recommend(MODEL, at(timed), 9) != recommend(MODEL, timed, 9)


def test_an_inactive_lift_changes_nothing() -> None:
    query = at(Query(films=[3, 9], stars=[5, 4], hour=22, weekday=4), mood_number=MOOD)
    quiet = replace(MODEL, lift=replace(MODEL.lift, strength=0.0))
    assert recommend(quiet, query, 20) == recommend(PLAIN, query, 20)
    assert similar(quiet, 4, query) == similar(PLAIN, 4, query)


def test_similar_films_stay_within_what_is_close() -> None:
    query = at(Query(hour=22, weekday=4))
    moved = 0
    for film in range(0, 120, 7):
        found = similar(MODEL, film, query, 10)
        for pick in found:
            assert abs(pick.score - pick.likeness) <= TIE_LIKENESS / 2 + 1e-9
            adjustment = sum(part.amount for part in pick.context)
            assert pick.score == pytest.approx(pick.likeness + adjustment)
            moved += any(part.kind == "lift" for part in pick.context)
        for better, worse in pairwise(found):
            assert better.likeness >= worse.likeness - TIE_LIKENESS
    assert moved


def test_what_trends_is_lifted_too() -> None:
    world = MODEL.catalogue
    rng = np.random.default_rng(3)
    film = np.repeat(np.arange(30), 5)
    recent = interactions(
        np.tile(np.arange(5), 30), world.films.ids(film), rng.integers(6, 11, 150) / 2,
        NOW.timestamp() - rng.random(150) * 86_400 * 5, films=world.films,
    )  # fmt: skip
    now = NOW + timedelta(hours=1)
    found = trending(MODEL, recent, now, at(Query(hour=22, weekday=4)), 10)
    assert any(part.kind == "lift" for pick in found for part in pick.context)
    plain = trending(PLAIN, recent, now, at(Query(hour=22, weekday=4)), 10)
    assert not any(part.kind == "lift" for pick in plain for part in pick.context)


def events(model: Recommender, many: int, seed: int = 2) -> Events:
    """Returns events in which people accept comedies in the evening and refuse them in the
    morning."""
    rng = np.random.default_rng(seed)
    film = rng.integers(0, len(model.catalogue), many)
    part = rng.integers(0, 4, many)
    comedy = model.catalogue.genres.toarray()[film, 0] > 0
    effect = np.where(part == 2, 0.9, np.where(part == 0, -0.9, 0.0)) * comedy
    taken = (rng.random(many) < 1 / (1 + np.exp(0.5 - effect))).astype(float)
    return Events(rng.integers(0, 80, many), film, part, rng.integers(0, 3, many), taken)


def test_a_fit_learns_it_and_a_folder_keeps_it(tmp_path: Path) -> None:
    world = catalogue(120)
    model = fit(world, None, SMALL, 3, NOW, events=events(PLAIN, 6000))
    assert model.lift.active
    evening = Query(hour=20, weekday=1, editorial=False)
    genres = [world.genres[[pick.film]].toarray()[0, 0] for pick in recommend(model, evening).picks]
    morning = replace(evening, hour=8)
    early = [world.genres[[pick.film]].toarray()[0, 0] for pick in recommend(model, morning).picks]
    assert sum(genres) > sum(early)
    folder = artifacts.write(model, tmp_path)
    back = artifacts.read(folder, world)
    assert recommend(back, evening) == recommend(model, evening)
    order = np.random.default_rng(2).permutation(120)
    other = artifacts.read(folder, permuted(world, order))
    row_of = np.argsort(order)
    assert [row_of[p.film] for p in recommend(model, evening).picks] == [
        p.film for p in recommend(other, evening).picks
    ]
    assert artifacts.attach(model, catalogue(120)).lift.active
    again = fit(world, None, SMALL, 3, NOW, events=events(PLAIN, 6000))
    assert again.version == model.version
    assert fit(world, None, SMALL, 3, NOW).version != model.version


def test_lifts_do_not_change_scores_from_ratings(tmp_path: Path) -> None:
    world = catalogue(60)
    given = ratings(world, 30)
    with_, without = (
        fit(world, given, SMALL, 3, NOW, events=some) for some in (events(PLAIN, 0), None)
    )
    assert np.array_equal(with_.score(Query(films=[1], stars=[4])),
                          without.score(Query(films=[1], stars=[4])))  # fmt: skip
    assert with_.version == without.version


def test_a_folder_from_before_reads_as_it_did(tmp_path: Path) -> None:
    folder = artifacts.write(PLAIN, tmp_path)
    path = folder / "models.npz"
    with np.load(path) as stored:
        kept = {name: stored[name] for name in stored.files if not name.startswith("lift")}
    np.savez(path, allow_pickle=False, **kept)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["sha256"]["models.npz"] = array_files._checksum(path)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    back = artifacts.read(folder, PLAIN.catalogue)
    query = Query(films=[3], stars=[5], hour=20, weekday=2)
    assert not back.lift.active
    assert recommend(back, query) == recommend(PLAIN, query)
    assert isinstance(back.lift, LiftModel)
