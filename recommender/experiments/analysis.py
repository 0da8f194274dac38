"""Computes the results of an experiment so far.

An experiment compares variants of the bot (arms); one arm is the control. An impression is one film
shown to a unit, which is a person or a server. An impression counts only under three conditions:
its arm is the arm that first answered the unit, it was shown with or after that first answer, and
the unit has not opted out (of having its acts used for other people's picks). `feedback.credit`
decides which impression each act (a rating, for instance) responds to. An impression for one person
is judged by that person's acts only, an impression for a whole server by everybody's.

A metric turns each impression into one number. Each unit counts once, by the mean of its
impressions, so that busy people do not decide alone. The arms are compared once for each day, by
what had been shown and done by the end of that day. Each comparison is called a look.
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

MAX_LOOKS = 120  # a longer experiment is compared every second or third day, and so on


def analyse(
    experiment: Experiment, data: ExperimentData, now: float, *, daily: bool = True
) -> Findings:
    """Returns the results of an experiment at `now`, Unix seconds.

    daily: True to compare the arms (variants) also at the end of each day, False to compare them
    only now. data: what is stored about the experiment.
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
    """Returns, for each arm but the control, how far each guardrail differs from the control's.

    An arm is a variant of the bot. A guardrail is a figure that must not rise. Empty if the
    experiment interleaves two arms (lets them choose the films of each message in turn).
    """
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
    """Returns only the impressions that count, and how many units changed arms.

    An impression is one film shown to a unit (a person or a server) by an arm (a variant of the
    bot). Three conditions must hold: its arm is the first that answered the unit, it was shown with
    or after that first answer, and the unit has not opted out of experiments. A unit changed arms
    if a second arm has answered it too.
    """
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
    """Returns pairs (full days, Unix seconds) for the end of each day of the experiment, and for
    now.

    Days are counted from the first answer in the experiment. exposed: (units,) Unix seconds at
    which each unit (person or server) got its first answer. If there are no units, the result is
    empty.
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
    """Returns (n,) the metric of each film shown, and (n,) True if it was shown by the time
    `until`.

    until: Unix seconds. Only acts up to that time count. Acts that were taken back do not count.
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
    """Returns (k,) True for each row of `credited` whose person may judge the film shown.

    A film shown to a person is judged by that person's acts only. A film shown to a server is
    judged by everybody's acts. shown: the films shown. credited: k acts, each with the showing it
    responds to.
    """
    asker = shown.person[credited.shown]
    return np.asarray((asker == 0) | (asker == credited.person))


def _unrated(data: ExperimentData) -> tuple[Ints64, Array64]:
    """Returns two (r,) arrays about the r ratings of films that the experiment had shown.

    The first array has the row of the showing that each rating responds to. The second is 1.0 if
    the rating was taken back, else 0.0. A rating was taken back if its person now has no rating of
    the film.
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
    """Returns the comparison of two arms (variants) that take turns to choose the films of each
    card.

    A card is a message with films. The arm whose films have the larger sum of the metric wins it.
    values: (n,) metric of each film shown. seen: (n,) True for the films shown that count.
    """
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
    """Returns the e-value against the hypothesis that the arms' sizes fit their planned shares.

    An arm is a variant that some units (people or servers) get. The result is the mean of two
    e-values: one for all units that an arm has answered, one for those units that were shown a film
    or opted out. If the experiment interleaves two arms, the hypothesis is another: each arm
    chooses the first film of half the cards (messages with films), because a coin decides it. data:
    what is stored about the experiment.
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
    """Returns the count, mean and variance of a measure that is 1 for some units and 0 for the
    others.

    A unit is a person or a server. some: number of units for which the measure is 1. everyone:
    number of all units.
    """
    mean = some / everyone if everyone else 0.0
    variance = mean * (1 - mean) * everyone / (everyone - 1) if everyone > 1 else 0.0
    return Outcomes(everyone, mean, variance, everyone)


def _moments(sums: Array64) -> Outcomes:
    """Returns the count, mean and variance of observations. sums: (3,) count, sum and sum of
    squares.
    """
    n, total, squares = (float(each) for each in sums)
    mean = total / n if n else 0.0
    variance = max(0.0, (squares - n * mean * mean) / (n - 1)) if n > 1 else 0.0
    return Outcomes(int(n), mean, variance, int(n))


def _confidence(experiment: Experiment) -> float:
    """Returns the confidence, 0 to 1, that each comparison of an arm (a variant) with the control
    needs.

    All comparisons of the experiment together then have the confidence `CONFIDENCE` (Bonferroni).
    """
    return 1 - (1 - CONFIDENCE) / (len(experiment.arms) - 1)
