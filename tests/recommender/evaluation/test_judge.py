"""The judge refuses bad models and gives true reasons."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from recommender.evaluation.acceptance import sanity
from recommender.evaluation.acceptance.held_out import HeldOut, select_held_out
from recommender.evaluation.acceptance.judgement import (
    Judgement,
    Scores,
    compare,
    mean_gain,
)
from recommender.evaluation.acceptance.tastes import (
    judge_tastes,
    measure_judged,
)
from recommender.evaluation.acceptance.verdict import (
    FIGURES,
    MANY_PEOPLE,
    MIN_PEOPLE_SHARE,
    Verdict,
    decide,
)
from recommender.evaluation.taste.measure import TasteFigures
from recommender.evaluation.taste.study import TAGS_ALONE
from recommender.evaluation.taste.tastes import tastes
from recommender.pipeline.recommender import Config, Recommender
from recommender.remarks import Remark
from recommender.training.fit import fit
from tests.recommender.bad_models import (
    BAD,
    CONFIG,
    MORE_BAD,
    SEED,
    Bad,
    good,
    random_stars,
    same,
)
from tests.recommender.judged import (
    facts_of,
    figures_of,
    popularity_scores,
    scores_of,
    tags_figures,
)
from tests.recommender.servers import small_catalogue
from tests.recommender.worlds import NOW, catalogue
from tests.soak.process import scaled

ALL_TASTES = tuple(taste.name for taste in tastes())
CASES = (
    *BAD,
    *(pytest.param(bad, marks=pytest.mark.soak) for bad in MORE_BAD[: scaled(len(MORE_BAD))]),
)


@dataclass(frozen=True, eq=False)
class Judged:
    """What the judge saw of a model.

    Attributes:
        model: the model.
        verdict: the decision.
        figures: the model's figures on the taste test; None if it failed a sanity query.
        held_out: its comparison on held-out ratings; None without one.
        people: how many people it can be judged by; None if too few.
    """

    model: Recommender
    verdict: Verdict
    figures: TasteFigures | None
    held_out: Judgement | None
    people: int | None


@cache
def live_figures() -> TasteFigures:
    return figures_of(fit(small_catalogue(), good(), CONFIG, SEED, NOW))


@cache
def held_out_of_good() -> HeldOut:
    held = select_held_out(good(), None, SEED)
    assert held is not None
    return held


@cache
def live_scores() -> Scores:
    """Returns the good model's figures on ratings that it has not seen."""
    held = held_out_of_good()
    return scores_of(fit(small_catalogue(), held.train, CONFIG, SEED, NOW), held)


@cache
def live_judgement() -> Judgement:
    """Returns how the good model was judged when it was fitted."""
    held = held_out_of_good()
    return compare(live_scores(), None, popularity_scores(held), held, facts_of(held))


@cache
def judge(bad: Bad) -> Judged:
    """Judges a bad model that would replace the good one."""
    films, ratings, leads = small_catalogue(), bad.ratings(), live_judgement().leads
    model = bad.spoil(fit(films, ratings, bad.config, SEED, NOW))
    if broken := sanity.failures(model):
        return Judged(model, decide(None, leads, broken, False), None, None, None)
    figures = figures_of(model)
    found = judge_tastes(figures, live_figures(), tags_figures())
    held, judged = held_out_of_good(), None
    if bad.ratings is not good:
        held = select_held_out(ratings, None, SEED)
    if held is not None and found.loss(TAGS_ALONE) is None:  # else nothing more would be asked
        new = scores_of(bad.spoil(fit(films, held.train, bad.config, SEED, NOW)), held)
        differs = bad.config != CONFIG or bad.spoil is not same
        assert bad.ratings is good or not differs
        live, facts = live_scores() if differs else None, facts_of(held)
        judged = compare(new, live, popularity_scores(held), held, facts)
    verdict = decide(judged, leads, {}, False, found, live_judgement().people)
    return Judged(model, verdict, figures, judged, None if held is None else len(held.people))


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name)
def test_a_bad_model_is_held_back_for_a_true_reason(bad: Bad) -> None:
    found = judge(bad)
    why = found.verdict.why[0]
    assert not found.verdict.promote, why
    assert not found.verdict.retire, "the live model is good"
    assert why.key in ((bad.because,) if isinstance(bad.because, str) else bad.because)
    if found.figures is None:
        return
    if "ranker" in why.data:
        assert_true_of_tastes(why, found.figures)
    elif "live_people" in why.data:
        assert why.data["live_people"] == live_judgement().people >= MANY_PEOPLE
        if found.people is None:
            assert_harms(found.model)
        else:
            assert why.data["people"] == found.people
            assert found.people < MIN_PEOPLE_SHARE * live_judgement().people
    elif why.key == "lead-lost":
        assert_true_of_leads(why, found.held_out)
        if (
            bad.ratings is not random_stars
        ):  # the lists of random stars are still of people's tastes
            assert_harms(found.model)
    else:
        assert_true_of_figures(why, found.held_out)


