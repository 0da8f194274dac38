"""The figures of all days of a simulated growing server as a plot, as JSON, and as a report."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from recommender.evaluation.growth.days import (
    BEFORE,
    HIT_PICKS,
    MAX_BELOW_TAGS,
    MAX_FALL,
    NOW,
    PICKS,
    TAGS_ALONE,
    Day,
    Loss,
)
from recommender.remarks import Remark, written_out
from recommender.reports.plots import lines
from recommender.reports.report import Report, Section, Table

MODELS = (NOW, BEFORE, TAGS_ALONE)
COLUMNS = ("day", "people", "ratings", "new", *(f"taste: {name}" for name in MODELS))
COLUMNS += tuple(f"hits: {name}" for name in MODELS)
MEANINGS = (
    f"taste: share of each person's {PICKS} picks that are of their taste. hits: share of the "
    f"films they would love and were never shown that are among {HIT_PICKS} picks. serves: the "
    "model after the night. day before: the model before the night, on the same requests. new: "
    "whether the night's model was promoted."
)


def growth_plot(days: Sequence[Day]) -> str:
    """Returns the figures of all days as SVG text."""
    series = {f"taste: {name}": [day.taste[name] for day in days] for name in MODELS}
    series |= {f"hits: {name}": [day.hits[name] for day in days] for name in MODELS}
    return lines(
        "Share of taste and hit rate in a growing server", "day", [d.day for d in days], series
    )


MEASURES = {"taste": "share of taste", "hits": "hit rate"}
BEHIND = {BEFORE: "model of the day before", TAGS_ALONE: "tags alone"}


def losses(days: Sequence[Day]) -> tuple[Loss, ...]:
    """Returns the losses of all days that are too large.

    On each day, the model in use is compared with the model of the day before, and with tags alone
    (a model without ratings).
    """
    return tuple(loss for day in days for loss in day.losses())


def growth_file(days: Sequence[Day], seed: int) -> dict[str, Any]:
    """Returns the figures of all days as the content of a JSON file.

    It has keys and figures, and no sentences. seed: the seed of the simulation.
    """
    every = [asdict(day) | {"why": written_out(day.why)} for day in days]
    return {"seed": seed, "days": every, "broken": [asdict(loss) for loss in losses(days)]}


def growth_report(
    days: Sequence[Day],
    films: int,
    tastes: Sequence[str],
    seed: int,
    say: Callable[[Remark], str] = str,
) -> Report:
    """Returns the report on a simulated growing server. films: number of films. tastes: names of
    the people's tastes. seed: seed of the simulation. days: the figures of each day. say: returns
    the sentence of a remark."""
    last = days[-1]
    broken = [
        f"day {one.day}: {MEASURES[one.measure]} {one.lost:.3f} below the {BEHIND[one.than]}"
        for one in losses(days)
    ]
    held = [day for day in days if not day.promoted]
    lead = (
        f"{films:,} films; {last.people} simulated people of {len(tastes)} tastes join and rate "
        f"for {len(days)} days (seed {seed}); {last.ratings:,} ratings, {len(days) - len(held)} of "
        f"{len(days)} nightly models promoted."
    )
    allowed = (
        f"No day falls by more than {MAX_FALL:.2f}, and none is more than {MAX_BELOW_TAGS:.2f} "
        "below the tags alone."
    )
    sections = [
        Section("Each day", MEANINGS, Table(COLUMNS, tuple(_row(day) for day in days))),
        Section("The days as a plot", plots=(growth_plot(days),)),
        Section("What fell", f"{'; '.join(broken)}." if broken else allowed),
    ]
    if held:
        rows = tuple((str(day.day), say(day.why)) for day in held)
        sections.append(Section("Nights held back", table=Table(("day", "why"), rows)))
    return Report("A growing server", lead, tuple(sections))


def _row(day: Day) -> tuple[str, ...]:
    figures = [*(day.taste[name] for name in MODELS), *(day.hits[name] for name in MODELS)]
    new = "yes" if day.promoted else "no"
    numbers = (str(day.day), str(day.people), str(day.ratings), new)
    return (*numbers, *(f"{value:.3f}" for value in figures))
