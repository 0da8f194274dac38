"""Computes what an experiment has found so far.

A showing counts if its unit was exposed to the showing's arm no later than the showing and has not
opted out since. `feedback.credit` credits each act to a showing. A showing to a person is judged by
that person's own acts, a showing to a whole server by everybody's. A metric turns each showing into
one number, and each unit counts by the mean of its showings, so that busy people do not decide
alone. Each day is one look, at what had been shown and done by the end of that day.
"""

import numpy as np

from recommender.experiments.assignment import Experiment
from recommender.experiments.experiment_data import ExperimentData
from recommender.experiments.findings import ArmFindings, Findings, Look
from recommender.experiments.interleaving import winner
from recommender.experiments.metrics import METRICS, RATED_OUTCOMES, REFUSAL_RATE, Metric
from recommender.experiments.sequential import (
    CONFIDENCE,
    Duel,
    Outcomes,
    Uplift,
    duel,
    mismatch,
    outcomes,
    uplift,
)
from recommender.feedback import DAY, CreditedOutcomes, FeedbackActs, Shown, credit
from recommender.numeric.arrays import Array64, Bools, Ints64

MAX_LOOKS = 120  # a longer experiment has a look every second day, or every third, and so on


def analyse(
    experiment: Experiment, data: ExperimentData, now: float, *, daily: bool = True
) -> Findings:
    """Returns all findings at `now`, Unix seconds.

    Without `daily` there is a single look, at `now`.
    """
    data, moved = _counted(data)
    days = _days(data.exposed.at, now) or [(0, now)]
    looks = tuple(_look(experiment, data, day, at) for day, at in (days if daily else days[-1:]))
    arms = _arms(experiment, data)
    return Findings(
        experiment=experiment,
        arms=arms,
        uplifts=looks[-1].uplifts,
        harm=_harm(experiment, arms),
        looks=looks,
        sizes=_sizes(experiment, data),
        moved=moved,
        duel=looks[-1].duel,
        cards=len(np.unique(data.card)),
        showings=len(data.unit),
    )


def _harm(experiment: Experiment, arms: tuple[ArmFindings, ...]) -> tuple[dict[str, Uplift], ...]:
    """Returns each guardrail's difference to the control, for each other arm."""
    if experiment.kind == "interleave":
        return ()
    confidence = _confidence(experiment)
    return tuple(
        {
            name: uplift(arms[0].guardrails[name], arm.guardrails[name], confidence)
            for name in experiment.guardrails
        }
        for arm in arms[1:]
    )


def _counted(data: ExperimentData) -> tuple[ExperimentData, int]:
    """Returns the data with only the showings that count, and how many units saw another arm."""
    exposed = data.exposed
    order = np.argsort(exposed.unit, kind="stable")
    at = np.searchsorted(exposed.unit[order], data.unit)
    row = order[np.minimum(at, max(len(order) - 1, 0))] if len(order) else at * 0
    found = exposed.unit[row] == data.unit if len(order) else np.zeros(len(data.unit), np.bool_)
    other = np.zeros(len(data.unit), np.bool_)
    keep = np.zeros(len(data.unit), np.bool_)
    row = row[found]
    other[found] = exposed.arm[row] != data.arm[found]
    keep[found] = ~other[found] & ~exposed.out[row] & (exposed.at[row] <= data.shown.at[found])
    moved = len(np.unique(data.unit[other]))
    shown = Shown(*(getattr(data.shown, name)[keep] for name in Shown.__dataclass_fields__))
    return (
        ExperimentData(
            exposed, shown, data.unit[keep], data.arm[keep], data.team[keep], data.card[keep],
            data.acts, data.kept, data.erased, data.seconds,
        ),
        moved,
    )  # fmt: skip


