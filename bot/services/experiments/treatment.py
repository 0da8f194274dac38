"""The treatment of a request: which arm of an experiment answers it, and how that is recorded.

An arm is one of the variants that an experiment compares. A unit (a person or a server) is in one
experiment at a time: the first experiment in the file that is running and includes the unit. People
who opted out (their ratings may not shape other people's picks) are in no experiment. If the model
of an arm is missing, the experiment pauses: the model of the first arm (the control) answers
everybody, no answer counts for the experiment, and the log says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot.services.app import App
from bot.services.catalogue.arrays import Facts
from bot.services.notes import Note, note, of_error
from bot.services.serving.experiment_arms import Experiments
from bot.services.serving.lines import RankedLines, rank_lines
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import PERSON, Audience
from bot.services.training import versions
from bot.services.view_models import Line, Requester
from bot.settings import Settings
from recommender.errors import ArtifactError, DataError, ExperimentError
from recommender.experiments import definition
from recommender.experiments.assignment import Arm, Experiment, arm_of, place
from recommender.experiments.interleaving import interleave, shown_chances
from recommender.pipeline.recommend import WildDraw
from storage import registry
from storage.database.engine import Transaction
from storage.feedback import exposures

INTERLEAVED_ARM = "both"
"""The arm name that is stored for all units of an experiment that interleaves two rankings, because
they see both.
"""

VERSION_GONE = note("version-gone")
"""Why an arm cannot answer whose model version is no longer kept."""


def read_definitions(settings: Settings) -> tuple[Experiment, ...]:
    """Returns the experiments that the operator's file defines.

    If the settings name no file, the file in the data folder is read; () if there is no such file.
    Raises ExperimentError if a file is wrong, or if the settings name a file that does not exist.
    """
    path = settings.experiments_file
    if settings.experiments is None and not path.exists():
        return ()
    if not path.exists():
        raise ExperimentError([DataError("experiments-missing", file=str(path))])
    return definition.read_experiments(path)


async def load_arm_versions(app: App) -> None:
    """Loads the model versions that arms (variants) of experiments name.

    Versions that are already loaded are kept, unless another model has since become the one that
    answers everybody.
    """
    arms, live = app.experiments, app.live.served
    needed = arms.needed_versions(app.clock()) - {live.version}
    if not needed:
        arms.replace_loaded(live, {}, {})
        return
    async with app.db.read() as conn:
        kept = {version.version: version for version in await registry.versions(conn)}
    loaded: dict[str, Served] = {}
    missing: dict[str, Note] = {}
    stale = arms.is_stale(live)
    for name in sorted(needed):
        before, why = arms.loaded.get(name), arms.missing.get(name, VERSION_GONE)
        if name not in kept:
            missing[name] = VERSION_GONE
        elif before is not None and not stale:
            loaded[name] = before
        elif why != VERSION_GONE and not stale:
            missing[name] = why  # it was unusable before, so it is not read again
        else:
            try:
                loaded[name] = await versions.load(app, kept[name])
            except ArtifactError as error:
                missing[name] = of_error(error)
    arms.replace_loaded(live, loaded, missing)


@dataclass(frozen=True)
class Treatment:
    """What answers a request: one model, or two whose rankings are mixed (interleaved).

    Attributes:
        served: the model that answers, or the first of two.
        second: the second of two models; None if only one answers.
        experiment: the experiment that the request counts for; None if it counts for no experiment.
        arm: the name of the experiment's arm (variant); empty outside of an experiment.
        unit_id: id of the person or server that is assigned to the arm; 0 outside of an experiment.
        takes_wild_cards: True if a wild card (a new or little known film) may be among the films.
            This needs a single ranking in every arm, and arms that rank the same films as the live
            model.
    """

    served: Served
    second: Served | None = None
    experiment: Experiment | None = None
    arm: str = ""
    unit_id: int = 0
    takes_wild_cards: bool = True

    @property
    def label(self) -> str | None:
        """The label that is stored with each film shown, "experiment=arm" (an arm is a variant);
        None outside of an experiment.
        """
        return exposures.label(self.experiment.name, self.arm) if self.experiment else None

    def version(self, team: int | None) -> str:
        """Returns the version of the model that chose a film.

        team: which of two interleaved rankings chose the film, 0 or 1; None if only one model
        answers.
        """
        return self.second.version if team == 1 and self.second else self.served.version

    def rank(
        self,
        now: datetime,
        facts: Facts,
        count: int,
        *,
        audience: Audience = PERSON,
        wild: WildDraw | None = None,
    ) -> RankedLines:
        """Returns at most `count` films, ranked by this treatment, as lines with reasons.

        If the experiment interleaves two rankings, they are mixed at random. The seed depends on
        the experiment, the person or server, and `now`, so that the same call returns the same
        films. Raises Sorry, naming the filter to loosen, if no film passes the filters.

        facts: the ratings, filters and so on of the person or group.
        audience: whom the reasons address.
        wild: the films from which a wild card (a new or little known film) is drawn; None for no
            wild card.
        """
        first = rank_lines(self.served, facts, count, audience=audience, wild=wild)
        if self.second is None or self.experiment is None:
            return first
        second = rank_lines(self.second, facts, count, audience=audience)
        coin = place(f"{self.experiment.name}:{now.timestamp()}", self.unit_id)
        rng = np.random.default_rng(int(coin * 2**62))
        lines = _interleaved(first.lines, second.lines, count, rng)
        return RankedLines(lines, first.note, first.seconds + second.seconds)


def assign(app: App, requester: Requester, *, takes_part: bool) -> Treatment:
    """Returns what answers the requester: an arm of an experiment, or the live model.

    If an experiment assigns the person or server to an arm (variant), it is that arm. Otherwise it
    is the model that answers everybody.

    takes_part: False if the person opted out, so that their ratings do not shape other people's
        picks.
    """
    live = app.live.served
    if not takes_part:
        return Treatment(live)
    for experiment in app.experiments.definitions:
        unit_id = requester.person_id if experiment.unit == "person" else requester.guild_id
        if not unit_id or not experiment.running(requester.now):
            continue
        arm = arm_of(experiment, unit_id)
        if arm is not None:
            return _of_arm(app.experiments, live, experiment, arm, unit_id)
    return Treatment(live)


def _of_arm(
    arms: Experiments, live: Served, experiment: Experiment, arm: Arm, unit_id: int
) -> Treatment:
    """Returns what answers the person or server `unit_id`, which the experiment assigns to `arm`.

    An arm is a variant that the experiment compares. If the model of any arm is missing, the first
    arm's model (the control) answers. If that one is missing too, the live model does. Such answers
    count for no experiment.
    """
    models = [arms.arm_model(live, experiment, each) for each in experiment.arms]
    ready = [model for model in models if model is not None]
    if len(ready) < len(models):
        return Treatment(models[0] or live)
    if experiment.kind == "interleave":
        return Treatment(
            ready[0], ready[1], experiment, INTERLEAVED_ARM, unit_id, takes_wild_cards=False
        )
    same_films = all(model.model.catalogue is live.model.catalogue for model in ready)
    model = ready[experiment.arms.index(arm)]
    return Treatment(model, None, experiment, arm.name, unit_id, takes_wild_cards=same_films)


def _interleaved(
    first: Sequence[Line], second: Sequence[Line], count: int, rng: np.random.Generator
) -> tuple[Line, ...]:
    """Returns at most `count` films of two rankings, mixed at random.

    Each film keeps the reason that its ranking gave. The chance of a line is the probability that
    its film is in the result; None if there are too many possible mixtures to compute it.

    first, second: the two rankings, best film first.
    rng: the random generator that mixes them.
    """
    teams = [{line.film_id: line for line in lines} for lines in (first, second)]
    both = interleave(list(teams[0]), list(teams[1]), count, rng)
    chances = shown_chances(list(teams[0]), list(teams[1]), count)
    chosen = zip(both.films.tolist(), both.team.tolist(), strict=True)
    return tuple(
        replace(teams[team][film], team=team, chance=chances[film] if chances else None)
        for film, team in chosen
    )


async def expose(conn: Transaction, treatment: Treatment, seconds: float, now: datetime) -> None:
    """Records that an arm (a variant) of an experiment answered its person or server.

    Outside of an experiment it does nothing.

    conn: the transaction that also records the shown films.
    treatment: what answered.
    seconds: how long the ranking took. It is stored only if "seconds" is one of the experiment's
        guardrails (figures that must not rise).
    """
    experiment = treatment.experiment
    if experiment is None:
        return
    await exposures.expose(
        conn, experiment.name, experiment.unit, treatment.unit_id, treatment.arm, now
    )
    if "seconds" in experiment.guardrails:
        await exposures.add_seconds(conn, exposures.label(experiment.name, treatment.arm), seconds)
