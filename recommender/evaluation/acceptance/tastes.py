"""Judges how a new model serves narrow tastes, beside the live model and the tags alone.

This is the taste test with fewer people. It needs no ratings of the catalogue's people, so a new
model can be judged by it on a server of three. Held-out ratings reward fame, and this does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.evaluation.taste.comparison import TasteComparison, compare_tastes
from recommender.evaluation.taste.measure import TasteFigures, measure_taste
from recommender.evaluation.taste.people import people_of
from recommender.evaluation.taste.study import LIVE, TAGS_ALONE
from recommender.evaluation.taste.tastes import tastes
from recommender.pipeline.recommender import Recommender

PEOPLE_EACH = 12  # simulated people of each taste
SMALL_LOSS = 0.01  # mean loss of share over all tastes that is allowed: one film in ten lists
SMALL_TASTE_LOSS = 0.2  # loss of share of a single taste that is allowed: two films of a list
MAX_LOSS_TO_TAGS = 0.015
"""Largest mean loss of share to the tags alone, however uncertain it is. What serves is promised to
be at most 0.02 below them; the difference is for the error of measuring with few people."""
MAX_NAMES = 3  # tastes that a sentence names

MODEL_WORDS = {LIVE: "the live model", TAGS_ALONE: "the tags alone"}


@dataclass(frozen=True)
class TasteJudgement:
    """How a new model serves narrow tastes.

    Attributes:
        against: the comparison with the model of the key: `TAGS_ALONE`, and `LIVE` if a fitted
            model is live.
        live_fails: True if the live model serves tastes worse than the tags alone, over all tastes.
    """

    against: Mapping[str, TasteComparison]
    live_fails: bool

    @property
    def people(self) -> int:
        """Number of simulated people that the model is compared by."""
        return self.against[TAGS_ALONE].people

    @property
    def share(self) -> float:
        """Mean share of the new model's picks that are of the person's taste."""
        return self.against[TAGS_ALONE].share

    def loss(self, model: str) -> str | None:
        """Returns what tastes lose to another model, as a sentence without its full stop.

        None if they lose nothing beyond chance. model: `LIVE` or `TAGS_ALONE`.
        """
        compared = self.against.get(model)
        if compared is None or not loses(compared, model):
            return None
        than = MODEL_WORDS[model]
        shares = f"{compared.share:.1%} against {compared.other:.1%}"
        whose = f"of the picks of {compared.people} simulated people are of their taste"
        names = named([taste.name for taste in compared.worse])
        if not _loses_overall(compared, model):
            return (
                f"It serves some tastes worse than {than}, by more than chance: {names} (over all "
                f"tastes, {shares} {whose})"
            )
        worst = f"what suffers is {names}"
        if not names:
            lost = sorted(compared.tastes, key=lambda taste: taste.share - taste.other)
            most = named([taste.name for taste in lost[:MAX_NAMES]])
            worst = f"most is lost by {most}, no single one beyond chance"
        return f"It serves tastes worse than {than}: {shares} {whose}; {worst}"

    def summary(self) -> str:
        """Returns the shares as a part of a sentence."""
        with_tags = f"{self.against[TAGS_ALONE].other:.1%} with the tags alone"
        return (
            f"{self.share:.1%} of the picks of {self.people} simulated people are of their taste "
            f"({with_tags})"
        )


def measure_judged(model: Recommender, seed: int) -> TasteFigures | None:
    """Returns a model's figures on the taste test; None if its catalogue has no such tastes.

    seed: of the simulated people.
    """
    known = tastes()
    people = people_of(model.catalogue, known, seed, PEOPLE_EACH, of_two=0)
    return measure_taste(model, known, people) if people else None


def judge_tastes(
    new: TasteFigures, live: TasteFigures | None, tags_alone: TasteFigures
) -> TasteJudgement:
    """Returns how a new model serves narrow tastes, from figures on the same people.

    live: of the fitted model that answers now; None if no such model is live. tags_alone: of a
    model that knows no ratings.
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
    """True if a model serves tastes worse than another beyond chance: all tastes together, or a
    single taste by much.

    model: which the other model is, `LIVE` or `TAGS_ALONE`.
    """
    spoilt = any(taste.share - taste.other < -SMALL_TASTE_LOSS for taste in compared.worse)
    return spoilt or _loses_overall(compared, model)


def named(names: list[str]) -> str:
    """Returns names as a part of a sentence: at most three, and the number of others."""
    if len(names) > MAX_NAMES:
        rest = len(names) - MAX_NAMES
        return f"{', '.join(names[:MAX_NAMES])} and {rest} other{'s' if rest > 1 else ''}"
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def _loses_overall(compared: TasteComparison, model: str) -> bool:
    gain = compared.gain
    beyond_chance = gain.high < 0.0 and gain.mean < -SMALL_LOSS
    return beyond_chance or (model == TAGS_ALONE and gain.mean < -MAX_LOSS_TO_TAGS)
