"""The results of experiments: reads what each arm (variant) showed and what people did about it."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from bot.errors import Sorry
from bot.services.app import App
from bot.services.experiments.treatment import INTERLEAVED_ARM
from bot.services.notes import Note, note, of_error
from bot.services.serving.evidence import STARS_BY_EMOJI
from recommender.experiments.assignment import Experiment
from recommender.experiments.experiment_data import ExperimentData, Exposed
from recommender.experiments.findings import Findings
from recommender.feedback import NAMES, FeedbackActs, Shown
from recommender.numeric.arrays import Array64, Ints64
from storage.feedback import exposures
from storage.feedback.emoji import normalise_emoji
from storage.feedback.exposures import ExposedFilm, Exposure, ExposureOutcome, label

MAX_EXPERIMENTS = 6  # described in one message


def experiment_named(app: App, name: str) -> Experiment:
    """Returns the experiment of that name. Raises Sorry, listing all names, if it is unknown."""
    defined = app.experiments.definitions
    for one in defined:
        if one.name == name:
            return one
    if not defined:
        raise Sorry("no-experiments", file=str(app.settings.experiments_file))
    raise Sorry("no-such-experiment", typed=name[:40], choices=[each.name for each in defined])


async def read_findings(app: App, one: Experiment, *, daily: bool = True) -> "Findings":
    """Returns what the experiment `one` has found so far.

    one: the experiment.
    daily: True to include, for each past day, the results by the end of that day.
    """
    # Imported here because only /lab and the command line need it; the bot starts faster without.
    from recommender.experiments.analysis import analyse

    async with app.db.read() as conn:
        units = await exposures.of_experiment(conn, one.name, one.unit)
        showings = await exposures.shown_films(conn, one.name)
        acts = await exposures.outcomes(conn, one.name)
        labels = [label(one.name, arm.name) for arm in one.arms]
        seconds = [await exposures.seconds_of(conn, each) for each in labels]
        if one.kind == "interleave":  # every person or server sees both arms
            labels = [label(one.name, INTERLEAVED_ARM)] * len(one.arms)
        erased = [await exposures.erased_count(conn, each) for each in labels]
    data = _experiment_data(one, units, showings, acts, erased, seconds)
    # In the playground the bot's clock may be ahead of the command line's.
    now = max([app.clock().timestamp(), *data.shown.at[-1:], *data.acts.at[-1:]])
    return await asyncio.to_thread(analyse, one, data, now, daily=daily)


async def exposed_units(app: App, one: Experiment) -> int:
    """Returns how many people or servers got an answer from any arm (variant) of an experiment.

    one: the experiment.
    """
    async with app.db.read() as conn:
        return len(await exposures.of_experiment(conn, one.name, one.unit))


async def summary(app: App) -> tuple[Note, ...]:
    """Returns the lines of a report on the state and the results of the experiments, as notes.

    At most MAX_EXPERIMENTS are described; a last line says how many more there are.
    """
    # Imported here for the same reason as in `read_findings`.
    from recommender.experiments.verdict import state, verdict

    defined, now = app.experiments.definitions, app.clock()
    lines = [note("experiments-heading")]
    if not defined:
        lines.append(note("none-defined"))
    for one in defined[:MAX_EXPERIMENTS]:
        found = await read_findings(app, one, daily=False)
        lines.append(note("experiment-state", name=one.name, state=state(one, now)))
        if one.kind == "interleave":
            units, shown = found.arms[0].exposed, found.showings
            lines.append(note("interleaved-size", people=units, cards=found.cards, films=shown))
        else:
            arms = [note("arm-size", name=arm.name, count=arm.exposed) for arm in found.arms]
            lines.append(note("experiment-size", arms=arms, films=found.showings))
        reasons = [of_error(each) for each in verdict(found, now)]
        lines.append(note("small-print", text=note("verdict", reasons=reasons)))
        lines += [note("experiment-waits", why=why) for why in unserved_arms(app, one)]
    if len(defined) > MAX_EXPERIMENTS:
        lines.append(note("more-experiments", n=len(defined) - MAX_EXPERIMENTS))
    return tuple(lines)


def unserved_arms(app: App, one: Experiment) -> list[Note]:
    """Returns a note for each arm (variant) whose model version cannot be used now, with the
    reason.

    Call `treatment.load_arm_versions` first, because it finds the versions that are missing.

    one: the experiment.
    """
    missing = app.experiments.missing
    return [
        note(
            "arm-unserved",
            arm=arm.name,
            version=str(arm.changes["model"]),
            reason=missing[str(arm.changes["model"])],
        )
        for arm in one.arms
        if str(arm.changes.get("model")) in missing
    ]


def _experiment_data(
    one: Experiment,
    units: Sequence[Exposure],
    showings: Sequence[ExposedFilm],
    acts: Sequence[ExposureOutcome],
    erased: Sequence[int],
    seconds: Sequence[tuple[int, float, float]],
) -> ExperimentData:
    """Returns the records of an experiment as arrays for the analysis.

    Records of arms (variants) that are no longer in the definition are left out.

    one: the experiment.
    units: the people or servers that its arms answered.
    showings: the films that its arms showed.
    acts: what people did about these films.
    erased: for each arm, how many people had their data erased.
    """
    arms = {arm.name: at for at, arm in enumerate(one.arms)}
    if one.kind == "interleave":
        arms = {INTERLEAVED_ARM: 0}
    by_label = {label(one.name, name): at for name, at in arms.items()}
    units = [unit for unit in units if unit.arm in arms]
    showings = [
        each for each in showings if each.arm in by_label and _unit_of(one, each) is not None
    ]
    graded = [(act, stars) for act in acts if (stars := _stars(act)) is not None]
    cards: dict[tuple[datetime, int | None, int | None], int] = {}
    return ExperimentData(
        exposed=Exposed(
            unit=_ints(unit.unit_id for unit in units),
            arm=_ints(arms[unit.arm] for unit in units),
            at=_times(unit.first_at for unit in units),
            out=np.array([unit.out for unit in units], np.bool_),
        ),
        shown=Shown(
            film=_ints(each.film_id for each in showings),
            person=_ints(each.person_id or 0 for each in showings),
            message=_ints(each.message_id or 0 for each in showings),
            at=_times(each.shown_at for each in showings),
        ),
        unit=_ints(_unit_of(one, each) or 0 for each in showings),
        arm=_ints(by_label[each.arm] for each in showings),
        team=_ints(-1 if each.team is None else each.team for each in showings),
        card=_ints(
            cards.setdefault((each.shown_at, each.person_id, each.guild_id), len(cards))
            for each in showings
        ),
        acts=FeedbackActs(
            film=_ints(act.film_id for act, _ in graded),
            person=_ints(act.person_id for act, _ in graded),
            message=_ints(act.message_id or 0 for act, _ in graded),
            outcome=_ints(NAMES.index(act.kind) for act, _ in graded),
            stars=np.array([stars for _, stars in graded], np.float64),
            at=_times(act.at for act, _ in graded),
            bot=np.zeros(len(graded), np.bool_),
        ),
        kept=np.array([act.holds for act, _ in graded], np.bool_),
        erased=_ints(erased),
        seconds=np.array(seconds, np.float64).reshape(-1, 3),
    )


def _unit_of(one: Experiment, each: ExposedFilm) -> int | None:
    return each.person_id if one.unit == "person" else each.guild_id


def _stars(act: ExposureOutcome) -> float | None:
    """Returns the stars that a person gave a film; NaN if what they did is no rating.

    Returns None if the record must be left out: a reaction with an emoji outside the rating scale,
    or a rating that was taken back by command.

    act: what the person did about the film.
    """
    if act.kind == "reacted" and act.stars is None:
        return STARS_BY_EMOJI.get(normalise_emoji(act.emoji or ""))
    return act.stars if act.kind in ("rated", "reacted") else float("nan")


def _ints(values: Iterable[int]) -> Ints64:
    return np.array(list(values), np.int64)


def _times(values: Iterable[datetime]) -> Array64:
    """Returns times as Unix seconds."""
    return np.array([at.timestamp() for at in values], np.float64)
