"""The analysis of an experiment: which showings count, what is credited, and the verdict."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from recommender.experiments.analysis import analyse
from recommender.experiments.assignment import Arm, Experiment
from recommender.experiments.experiment_data import ExperimentData, Exposed
from recommender.experiments.findings import Findings
from recommender.experiments.metrics import GUARDRAILS, METRICS
from recommender.experiments.report import (
    GUARDRAIL_MEANINGS,
    METRIC_MEANINGS,
    experiment_file,
    experiment_report,
)
from recommender.experiments.verdict import state, verdict
from recommender.feedback import DAY, NAMES, FeedbackActs, Shown
from recommender.remarks import remark
from recommender.reports.report import to_html

TWO = (Arm("control"), Arm("bolder"))
AB = Experiment("bold", TWO, guardrails=tuple(GUARDRAILS))
BOTH = Experiment("both", TWO, kind="interleave", guardrails=("refused",))
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = START.timestamp()
Row = tuple[float, ...]


def experiment_data(
    exposed: list[Row],
    shown: list[Row],
    acts: list[tuple[int, int, str, float, float]] = [],  # noqa: B006 never changed
    *,
    erased: tuple[int, int] = (0, 0),
    seconds: tuple[Row, Row] = ((0, 0, 0), (0, 0, 0)),
    kept: bool = True,
) -> ExperimentData:
    """Returns rows as `ExperimentData`; days count from NOW.

    exposed: (unit, arm, day, opted out). shown: (unit, arm, film, day, person, team, card). acts:
    (person, film, outcome, stars, day).
    """
    e = np.array(exposed, np.float64).reshape(-1, 4).T
    s = np.array(shown, np.float64).reshape(-1, 7).T
    whole = [column.astype(np.int64) for column in s]
    n = len(acts)
    return ExperimentData(
        Exposed(e[0].astype(np.int64), e[1].astype(np.int64), NOW + e[2] * DAY, e[3] > 0),
        Shown(whole[2], whole[4], np.zeros(len(whole[0]), np.int64), NOW + s[3] * DAY),
        whole[0],
        whole[1],
        whole[5],
        whole[6],
        FeedbackActs(
            np.array([act[1] for act in acts], np.int64),
            np.array([act[0] for act in acts], np.int64),
            np.zeros(n, np.int64),
            np.array([NAMES.index(act[2]) for act in acts], np.int64),
            np.array([act[3] for act in acts], np.float64),
            np.array([NOW + act[4] * DAY for act in acts], np.float64),
            np.zeros(n, np.bool_),
        ),
        np.full(n, kept),
        np.array(erased, np.int64),
        np.array(seconds, np.float64),
    )


def card(unit: int, arm: int, films: list[int], day: float, person: int | None = None) -> list[Row]:
    """Returns the showings of a card, to the unit itself unless a person is given."""
    requester = unit if person is None else person
    return [(unit, arm, film, day, requester, -1, unit) for film in films]


def found(one: Experiment, data: ExperimentData, day: float = 10.0) -> Findings:
    """Returns the findings a number of days after NOW."""
    return analyse(one, data, NOW + day * DAY)


def test_showings_count_by_what_their_person_did() -> None:
    data = experiment_data(
        [(1, 0, 0, 0), (2, 1, 0, 0)],
        card(1, 0, [10, 11, 12, 13], 0) + card(2, 1, [10, 11], 0.5),
        [
            (1, 10, "rated", 5.0, 1.0),
            (1, 11, "refused", np.nan, 1.0),
            (1, 12, "opened", np.nan, 1.0),
            (2, 13, "rated", 5.0, 1.0),  # not shown to them: somebody else's card
            (2, 10, "later", np.nan, 0.2),  # before they were shown it
            (2, 11, "reacted", 2.0, 1.0),
        ],
    )
    taken = found(AB, data)
    assert [arm.outcomes.mean for arm in taken.arms] == [0.25, 0.0]
    assert [arm.outcomes.observations for arm in taken.arms] == [4, 2]
    assert [arm.guardrails["refused"].mean for arm in taken.arms] == [0.25, 0.0]
    reward = found(Experiment("bold", TWO, metric="reward"), data)
    assert [arm.outcomes.mean for arm in reward.arms] == [(1.0 + 0.2) / 4, 0.125]
    rated = found(Experiment("bold", TWO, metric="rated"), data)
    assert [arm.outcomes.mean for arm in rated.arms] == [0.25, 0.5]


def test_what_a_server_was_shown_counts_by_anybody() -> None:
    posts = card(900, 0, [10, 11], 0, person=0) + card(901, 1, [10], 0, person=0)
    data = experiment_data([(900, 0, 0, 0), (901, 1, 0, 0)], posts)
    data.shown.message[:] = [5, 5, 6]
    acted = experiment_data([], [], [(7, 10, "reacted", 4.0, 1.0), (8, 10, "refused", np.nan, 1.1)])
    acted.acts.message[:] = 5
    data = ExperimentData(**{**vars(data), "acts": acted.acts, "kept": acted.kept})
    server = Experiment("bold", TWO, unit="server", guardrails=("refused",))
    both = found(server, data).arms
    assert [arm.outcomes.mean for arm in both] == [0.5, 0.0]
    assert [arm.guardrails["refused"].mean for arm in both] == [0.5, 0.0]


def test_people_who_opted_out_or_changed_arms_are_left_out_and_counted() -> None:
    shown = card(1, 0, [10], 1) + card(2, 0, [10], 1) + card(3, 0, [10], 1) + card(3, 1, [11], 2)
    shown += card(4, 0, [10], -1)
    exposed: list[Row] = [(1, 0, 1, 0), (2, 0, 1, 1), (3, 0, 1, 0), (4, 0, 0, 0), (5, 1, 0, 0)]
    some = found(AB, experiment_data(exposed, shown, erased=(2, 0)))
    assert some.arms[0].outcomes.units == 2  # 1 and 3: 2 opted out, 4 was shown it before exposure
    assert some.arms[0].exposed == 6
    assert some.arms[0].gone == 3
    assert some.arms[0].guardrails["opted-out"].mean == 0.5
    assert some.moved == 1
    assert remark("units-moved", n=1, unit="person") in verdict(some, START)


def test_looks_see_only_what_was_known_by_then() -> None:
    people = [(unit, unit % 2, 0, 0) for unit in range(60)]
    shown = [row for unit in range(60) for row in card(unit, unit % 2, [10], 0)]
    acts = [(unit, 10, "rated", 5.0, 3.5) for unit in range(1, 60, 2) if unit % 3]
    looks = found(AB, experiment_data(list(people), shown, acts)).looks
    assert [look.day for look in looks] == [*range(1, 10), 10]
    assert [look.uplifts[0].difference > 0 for look in looks] == [False] * 3 + [True] * 7


def simulated(rng: np.random.Generator, people: int, lift: float, **more: float) -> ExperimentData:
    """Returns people with inclinations of their own, each with a card of five every two days."""
    arm = rng.integers(2, size=people)
    since = rng.integers(0, 8, people)
    chance = np.clip(rng.beta(3, 7, people) * np.where(arm, 1 + lift, 1), 0, 1)
    shown: list[Row] = []
    acts = []
    for unit in range(people):
        for day in range(int(since[unit]), 10, 2):
            films = [unit * 1000 + day * 10 + at for at in range(5)]
            shown += card(unit + 1, int(arm[unit]), films, day)
            for film in films:
                if rng.random() < chance[unit]:
                    acts.append((unit + 1, film, "rated", 4.5, day + 0.1))
                elif rng.random() < more.get("refusing", 0.0) * arm[unit]:
                    acts.append((unit + 1, film, "refused", np.nan, day + 0.1))
    exposed = [(unit + 1, arm[unit], since[unit], 0) for unit in range(people)]
    cards = tuple((50.0, 50 * s, 50 * (s * s + 0.0001)) for s in (0.01, more.get("slow", 0.01)))
    return experiment_data(exposed, shown, acts, seconds=(cards[0], cards[1]))


def test_a_better_arm_is_called_better_and_an_equal_one_is_not() -> None:
    rng = np.random.default_rng(2)
    better = found(AB, simulated(rng, 800, 0.5))
    assert better.uplifts[0].sure
    (seen,) = verdict(better, START)
    assert (seen.key, seen.data["arm"], seen.data["metric"]) == ("arm-better", "bolder", "taken")
    assert seen.data["relative"]
    assert seen.data["mean"] == better.uplifts[0].relative[0] > 0
    worse = found(AB, simulated(rng, 800, -0.5, refusing=0.3, slow=0.5))
    seen, *harm = verdict(worse, START)
    assert seen.key == "arm-worse"
    rails = {each.data["guardrail"]: each.data["mean"] for each in harm}
    assert rails["refused"] == worse.harm[0]["refused"].difference > 0
    assert rails["seconds"] == pytest.approx(0.49, abs=0.01)
    same = found(AB, simulated(rng, 300, 0.0))
    (seen,) = verdict(same, START)
    assert (seen.key, seen.data["low"]) == ("no-difference-yet", same.uplifts[0].relative[1])
    small = found(AB, simulated(rng, 20, 0.0))
    (seen,) = verdict(small, START)
    assert (seen.key, seen.data["unit"], seen.data["n"]) == ("arm-too-small", "person", 20)
    none = found(AB, experiment_data([], []))
    (seen,) = verdict(none, START)
    assert (seen.data["smallest_arm"], seen.data["units"]) == ("control", 0)


def test_ratings_taken_back_are_a_guardrail() -> None:
    shown = card(1, 0, [10, 11], 0) + card(2, 1, [10], 0)
    acts = [(1, 10, "rated", 5.0, 1.0), (1, 10, "rated", 2.0, 1.5), (2, 10, "reacted", 4.0, 1.0)]
    data = experiment_data([(1, 0, 0, 0), (2, 1, 0, 0)], shown, acts)
    data.kept[:] = [True, True, False]
    arms = found(AB, data).arms
    assert [arm.guardrails["unrated"].mean for arm in arms] == [0.0, 1.0]
    assert [arm.guardrails["unrated"].observations for arm in arms] == [1, 1]
    assert [arm.outcomes.mean for arm in arms] == [0.0, 0.0], "what is taken back was no answer"


@pytest.mark.parametrize("lost", ["exposures", "showings"])
def test_an_arm_that_loses_units_is_reported(lost: str) -> None:
    fair = simulated(np.random.default_rng(4), 800, 0.5)
    assert not found(AB, fair).mismatched
    gone = fair.exposed.unit[(fair.exposed.arm == 1) & (fair.exposed.unit % 2 == 0)]
    if lost == "exposures":
        keep = ~np.isin(fair.exposed.unit, gone)
        parts = (getattr(fair.exposed, name)[keep] for name in Exposed.__dataclass_fields__)
        broken = ExperimentData(**{**vars(fair), "exposed": Exposed(*parts)})
    else:
        keep = ~np.isin(fair.unit, gone)
        some = {name: getattr(fair, name)[keep] for name in ("unit", "arm", "team", "card")}
        parts = (getattr(fair.shown, name)[keep] for name in Shown.__dataclass_fields__)
        broken = ExperimentData(**{**vars(fair), **some, "shown": Shown(*parts)})
    findings = found(AB, broken)
    assert findings.mismatched
    assert [seen.key for seen in verdict(findings, START)] == ["sample-ratio-mismatch"]


def test_interleaved_cards_are_won() -> None:
    rng = np.random.default_rng(5)
    shown: list[Row] = []
    acts = []
    for number in range(300):
        person, first = 1 + number % 40, int(rng.integers(2))
        for at in range(4):
            team = (first + at) % 2
            film = number * 10 + at
            shown.append((person, 0, film, number / 100, person, team, number))
            if rng.random() < (0.1, 0.35)[team]:
                acts.append((person, film, "rated", 4.0, number / 100 + 0.01))
    exposed: list[Row] = [(unit, 0, 0, 0) for unit in range(1, 41)]
    findings = found(BOTH, experiment_data(exposed, shown, acts))
    assert findings.duel is not None
    assert findings.duel.sure
    (seen,) = verdict(findings, START)
    assert (seen.key, seen.data["second_arm"]) == ("second-arm-wins", "bolder")
    assert (seen.data["share"], seen.data["total"]) == (
        findings.duel.share,
        sum(findings.duel.won),
    )
    assert findings.cards == 300
    assert not findings.mismatched
    never = [(*row[:5], 1.0 if row[2] % 10 == 0 else row[5], row[6]) for row in shown]
    assert found(BOTH, experiment_data(exposed, never, acts)).mismatched
    small = found(BOTH, experiment_data(exposed, shown[:8], acts[:1]))
    assert [seen.key for seen in verdict(small, START)] == ["no-winner-yet"]


@pytest.mark.parametrize("one", [AB, BOTH])
def test_reports_hold_what_was_found(one: Experiment) -> None:
    data = simulated(np.random.default_rng(6), 200, 0.3)
    if one is BOTH:
        data = ExperimentData(**{**vars(data), "arm": data.arm * 0, "team": data.unit % 2})
        data.exposed.arm[:] = 0
    findings = found(one, data)
    page = to_html(experiment_report(findings, START))
    assert f"Experiment {one.name}" in page
    assert str(findings.arms[0].outcomes.observations) in page
    assert "<svg" in page
    held = json.loads(json.dumps(experiment_file(findings, START), allow_nan=False))
    assert held["arms"]["bolder"]["units"] == findings.arms[1].outcomes.units
    assert len(held["looks"]) == len(findings.looks)
    said = [held["state"], *held["verdict"]]
    assert all(set(each) == {"key", "data"} and " " not in each["key"] for each in said)
    assert held["state"]["key"] == state(one, START).key
    assert [each["key"] for each in held["verdict"]] == [r.key for r in verdict(findings, START)]


def test_every_metric_has_a_meaning() -> None:
    assert set(METRIC_MEANINGS) == set(METRICS)
    assert set(GUARDRAIL_MEANINGS) == set(GUARDRAILS)


def test_the_state_of_an_experiment() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    later = datetime(2026, 2, 1, tzinfo=UTC)
    one = Experiment("bold", TWO, start=day, end=later)
    assert state(one, datetime(2025, 12, 1, tzinfo=UTC)) == remark("experiment-begins", at=day)
    assert state(one, day) == remark("experiment-running", start=day, until=later)
    assert state(one, later) == remark("experiment-ended", at=later)
    assert state(AB, day) == remark("experiment-running", start=None, until=None)
