"""Gives the last place of some lists to a less known film.

The long tail of the pipeline is every film with fewer ratings than any film of the most rated
fifth. If a list has no such film, the best-scored film of the long tail may take the last place.
Its score must not be too far below that of the film that it displaces. The largest allowed gap is
called the margin. It is fitted to the lists of a sample of people. It is chosen such that a given
share of these lists has a film of the long tail.

`recommender.metrics` measures lists with its own definition, `long_tail_by_rank`, which always
takes exactly a fifth of the films as the head. The two differ for films whose rating counts are
equal at the border.
"""

from dataclasses import dataclass

import numpy as np

from recommender.numeric.arrays import Array64, Bools, Rows

PIPELINE_HEAD_SHARE = 0.2  # share of the films, the most rated ones, that are not the long tail


@dataclass(frozen=True)
class LongTailConfig:
    """How often lists hold a film of the long tail, which are the films with few ratings.

    Attributes:
        share: share of the lists that hold a film of the long tail, for people at middle
            adventurousness (0.5). The scale goes from 0, well-known films, to 1, little-known
            films.
        people: largest number of people to whose lists the rule is fitted. The rule says how close
            the score of a film of the long tail must be to that of the film it replaces.
    """

    share: float = 0.17
    people: int = 200


@dataclass(frozen=True, eq=False)
class LongTailPlace:
    """The rule that gives the last place of a list to a film of the long tail (with few ratings).

    Attributes:
        films: (films,) True if a film belongs to the long tail.
        margin: how far a film may score below the film that it displaces, at middle
            adventurousness, in standard deviations of the list's scores.
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
        """Returns the position of the little-known film that takes the last place, or -1.

        The allowed gap in scores to the displaced film grows with adventurousness (0 to 1) and is
        zero at 0.

        scores, films: (k,) scores and rows of the allowed films. chosen: (n,) positions of the
        list's films among the allowed films, in the order shown.
        """
        if self.margin <= 0.0:
            return -1
        behind, best = gap(scores, self.films[films], chosen)
        return best if behind <= self.margin * 2.0 * adventurousness else -1


def long_tail_by_count(count: Array64) -> Bools:
    """Returns (films,) True if a film has fewer ratings than every film of the most rated fifth.

    count: (films,) ratings of each film. A film with as many ratings as the least rated film of
    that fifth is not in the long tail. The result therefore does not depend on the order of the
    films.
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
    """Returns how far the best film of the long tail is below a list's last film, and its position.

    The gap is the difference of their scores, in standard deviations of the list's scores. Returns
    (0, -1) if the list already has a film of the long tail, if it has fewer than two films, or if
    no allowed film is in the long tail.

    scores: (k,) scores of the allowed films. in_long_tail: (k,) True for those with few ratings (in
    the long tail). chosen: (n,) positions of the list's films among the allowed films, in the order
    shown.
    """
    if len(chosen) < 2 or in_long_tail[chosen].any() or not in_long_tail.any():
        return 0.0, -1
    rows = np.flatnonzero(in_long_tail)
    best = int(rows[np.argmax(scores[rows])])
    spread = float(scores[chosen].std())
    behind = float(scores[chosen[-1]] - scores[best])
    return (behind / spread if spread > 0 else np.inf), best


def margin(gaps: Array64, share: float) -> float:
    """Returns the largest gap in scores among a share of the lists, those with the smallest gaps.

    Returns 0 if there are no lists. gaps: (lists,) for each list, how far the best film of the long
    tail is below the list's last film. share: the share of the lists, 0 to 1.
    """
    return float(np.quantile(gaps, share)) if len(gaps) and share > 0 else 0.0
