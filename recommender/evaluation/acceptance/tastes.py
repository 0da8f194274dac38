"""Judges a new model by the taste test: compared with the live model and with tags alone.

In the taste test, simulated people love a few films of a narrow taste, such as Korean films. The
measure is the share of their recommended films that are of that taste. The live model is the one
that answers requests now; "tags alone" is a model without any ratings. Here the test has fewer
people than in a full study. It needs no ratings of the catalogue's real people, so a new model can
be judged on a server of three. Held-out ratings reward popular films, and this test does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from recommender.content.remembered import RememberingModel, same_facts
from recommender.evaluation.taste.comparison import TasteComparison, compare_tastes
from recommender.evaluation.taste.measure import TasteFigures, measure_taste
from recommender.evaluation.taste.people import people_of
from recommender.evaluation.taste.study import LIVE, TAGS_ALONE
from recommender.evaluation.taste.tastes import tastes
from recommender.pipeline.recommender import Recommender
from recommender.remarks import Remark, remark

PEOPLE_EACH = 12  # simulated people of each taste
SMALL_LOSS = 0.01  # mean loss of share over all tastes that is allowed: one film in ten lists
SMALL_TASTE_LOSS = 0.2  # loss of share of a single taste that is allowed: two films of a list
MAX_LOSS_TO_TAGS = 0.015
"""The largest acceptable loss against a model of tags alone. The loss is in the mean share of
recommended films that are of a person's taste. A larger loss is not accepted even if it may be due
to chance. The documented limit for the model in use is 0.02; the difference to it allows for the
error of measuring with few people.
"""
MAX_NAMES = 3  # tastes that a remark names


@dataclass(frozen=True)
class TasteJudgement:
    """A new model's result on the taste test: how often it recommends films of a narrow taste.

    Attributes:
        against: for each other model, the comparison with it. The keys are `TAGS_ALONE` (a model
            without ratings) and, if there is one, `LIVE` (the model that answers requests now).
        live_fails: True if the live model recommends fewer films of people's tastes than
            `TAGS_ALONE`, over all tastes together.
    """

    against: Mapping[str, TasteComparison]
    live_fails: bool

    @property
    def people(self) -> int:
        """Number of simulated people in the comparison."""
        return self.against[TAGS_ALONE].people

    @property
    def share(self) -> float:
        """Mean share of the new model's recommended films that are of the person's taste."""
        return self.against[TAGS_ALONE].share

    def loss(self, model: str) -> Remark | None:
        """Returns a remark on the tastes of which the new model recommends fewer films.

        Returns None if there is no loss beyond chance. model: the model to compare with, `LIVE`
        (which answers requests now) or `TAGS_ALONE` (without ratings).
        """
        compared = self.against.get(model)
        if compared is None or not loses(compared, model):
            return None
        key, names = "tastes-worse", [taste.name for taste in compared.worse]
        if not _loses_overall(compared, model):
            key = "some-tastes-worse"
        elif not names:
            key = "tastes-worse-together"
            lost = sorted(compared.tastes, key=lambda taste: taste.share - taste.other)
            names = [taste.name for taste in lost[:MAX_NAMES]]
        return remark(
            key,
            ranker=model,
            share=float(compared.share),
            baseline=float(compared.other),
            people=compared.people,
            tastes=tuple(names[:MAX_NAMES]),
            more=max(len(names) - MAX_NAMES, 0),
        )

    def summary(self) -> Remark:
        """Returns a remark on the mean share of recommended films that are of people's tastes."""
        by_tags = float(self.against[TAGS_ALONE].other)
        return remark("taste-test", share=float(self.share), baseline=by_tags, people=self.people)


def measure_judged(
    model: Recommender, seed: int, facts: RememberingModel | None = None
) -> TasteFigures | None:
    """Returns a model's figures on the taste test; None if its catalogue has too few films.

    In this test, simulated people love a few films of a narrow taste. The main figure is the
    share of that taste among their recommended films. seed: seed of the simulated people. facts:
    a content model that remembers the interests of these people. If the judged model has the same
    facts about films, it is used instead of the judged model's own, which saves time and changes no
    figure.
    """
    known = tastes()
    people = people_of(model.catalogue, known, seed, PEOPLE_EACH, of_two=0)
    if facts is not None and same_facts(model.ranking.content, facts):
        model = replace(model, ranking=replace(model.ranking, content=facts))
    return measure_taste(model, known, people) if people else None


def judge_tastes(
    new: TasteFigures, live: TasteFigures | None, tags_alone: TasteFigures
) -> TasteJudgement:
    """Returns how well a new model recommends films of narrow tastes, compared with other models.

    All figures are measured on the same people. live: of the fitted model that answers requests
    now; None if there is no such model. tags_alone: of a model without ratings.
    """
    known = tastes()
    against = {TAGS_ALONE: compare_tastes(new, tags_alone, known)}
    if live is not None:
        against[LIVE] = compare_tastes(new, live, known)
    live_fails = live is not None and _loses_overall(
        compare_tastes(live, tags_alone, known), TAGS_ALONE
    )
    return TasteJudgement(against, live_fails)


def loses(compared: TasteComparison, model: str) -> bool:
    """Returns True if a model recommends fewer films of people's tastes than another model.

    The loss must be greater than chance explains for all tastes together, or be large for a single
    taste. compared: the results of both models on the taste test, in which simulated people love
    films of a narrow taste. model: the other model, `LIVE` (which answers requests now) or
    `TAGS_ALONE` (without ratings).
    """
    spoilt = any(taste.share - taste.other < -SMALL_TASTE_LOSS for taste in compared.worse)
    return spoilt or _loses_overall(compared, model)


def _loses_overall(compared: TasteComparison, model: str) -> bool:
    gain = compared.gain
    beyond_chance = gain.high < 0.0 and gain.mean < -SMALL_LOSS
    return beyond_chance or (model == TAGS_ALONE and gain.mean < -MAX_LOSS_TO_TAGS)
