"""What a variant of the bot in an experiment (an arm) may change, and how a model is changed.

An arm may change settings that the model reads while it answers (`ARM_SETTINGS`). It may also name
another stored version of the model, which then answers (`MODEL`). An arm cannot change a setting
that is read only when a model is fitted, since the change would have no effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from recommender.experiments.assignment import Experiment
from recommender.hybrid.config import FORMER_SETTINGS, RankingConfig
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.recommender import Recommender

MODEL = "model"  # the change that names a stored version of the model
MAX_VALUE = 1000.0  # no weight, price or half-way point needs to be larger


@dataclass(frozen=True)
class Setting:
    """The values that an arm (a variant in an experiment) may give to a setting.

    Attributes:
        whole: True if the value must be a whole number.
        least: the smallest value allowed.
        most: the largest value allowed.
    """

    whole: bool
    least: float
    most: float


SIGNED_SETTINGS = frozenset({"gate_bias"})  # numbers that may be below 0
FIT_SETTINGS = frozenset({"unrated_density"})  # numbers that only a fit reads


def _arm_settings() -> dict[str, Setting]:
    settings = {
        "clock": Setting(False, 0.0, MAX_VALUE),
        "tail.margin": Setting(False, 0.0, MAX_VALUE),
    }
    for part, kind in (("variety", VarietyConfig), ("ranking", RankingConfig)):
        for field in fields(kind):
            whole = isinstance(field.default, int)
            if not whole and not isinstance(field.default, float):
                continue  # a component's own settings: only a fit reads them
            if field.name in FIT_SETTINGS:
                continue
            divides = field.name.endswith(("_half", "_people"))
            least = 1 if whole else 0.01 if divides else 0.0
            least = -MAX_VALUE if field.name in SIGNED_SETTINGS else least
            settings[f"{part}.{field.name}"] = Setting(whole, least, MAX_VALUE)
    return settings


ARM_SETTINGS: Mapping[str, Setting] = _arm_settings()
"""Every setting that an arm may change. The names are those of the fields of
`pipeline.recommender.Config`. The exception is `tail.margin`, which is the attribute `margin` of
the fitted model's `LongTailPlace`.
"""
FORMER_NAMES: Mapping[str, str] = {
    f"ranking.{former}": f"ranking.{name}"
    for former, name in FORMER_SETTINGS["RankingConfig"].items()
}
"""The current name of each setting by the name it has in older files."""


def with_changes(model: Recommender, changes: Mapping[str, object]) -> Recommender:
    """Returns the model with the settings that an arm (a variant in an experiment) changes.

    changes: new values by the names of `ARM_SETTINGS`. An entry `MODEL` is ignored, because the
    caller already passes the version of the model that the arm names.
    """
    variety, ranking = _changes_of(changes, "variety"), _changes_of(changes, "ranking")
    config = replace(
        model.config,
        clock=cast("float", changes.get("clock", model.config.clock)),
        variety=replace(model.config.variety, **variety),
        ranking=replace(model.config.ranking, **ranking),
    )
    return replace(
        model,
        config=config,
        ranking=replace(model.ranking, config=replace(model.ranking.config, **ranking)),
        long_tail=replace(model.long_tail, **_changes_of(changes, "tail")),
    )


def _changes_of(changes: Mapping[str, object], part: str) -> dict[str, Any]:
    """Returns the changed settings that belong to one part of the configuration, such as "variety".

    The keys are names within that part: "strength" for "variety.strength". changes: new values by
    full names, such as "variety.strength". part: the part's name.
    """
    start = f"{part}."
    return {k.removeprefix(start): v for k, v in changes.items() if k.startswith(start)}


def model_versions(experiments: Sequence[Experiment]) -> frozenset[str]:
    """Returns the stored versions of the model that are named by arms (variants) of some
    experiments.
    """
    arms = (arm for experiment in experiments for arm in experiment.arms)
    return frozenset(str(arm.changes[MODEL]) for arm in arms if MODEL in arm.changes)
