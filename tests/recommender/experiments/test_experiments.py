"""Experiments: arms that never change, daily looks, and duels inside one card."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.experiments.assignment import Arm, Experiment, arm_of
from recommender.experiments.interleaving import interleave, shown_chances, winner
from recommender.experiments.sequential import (
    MISMATCH_ALPHA,
    Outcomes,
    duel,
    mismatch,
    outcomes,
    uplift,
)

TWO = (Arm("control"), Arm("variety"))
DAYS = 60
GOLDEN = ["control", "variety", "control", "control", "control"]


# Arms --------------------------------------------------------------------------------------------


def test_arms_have_their_shares_and_stay() -> None:
    one = Experiment("dial", (Arm("a", 1.0), Arm("b", 3.0)), share=0.4)
    first = [arm_of(one, unit) for unit in range(20_000)]
    names = [arm.name for arm in first if arm is not None]
    assert abs(len(names) / 20_000 - 0.4) < 0.015
    assert abs(names.count("b") / len(names) - 0.75) < 0.015
    again = Experiment("dial", (Arm("a", 1.0), Arm("b", 3.0)), share=0.4)
    assert [arm_of(again, unit) for unit in range(500)] == first[:500]
    # Golden: a change of the hash would move people between arms.
    golden = [arm_of(Experiment("x", TWO), unit) for unit in (1, 2, 3, 4, 900000000000000001)]
    assert [arm.name for arm in golden if arm] == GOLDEN


def test_widening_the_share_moves_nobody() -> None:
    narrow, wide = Experiment("x", TWO, share=0.1), Experiment("x", TWO, share=0.5)
    for unit in range(2000):
        arm = arm_of(narrow, unit)
        assert arm is None or arm_of(wide, unit) == arm


def test_two_experiments_are_independent() -> None:
    units = range(4000)
    table = np.zeros((2, 2))
    for unit in units:
        one, other = arm_of(Experiment("x", TWO), unit), arm_of(Experiment("y", TWO), unit)
        assert one is not None
        assert other is not None
        table[TWO.index(one), TWO.index(other)] += 1
    assert np.abs(table / len(units) - 0.25).max() < 0.025


@pytest.mark.parametrize(
    "wrong",
    [
        {"arms": (Arm("a"),)},
        {"arms": (Arm("a"), Arm("a"))},
        {"arms": (Arm("a"), Arm("b", 0.0))},
        {"arms": TWO, "share": 0.0},
        {"arms": TWO, "start": datetime(2026, 1, 1)},  # noqa: DTZ001 -- what is refused
        {
            "arms": TWO,
            "start": datetime(2026, 1, 2, tzinfo=UTC),
            "end": datetime(2026, 1, 1, tzinfo=UTC),
        },
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DataError):
        Experiment("x", **wrong)  # type: ignore[arg-type]


def test_it_runs_between_its_times() -> None:
    one = Experiment(
        "x", TWO, start=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2026, 2, 1, tzinfo=UTC)
    )
    assert not one.running(datetime(2025, 12, 31, tzinfo=UTC))
    assert one.running(datetime(2026, 1, 1, tzinfo=UTC))
    assert not one.running(datetime(2026, 2, 1, tzinfo=UTC))


# Looking every day -------------------------------------------------------------------------------


def test_a_unit_counts_once() -> None:
    units = np.array([1, 1, 1, 1, 2])
    found = outcomes(units, np.array([1.0, 1.0, 1.0, 1.0, 0.0]))
    assert found == Outcomes(2, 0.5, 0.5, 5)
    assert outcomes(units[:0], np.zeros(0)) == Outcomes(0, 0.0, 0.0, 0)


def simulated(
    rng: np.random.Generator, lift: float, tests: int, people: int = 500
) -> list[list[tuple[Outcomes, Outcomes]]]:
    """Returns for each test both arms' outcomes at each evening's look, over sixty days.

    People arrive over time, each with an inclination of their own, and answer again and again.
    """
    size = (tests, people)
    arm = rng.integers(2, size=size)
    base = np.clip(rng.beta(3, 7, size) * np.where(arm == 1, 1 + lift, 1.0), 0, 1)
    since = rng.integers(DAYS, size=size)
    shown, taken = np.zeros(size), np.zeros(size)
    looks: list[list[tuple[Outcomes, Outcomes]]] = [[] for _ in range(tests)]
    for day in range(DAYS):
        count = rng.poisson(0.5, size) * (since <= day)
        shown += count
        taken += rng.binomial(count, base)
        own = taken / np.maximum(shown, 1)
        both = []
        for side in (0, 1):
            in_arm = (arm == side) & (shown > 0)
            n = in_arm.sum(axis=1)
            mean = (own * in_arm).sum(axis=1) / np.maximum(n, 1)
            square = ((own - mean[:, None]) ** 2 * in_arm).sum(axis=1)
            variance = square / np.maximum(n - 1, 1)
            both.append(
                [
                    Outcomes(*values, int(values[0]))
                    for values in zip(n.tolist(), mean.tolist(), variance.tolist(), strict=True)
                ]
            )
        for at, pair in enumerate(zip(*both, strict=True)):
            looks[at].append((pair[0], pair[1]))
    return looks


def first_sure(looks: list[tuple[Outcomes, Outcomes]]) -> int | None:
    return next((day for day, (a, b) in enumerate(looks) if uplift(a, b).sure), None)


@pytest.mark.soak  # measures
def test_looking_daily_raises_no_false_alarms() -> None:
    """At most 50 of 1,000 A/A tests of sixty looks each raise an alarm."""
    rng = np.random.default_rng(7)
    found = [first_sure(looks) for looks in simulated(rng, 0.0, 1000)]
    alarms = sum(day is not None for day in found)
    print(f"\nfalse alarms in 1,000 A/A tests looked at daily for {DAYS} days: {alarms}")
    assert alarms <= 50


def test_a_true_uplift_is_found() -> None:
    rng = np.random.default_rng(8)
    days = [first_sure(looks) for looks in simulated(rng, 0.10, 24, people=12_000)]
    found = sorted(day + 1 for day in days if day is not None)
    print(
        f"\na true uplift of 10%, 200 newcomers a day over both arms: found in {len(found)} of 24 "
        f"tests within {DAYS} days, at the median on day {found[len(found) // 2] if found else '–'}"
    )
    assert len(found) > 18


def test_an_interval_narrows_and_holds_the_truth() -> None:
    rng = np.random.default_rng(9)
    (looks,) = simulated(rng, 0.3, 1, people=2400)
    found = [uplift(a, b) for a, b in looks]
    reaches = [one.high - one.low for one in found if np.isfinite(one.low)]
    assert reaches[-1] < reaches[0]
    last = found[-1]
    assert last.relative[1] <= 0.3 <= last.relative[2]
    assert (last.evidence > 20) == last.sure


def test_too_little_is_not_judged() -> None:
    few = uplift(Outcomes(5, 0.1, 0.1, 9), Outcomes(500, 0.9, 0.1, 900))
    assert not few.sure
    assert np.isnan(few.evidence)
    same = Outcomes(50, 0.5, 0.0, 50)
    assert not uplift(same, same).sure


def test_arms_that_lose_units_are_noticed_and_fair_ones_are_not() -> None:
    rng = np.random.default_rng(3)
    shares = np.array([0.5, 0.5])
    fair = lost = 0
    for _ in range(300):
        arms = np.cumsum(rng.integers(2, size=3000))
        counts = [(n - int(arms[n - 1]), int(arms[n - 1])) for n in range(50, 3001, 50)]
        fair += any(mismatch(count, shares) > 1 / MISMATCH_ALPHA for count in counts)
        some = [(zero, int(one * 0.8)) for zero, one in counts]
        lost += any(mismatch(count, shares) > 1 / MISMATCH_ALPHA for count in some)
    assert fair <= 3
    assert lost > 270


# Duels -------------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=12),
    st.lists(st.integers(0, 30), unique=True, max_size=12),
    st.integers(1, 12),
    st.integers(0, 1000),
)
def test_interleaving_takes_each_rankings_best_in_turn(
    first: list[int], second: list[int], n: int, seed: int
) -> None:
    found = interleave(first, second, n, np.random.default_rng(seed))
    films, team = found.films.tolist(), found.team.tolist()
    assert len(films) == min(n, len(set(first) | set(second)))
    assert len(set(films)) == len(films)
    for at, (film, side) in enumerate(zip(films, team, strict=True)):
        left = [x for x in (first, second)[side] if x not in films[:at]]
        assert film == left[0]
    if len(first) >= n and len(second) >= n:
        assert abs(team.count(0) - team.count(1)) <= 1
    again = interleave(first, second, n, np.random.default_rng(seed))
    assert again.films.tolist() == films


def test_the_chance_of_a_film_counts_all_drafts() -> None:
    first, second = [1, 2, 3, 4, 5], [9, 2, 1, 8, 7]
    chances = shown_chances(first, second, 5)
    assert chances is not None
    assert sum(chances.values()) == pytest.approx(5)
    drafts = [interleave(first, second, 5, np.random.default_rng(seed)) for seed in range(800)]
    for film, chance in chances.items():
        assert chance == pytest.approx(np.mean([film in one.films for one in drafts]), abs=0.06)
    assert shown_chances(first, first, 5) == dict.fromkeys(first, 1.0)
    assert shown_chances(range(40), range(40), 40) is None


def test_a_card_is_won_by_the_ranking_that_earned_more() -> None:
    team = np.array([0, 1, 0, 1])
    assert winner(team, np.array([1.0, 0.0, 0.0, 0.0])) == 0
    assert winner(team, np.array([0.0, 1.0, 0.0, 1.0])) == 1
    assert winner(team, np.array([1.0, 1.0, 0.0, 0.0])) == -1


def test_a_duel_may_be_looked_at_after_every_card() -> None:
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(200):
        won = np.cumsum(rng.integers(2, size=400))
        alarms += any(duel(n - int(won[n - 1]), int(won[n - 1])).sure for n in range(10, 401, 5))
    assert alarms <= 10


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_duel_is_fair_to_both(first: int, second: int) -> None:
    one, other = duel(first, second), duel(second, first)
    assert one.evidence == pytest.approx(other.evidence)
    assert one.low == pytest.approx(1 - other.high)
    assert one.low <= one.share <= one.high or first + second == 0
    assert one.sure == (one.evidence > 20) or abs(one.evidence - 20) < 1


def cards(
    rng: np.random.Generator, noise: tuple[float, float], count: int, shown: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    """Returns what people take from cards, one person a card.

    The first result is (count, 2): whether anything was taken from a card of either ranking. The
    second is (count,): the ranking that an interleaved card speaks for, 0, 1, or -1 for neither.

    Each of 60 films has a true worth to a person, and a ranking sees that worth with noise. The
    person takes the best film shown if its worth is above the person's own bar.
    """
    worth = rng.standard_normal((count, 60))
    bar = rng.normal(1.5, 1.0, count)
    orders = [np.argsort(-(worth + rng.normal(0, one, worth.shape)), axis=1) for one in noise]
    taken = np.stack(
        [np.take_along_axis(worth, order[:, :shown], 1).max(axis=1) > bar for order in orders], 1
    )
    spoke = np.full(count, -1)
    for at in range(count):
        both = interleave(orders[0][at, :shown], orders[1][at, :shown], shown, rng)
        worths = worth[at, both.films]
        rewards = ((worths == worths.max()) & (worths > bar[at])).astype(np.float64)
        spoke[at] = winner(both.team, rewards)
    return taken, spoke


@pytest.mark.soak  # measures
def test_interleaving_needs_far_fewer_cards_than_an_ab_test() -> None:
    rng = np.random.default_rng(5)
    needed: dict[str, list[int]] = {"ab": [], "duel": []}
    for _ in range(7):
        taken, spoke = cards(rng, (1.0, 0.7), 12_000)
        right = 0
        for n in range(50, len(spoke), 50):
            found = duel(int((spoke[:n] == 0).sum()), int((spoke[:n] == 1).sum()))
            if found.sure:
                right = int(found.low > 0.5)
                break
        assert right, "the second ranking is the better one"
        needed["duel"].append(n)
        for n in range(100, len(taken), 100):  # the cards alternate between the arms
            arms = [taken[:n:2, 0], taken[1:n:2, 1]]
            both = [Outcomes(len(a), float(a.mean()), float(a.var(ddof=1)), len(a)) for a in arms]
            if uplift(*both).sure:
                break
        needed["ab"].append(n)
    middle = {name: int(np.median(values)) for name, values in needed.items()}
    print(f"\ncards until sure, at the median of 7 runs: {middle}")
    assert middle["duel"] <= middle["ab"] / 5
