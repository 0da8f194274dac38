"""What an experiment has found, in words, as a report with its picture, and as a file's content."""

from datetime import UTC, datetime
from math import isfinite, isnan
from typing import Any

from recommender.experiments.analysis import Findings
from recommender.experiments.assignment import Experiment
from recommender.experiments.metrics import GUARDRAILS, METRICS
from recommender.experiments.sequential import CONFIDENCE, LEAST_UNITS, Duel, Outcomes, Uplift
from recommender.reports.plots import lines
from recommender.reports.report import Report, Section, Table

LOOKS_SHOWN = 14  # in the table; the picture has all


def verdict(found: Findings, now: datetime) -> str:
    """In two or three sentences: whether the arms differ, by how much, and what to do."""
    one = found.experiment
    over = "" if one.running(now) else " It is over." if one.end and one.end <= now else ""
    if found.mismatched:
        what = "headlines" if one.kind == "interleave" else "sizes"
        return (
            f"Sample-ratio mismatch: the arms do not have the {what} they should, so nothing below "
            "may be trusted. Look for what loses cards of one arm (errors in the log, an arm that "
            f"could not be served, shares changed meanwhile), and begin anew with a new name.{over}"
        )
    said = _of_duel(found) if found.duel is not None else _of_uplifts(found)
    harm = [
        f"“{arm.name}” raises {name} ({_interval(rail, relative=False)})"
        for arm, rails in zip(found.arms[1:], found.harm, strict=False)
        for name, rail in rails.items()
        if rail.low > 0
    ]
    if harm:
        said += f" A guardrail is broken: {'; '.join(harm)}."
    if found.moved:
        said += (
            f" {found.moved} {_units(one, found.moved)} saw two arms: the definition was changed "
            "while it ran; only what fits their first arm is counted."
        )
    return said + over


def _of_duel(found: Findings) -> str:
    assert found.duel is not None
    first, second = (arm.name for arm in found.experiment.arms)
    duel, total = found.duel, sum(found.duel.won)
    share = f"{duel.share:.0%} of {total} decided cards ({duel.low:.0%} to {duel.high:.0%})"
    if not duel.sure:
        return f"No winner can be told yet: “{second}” won {share}."
    if duel.low > 0.5:
        return f"“{second}” is better than “{first}”: it won {share}."
    return f"“{first}” is better than “{second}”, which won {share}."


def _of_uplifts(found: Findings) -> str:
    metric, control = found.experiment.metric, found.arms[0]
    said = []
    for arm, up in zip(found.arms[1:], found.uplifts, strict=True):
        few = min((control, arm), key=lambda each: each.outcomes.units)
        if few.outcomes.units < LEAST_UNITS:
            units = _units(found.experiment, LEAST_UNITS)
            said.append(
                f"“{arm.name}”: too little to judge yet; it takes {LEAST_UNITS} {units} in each "
                f"arm, and “{few.name}” has {few.outcomes.units}."
            )
        elif not up.sure:
            said.append(
                f"“{arm.name}”: no difference in {metric} can be told yet"
                f"{f' ({_interval(up)})' if isfinite(up.low) else ''}."
            )
        else:
            better = "better" if up.low > 0 else "worse"
            said.append(f"“{arm.name}” is {better}: {metric} {_interval(up)}.")
    return " ".join(said)


def trial_report(found: Findings, now: datetime) -> Report:
    """Arms, guardrails, looks and the verdict."""
    one = found.experiment
    lead = f"{verdict(found, now)} ({state(one, now)})"
    sections = [
        _arms(found),
        _rails(found),
        _sizes(found),
        _looks(found),
    ]
    return Report(f"Experiment {one.name}", lead, tuple(each for each in sections if each))


def state(one: Experiment, now: datetime) -> str:
    """ "running since …", in UTC."""
    if one.start is not None and now < one.start:
        return f"begins {_moment(one.start)}"
    if one.end is not None and one.end <= now:
        return f"ended {_moment(one.end)}"
    since = f" since {_moment(one.start)}" if one.start else ""
    until = f", until {_moment(one.end)}" if one.end else ""
    return f"running{since}{until}"


