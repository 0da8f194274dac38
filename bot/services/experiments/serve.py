"""Experiments while the bot answers: who is in one, which arm decides their card, and that it did.

A unit is in one experiment at a time, the first of the file that runs and takes it in. Who keeps
out of others' picks is in none. An arm that cannot be served stops its experiment: the control
answers, nobody is counted, and the log says why.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.catalogue.arrays import Facts
from bot.services.serving import lines as choosing
from bot.services.serving.experiment_arms import Experiments
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import SpeaksTo
from bot.services.training import versions
from bot.services.view_models import Line, Requester
from bot.settings import Settings
from recommender.experiments import definition
from recommender.experiments.assignment import Arm, Experiment, arm_of, place
from recommender.experiments.definition import ExperimentError
from recommender.experiments.interleaving import interleave
from recommender.pipeline.recommend import WildDraw
from recommender.training.artifacts import ArtifactError
from storage import registry
from storage.feedback import exposures
from storage.people import profiles

if TYPE_CHECKING:
    from bot.services.app import App

log = logging.getLogger(__name__)

BOTH = "both"  # the arm of whom two interleaved rankings serve
GONE = "it is not among the versions kept; `matinee models` lists them"


def defined(settings: Settings) -> tuple[Experiment, ...]:
    """The definitions; none where there is no file and none was named. Raises ExperimentError."""
    path = settings.experiments_file
    if settings.experiments is None and not path.exists():
        return ()
    if not path.exists():
        raise ExperimentError([f"{path} does not exist; MATINEE_EXPERIMENTS names it."])
    return definition.read_experiments(path)


async def refresh(app: "App") -> None:
    """Have the versions that arms name, each read once beside the model that serves now."""
    mine, live = app.experiments, app.live.served
    needed = mine.needed(app.clock()) - {live.version}
    if not needed:
        mine.take(live, {}, {})
        return
    async with app.db.read() as conn:
        kept = {version.version: version for version in await registry.versions(conn)}
    loaded: dict[str, Served] = {}
    missing: dict[str, str] = {}
    fresh = mine.stale(live)
    for name in sorted(needed):
        known, why = mine.loaded.get(name), mine.missing.get(name, GONE)
        if name not in kept:
            missing[name] = GONE
        elif known is not None and not fresh:
            loaded[name] = known
        elif why != GONE and not fresh:
            missing[name] = why  # found unusable; none is tried for ever
        else:
            try:
                loaded[name] = await versions.serve(app, kept[name])
            except ArtifactError as error:
                missing[name] = str(error)
    mine.take(live, loaded, missing)


@dataclass(frozen=True)
class Treatment:
    """What answers somebody. second: of two interleaved rankings; experiment: None outside of one,
    with the name of the arm, and whom it counts; alike: whether every arm ranks the live model's
    films, one ranking a card, so that a wild card may be drawn in any; seconds: what choosing took.
    """

    served: Served
    second: Served | None = None
    experiment: Experiment | None = None
    arm: str = ""
    unit_id: int = 0
    alike: bool = True
    seconds: float = 0.0

    @property
    def label(self) -> str | None:
        """What an impression keeps of it."""
        return exposures.label(self.experiment.name, self.arm) if self.experiment else None

    def version(self, team: int | None) -> str:
        """The model that chose a film."""
        return self.second.version if team == 1 and self.second else self.served.version


async def trial(app: "App", requester: Requester) -> Treatment:
    """What answers who asks: an arm of the experiment they are in, else the live model."""
    live = app.live.served
    for one in app.experiments.definitions:
        unit_id = requester.person_id if one.unit == "person" else requester.guild_id
        if not unit_id or not one.running(requester.now):
            continue
        arm = arm_of(one, unit_id)
        if arm is None:
            continue
        if requester.person_id and not await _takes_part(app, requester.person_id):
            return Treatment(live)
        return _of_arm(app.experiments, live, one, arm, unit_id)
    return Treatment(live)


def _of_arm(mine: Experiments, live: Served, one: Experiment, arm: Arm, unit_id: int) -> Treatment:
    served = [mine.served(live, one, each) for each in one.arms]
    ready = [each for each in served if each is not None]
    if len(ready) < len(served):
        return Treatment(served[0] or live)
    if one.kind == "interleave":
        return Treatment(ready[0], ready[1], one, BOTH, unit_id, alike=False)
    alike = all(each.model.catalogue is live.model.catalogue for each in ready)
    return Treatment(ready[one.arms.index(arm)], None, one, arm.name, unit_id, alike)


async def _takes_part(app: "App", person_id: int) -> bool:
    async with app.db.read() as conn:
        person = await profiles.get(conn, person_id)
    return person is None or person.shapes_others


@dataclass(frozen=True)
class Chosen:
    """Lines, best first, a note where a filter was read loosely, and what chose them."""

    lines: tuple[Line, ...]
    note: str | None
    trial: Treatment


def choose(
    found: Treatment,
    now: datetime,
    facts: Facts,
    count: int,
    *,
    speaks_to: SpeaksTo = "person",
    wild: WildDraw | None = None,
) -> Chosen:
    """As `choose.lines`, by what answers. Raises Sorry where nothing passes."""
    began = perf_counter()
    lines, note = choosing.lines(found.served, facts, count, speaks_to=speaks_to, wild=wild)
    if found.second is not None and found.experiment is not None:
        others, _ = choosing.lines(found.second, facts, count, speaks_to=speaks_to)
        coin = place(f"{found.experiment.name}:{now.timestamp()}", found.unit_id)
        lines = _interleaved(lines, others, count, np.random.default_rng(int(coin * 2**62)))
    return Chosen(lines, note, replace(found, seconds=perf_counter() - began))


def _interleaved(
    first: Sequence[Line], second: Sequence[Line], count: int, rng: np.random.Generator
) -> tuple[Line, ...]:
    """Of both rankings in turn, each line as the ranking that chose it words it."""
    sides = [{line.film_id: line for line in lines} for lines in (first, second)]
    both = interleave(list(sides[0]), list(sides[1]), count, rng)
    chosen = zip(both.films.tolist(), both.team.tolist(), strict=True)
    return tuple(replace(sides[team][film], team=team) for film, team in chosen)


async def expose(conn: AsyncConnection, found: Treatment, now: datetime) -> None:
    """Keep, with what is shown, that the arm decided it."""
    one = found.experiment
    if one is None:
        return
    await exposures.expose(conn, one.name, one.unit, found.unit_id, found.arm, now)
    if "seconds" in one.guardrails:
        await exposures.add_seconds(conn, exposures.label(one.name, found.arm), found.seconds)
