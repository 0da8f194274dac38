"""What experiments have found: from rows to `recommender.experiments.analysis`, and in words for the owner."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import Sorry
from bot.services.experiments.serve import BOTH
from bot.services.serving.evidence import STARS
from bot.services.wording import listed
from recommender.experiments import report
from recommender.experiments.analysis import ExperimentData, Exposed, Findings, findings
from recommender.experiments.assignment import Experiment
from recommender.feedback import NAMES, FeedbackActs, Shown
from storage.feedback import exposures
from storage.feedback.exposures import ExposedFilm, Exposure, ExposureOutcome, label
from storage.feedback.rating_events import normalise_emoji

if TYPE_CHECKING:
    from bot.services.app import App

MOST = 6  # experiments told in one message


def named(app: "App", name: str) -> Experiment:
    """An experiment by its name. Raises Sorry, listing those there are."""
    known = app.experiments.definitions
    for one in known:
        if one.name == name:
            return one
    if not known:
        raise Sorry(f"No experiment is defined: {app.settings.experiments_file} does not exist.")
    raise Sorry(
        f"There is no experiment “{name[:40]}”; there is {listed([x.name for x in known])}."
    )


async def found(app: "App", one: Experiment, *, daily: bool = True) -> Findings:
    """What an experiment has found so far; without `daily` only as it stands now."""
    async with app.db.read() as conn:
        units = await exposures.of_experiment(conn, one.name, one.unit)
        showings = await exposures.shown_films(conn, one.name)
        acts = await exposures.outcomes(conn, one.name)
        labels = [label(one.name, arm.name) for arm in one.arms]
        seconds = [await exposures.seconds_of(conn, each) for each in labels]
        if one.kind == "interleave":  # everybody has both
            labels = [label(one.name, BOTH)] * len(one.arms)
        erased = [await exposures.erased_count(conn, each) for each in labels]
    trial = _trial(one, units, showings, acts, erased, seconds)
    # In the playground the bot's clock may be ahead of the command line's.
    now = max([app.clock().timestamp(), *trial.shown.at[-1:], *trial.acts.at[-1:]])
    return await asyncio.to_thread(findings, one, trial, now, daily=daily)


async def sizes(app: "App", one: Experiment) -> int:
    """How many units were exposed so far."""
    async with app.db.read() as conn:
        return sum((await exposures.units_per_arm(conn, one.name)).values())


async def told(app: "App") -> str:
    """Every experiment, how it stands and what it has found, for a message."""
    known, now = app.experiments.definitions, app.clock()
    if not known:
        return (
            "**Experiments**\nNone is defined. docs/experiments.md says how to write "
            "experiments.toml."
        )
    lines = ["**Experiments**"]
    for one in known[:MOST]:
        result = await found(app, one, daily=False)
        lines.append(f"**{one.name}** · {report.state(one, now)}")
        sizes = ", ".join(f"{arm.name} {arm.exposed}" for arm in result.arms)
        if one.kind == "interleave":
            sizes = f"{result.arms[0].exposed} people, {result.cards} cards"
        lines.append(f"-# {sizes} · {result.showings} films shown")
        lines.append(f"-# {report.verdict(result, now)}")
        lines += [f"-# It waits: {why}" for why in waiting(app, one)]
    if len(known) > MOST:
        lines.append(f"-# and {len(known) - MOST} more: `matinee experiment list`")
    return "\n".join(lines)


def waiting(app: "App", one: Experiment) -> list[str]:
    """Why an experiment's arms cannot be served just now; needs `experiments.refresh` before."""
    missing = app.experiments.missing
    return [
        f"arm “{arm.name}” names {arm.changes['model']}: "
        f"{missing[str(arm.changes['model'])].removesuffix('.')}."
        for arm in one.arms
        if str(arm.changes.get("model")) in missing
    ]


def _trial(
    one: Experiment,
    units: Sequence[Exposure],
    showings: Sequence[ExposedFilm],
    acts: Sequence[ExposureOutcome],
    erased: Sequence[int],
    seconds: Sequence[tuple[int, float, float]],
) -> ExperimentData:
    """Rows as arrays. Of a name that the definition no longer has, nothing is left."""
    arms = {arm.name: at for at, arm in enumerate(one.arms)}
    if one.kind == "interleave":
        arms = {BOTH: 0}
    by_label = {label(one.name, name): at for name, at in arms.items()}
    units = [unit for unit in units if unit.arm in arms]
    showings = [
        each for each in showings if each.arm in by_label and _unit_of(one, each) is not None
    ]
    told = [(act, stars) for act in acts if (stars := _stars(act)) is not None]
    cards: dict[tuple[datetime, int | None, int | None], int] = {}
    return ExperimentData(
        Exposed(
            _ints(unit.unit_id for unit in units),
            _ints(arms[unit.arm] for unit in units),
            _times(unit.first_at for unit in units),
            np.array([unit.out for unit in units], np.bool_),
        ),
        Shown(
            _ints(each.film_id for each in showings),
            _ints(each.person_id or 0 for each in showings),
            _ints(each.message_id or 0 for each in showings),
            _times(each.shown_at for each in showings),
        ),
        _ints(_unit_of(one, each) or 0 for each in showings),
        _ints(by_label[each.arm] for each in showings),
        _ints(-1 if each.team is None else each.team for each in showings),
        _ints(
            cards.setdefault((each.shown_at, each.person_id, each.guild_id), len(cards))
            for each in showings
        ),
        FeedbackActs(
            _ints(act.film_id for act, _ in told),
            _ints(act.person_id for act, _ in told),
            _ints(act.message_id or 0 for act, _ in told),
            _ints(NAMES.index(act.kind) for act, _ in told),
            np.array([stars for _, stars in told], np.float64),
            _times(act.at for act, _ in told),
            np.zeros(len(told), np.bool_),
        ),
        np.array([act.holds for act, _ in told], np.bool_),
        _ints(erased),
        np.array(seconds, np.float64).reshape(-1, 3),
    )


def _unit_of(one: Experiment, each: ExposedFilm) -> int | None:
    return each.person_id if one.unit == "person" else each.guild_id


def _stars(act: ExposureOutcome) -> float | None:
    """An act's stars, NaN where its kind has none; None for what rates nothing: an emoji outside
    the scale, a rating taken back by command."""
    if act.kind == "reacted":
        return STARS.get(normalise_emoji(act.emoji or ""))
    return act.stars if act.kind == "rated" else float("nan")


def _ints(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), np.int64)


def _times(values: Iterable[datetime]) -> np.ndarray:
    return np.array([at.timestamp() for at in values], np.float64)
