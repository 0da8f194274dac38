"""The learned lift: it finds a planted effect, invents none, and few events do no harm."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.context.events import Events
from recommender.context.lift import (
    MAX_LIFT,
    Circumstance,
    LiftFeatures,
    LiftModel,
    circumstance,
    features_of,
)
from recommender.context.lift_fit import fit_lift, lift_of_events
from recommender.context.lift_serialize import lift_arrays, lift_from_arrays
from recommender.errors import DataError
from recommender.evaluation.significance import Estimate, Sample, difference
from recommender.metrics import ndcg
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import catalogue

TAGS, FILMS, PEOPLE, PARTS = 12, 300, 400, len(DAYPARTS)
PLANTED = 0.4


class World:
    """Films with tags, people with tastes, and a planted effect of the daypart on tags.

    Six tags rise by `amount` log-odds at one daypart and fall by it at another; all other pairs of
    tag and daypart have no effect. There is no editorial tilt.
    """

    def __init__(self, seed: int, amount: float, personal: float = 0.0) -> None:
        self.rng = np.random.default_rng(seed)
        rng = self.rng
        self.table = (rng.random((FILMS, TAGS)) < 0.22).astype(np.float32)
        names = tuple(f"tag-{n}" for n in range(TAGS))
        self.features = LiftFeatures(sparse(self.table), names, ("tag",) * TAGS)
        self.effect = np.zeros((PARTS, TAGS))
        for tag in rng.permutation(TAGS)[:6]:
            up, down = rng.choice(PARTS, 2, replace=False)
            self.effect[up, tag], self.effect[down, tag] = amount, -amount
        self.own = rng.normal(0, personal, (PEOPLE, PARTS, TAGS))
        self.taste = rng.normal(0, 0.5, (PEOPLE, TAGS))
        self.fame = rng.normal(-0.8, 0.5, FILMS)

    def plain(self, person: np.ndarray, film: np.ndarray) -> np.ndarray:
        return self.fame[film] + np.einsum("...k,...k->...", self.taste[person], self.table[film])

    def moved(self, person: np.ndarray, film: np.ndarray, part: np.ndarray) -> np.ndarray:
        effect = self.effect[part] + self.own[person, part]
        return np.einsum("...k,...k->...", effect, self.table[film])

    def events(self, n: int, people: int = PEOPLE) -> Events:
        rng = self.rng
        person, film = rng.integers(0, people, n), rng.integers(0, FILMS, n)
        part, day = rng.integers(0, PARTS, n), rng.choice(len(DAY_KINDS), n, p=[0.6, 0.12, 0.28])
        chance = 1 / (1 + np.exp(-self.plain(person, film) - self.moved(person, film, part)))
        accepted = (rng.random(n) < chance).astype(float)
        return Events(person + 50, film, part, day, accepted, server=person % 20 + 1)

    def gain(self, lift: LiftModel, moments: int = 12, shown: int = 100) -> tuple[Estimate, float]:
        """Returns the gain of nDCG@10 by the lift, absolute and relative, on new choices drawn from
        this world. The score without the lift is the person's true score."""
        person = np.repeat(np.arange(PEOPLE), moments)
        part = self.rng.integers(0, PARTS, len(person))
        film = np.argsort(self.rng.random((len(person), FILMS)), axis=1)[:, :shown]
        plain = self.plain(person[:, None], film)
        moved = self.moved(person[:, None], film, part[:, None])
        taken = self.rng.random(film.shape) < 1 / (1 + np.exp(-plain - moved))
        lifts = np.stack([lift.log_odds(Circumstance(p, 0)) for p in range(PARTS)])
        found = []
        for scores in (plain, plain + lifts[part[:, None], film]):
            top = np.argsort(-scores, axis=1)[:, :10]
            values = ndcg(np.take_along_axis(taken, top, axis=1), taken.sum(axis=1), 10)
            means = np.bincount(person, values) / moments
            found.append(Sample(np.arange(PEOPLE), means))
        gain = difference([found[1]], [found[0]])
        return gain, gain.mean / float(found[0].values.mean())