def assert_true_of_tastes(why: Remark, figures: TasteFigures) -> None:
    """Counts again, without the judge's own comparison, what its remark claims about tastes."""
    others = tags_figures() if why.data["ranker"] == TAGS_ALONE else live_figures()
    shares, before = figures.by_taste(), others.by_taste()
    share, baseline = why.data["share"], why.data["baseline"]
    assert share == pytest.approx(np.mean(list(shares.values())))
    assert baseline == pytest.approx(np.mean(list(before.values())))
    assert why.data["people"] == len(figures.people)
    lost = [ALL_TASTES.index(name) for name in names_in(why)]
    assert all(shares[at] < before[at] - 0.02 for at in lost)
    assert lost
    assert shares_are_less(why) or why.key == "some-tastes-worse"


def names_in(why: Remark) -> list[str]:
    """Returns the tastes that a remark names."""
    tastes = why.data["tastes"]
    assert isinstance(tastes, tuple)
    return list(tastes)


def shares_are_less(why: Remark) -> bool:
    """True if a remark's share of taste is less than that of the other model."""
    share, baseline = why.data["share"], why.data["baseline"]
    assert isinstance(share, float)
    assert isinstance(baseline, float)
    return share < baseline


def assert_harms(model: Recommender) -> None:
    """Serves the good model's people, whose true ratings a model of damaged ratings never saw."""
    loss = mean_gain(live_scores().ndcg - scores_of(model, held_out_of_good()).ndcg)
    assert loss.clear
    assert loss.mean > 0.05


def assert_true_of_leads(why: Remark, judged: Judgement | None) -> None:
    """Compares the figures in a remark about a lost lead with the comparisons that were made."""
    assert judged is not None
    name = str(why.data["measure"])
    assert why.data["lead"] == judged.leads[name].mean
    assert why.data["live_lead"] == live_judgement().leads[name].mean
    assert judged.leads[name].mean < live_judgement().leads[name].mean


def assert_true_of_figures(why: Remark, judged: Judgement | None) -> None:
    """Compares the figures in a remark about a worse model with those that were measured."""
    assert judged is not None
    measure = FIGURES[str(why.data["measure"])]
    new, live = (judged.figures[model][measure] for model in ("new", "live"))
    assert (why.data["figure"], why.data["live_figure"]) == (new, live)
    allowed = why.data["allowed"]
    assert isinstance(allowed, float)
    assert live - new > allowed


def test_the_good_model_itself_is_promoted() -> None:
    found = judge_tastes(live_figures(), live_figures(), tags_figures())
    live = live_judgement()
    verdict = decide(live, live.leads, {}, False, found, live.people)
    assert verdict.promote, verdict.why
    assert verdict.why[-1].key == "taste-test"


def test_stars_that_facts_no_longer_foretell_are_damaged() -> None:
    live = live_judgement()
    held = select_held_out(random_stars(), None, SEED)
    assert held is not None
    facts = mean_gain(facts_of(held) - 0.5)
    assert live.leads["facts"].clear
    assert not facts.clear
    before = {"facts": live.leads["facts"]}
    found = decide(replace(live, leads={"facts": facts}), before, {}, False)
    assert not found.promote
    (why,) = found.why
    assert (why.key, why.data["measure"]) == ("lead-lost", "facts")
    assert decide(replace(live, leads={}), before, {}, False).promote, "an older record"


def test_a_live_model_that_fails_the_tags_gives_way() -> None:
    bad = next(bad for bad in BAD if bad.name == "popularity only")
    live = judge(bad).figures
    assert live is not None
    none_good = judge_tastes(live, live, tags_figures())
    stopped = decide(None, None, {}, False, none_good)
    assert (stopped.promote, stopped.retire) == (False, True)
    assert [why.key for why in stopped.why][1:] == ["live-model-stops"]
    better = decide(None, None, {}, False, judge_tastes(live_figures(), live, tags_figures()))
    assert (better.promote, better.retire) == (True, False)


def test_a_loss_spread_over_all_tastes_names_the_greatest() -> None:
    """Each taste loses too little to be called beyond chance, all together lose clearly."""
    tags = tags_figures()
    step = np.where(np.arange(len(tags.taste)) % 3 == 0, -0.1, 0.0)
    found = judge_tastes(replace(tags, taste=tags.taste + step), None, tags)
    assert found.against[TAGS_ALONE].worse == ()
    verdict = decide(None, None, {}, False, found)
    assert not verdict.promote
    (why,) = verdict.why
    assert why.key == "tastes-worse-together"
    assert (len(names_in(why)), why.data["more"]) == (3, 0)


def test_a_deletion_outweighs_the_live_models_tastes_but_not_those_of_the_tags() -> None:
    good_by_tags = judge_tastes(tags_figures(), live_figures(), tags_figures())
    assert decide(None, None, {}, True, good_by_tags).promote
    poor = next(bad for bad in BAD if bad.name == "variety above all")
    figures = judge(poor).figures
    assert figures is not None
    found = decide(None, None, {}, True, judge_tastes(figures, live_figures(), tags_figures()))
    assert (found.promote, found.retire) == (False, True)


def test_without_films_of_tastes_the_reasons_have_it() -> None:
    assert measure_judged(fit(catalogue(), None, Config(), SEED, NOW), SEED) is None
    found = decide(None, None, {}, False, None)
    assert [why.key for why in found.why] == ["sanity-alone-decides", "no-taste-test"]
