"""What an experiment has found so far: from exposures, showings and acts to what may be said.

A showing counts if its unit was exposed to the arm that it names, at that moment or before, and the
person has not opted out since. What followed is credited by `outcomes.credit`; a person's showing
is judged by that person's own acts, a showing to a whole server by anybody's. Of each showing a
metric makes one number, of each unit the mean of its showings, so that busy people do not decide
alone. Every day is one look, at what had been shown and done by then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.experiments.assignment import Experiment
from recommender.experiments.interleaving import winner
from recommender.experiments.metrics import METRICS, RATED, REFUSED, Metric
from recommender.experiments.sequential import (
    CONFIDENCE,
    MISMATCH,
    Duel,
    Outcomes,
    Uplift,
    duel,
    mismatch,
    outcomes,
    uplift,
)
from recommender.feedback import DAY, Credited, FeedbackActs, Shown, credit
from recommender.numeric.arrays import Array64, Bools, Ints64

LOOKS = 120  # at most; of a longer experiment every second day, or third, …


@dataclass(frozen=True, eq=False)
class Exposed:
    """The units that were exposed. unit: (u,) ids; arm: (u,) indices of arms, 0 in an interleaving;
    at: (u,) Unix seconds; out: (u,) whether they opted out since."""

    unit: Ints64
    arm: Ints64
    at: Array64
    out: Bools


@dataclass(frozen=True, eq=False)
class ExperimentData:
    """All that is known of an experiment. shown: (n,) the showings that name it; unit, arm, team,
    card: (n,) whose, by which arm (0 in an interleaving), chosen by which ranking (-1 none), and
    on which card (any number); acts: (m,); stands: (m,) False for ratings that were taken back
    since; erased: (arms,) units that had everything deleted (each in both of an
    interleaving); seconds: (arms, 3) cards, sum and sum of squares of the seconds they took."""

    exposed: Exposed
    shown: Shown
    unit: Ints64
    arm: Ints64
    team: Ints64
    card: Ints64
    acts: FeedbackActs
    stands: Bools
    erased: Ints64
    seconds: Array64


@dataclass(frozen=True)
class ArmFound:
    """One arm: units exposed, those of them that opted out or were erased, and what came of it."""

    name: str
    exposed: int
    gone: int
    outcomes: Outcomes
    guardrails: Mapping[str, Outcomes]


@dataclass(frozen=True)
class Look:
    """One day's look: (days since the first exposure), each other arm's uplift, or the duel."""

    day: int
    uplifts: tuple[Uplift, ...] = ()
    duel: Duel | None = None


@dataclass(frozen=True)
class Findings:
    """arms: the control first; uplifts: of each other arm; harm: of each other arm by guardrail;
    looks: the last one is now; sizes: e-value against the arms having the sizes they should;
    moved: units that were shown another arm than the one they were exposed to."""

    experiment: Experiment
    arms: tuple[ArmFound, ...]
    uplifts: tuple[Uplift, ...]
    harm: tuple[Mapping[str, Uplift], ...]
    looks: tuple[Look, ...]
    sizes: float
    moved: int
    duel: Duel | None = None
    cards: int = 0
    showings: int = 0

    @property
    def mismatched(self) -> bool:
        """Whether something loses units of an arm, so that nothing may be concluded."""
        return self.sizes > 1 / MISMATCH


def findings(
    experiment: Experiment, trial: ExperimentData, now: float, *, daily: bool = True
) -> Findings:
    """Everything that may be said at `now`, Unix seconds; without `daily` by one look, at now."""
    trial, moved = _counted(trial)
    days = _days(trial.exposed.at, now) or [(0, now)]
    looks = tuple(_look(experiment, trial, day, at) for day, at in (days if daily else days[-1:]))
    interleaved = experiment.kind == "interleave"
    arms = _arms(experiment, trial)
    others = [] if interleaved else arms[1:]
    sure = _confidence(experiment)
    return Findings(
        experiment,
        arms,
        looks[-1].uplifts,
        tuple(
            {
                name: uplift(arms[0].guardrails[name], other.guardrails[name], sure)
                for name in experiment.guardrails
            }
            for other in others
        ),
        looks,
        _sizes(experiment, trial),
        moved,
        looks[-1].duel,
        len(np.unique(trial.card)),
        len(trial.unit),
    )


def _counted(trial: ExperimentData) -> tuple[ExperimentData, int]:
    """Only the showings that count; and how many units were shown another arm as well."""
    exposed = trial.exposed
    order = np.argsort(exposed.unit, kind="stable")
    at = np.searchsorted(exposed.unit[order], trial.unit)
    row = order[np.minimum(at, max(len(order) - 1, 0))] if len(order) else at * 0
    known = exposed.unit[row] == trial.unit if len(order) else np.zeros(len(trial.unit), np.bool_)
    other = np.zeros(len(trial.unit), np.bool_)
    keep = np.zeros(len(trial.unit), np.bool_)
    mine = row[known]
    other[known] = exposed.arm[mine] != trial.arm[known]
    keep[known] = ~other[known] & ~exposed.out[mine] & (exposed.at[mine] <= trial.shown.at[known])
    moved = len(np.unique(trial.unit[other]))
    shown = Shown(*(getattr(trial.shown, name)[keep] for name in Shown.__dataclass_fields__))
    return (
        ExperimentData(
            exposed, shown, trial.unit[keep], trial.arm[keep], trial.team[keep], trial.card[keep],
            trial.acts, trial.stands, trial.erased, trial.seconds,
        ),
        moved,
    )  # fmt: skip


def _days(exposed: Array64, now: float) -> list[tuple[int, float]]:
    """A look at the end of each day since the first exposure, and now."""
    if not len(exposed):
        return []
    first = float(exposed.min())
    whole = max(0, int((now - first) // DAY))
    step = 1 + whole // LOOKS
    days = [day for day in range(step, whole + 1, step) if first + day * DAY < now]
    return [*((day, first + day * DAY) for day in days), (whole, now)]


def _look(experiment: Experiment, trial: ExperimentData, day: int, until: float) -> Look:
    metric = METRICS[experiment.metric]
    values, seen = _values(trial, metric, until)
    if experiment.kind == "interleave":
        return Look(day, duel=_duel(trial, values, seen))
    found = [_outcomes(trial, values, seen & (trial.arm == at)) for at in _range(experiment)]
    sure = _confidence(experiment)
    return Look(day, tuple(uplift(found[0], other, sure) for other in found[1:]))


def _arms(experiment: Experiment, trial: ExperimentData) -> tuple[ArmFound, ...]:
    values, seen = _values(trial, METRICS[experiment.metric], np.inf)
    refused, _ = _values(trial, REFUSED, np.inf)
    unrated, taken_back = _unrated(trial)
    found = []
    for at, arm in enumerate(experiment.arms):
        if experiment.kind == "interleave":
            mine, who = trial.team == at, np.ones(len(trial.exposed.unit), np.bool_)
        else:
            mine, who = trial.arm == at, trial.exposed.arm == at
        erased = int(trial.erased[at])
        exposed = int(who.sum()) + erased
        gone = int(trial.exposed.out[who].sum()) + erased
        every = {
            "refused": _outcomes(trial, refused, seen & mine),
            "unrated": outcomes(trial.unit[unrated][mine[unrated]], taken_back[mine[unrated]]),
            "opted-out": _share(gone, exposed),
            "seconds": _moments(trial.seconds[at]),
        }
        rails = {name: every[name] for name in experiment.guardrails}
        found.append(
            ArmFound(arm.name, exposed, gone, _outcomes(trial, values, seen & mine), rails)
        )
    return tuple(found)


def _values(trial: ExperimentData, metric: Metric, until: float) -> tuple[Array64, Bools]:
    """(n,) what the metric makes of each showing by what was done until then and stands; (n,)
    whether it had been shown."""
    early = np.flatnonzero((trial.acts.at <= until) & trial.stands)
    acts = FeedbackActs(
        *(getattr(trial.acts, name)[early] for name in FeedbackActs.__dataclass_fields__)
    )
    credited = credit(trial.shown, acts)
    own = _own(trial.shown, credited)
    rows = credited.shown[own]
    values = np.zeros(len(trial.unit))
    np.maximum.at(values, rows, metric.of(credited.outcome[own], credited.reward[own]))
    return values, np.asarray(trial.shown.at <= until)


def _own(shown: Shown, credited: Credited) -> Bools:
    """(k,) the answers of who was shown it; of what a server was shown, everybody's."""
    asker = shown.person[credited.shown]
    return np.asarray((asker == 0) | (asker == credited.person))


