"""The result of an experiment in two or three sentences.

This module draws no plots, so the bot can use it for its command /lab and needs no plot library.
"""

from datetime import UTC, datetime
from math import isfinite, isnan

from recommender.experiments.assignment import Experiment
from recommender.experiments.findings import Findings
from recommender.experiments.sequential import MIN_UNITS, Uplift


def verdict(found: Findings, now: datetime) -> str:
    """Returns two or three sentences on an experiment: whether its arms differ, and what to do.

    An arm is a variant of the bot. The sentences also say by how much the arms differ. found: the
    results so far. now: the present time.
    """
    one = found.experiment
    over = "" if one.running(now) else " It is over." if one.end and one.end <= now else ""
    if found.mismatched:
        what = "headlines" if one.kind == "interleave" else "sizes"
        return (
            f"Sample-ratio mismatch: the arms do not have the {what} they should, so nothing below "
            "may be trusted. Look for what loses cards of one arm (errors in the log, an arm that "
            f"could not be served, shares changed meanwhile), and begin anew with a new name.{over}"
        )
    sentence = _duel_sentence(found) if found.duel is not None else _uplift_sentences(found)
    harm = [
        f"“{arm.name}” raises {name} ({interval_words(rail, relative=False)})"
        for arm, rails in zip(found.arms[1:], found.harm, strict=False)
        for name, rail in rails.items()
        if rail.low > 0
    ]
    if harm:
        sentence += f" A guardrail is broken: {'; '.join(harm)}."
    if found.moved:
        sentence += (
            f" {found.moved} {unit_words(one, found.moved)} saw two arms: the definition was "
            "changed while it ran; only what fits their first arm is counted."
        )
    return sentence + over


def _duel_sentence(found: Findings) -> str:
    assert found.duel is not None
    first, second = (arm.name for arm in found.experiment.arms)
    duel, total = found.duel, sum(found.duel.won)
    share = f"{duel.share:.0%} of {total} decided cards ({duel.low:.0%} to {duel.high:.0%})"
    if not duel.sure:
        return f"No winner can be told yet: “{second}” won {share}."
    if duel.low > 0.5:
        return f"“{second}” is better than “{first}”: it won {share}."
    return f"“{first}” is better than “{second}”, which won {share}."


def _uplift_sentences(found: Findings) -> str:
    metric, control = found.experiment.metric, found.arms[0]
    sentences = []
    for arm, up in zip(found.arms[1:], found.uplifts, strict=True):
        few = min((control, arm), key=lambda each: each.outcomes.units)
        if few.outcomes.units < MIN_UNITS:
            units = unit_words(found.experiment, MIN_UNITS)
            sentences.append(
                f"“{arm.name}”: too little to judge yet; it takes {MIN_UNITS} {units} in each "
                f"arm, and “{few.name}” has {few.outcomes.units}."
            )
        elif not up.sure:
            sentences.append(
                f"“{arm.name}”: no difference in {metric} can be told yet"
                f"{f' ({interval_words(up)})' if isfinite(up.low) else ''}."
            )
        else:
            better = "better" if up.low > 0 else "worse"
            sentences.append(f"“{arm.name}” is {better}: {metric} {interval_words(up)}.")
    return " ".join(sentences)


def state(one: Experiment, now: datetime) -> str:
    """Returns whether the experiment runs and since when, such as "running since …", with times in
    UTC.
    """
    if one.start is not None and now < one.start:
        return f"begins {_moment(one.start)}"
    if one.end is not None and one.end <= now:
        return f"ended {_moment(one.end)}"
    since = f" since {_moment(one.start)}" if one.start else ""
    until = f", until {_moment(one.end)}" if one.end else ""
    return f"running{since}{until}"


def interval_words(up: Uplift, *, relative: bool = True) -> str:
    """Returns an arm's difference to the control with its interval, such as "+12% (+3% to +22%)".

    Absolute differences are given instead of percentages if `relative` is False or if the control's
    mean is 0. Empty if there are too few data to judge the arm (a variant in an experiment). up:
    the difference, with its interval.
    """
    if not isfinite(up.low):
        return ""
    if relative and not isnan(up.relative[0]):
        mean, low, high = (f"{value:+.1%}" for value in up.relative)
    else:
        mean, low, high = (f"{value:+.3g}" for value in (up.difference, up.low, up.high))
    return f"{mean} ({low} to {high})"


def unit_words(one: Experiment, n: int) -> str:
    """Returns the noun for n units: person, people, server or servers."""
    if one.unit == "server":
        return "server" if n == 1 else "servers"
    return "person" if n == 1 else "people"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
