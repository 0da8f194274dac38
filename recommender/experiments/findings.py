"""The results of one experiment, as `analysis.analyse` computes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.experiments.assignment import Experiment
from recommender.experiments.sequential import MISMATCH_ALPHA, Duel, Outcomes, Uplift


@dataclass(frozen=True)
class ArmFindings:
    """The results of one arm.

    Attributes:
        name: the arm's name.
        exposed: how many units were exposed to the arm, including units erased since.
        gone: how many of the exposed units opted out or had their data deleted.
        outcomes: the experiment's metric on the arm's showings.
        guardrails: each guardrail's figures by its name.
    """

    name: str
    exposed: int
    gone: int
    outcomes: Outcomes
    guardrails: Mapping[str, Outcomes]


@dataclass(frozen=True)
class Look:
    """The comparison of the arms at the end of one day.

    Attributes:
        day: full days since the first exposure.
        uplifts: for each arm but the control, its uplift; empty for an interleaving.
        duel: the cards won so far; None outside of an interleaving.
    """

    day: int
    uplifts: tuple[Uplift, ...] = ()
    duel: Duel | None = None


@dataclass(frozen=True)
class Findings:
    """Everything that an experiment has found so far.

    Attributes:
        experiment: the definition.
        arms: the results of each arm, the control first.
        uplifts: for each arm but the control, its uplift; empty for an interleaving.
        harm: for each arm but the control, the difference in each guardrail by its name; empty for
            an interleaving.
        looks: one comparison a day, oldest first; the last one is now.
        sizes: the e-value against "the arms have the sizes their shares give them".
        moved: how many units were shown another arm than the one they were exposed to.
        duel: the cards won so far; None outside of an interleaving.
        cards: how many cards count.
        showings: how many showings count.
    """

    experiment: Experiment
    arms: tuple[ArmFindings, ...]
    uplifts: tuple[Uplift, ...]
    harm: tuple[Mapping[str, Uplift], ...]
    looks: tuple[Look, ...]
    sizes: float
    moved: int
    duel: Duel | None = None
    cards: int = 0
    showings: int = 0

    @property
    def mismatched(self) -> bool:
        """True if something loses units of an arm, so that no conclusion can be drawn."""
        return self.sizes > 1 / MISMATCH_ALPHA
