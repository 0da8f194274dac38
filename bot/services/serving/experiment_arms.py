"""The experiments as defined, and what their arms answer with."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.services.serving.live_model import Served
from recommender.experiments.arm_settings import MODEL, changed, model_versions
from recommender.experiments.assignment import Arm, Experiment

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)


@dataclass
class Experiments:
    """The definitions, and what their arms answer with. missing: why a version cannot be served."""

    definitions: tuple[Experiment, ...] = ()
    loaded: dict[str, Served] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    _beside: Served | None = None  # the live model when the versions were loaded
    _made: dict[tuple[str, str], tuple[Served, Served]] = field(default_factory=dict)

    def needed(self, now: datetime) -> frozenset[str]:
        """The versions of the model that arms name, of experiments that are not over."""
        return model_versions(
            [one for one in self.definitions if one.end is None or now < one.end]
        )

    def served(self, live: Served, experiment: Experiment, arm: Arm) -> Served | None:
        """What answers for an arm; None where its version cannot be served."""
        version = arm.changes.get(MODEL)
        base = live if version in (None, live.version) else self.loaded.get(str(version))
        if base is None or set(arm.changes) <= {MODEL}:
            return base
        key = (experiment.name, arm.name)
        made = self._made.get(key)
        if made is None or made[0] is not base:
            made = self._made[key] = (base, Served(changed(base.model, arm.changes), base.library))
        return made[1]

    def stale(self, live: Served) -> bool:
        """Whether another model serves than when the versions were loaded."""
        return self._beside is not live

    def take(self, live: Served, loaded: dict[str, Served], missing: dict[str, str]) -> None:
        """From now on arms answer with these versions."""
        for version, why in missing.items():
            if self.missing.get(version) != why:
                log.warning("an experiment waits: model %s cannot be served: %s", version, why)
        self._beside, self.loaded, self.missing = live, loaded, missing
