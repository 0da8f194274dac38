"""Measures daily what three models recommend to the simulated people of a growing server.

After each night's fit, three models answer the same requests of all people: the model in use, the
model in use on the day before, and a model of tags alone, without ratings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.evaluation.growth.raters import Rater
from recommender.pipeline.recommend import recommended_films
from recommender.pipeline.recommender import Recommender
from recommender.remarks import Remark

NOW, BEFORE, TAGS_ALONE = "serves", "day before", "tags alone"
PICKS = 10  # picks whose share of the person's taste counts
HIT_PICKS = 30  # the held-out films are looked for among this number of picks
MAX_FALL = 0.03  # largest fall from the day before that is allowed, of the share and of the hits
MAX_BELOW_TAGS = 0.02  # largest distance below the tags alone that is allowed


@dataclass(frozen=True)
class Loss:
    """A loss on one day of a simulated server that is too large.

    Attributes:
        day: the day's number, from 1.
        measure: "taste" or "hits", as in `Day`.
        than: the model that the model in use is behind.
        lost: how much it is behind.
    """

    day: int
    measure: str
    than: str
    lost: float


@dataclass(frozen=True)
class Day:
    """One day of a simulated server whose people join and rate.

    Attributes:
        day: its number, from 1.
        people: how many people have joined.
        ratings: how many ratings there are.
        promoted: True if the model that was fitted in the night is in use.
        why: the reason.
        taste: for each model (the one in use, the one in use the day before, and a model of tags
            without ratings), the mean share of a person's recommended films that are of their
            taste.
        hits: for each of these models, the mean share of a person's held-out films that are
            recommended.
    """

    day: int
    people: int
    ratings: int
    promoted: bool
    why: Remark
    taste: Mapping[str, float]
    hits: Mapping[str, float]

    def losses(self) -> tuple[Loss, ...]:
        """Returns the losses on this day that are too large.

        The model in use is compared with the model of the day before, and with tags alone (a model
        without ratings).
        """
        found = []
        for name, figures in (("taste", self.taste), ("hits", self.hits)):
            for other, most in ((BEFORE, MAX_FALL), (TAGS_ALONE, MAX_BELOW_TAGS)):
                lost = figures[other] - figures[NOW]
                if lost > most:
                    found.append(Loss(self.day, name, other, lost))
        return tuple(found)


def measure_models(
    models: Mapping[str, Recommender], raters: Sequence[Rater], day: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Returns two figures for each model, as means over simulated people.

    The first is the share of recommended films that are of a person's taste. The second is the
    share of the person's held-out films that are recommended. models: by name; a model with two
    names is measured once. day: the day of the requests. raters: the simulated people.
    """
    known: dict[int, tuple[float, float]] = {}
    for model in models.values():
        if id(model) not in known:
            known[id(model)] = _measure(model, raters, day)
    taste = {name: known[id(model)][0] for name, model in models.items()}
    hits = {name: known[id(model)][1] for name, model in models.items()}
    return taste, hits


def _measure(model: Recommender, raters: Sequence[Rater], day: int) -> tuple[float, float]:
    shares, hits = [], []
    for person in raters:
        picks = recommended_films(model, person.query(day), PICKS)
        shares.append(float(person.own[picks].mean()) if len(picks) else 0.0)
        found = recommended_films(model, person.query(day, held_out=True), HIT_PICKS)
        hits.append(float(np.isin(person.held_out, found).mean()))
    return float(np.mean(shares)), float(np.mean(hits))