def _unrated(trial: ExperimentData) -> tuple[Ints64, Array64]:
    """The showings that were rated, and whether no rating of that film stands any more."""
    rated = np.flatnonzero(np.isin(trial.acts.outcome, RATED))
    acts = FeedbackActs(
        *(getattr(trial.acts, name)[rated] for name in FeedbackActs.__dataclass_fields__)
    )
    credited = credit(trial.shown, acts)
    own = _own(trial.shown, credited) & (credited.outcome >= 0)
    rows, person = credited.shown[own], credited.person[own]
    standing = {
        (int(who), int(film))
        for who, film, stands in zip(trial.acts.person, trial.acts.film, trial.stands, strict=True)
        if stands
    }
    back = [
        float((int(who), int(film)) not in standing)
        for who, film in zip(person, trial.shown.film[rows], strict=True)
    ]
    return rows, np.array(back, np.float64)


def _duel(trial: ExperimentData, values: Array64, seen: Bools) -> Duel:
    """Of the cards shown by then, which ranking won how many."""
    rows = np.flatnonzero(seen & (trial.team >= 0))
    rows = rows[np.argsort(trial.card[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(trial.card[rows])) + 1
    won = [0, 0]
    for card in np.split(rows, ends) if len(rows) else ():
        side = winner(trial.team[card], values[card])
        if side >= 0:
            won[side] += 1
    return duel(*won)


def _sizes(experiment: Experiment, trial: ExperimentData) -> float:
    """The e-value against the arms having the sizes they should: the mean of two, of the units
    exposed and of those whose showings were kept. In an interleaving it is which ranking has the
    headlines, which a coin decides."""
    if experiment.kind == "interleave":
        _, first = np.unique(trial.card, return_index=True)
        headlines = np.bincount(trial.team[first].clip(0), minlength=2)
        return mismatch(headlines.tolist(), np.full(2, 0.5))
    n, exposed = len(experiment.arms), trial.exposed
    every = np.bincount(exposed.arm, minlength=n) + trial.erased
    heard = np.isin(exposed.unit, trial.unit) | exposed.out
    kept = np.bincount(exposed.arm[heard], minlength=n) + trial.erased
    shares = experiment.shares
    return (mismatch(every.tolist(), shares) + mismatch(kept.tolist(), shares)) / 2


def _outcomes(trial: ExperimentData, values: Array64, some: Bools) -> Outcomes:
    return outcomes(trial.unit[some], values[some])


def _share(some: int, everyone: int) -> Outcomes:
    mean = some / everyone if everyone else 0.0
    variance = mean * (1 - mean) * everyone / (everyone - 1) if everyone > 1 else 0.0
    return Outcomes(everyone, mean, variance, everyone)


def _moments(sums: npt.NDArray[np.float64]) -> Outcomes:
    n, total, squares = (float(each) for each in sums)
    mean = total / n if n else 0.0
    variance = max(0.0, (squares - n * mean * mean) / (n - 1)) if n > 1 else 0.0
    return Outcomes(int(n), mean, variance, int(n))


def _range(experiment: Experiment) -> range:
    return range(len(experiment.arms))


def _confidence(experiment: Experiment) -> float:
    """Of several comparisons with one control each is held to more (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / (len(experiment.arms) - 1)
