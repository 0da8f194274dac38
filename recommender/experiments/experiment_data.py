"""What is stored about one experiment, as arrays.

An experiment compares variants of the bot (arms). A unit is a person or a server. It is exposed to
an arm from the first card (a message that shows films) for which the arm chose the films. An
impression is one film shown. An act is what somebody did about a film, such as a rating.
"""

from dataclasses import dataclass

from recommender.feedback import FeedbackActs, Shown
from recommender.numeric.arrays import Array64, Bools, Ints64


@dataclass(frozen=True, eq=False)
class Exposed:
    """The units (people or servers) that have been part of an experiment.

    A unit is exposed once an arm (a variant of the bot) has chosen films for it.

    Attributes:
        unit: (units,) ids of the people or servers.
        arm: (units,) index of the arm of each unit; 0 for every unit if the experiment interleaves
            two arms.
        at: (units,) when the unit was first exposed, Unix seconds.
        out: (units,) True if the unit opted out afterwards (of having its acts used for other
            people's picks).
    """

    unit: Ints64
    arm: Ints64
    at: Array64
    out: Bools


@dataclass(frozen=True, eq=False)
class ExperimentData:
    """Everything that is known about one experiment.

    An arm is a variant of the bot. A unit (a person or a server) is exposed once an arm has chosen
    films for it. An impression is one film shown. A card is a message that shows films.

    Attributes:
        exposed: the units that were exposed.
        shown: the n impressions that an arm of the experiment decided.
        unit: (n,) the id of the unit (person or server) to which each film was shown.
        arm: (n,) the index of the arm that decided the impression; 0 if the experiment interleaves
            two arms.
        team: (n,) which of two interleaved arms chose the film, 0 or 1; -1 in other experiments.
        card: (n,) a number for the card. Impressions on the same card have the same number.
        acts: the m acts on films, such as ratings, which may or may not follow an impression.
        kept: (m,) False for a rating that was taken back afterwards.
        erased: (arms,) how many units of the arm had all their data deleted. If the experiment
            interleaves two arms, each of these units counts in both.
        seconds: (arms, 3) three numbers for each arm: the number of cards, the sum of the seconds
            that it took to choose the films of each, and the sum of the squares of these seconds.
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