def _days(exposed: Array64, now: float) -> list[tuple[int, float]]:
    """Returns (full days, Unix seconds) for the end of each day since the first exposure, and now.

    Empty if nobody was exposed.
    """
    if not len(exposed):
        return []
    first = float(exposed.min())
    whole = max(0, int((now - first) // DAY))
    step = 1 + whole // MAX_LOOKS
    days = [day for day in range(step, whole + 1, step) if first + day * DAY < now]
    return [*((day, first + day * DAY) for day in days), (whole, now)]


def _look(experiment: Experiment, data: ExperimentData, day: int, until: float) -> Look:
    metric = METRICS[experiment.metric]
    values, seen = _values(data, metric, until)
    if experiment.kind == "interleave":
        return Look(day, duel=_duel(data, values, seen))
    found = [_outcomes(data, values, seen & (data.arm == at)) for at in range(len(experiment.arms))]
    confidence = _confidence(experiment)
    return Look(day, tuple(uplift(found[0], other, confidence) for other in found[1:]))


def _arms(experiment: Experiment, data: ExperimentData) -> tuple[ArmFindings, ...]:
    values, seen = _values(data, METRICS[experiment.metric], np.inf)
    refused, _ = _values(data, REFUSAL_RATE, np.inf)
    unrated, taken_back = _unrated(data)
    found = []
    for at, arm in enumerate(experiment.arms):
        if experiment.kind == "interleave":
            rows, units = data.team == at, np.ones(len(data.exposed.unit), np.bool_)
        else:
            rows, units = data.arm == at, data.exposed.arm == at
        erased = int(data.erased[at])
        exposed = int(units.sum()) + erased
        gone = int(data.exposed.out[units].sum()) + erased
        every = {
            "refused": _outcomes(data, refused, seen & rows),
            "unrated": outcomes(data.unit[unrated][rows[unrated]], taken_back[rows[unrated]]),
            "opted-out": _share(gone, exposed),
            "seconds": _moments(data.seconds[at]),
        }
        rails = {name: every[name] for name in experiment.guardrails}
        found.append(
            ArmFindings(arm.name, exposed, gone, _outcomes(data, values, seen & rows), rails)
        )
    return tuple(found)


def _values(data: ExperimentData, metric: Metric, until: float) -> tuple[Array64, Bools]:
    """Returns (n,) the metric of each showing and (n,) whether it had been shown by `until`.

    Only acts up to `until`, Unix seconds, count, and only if they were not taken back.
    """
    early = np.flatnonzero((data.acts.at <= until) & data.kept)
    acts = FeedbackActs(
        *(getattr(data.acts, name)[early] for name in FeedbackActs.__dataclass_fields__)
    )
    credited = credit(data.shown, acts)
    own = _own(data.shown, credited)
    rows = credited.shown[own]
    values = np.zeros(len(data.unit))
    np.maximum.at(values, rows, metric.of(credited.outcome[own], credited.reward[own]))
    return values, np.asarray(data.shown.at <= until)


def _own(shown: Shown, credited: CreditedOutcomes) -> Bools:
    """(k,) True for the acts that judge a showing.

    A showing to a person is judged by that person's acts, a showing to a server by everybody's.
    """
    asker = shown.person[credited.shown]
    return np.asarray((asker == 0) | (asker == credited.person))


def _unrated(data: ExperimentData) -> tuple[Ints64, Array64]:
    """Returns the rows of the showings that were rated, and 1.0 for those whose rating is gone.

    A rating is gone if the person has taken back every rating of that film.
    """
    rated = np.flatnonzero(np.isin(data.acts.outcome, RATED_OUTCOMES))
    acts = FeedbackActs(
        *(getattr(data.acts, name)[rated] for name in FeedbackActs.__dataclass_fields__)
    )
    credited = credit(data.shown, acts)
    own = _own(data.shown, credited) & (credited.outcome >= 0)
    rows, person = credited.shown[own], credited.person[own]
    still_rated = {
        (int(person_id), int(film))
        for person_id, film, kept in zip(data.acts.person, data.acts.film, data.kept, strict=True)
        if kept
    }
    back = [
        float((int(person_id), int(film)) not in still_rated)
        for person_id, film in zip(person, data.shown.film[rows], strict=True)
    ]
    return rows, np.array(back, np.float64)


def _duel(data: ExperimentData, values: Array64, seen: Bools) -> Duel:
    """Returns the cards that each ranking won. seen: (n,) True for the showings that count."""
    rows = np.flatnonzero(seen & (data.team >= 0))
    rows = rows[np.argsort(data.card[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(data.card[rows])) + 1
    won = [0, 0]
    for card in np.split(rows, ends) if len(rows) else ():
        side = winner(data.team[card], values[card])
        if side >= 0:
            won[side] += 1
    return duel(*won)


def _sizes(experiment: Experiment, data: ExperimentData) -> float:
    """Returns the e-value against "the arms have the sizes their shares give them".

    It is the mean of two e-values: of the units exposed, and of the units with a showing. In an
    interleaving it tests which ranking has the headline of each card, which a coin decides.
    """
    if experiment.kind == "interleave":
        _, first = np.unique(data.card, return_index=True)
        headlines = np.bincount(data.team[first].clip(0), minlength=2)
        return mismatch(headlines.tolist(), np.full(2, 0.5))
    n, exposed = len(experiment.arms), data.exposed
    every = np.bincount(exposed.arm, minlength=n) + data.erased
    present = np.isin(exposed.unit, data.unit) | exposed.out
    kept = np.bincount(exposed.arm[present], minlength=n) + data.erased
    shares = experiment.shares
    return (mismatch(every.tolist(), shares) + mismatch(kept.tolist(), shares)) / 2


def _outcomes(data: ExperimentData, values: Array64, some: Bools) -> Outcomes:
    return outcomes(data.unit[some], values[some])


def _share(some: int, everyone: int) -> Outcomes:
    """Returns a share of units as outcomes, each unit being 0 or 1."""
    mean = some / everyone if everyone else 0.0
    variance = mean * (1 - mean) * everyone / (everyone - 1) if everyone > 1 else 0.0
    return Outcomes(everyone, mean, variance, everyone)


def _moments(sums: Array64) -> Outcomes:
    """Returns outcomes from (3,): a count, a sum and a sum of squares."""
    n, total, squares = (float(each) for each in sums)
    mean = total / n if n else 0.0
    variance = max(0.0, (squares - n * mean * mean) / (n - 1)) if n > 1 else 0.0
    return Outcomes(int(n), mean, variance, int(n))


def _confidence(experiment: Experiment) -> float:
    """Returns the confidence of one comparison (Bonferroni).

    All comparisons of an experiment together then have `CONFIDENCE`.
    """
    return 1 - (1 - CONFIDENCE) / (len(experiment.arms) - 1)
