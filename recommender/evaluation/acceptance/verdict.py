"""Decides whether a new model replaces the live one, which answers requests now.

The new model is compared with the live model and with a ranking by popularity. The second
comparison finds damaged ratings. Damaged ratings make every model that is fitted to them worse, so
a comparison of two models does not show them. The ratings are assumed to be damaged in three cases.
First, when the live model was judged, it was clearly better than popularity; the new model is not,
and its lead is clearly smaller. Second, there are too few people to judge by, although there were
many when the live model was judged. Third, facts about films no longer predict people's stars
(`acceptance.facts_order`).

The taste test (`acceptance.tastes`) compares how often models recommend films of a person's narrow
taste. In it, the new model is compared with the live model and with tags alone, even if too few
people have rated for the other comparisons.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.evaluation.acceptance.held_out import MIN_PEOPLE
from recommender.evaluation.acceptance.judgement import NOISE_ERRORS, Gain, Judgement
from recommender.evaluation.acceptance.tastes import TasteJudgement
from recommender.evaluation.taste.study import LIVE, TAGS_ALONE
from recommender.remarks import Remark, remark

MAX_LOSS_SHARE = 0.02  # a loss of this share of the live model's figure is allowed
MANY_PEOPLE = 2 * MIN_PEOPLE
"""Number of people on which a live model must have been judged for this rule: if fewer than
`MIN_PEOPLE` are left to judge the new model on, the ratings are damaged. More than half of the
people are then missing, which chance does not explain.
"""
MIN_PEOPLE_SHARE = 0.6
"""The least share of the people on whom the live model was judged that must be left for judging the
new model. It does not apply if only ratings made after the live model was fitted are held out,
because not everybody has rated since then.
"""
MIN_COVERAGE_SHARE = 0.5  # share of the live model's coverage (share of films in any list) to keep

FIGURES = {"ndcg": "ndcg@10", "order": "order"}
"""For each measure, the name of its figure in `Judgement.figures`."""


@dataclass(frozen=True)
class Verdict:
    """The decision about a new model.

    Attributes:
        promote: True if the new model should become the live one, which answers requests.
        retire: True if the live model must stop answering, even if the new one does not replace it.
        why: the reasons; each becomes a sentence.
    """

    promote: bool
    retire: bool
    why: tuple[Remark, ...]


def decide(
    judged: Judgement | None,
    live_leads: Mapping[str, Gain] | None,
    broken: Mapping[str, Remark],
    live_must_go: bool,
    tastes: TasteJudgement | None = None,
    live_people: int = 0,
) -> Verdict:
    """Decides whether a new model replaces the live one, which answers requests now.

    The new model must be no worse than the live one, beyond a small loss, by nDCG@10 and by
    concordance (whether scores order films as stars do). It must also keep at least
    `MIN_COVERAGE_SHARE` of the live model's coverage (the share of films that are in anybody's
    list). If it is clearly better by nDCG@10, it may be worse by the other two. Otherwise, the
    first model with ratings could not replace one that ranks by tags alone. In any case, the new
    model is refused if it does worse in the taste test than the live model or than tags alone. It
    is also refused if too few people have ratings to judge it on, while the live one was judged on
    many (`MANY_PEOPLE`).

    If the live model itself is worse than tags alone in the taste test, the new model need not be
    as good as the live one. If the new one is refused too, the live one stops.

    Args:
        judged: the comparison; None if too few people have ratings to judge by.
        live_leads: how far the live model was above popularity and chance when it was judged; None
            if it never was.
        broken: what is wrong, by the name of each sanity query that the new model fails and the
            live one does not.
        live_must_go: True if the live model learned from a person whose data have been deleted
            since. Then the new model may be worse than the live one, and the live model stops even
            if the new one is refused.
        tastes: the result of the taste test, which measures how often a model recommends films of a
            person's narrow taste; None if the catalogue has too few films for it.
        live_people: number of people on whose held-out ratings the live model was judged, less
            those who have opted out or been deleted since; 0 if none.
    """
    live_fails = tastes is not None and tastes.live_fails
    found = _decide(judged, live_leads, broken, live_must_go, tastes, live_people)
    if found.promote or not live_fails:
        return found
    return Verdict(False, True, (*found.why, remark("live-model-stops")))


def _decide(
    judged: Judgement | None,
    live_leads: Mapping[str, Gain] | None,
    broken: Mapping[str, Remark],
    live_must_go: bool,
    tastes: TasteJudgement | None,
    live_people: int,
) -> Verdict:
    """Decides by the rules of `decide`, with one exception: the taste test does not stop the live
    model (which answers requests now).
    """
    if broken:
        return Verdict(False, live_must_go, (remark("fails-sanity"), *broken.values()))
    if tastes is not None and (lost := tastes.loss(TAGS_ALONE)) is not None:
        return Verdict(False, live_must_go, (lost,))
    for name, before in (live_leads or {}).items():
        if judged is None:
            break
        if name not in judged.leads:
            continue
        now = judged.leads[name]
        less = Gain(before.mean - now.mean, float(np.hypot(before.error, now.error)))
        if before.clear and less.clear and not now.clear:
            return Verdict(False, live_must_go, (_lost(name, now, before),))
    if (worse := _worse(judged, tastes, live_people)) is not None:
        if live_must_go:
            return Verdict(True, True, (worse, remark("accepted-after-deletion")))
        if tastes is not None and tastes.live_fails:
            return Verdict(True, True, (worse, remark("accepted-for-tastes")))
        return Verdict(False, False, (worse,))
    return Verdict(True, False, (_accepted(judged, tastes), _tastes(tastes)))


def _worse(
    judged: Judgement | None, tastes: TasteJudgement | None, live_people: int
) -> Remark | None:
    """Returns in what the new model is worse than the live one (which answers requests now).

    Returns None if the new model is no worse. judged: the comparison on held-out ratings, None if
    too few people have ratings. tastes: the result of the taste test (on simulated people with a
    narrow taste), None if it was not run. live_people: number of people on whose ratings the live
    model was judged.
    """
    if tastes is not None and (lost := tastes.loss(LIVE)) is not None:
        return lost
    if judged is None:
        if live_people < MANY_PEOPLE:
            return None
        return remark("too-few-people-left", least=MIN_PEOPLE, live_people=live_people)
    gone = judged.kind != "since" and judged.people < MIN_PEOPLE_SHARE * live_people
    if gone and live_people >= MANY_PEOPLE:
        return remark("people-missing", people=judged.people, live_people=live_people)
    better = judged.gains["ndcg"].clear
    for name, change in judged.gains.items():
        if better and name != "ndcg":
            continue
        before_value = judged.figures["live"][FIGURES[name]]
        allowed = max(MAX_LOSS_SHARE * before_value, NOISE_ERRORS * change.error)
        if -change.mean > allowed and np.isfinite(change.error):
            return remark("worse-than-live", **_figures(name, judged), allowed=float(allowed))
    shown, was = (judged.figures[model]["coverage@10"] for model in ("new", "live"))
    if shown < MIN_COVERAGE_SHARE * was and not better:
        return remark("same-for-everybody", coverage=float(shown), live_coverage=float(was))
    return None


def _accepted(judged: Judgement | None, tastes: TasteJudgement | None) -> Remark:
    """Returns the reason for accepting the new model: the comparison that it passed.

    judged: the comparison on held-out ratings; None if too few people have ratings. tastes: the
    result of the taste test (on simulated people with a narrow taste); None if it was not run.
    """
    if judged is None:
        key = "sanity-alone-decides" if tastes is None else "sanity-and-tastes-decide"
        return remark(key, least=MIN_PEOPLE)
    better = judged.gains["ndcg"].clear
    return remark("better-than-live" if better else "as-good-as-live", **_figures("ndcg", judged))


def _tastes(tastes: TasteJudgement | None) -> Remark:
    """Returns the result of the taste test, in which simulated people love films of a narrow taste.

    tastes: the result; None if the test was not run.
    """
    return remark("no-taste-test") if tastes is None else tastes.summary()


def _figures(name: str, judged: Judgement) -> dict[str, object]:
    """Returns a measure's figures of both models, and the number of people, as a remark's data."""
    new, live = (float(judged.figures[model][FIGURES[name]]) for model in ("new", "live"))
    return {"measure": name, "figure": new, "live_figure": live, "people": judged.people}


def _lost(name: str, now: Gain, before: Gain) -> Remark:
    """Returns a remark on a lead over popularity or chance that the new model does not have.

    name: the measure. now: the new model's lead. before: the live model's.
    """
    return remark("lead-lost", measure=name, lead=float(now.mean), live_lead=float(before.mean))