def _arms(found: Findings) -> Section:
    one = found.experiment
    text = f"{one.metric}: {METRICS[one.metric].meaning}."
    if found.duel is not None:
        rows = tuple(
            (
                arm.name, str(arm.outcomes.observations), _number(arm.outcomes.mean),
                str(found.duel.won[at]),
            )
            for at, arm in enumerate(found.arms)
        )  # fmt: skip
        text += f" {found.cards} cards of {found.arms[0].exposed} {_units(one, 2)}; a card is won "
        text += "by the ranking whose films came to more."
        return Section("Rankings", text, Table(("ranking", "films", one.metric, "cards won"), rows))
    text += (
        f" Intervals hold at every look at once, with {CONFIDENCE:.0%} confidence"
        f"{' over all arms' if len(found.arms) > 2 else ''}; each {_units(one, 1)} counts once."
    )
    ups: list[Uplift | None] = [None, *found.uplifts]
    cells = tuple(
        (
            arm.name,
            str(arm.exposed),
            str(arm.outcomes.units),
            str(arm.outcomes.observations),
            _number(arm.outcomes.mean),
            "" if up is None else _interval(up),
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
    text = " ".join(f"{name}: {GUARDRAILS[name].meaning}." for name in names)
    rows = []
    for name in names:
        cells = [name, *(_number(arm.guardrails[name].mean) for arm in found.arms)]
        for rails in found.harm:
            cells.append(_interval(rails[name], relative=False) or "not yet known")
        rows.append(tuple(cells))
    head = ["guardrail", *(arm.name for arm in found.arms)]
    head += [f"{arm.name}, difference" for arm, _ in zip(found.arms[1:], found.harm, strict=False)]
    return Section("Guardrails", text, Table(tuple(head), tuple(rows)))


def _sizes(found: Findings) -> Section:
    one = found.experiment
    said = "something is broken" if found.mismatched else "as they should be"
    if one.kind == "interleave":
        text = f"A coin decides which ranking has the headline; {said}."
        return Section("Sample-ratio check", text, Table(("e-value",), ((f"{found.sizes:.3g}",),)))
    rows = tuple(
        (arm.name, str(arm.exposed), f"{share:.0%}", str(arm.gone))
        for arm, share in zip(found.arms, one.shares.tolist(), strict=True)
    )
    text = f"Sizes of the arms: {said} (e-value {found.sizes:.3g})."
    head = ("arm", "exposed", "its share should be", "opted out or deleted")
    return Section("Sample-ratio check", text, Table(head, rows))


def _looks(found: Findings) -> Section:
    one = found.experiment
    if found.duel is not None:
        duels = [(look.day, look.duel) for look in found.looks if look.duel is not None]
        name = one.arms[1].name
        cells = tuple((str(day), *_duel_cells(duel)) for day, duel in duels[-LOOKS_SHOWN:])
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
        known = [(look.day, look.uplifts[at]) for look in found.looks]
        known = [(day, up) for day, up in known if isfinite(up.low) and not isnan(up.relative[0])]
        if known:
            plots.append(
                lines(
                    f"Relative uplift of {one.metric} by {arm.name}",
                    "days",
                    [float(day) for day, _ in known],
                    {
                        "uplift": [up.relative[0] for _, up in known],
                        "low": [up.relative[1] for _, up in known],
                        "high": [up.relative[2] for _, up in known],
                    },
                )
            )
    rows = tuple(
        (str(look.day), *(_interval(up) or "too little" for up in look.uplifts))
        for look in found.looks[-LOOKS_SHOWN:]
    )
    columns = ("day", *(f"{arm.name}, uplift" for arm in one.arms[1:]))
    return Section("Day by day", "", Table(columns, rows), tuple(plots))


def _duel_cells(duel: Duel) -> tuple[str, ...]:
    numbers = (f"{value:.2f}" for value in (duel.share, duel.low, duel.high))
    return (str(duel.won[0]), str(duel.won[1]), *numbers)


def _interval(up: Uplift, *, relative: bool = True) -> str:
    """ "+12% (+3% to +22%)", or differences where there is nothing to compare with."""
    if not isfinite(up.low):
        return ""
    if relative and not isnan(up.relative[0]):
        mean, low, high = (f"{value:+.1%}" for value in up.relative)
    else:
        mean, low, high = (f"{value:+.3g}" for value in (up.difference, up.low, up.high))
    return f"{mean} ({low} to {high})"


def _units(one: Experiment, n: int) -> str:
    if one.unit == "server":
        return "server" if n == 1 else "servers"
    return "person" if n == 1 else "people"


def _number(value: float) -> str:
    return f"{value:.4f}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def trial_file(found: Findings, now: datetime) -> dict[str, Any]:
    """The figures as JSON can; null where nothing can be said yet."""
    one = found.experiment
    return {
        "experiment": one.name,
        "kind": one.kind,
        "unit": one.unit,
        "metric": one.metric,
        "state": state(one, now),
        "verdict": verdict(found, now),
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
