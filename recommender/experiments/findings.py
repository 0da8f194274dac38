"""The results of one experiment, as `analysis.analyse` computes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.experiments.assignment import Experiment
from recommender.experiments.sequential import MISMATCH_ALPHA, Duel, Outcomes, Uplift


@dataclass(frozen=True)
class ArmFindings:
    """The results of one arm (a variant of the bot) of an experiment.

    Attributes:
        name: the arm's name.
        exposed: how many units (people or servers) the arm has ever answered, including those whose
            data were deleted since.
        gone: how many of these units opted out afterwards (their acts may not be used for other
            people's picks) or had their data deleted.
        outcomes: the experiment's metric over the films that the arm showed.
        guardrails: the figures of each guardrail (a measure that must not rise) in this arm, by
            name.
    """

    name: str
    exposed: int
    gone: int
    outcomes: Outcomes
    guardrails: Mapping[str, Outcomes]


@dataclass(frozen=True)
class Look:
    """The comparison of an experiment's arms (variants) at the end of one day.

    Attributes:
        day: number of full days since the experiment's first answer to anybody.
        uplifts: for each arm but the control, the difference of its metric to the control's; empty
            if the experiment interleaves two arms.
        duel: the number of cards (messages with films) that each of two interleaved arms has won so
            far; None for other experiments.
    """

    day: int
    uplifts: tuple[Uplift, ...] = ()
    duel: Duel | None = None


@dataclass(frozen=True)
class Findings:
    """Everything that an experiment has found so far. It compares arms (variants of the bot).

    Attributes:
        experiment: the definition.
        arms: the results of each arm, the control first.
        uplifts: for each arm but the control, the difference of its metric to the control's; empty
            if the experiment interleaves two arms.
        harm: for each arm but the control, the difference of each guardrail (a measure that must
            not rise) to the control's, by name; empty if the experiment interleaves two arms.
        looks: one comparison at the end of each day, oldest first. The last one is now.
        sizes: the e-value against the hypothesis that the numbers of units (people or servers) in
            the arms follow from the arms' shares. The larger, the less likely the hypothesis.
        moved: how many units were answered by more than one arm. This happens if the definition is
            changed while the experiment runs.
        duel: the number of cards (messages with films) that each of two interleaved arms has won so
            far; None for other experiments.
        cards: how many different cards the counted impressions were on.
        showings: how many impressions (films shown) count. Those shown by another arm than the
            unit's first one, before its first answer, or to units that opted out do not count.
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
        """True if the sizes of the arms (variants) do not fit their planned shares.

        The results then mean nothing.
        """
        return self.sizes > 1 / MISMATCH_ALPHA
