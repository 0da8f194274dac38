"""The result of an experiment as remarks, which `bot/wording` turns into two or three sentences.

This module draws no plots, so the bot can use it for its command /lab and needs no plot library.
"""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite, isnan

from recommender.experiments.assignment import Experiment
from recommender.experiments.findings import Findings
from recommender.experiments.sequential import MIN_UNITS, Duel, Uplift
from recommender.remarks import Remark, remark


def verdict(found: Findings, now: datetime) -> tuple[Remark, ...]:
    """Returns remarks on an experiment: whether its arms differ, by how much, and what to do.

    An arm is a variant of the bot. found: the results so far. now: the present time.
    """
    one = found.experiment
    ended = not one.running(now) and one.end is not None and one.end <= now
    over = (remark("experiment-over"),) if ended else ()
    if found.mismatched:
        return (remark("sample-ratio-mismatch", kind=one.kind), *over)
    results = (
        (_duel_won(found, found.duel),) if found.duel is not None else tuple(_uplifts_seen(found))
    )
    harm = tuple(
        remark("guardrail-broken", arm=arm.name, guardrail=name, **difference(rail, relative=False))
        for arm, rails in zip(found.arms[1:], found.harm, strict=False)
        for name, rail in rails.items()
        if rail.low > 0
    )
    moved = (remark("units-moved", n=found.moved, unit=one.unit),) if found.moved else ()
    return (*results, *harm, *moved, *over)


def _duel_won(found: Findings, duel: Duel) -> Remark:
    first, second = (arm.name for arm in found.experiment.arms)
    shares = {"share": duel.share, "low": duel.low, "high": duel.high, "total": sum(duel.won)}
    if not duel.sure:
        return remark("no-winner-yet", arm=second, **shares)
    key = "second-arm-wins" if duel.low > 0.5 else "first-arm-wins"
    return remark(key, first_arm=first, second_arm=second, **shares)


def _uplifts_seen(found: Findings) -> Iterator[Remark]:
    """Yields a remark for each arm but the control: how its metric differs from the control's."""
    metric, control = found.experiment.metric, found.arms[0]
    for arm, up in zip(found.arms[1:], found.uplifts, strict=True):
        few = min((control, arm), key=lambda each: each.outcomes.units)
        if few.outcomes.units < MIN_UNITS:
            yield remark(
                "arm-too-small",
                arm=arm.name,
                unit=found.experiment.unit,
                n=MIN_UNITS,
                smallest_arm=few.name,
                units=few.outcomes.units,
            )
        elif not up.sure:
            yield remark("no-difference-yet", arm=arm.name, metric=metric, **difference(up))
        else:
            key = "arm-better" if up.low > 0 else "arm-worse"
            yield remark(key, arm=arm.name, metric=metric, **difference(up))


def difference(up: Uplift, *, relative: bool = True) -> dict[str, object]:
    """Returns an arm's difference to the control, with its interval, as the data of a remark.

    "relative" in the data tells whether the figures are shares of the control's mean. They are not
    if `relative` is False or if the control's mean is 0. The figures are None if there are too few
    data to judge the arm (a variant in an experiment). up: the difference, with its interval.
    """
    if not isfinite(up.low):
        return {"mean": None, "low": None, "high": None, "relative": False}
    relative = relative and not isnan(up.relative[0])
    mean, low, high = up.relative if relative else (up.difference, up.low, up.high)
    return {"mean": mean, "low": low, "high": high, "relative": relative}


def state(one: Experiment, now: datetime) -> Remark:
    """Returns a remark on whether the experiment runs and since when."""
    if one.start is not None and now < one.start:
        return remark("experiment-begins", at=one.start)
    if one.end is not None and one.end <= now:
        return remark("experiment-ended", at=one.end)
    return remark("experiment-running", start=one.start, until=one.end)