def full(lift: LiftModel) -> np.ndarray:
    """Returns (dayparts, tags) the learned log-odds for everyone, at full strength."""
    whole = replace(lift, strength=1.0)
    return np.stack([whole.coefficients(Circumstance(part)) for part in range(PARTS)])


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_a_planted_effect_is_recovered_and_helps(seed: int) -> None:
    world = World(seed, PLANTED)
    lift = fit_lift(world.features, world.events(20_000), world.rng)
    assert np.corrcoef(full(lift).ravel(), world.effect.ravel())[0, 1] >= 0.9
    assert lift.strength > 0
    gain, relative = world.gain(lift)
    assert gain.low > 0
    assert relative > 0.01


@pytest.mark.parametrize("seed", [3, 4])
def test_without_an_effect_there_is_no_lift(seed: int) -> None:
    world = World(seed, 0.0)
    lift = fit_lift(world.features, world.events(20_000), world.rng)
    assert np.abs(full(lift)).mean() < 0.02
    gain, relative = world.gain(lift)
    assert gain.low <= 0 <= gain.high
    assert abs(relative) < 0.002


def test_few_events_do_no_harm() -> None:
    for seed in range(6):
        world = World(seed, PLANTED if seed % 2 else 0.0)
        lift = fit_lift(world.features, world.events(300), world.rng)
        assert world.gain(lift)[1] >= -0.005


def test_an_effect_for_one_person_is_learned_for_that_person() -> None:
    world = World(6, 0.0, personal=1.0)
    events = world.events(20_000, people=60)
    lift = fit_lift(world.features, events, world.rng)
    spreads = {support.level: support.spread for support in lift.supports}
    assert spreads["person × daypart"] > 0.4
    assert spreads["person × day"] == 0
    one = [replace(lift, strength=1.0).coefficients(Circumstance(2, 0, 50 + p)) for p in range(60)]
    assert np.corrcoef(np.ravel(one), world.own[:60, 2].ravel())[0, 1] > 0.6
    stranger = lift.coefficients(Circumstance(2, 0, 9999))
    assert np.allclose(stranger, lift.coefficients(Circumstance(2, 0)))


def test_a_mood_is_learned_and_remembered_by_daypart() -> None:
    world, rng = World(7, 0.0), np.random.default_rng(7)
    events = world.events(15_000)
    mood = rng.integers(-1, 2, len(events))
    wants = rng.normal(0, 0.7, (2, TAGS))
    late = rng.normal(0, 0.7, TAGS)  # what the second mood wants only late at night
    moved = wants[mood] * (mood >= 0)[:, None]
    moved += late * ((mood == 1) & (events.daypart == 3))[:, None]
    plain = world.plain(events.person - 50, events.film)
    plain = plain + (moved * world.table[events.film]).sum(axis=1)
    accepted = (rng.random(len(events)) < 1 / (1 + np.exp(-plain))).astype(float)
    lift = fit_lift(world.features, replace(events, mood=mood, accepted=accepted), rng)
    first, second = (lift.coefficients(Circumstance(1, 0, mood=m)) for m in (0, 1))
    assert np.corrcoef(first - second, wants[0] - wants[1])[0, 1] > 0.9
    at_night = lift.coefficients(Circumstance(3, 0, mood=1)) - second
    assert np.corrcoef(at_night, late)[0, 1] > 0.7
    assert np.abs(lift.coefficients(Circumstance(1, 0))).max() < 0.1, (
        "no mood asked, no mood's lift"
    )


