"""The judge holds bad models back, each with a true sentence."""

import re
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
    named,
)
from recommender.evaluation.acceptance.verdict import MANY_PEOPLE, MIN_PEOPLE_SHARE, Verdict, decide
from recommender.evaluation.taste.measure import TasteFigures
from recommender.evaluation.taste.study import TAGS_ALONE
from recommender.evaluation.taste.tastes import tastes
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit
from tests.recommender.bad_models import (
    BAD,
    CONFIG,
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

ALL_TASTES = tuple(taste.name for taste in tastes())


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


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_model_is_held_back_with_a_true_sentence(bad: Bad) -> None:
    found = judge(bad)
    why = found.verdict.why
    assert not found.verdict.promote, why
    assert not found.verdict.retire, "the live model is good"
    possible = (bad.says,) if isinstance(bad.says, str) else bad.says
    assert any(says in why for says in possible), why
    assert why.endswith(".")
    if found.figures is None:
        return
    if "of the picks" in why:
        assert_true_of_tastes(why, found.figures)
    elif "missing" in why:
        assert f"the live model had {live_judgement().people};" in why
        assert live_judgement().people >= MANY_PEOPLE
        if found.people is None:
            assert_harms(found.model)
        else:
            assert f"Only {found.people} people" in why
            assert found.people < MIN_PEOPLE_SHARE * live_judgement().people
    elif "may be damaged" in why:
        assert_true_of_leads(why, found.held_out)
        if (
            bad.ratings is not random_stars
        ):  # the lists of random stars are still of people's tastes
            assert_harms(found.model)
    else:
        assert_true_of_figures(why, found.held_out)


def assert_true_of_tastes(why: str, figures: TasteFigures) -> None:
    """Counts again, without the judge's own comparison, what its sentence claims about tastes."""
    others = tags_figures() if "the tags alone" in why else live_figures()
    shares, before = figures.by_taste(), others.by_taste()
    share, other = (float(value) / 100 for value in re.findall(r"([\d.]+)%", why))
    assert share == pytest.approx(np.mean(list(shares.values())), abs=6e-4)
    assert other == pytest.approx(np.mean(list(before.values())), abs=6e-4)
    assert int(re.findall(r"(\d+) simulated people", why)[0]) == len(figures.people)
    lost = {name: at for at, name in enumerate(ALL_TASTES) if name in why and at in shares}
    assert all(shares[at] < before[at] - 0.02 for at in lost.values())
    assert lost
    assert share < other or "serves some tastes worse" in why


def assert_harms(model: Recommender) -> None:
    """Serves the good model's people, whose true ratings a model of damaged ratings never saw."""
    loss = mean_gain(live_scores().ndcg - scores_of(model, held_out_of_good()).ndcg)
    assert loss.clear
    assert loss.mean > 0.05


def assert_true_of_leads(why: str, judged: Judgement | None) -> None:
    """Compares the figures in a sentence about lost leads with the comparisons that were made."""
    assert judged is not None
    name = "order" if "the order of films" in why else "ndcg"
    now, was = (float(value) for value in re.findall(r"-?\d\.\d{4}", why))
    assert now == pytest.approx(judged.leads[name].mean, abs=1e-4)
    assert was == pytest.approx(live_judgement().leads[name].mean, abs=1e-4)
    assert now < was


def assert_true_of_figures(why: str, judged: Judgement | None) -> None:
    """Compares the figures in a sentence about a worse model with those that were measured."""
    assert judged is not None
    new, live, allowed = (float(value) for value in re.findall(r"\d\.\d{4}", why))
    measure = "order" if "the order of films" in why else "ndcg@10"
    assert new == pytest.approx(judged.figures["new"][measure], abs=1e-4)
    assert live == pytest.approx(judged.figures["live"][measure], abs=1e-4)
    assert live - new > allowed


def test_the_good_model_itself_is_promoted() -> None:
    found = judge_tastes(live_figures(), live_figures(), tags_figures())
    live = live_judgement()
    verdict = decide(live, live.leads, {}, False, found, live.people)
    assert verdict.promote, verdict.why
    assert "of their taste" in verdict.why


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
    assert "better than chance" in found.why
    assert "its lead in foretelling stars by what films are like" in found.why
    assert decide(replace(live, leads={}), before, {}, False).promote, "an older record"


def test_a_live_model_that_fails_the_tags_gives_way() -> None:
    bad = next(bad for bad in BAD if bad.name == "popularity only")
    live = judge(bad).figures
    assert live is not None
    none_good = judge_tastes(live, live, tags_figures())
    stopped = decide(None, None, {}, False, none_good)
    assert (stopped.promote, stopped.retire) == (False, True)
    assert stopped.why.endswith("so it stops.")
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
    assert "no single one beyond chance" in verdict.why
    assert len([name for name in ALL_TASTES if name in verdict.why]) == 3


def test_a_deletion_outweighs_the_live_models_tastes_but_not_those_of_the_tags() -> None:
    good_by_tags = judge_tastes(tags_figures(), live_figures(), tags_figures())
    assert decide(None, None, {}, True, good_by_tags).promote
    poor = next(bad for bad in BAD if bad.name == "variety above all")
    figures = judge(poor).figures
    assert figures is not None
    found = decide(None, None, {}, True, judge_tastes(figures, live_figures(), tags_figures()))
    assert (found.promote, found.retire) == (False, True)


def test_without_films_of_tastes_the_sentence_says_so() -> None:
    assert measure_judged(fit(catalogue(), None, Config(), SEED, NOW), SEED) is None
    assert "too few films with tags" in decide(None, None, {}, False, None).why


def test_names_in_a_sentence() -> None:
    assert named([]) == ""
    assert named(["a"]) == "a"
    assert named(["a", "b"]) == "a and b"
    assert named(["a", "b", "c"]) == "a, b and c"
    assert named(["a", "b", "c", "d"]) == "a, b, c and 1 other"
    assert named(["a", "b", "c", "d", "e"]) == "a, b, c and 2 others"
