"""The experiments that are defined, and the models that their arms answer with.

An experiment compares variants of the bot, called arms. An arm may name a model version and may
change settings of the model.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from bot.services.notes import Note
from bot.services.serving.live_model import Served
from recommender.experiments.arm_settings import MODEL, model_versions, with_changes
from recommender.experiments.assignment import Arm, Experiment

log = logging.getLogger(__name__)


@dataclass
class Experiments:
    """The defined experiments, and the model versions that their arms (variants) need.

    Attributes:
        definitions: the experiments in the order of their file.
        loaded: the loaded model of each version that an arm names, by the version.
        missing: for each version that an arm names and that cannot be used, the reason.
    """

    definitions: tuple[Experiment, ...] = ()
    loaded: dict[str, Served] = field(default_factory=dict)
    missing: dict[str, Note] = field(default_factory=dict)
    _loaded_for: Served | None = None  # the model that was live when the versions were loaded
    _changed: dict[tuple[str, str], tuple[Served, Served]] = field(default_factory=dict)
    """For each (experiment, arm), the model without the arm's changed settings and the model with
    them.
    """

    def needed_versions(self, now: datetime) -> frozenset[str]:
        """Returns the model versions that arms (variants) of experiments name.

        Experiments that have ended are left out.
        """
        return model_versions([one for one in self.definitions if one.end is None or now < one.end])

    def arm_model(self, live: Served, experiment: Experiment, arm: Arm) -> Served | None:
        """Returns the model that answers for an arm (a variant); None if it cannot be used.

        It is the version that the arm names, or the live model if the arm names none. The settings
        that the arm changes are applied to it. This model is made once and kept until that version
        or the live model (which answers everybody) changes.
        """
        version = arm.changes.get(MODEL)
        base = live if version in (None, live.version) else self.loaded.get(str(version))
        if base is None or set(arm.changes) <= {MODEL}:
            return base
        key = (experiment.name, arm.name)
        kept = self._changed.get(key)
        if kept is None or kept[0] is not base:
            model = Served(with_changes(base.model, arm.changes), base.library)
            kept = self._changed[key] = (base, model)
        return kept[1]

    def is_stale(self, live: Served) -> bool:
        """True if another model has become live since the versions of the arms (variants) were
        loaded.

        live: the model that answers requests now.
        """
        return self._loaded_for is not live

    def replace_loaded(
        self, live: Served, loaded: dict[str, Served], missing: dict[str, Note]
    ) -> None:
        """Replaces `loaded` and `missing`. If a version is missing for a new reason, that is
        logged.

        live: the model that answers requests now.
        """
        for version, why in missing.items():
            if self.missing.get(version) != why:
                log.warning("an experiment waits: model %s cannot be served: %s", version, why)
        self._loaded_for, self.loaded, self.missing = live, loaded, missing
