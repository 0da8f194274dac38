"""A place for the long tail: some lists end with a less known film, where it costs least score.

The long tail of the pipeline is every film with fewer ratings than the most rated fifth. If a list
holds no such film, the best one takes the last place, provided its score lies within a margin of
the film it displaces. The margin is fitted to a sample of people so that a given share of their
lists ends up with a film of the long tail. Lists that hold one anyway count first, then those whose
best film of the long tail has the smallest gap.

`recommender.metrics` measures lists with its own definition, `long_tail_by_rank`, which always
takes exactly a fifth of the films as the head. The two differ for films whose rating counts are
equal at the border.
"""

from dataclasses import dataclass

import numpy as np

from recommender.numeric.arrays import Array64, Bools, Rows

PIPELINE_HEAD_SHARE = 0.2  # share of the films, the most rated, that is not long tail


@dataclass(frozen=True)
class LongTailConfig:
    """How often lists hold a film of the long tail.

    Attributes:
        share: share of the lists that hold one at middle adventurousness (0.5).
        people: most people whose lists are sampled to fit the margin.
    """

    share: float = 0.17
    people: int = 200


@dataclass(frozen=True, eq=False)
class LongTailPlace:
    """The rule that gives the last place of a list to a film of the long tail.

    Attributes:
        films: (films,) True if a film belongs to the long tail.
        margin: largest gap behind the displaced film at middle adventurousness, in standard
            deviations of the list's scores.
    """

    films: Bools
    margin: float

    def candidate(
        self,
        scores: Array64,
        films: Rows,
        chosen: Rows,
        adventurousness: float,
    ) -> int:
        """Returns the position of the film that takes the last place, or -1 for no film.

        The margin grows with adventurousness (0 to 1) and is zero at 0.

        scores, films: (k,) scores and rows of the allowed films. chosen: (n,) positions of the
        list's films among them, in the order shown.
        """
        if self.margin <= 0.0:
            return -1
        behind, best = gap(scores, self.films[films], chosen)
        return best if behind <= self.margin * 2.0 * adventurousness else -1


def long_tail_by_count(count: Array64) -> Bools:
    """Returns (films,) True if a film has fewer ratings than each of the most rated fifth.

    count: (films,) ratings of each film. Films with as many ratings as the least rated film of that
    fifth are not in the long tail, so the result does not depend on the order of the films.
    """
    if not len(count):
        return np.zeros(0, np.bool_)
    head = int(np.ceil(PIPELINE_HEAD_SHARE * len(count)))
    return np.asarray(count < np.partition(count, len(count) - head)[len(count) - head])


def gap(
    scores: Array64,
    in_long_tail: Bools,
    chosen: Rows,
) -> tuple[float, int]:
    """Returns how far the best film of the long tail lies behind the list's last film, in standard
    deviations of the list's scores, and the position of that film.

    Returns (0, -1) if the list holds a film of the long tail already, is shorter than two films, or
    no allowed film is in the long tail.

    scores: (k,) scores of the allowed films. in_long_tail: (k,) True for those in the long tail.
    chosen: (n,) positions of the list's films among them, in the order shown.
    """
    if len(chosen) < 2 or in_long_tail[chosen].any() or not in_long_tail.any():
        return 0.0, -1
    rows = np.flatnonzero(in_long_tail)
    best = int(rows[np.argmax(scores[rows])])
    spread = float(scores[chosen].std())
    behind = float(scores[chosen[-1]] - scores[best])
    return (behind / spread if spread > 0 else np.inf), best


def margin(gaps: Array64, share: float) -> float:
    """Returns the gap that this share of the lists does not exceed; 0 if there are no gaps.

    gaps: (lists,) as `gap` returns them.
    """
    return float(np.quantile(gaps, share)) if len(gaps) and share > 0 else 0.0