def test_what_people_like_at_all_times_is_no_lift() -> None:
    """People who love one tag and answer only at night do not create a lift for nights."""
    world, rng = World(8, 0.0), np.random.default_rng(8)
    events = world.events(15_000)
    owls = events.person % 4 == 0
    part = np.where(owls, 3, events.daypart % 3)
    plain = world.plain(events.person - 50, events.film)
    plain = plain + np.where(owls, 1.0, 0.0) * world.table[events.film, 0]
    accepted = (rng.random(len(events)) < 1 / (1 + np.exp(-plain))).astype(float)
    lift = fit_lift(world.features, replace(events, daypart=part, accepted=accepted), rng)
    assert abs(lift.coefficients(Circumstance(3))[0]) < 0.25, "a quarter of the planted taste"


def test_it_is_bounded_stored_and_explained() -> None:
    world = World(9, PLANTED)
    events = world.events(20_000)
    lift = fit_lift(world.features, events, world.rng)
    strong = replace(
        lift,
        learned={
            name: replace(one, coefficients=one.coefficients * 50)
            for name, one in lift.learned.items()
        },
    )
    at = Circumstance(1, 0, int(events.person[0]), 3)
    assert np.abs(strong.log_odds(at)).max() == pytest.approx(MAX_LIFT)
    again = lift_from_arrays(lift_arrays(lift), world.features)
    assert np.array_equal(again.log_odds(at), lift.log_odds(at))
    some = np.array([3, 1, 200])
    assert np.allclose(lift.log_odds(at, some), lift.log_odds(at)[some])
    film = int(np.argmax(world.table.sum(axis=1)))
    total = sum(amount for _, amount in lift.reasons(at, film))
    assert total == pytest.approx(float(lift.log_odds(at)[film]), abs=1e-6)
    rows = np.arange(5)
    each = lift_of_events(lift, events)[rows]
    for row in rows:
        here = Circumstance(
            int(events.daypart[row]), int(events.day[row]), int(events.person[row]),
            int(events.server[row]) if events.server is not None else -1,
        )  # fmt: skip
        assert each[row] == pytest.approx(float(lift.log_odds(here)[events.film[row]]), abs=1e-6)


def test_another_catalogue_keeps_what_is_known_by_name() -> None:
    world = World(9, PLANTED)
    lift = fit_lift(world.features, world.events(20_000), world.rng)
    order = np.arange(TAGS)[::-1]
    names = tuple(world.features.names[n] for n in order)
    moved = LiftFeatures(sparse(world.table[:, order]), (*names[:-1], "new"), ("tag",) * TAGS)
    again = lift_from_arrays(lift_arrays(lift), moved)
    at = Circumstance(0)
    assert np.allclose(again.coefficients(at)[:-1], lift.coefficients(at)[order][:-1])
    assert again.coefficients(at)[-1] == 0


def test_features_and_circumstances() -> None:
    world = replace(
        catalogue(4), runtimes=np.array([80.0, 100.0, 160.0, np.nan]), adult=np.zeros(4, bool)
    )
    features = features_of(world)
    table = features.table.toarray()
    assert features.keys[-2:] == ("runtime/short", "runtime/long")
    assert table[:, -2:].tolist() == [[1, 0], [1, 0], [0, 1], [0, 0]]
    assert table.max() == 1
    at = circumstance(2, 5, person=7)  # Saturday before dawn is Friday's night
    assert (DAYPARTS[at.daypart], DAY_KINDS[at.day]) == ("late night", "friday night")
    assert circumstance(None, 5) == Circumstance()
    assert not LiftModel(features).log_odds(at).any()


def test_no_events_and_bad_events() -> None:
    world = World(1, 0.0)
    none = np.zeros(0, np.int64)
    empty = fit_lift(world.features, Events(none, none, none, none, np.zeros(0)), world.rng)
    assert not empty.active
    one = np.zeros(1, np.int64)
    for bad in (
        {"accepted": np.array([1.5])},
        {"daypart": np.array([4])},
        {"server": np.zeros(2, np.int64)},
    ):
        with pytest.raises(DataError):
            Events(**({"person": one, "film": one, "daypart": one, "day": one,
                       "accepted": np.ones(1)} | bad))  # fmt: skip
