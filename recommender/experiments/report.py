"""The results of an experiment as a report with plots, and as the content of a JSON file."""

from collections.abc import Callable
from datetime import datetime
from math import isfinite, isnan
from typing import Any

from recommender.experiments.assignment import Experiment
from recommender.experiments.findings import Findings
from recommender.experiments.sequential import CONFIDENCE, Duel, Outcomes, Uplift
from recommender.experiments.verdict import state, verdict
from recommender.remarks import Remark, written_out
from recommender.reports.plots import lines
from recommender.reports.report import Report, Section, Table

MAX_TABLE_LOOKS = 14  # the newest daily comparisons; the plot has all of them
METRIC_MEANINGS = {
    "taken": "share of the films shown whose reward is a half or more: rated with three stars or "
    "more, kept for later, or watched",
    "reward": "mean reward of the films shown",
    "rated": "share of the films shown that were rated, well or badly",
}
"""Name of a metric -> what it measures."""
GUARDRAIL_MEANINGS = {
    "refused": "share of the films shown that were answered with “not for me”",
    "unrated": "share of the ratings of films shown that were taken back",
    "opted-out": "share of the people who then kept out of others' picks, or had everything "
    "deleted",
    "seconds": "seconds that it took to choose the films of a card, on the mean",
}
"""Name of a guardrail -> what it measures."""


def experiment_report(found: Findings, now: datetime, say: Callable[[Remark], str] = str) -> Report:
    """Returns a report on an experiment, which compares variants of the bot (arms).

    The report has the verdict, each arm's figures, and the guardrails (figures that must not rise).
    It also has a check of the arms' sizes, and one comparison of the arms for each day. found: the
    results so far. now: time of the report. say: returns the sentence of a remark.
    """
    one = found.experiment
    lead = f"{' '.join(map(say, verdict(found, now)))} ({say(state(one, now))})"
    sections = [
        _arms(found),
        _rails(found),
        _sizes(found),
        _looks(found),
    ]
    return Report(f"Experiment {one.name}", lead, tuple(each for each in sections if each))


def _arms(found: Findings) -> Section:
    one = found.experiment
    text = f"{one.metric}: {METRIC_MEANINGS[one.metric]}."
    if found.duel is not None:
        rows = tuple(
            (
                arm.name, str(arm.outcomes.observations), _number(arm.outcomes.mean),
                str(found.duel.won[at]),
            )
            for at, arm in enumerate(found.arms)
        )  # fmt: skip
        text += (
            f" {found.cards} cards of {found.arms[0].exposed} {unit_words(one, 2)}; a card is won "
        )
        text += "by the ranking whose films came to more."
        return Section("Rankings", text, Table(("ranking", "films", one.metric, "cards won"), rows))
    text += (
        f" Intervals hold at every look at once, with {CONFIDENCE:.0%} confidence"
        f"{' over all arms' if len(found.arms) > 2 else ''}; each {unit_words(one, 1)} counts once."
    )
    ups: list[Uplift | None] = [None, *found.uplifts]
    cells = tuple(
        (
            arm.name,
            str(arm.exposed),
            str(arm.outcomes.units),
            str(arm.outcomes.observations),
            _number(arm.outcomes.mean),
            "" if up is None else interval_words(up),
            "" if up is None or isnan(up.evidence) else f"{up.evidence:.3g}",
        )
        for arm, up in zip(found.arms, ups, strict=True)
    )
    head = ("arm", "exposed", "with showings", "films", one.metric, "uplift", "e-value")
    return Section("Arms", text, Table(head, cells))


def _rails(found: Findings) -> Section | None:
    names = found.experiment.guardrails
    if not names:
        return None
    text = " ".join(f"{name}: {GUARDRAIL_MEANINGS[name]}." for name in names)
    rows = []
    for name in names:
        cells = [name, *(_number(arm.guardrails[name].mean) for arm in found.arms)]
        for rails in found.harm:
            cells.append(interval_words(rails[name], relative=False) or "not yet known")
        rows.append(tuple(cells))
    head = ["guardrail", *(arm.name for arm in found.arms)]
    head += [f"{arm.name}, difference" for arm, _ in zip(found.arms[1:], found.harm, strict=False)]
    return Section("Guardrails", text, Table(tuple(head), tuple(rows)))


def _sizes(found: Findings) -> Section:
    one = found.experiment
    condition = "something is broken" if found.mismatched else "as they should be"
    if one.kind == "interleave":
        text = f"A coin decides which ranking has the headline; {condition}."
        return Section("Sample-ratio check", text, Table(("e-value",), ((f"{found.sizes:.3g}",),)))
    rows = tuple(
        (arm.name, str(arm.exposed), f"{share:.0%}", str(arm.gone))
        for arm, share in zip(found.arms, one.shares.tolist(), strict=True)
    )
    text = f"Sizes of the arms: {condition} (e-value {found.sizes:.3g})."
    head = ("arm", "exposed", "its share should be", "opted out or deleted")
    return Section("Sample-ratio check", text, Table(head, rows))


