"""The stored facts of one experiment as arrays: exposures, showings and acts."""

from dataclasses import dataclass

from recommender.feedback import FeedbackActs, Shown
from recommender.numeric.arrays import Array64, Bools, Ints64


@dataclass(frozen=True, eq=False)
class Exposed:
    """The units that were exposed to an experiment.

    Attributes:
        unit: (units,) ids.
        arm: (units,) indices of their arms; 0 for every unit of an interleaving.
        at: (units,) the first exposure, Unix seconds.
        out: (units,) True if the unit opted out afterwards.
    """

    unit: Ints64
    arm: Ints64
    at: Array64
    out: Bools


@dataclass(frozen=True, eq=False)
class ExperimentData:
    """Everything that is known about one experiment.

    Attributes:
        exposed: the units that were exposed.
        shown: the (n,) showings that name the experiment.
        unit: (n,) the id of the unit each showing belongs to.
        arm: (n,) the index of the arm that decided the showing; 0 in an interleaving.
        team: (n,) which of two interleaved rankings chose the film, 0 or 1; -1 outside of an
            interleaving.
        card: (n,) a number that the showings of one card share.
        acts: the (m,) acts that may follow the showings.
        kept: (m,) False for a rating that was taken back afterwards.
        erased: (arms,) how many units had all their data deleted. An interleaving counts each of
            them in both arms.
        seconds: (arms, 3) for each arm the number of cards, the sum of the seconds it took to
            choose their films, and the sum of those seconds squared.
    """

    exposed: Exposed
    shown: Shown
    unit: Ints64
    arm: Ints64
    team: Ints64
    card: Ints64
    acts: FeedbackActs
    kept: Bools
    erased: Ints64
    seconds: Array64