def _looks(found: Findings) -> Section:
    one = found.experiment
    if found.duel is not None:
        duels = [(look.day, look.duel) for look in found.looks if look.duel is not None]
        name = one.arms[1].name
        cells = tuple((str(day), *_duel_cells(duel)) for day, duel in duels[-MAX_TABLE_LOOKS:])
        drawn = [(day, d) for day, d in duels if sum(d.won)]
        plot = lines(
            f"Share of decided cards won by {name}",
            "days",
            [float(day) for day, _ in drawn],
            {
                "share": [d.share for _, d in drawn],
                "low": [d.low for _, d in drawn],
                "high": [d.high for _, d in drawn],
            },
        )
        won = (f"won by {one.arms[0].name}", f"won by {name}")
        return Section(
            "Day by day",
            "",
            Table(("day", *won, "share", "low", "high"), cells),
            (plot,) if drawn else (),
        )
    plots = []
    for at, arm in enumerate(one.arms[1:]):
        judged = [(look.day, look.uplifts[at]) for look in found.looks]
        judged = [(day, up) for day, up in judged if isfinite(up.low) and not isnan(up.relative[0])]
        if judged:
            plots.append(
                lines(
                    f"Relative uplift of {one.metric} by {arm.name}",
                    "days",
                    [float(day) for day, _ in judged],
                    {
                        "uplift": [up.relative[0] for _, up in judged],
                        "low": [up.relative[1] for _, up in judged],
                        "high": [up.relative[2] for _, up in judged],
                    },
                )
            )
    rows = tuple(
        (str(look.day), *(interval_words(up) or "too little" for up in look.uplifts))
        for look in found.looks[-MAX_TABLE_LOOKS:]
    )
    columns = ("day", *(f"{arm.name}, uplift" for arm in one.arms[1:]))
    return Section("Day by day", "", Table(columns, rows), tuple(plots))


def _duel_cells(duel: Duel) -> tuple[str, ...]:
    numbers = (f"{value:.2f}" for value in (duel.share, duel.low, duel.high))
    return (str(duel.won[0]), str(duel.won[1]), *numbers)


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


def _number(value: float) -> str:
    return f"{value:.4f}"


def experiment_file(found: Findings, now: datetime) -> dict[str, Any]:
    """Returns all figures of an experiment as the content of a JSON file.

    Unknown figures are null. State and verdict are keys with their data, as remarks are, and no
    sentences.
    """
    one = found.experiment
    return {
        "experiment": one.name,
        "kind": one.kind,
        "unit": one.unit,
        "metric": one.metric,
        "state": written_out(state(one, now)),
        "verdict": [written_out(each) for each in verdict(found, now)],
        "sample_ratio": {"evidence": found.sizes, "mismatch": found.mismatched},
        "moved": found.moved,
        "cards": found.cards,
        "arms": {
            arm.name: {
                "exposed": arm.exposed,
                "gone": arm.gone,
                **_outcomes(arm.outcomes),
                "guardrails": {name: _outcomes(o) for name, o in arm.guardrails.items()},
            }
            for arm in found.arms
        },
        "uplifts": {
            arm.name: _uplift(up) for arm, up in zip(found.arms[1:], found.uplifts, strict=False)
        },
        "harm": {
            arm.name: {name: _uplift(up) for name, up in rails.items()}
            for arm, rails in zip(found.arms[1:], found.harm, strict=False)
        },
        "looks": [
            {
                "day": look.day,
                "uplifts": [_uplift(up) for up in look.uplifts],
                "duel": None if look.duel is None else _duel(look.duel),
            }
            for look in found.looks
        ],
        "duel": None if found.duel is None else _duel(found.duel),
    }


def _outcomes(found: Outcomes) -> dict[str, Any]:
    return {"units": found.units, "mean": found.mean, "observations": found.observations}


def _uplift(up: Uplift) -> dict[str, Any]:
    numbers = {"difference": up.difference, "low": up.low, "high": up.high, "evidence": up.evidence}
    return {
        **{name: value if isfinite(value) else None for name, value in numbers.items()},
        "relative": None if isnan(up.relative[0]) else list(up.relative),
        "sure": up.sure,
    }


def _duel(duel: Duel) -> dict[str, Any]:
    return {
        "won": list(duel.won),
        "share": duel.share,
        "low": duel.low,
        "high": duel.high,
        "evidence": duel.evidence,
        "sure": duel.sure,
    }
