"""Says why a newly fitted model answers requests, or why it is held back."""

from collections.abc import Sequence

from bot.wording.operations.training import ranker_name
from bot.wording.operations.units import exact_percent
from bot.wording.speech import N_, Sentence, _, ngettext, number, percent, translated

MEASURES = {
    "ndcg": N_("nDCG@10"),
    "order": N_("the order of films by stars"),
    "facts": N_("predicting stars from what films are like"),
}
"""Measure of a model -> its name."""

SIMULATED = {
    "no-ratings": N_("Somebody new"),
    "one-rating": N_("Somebody with one rating"),
    "likes-nothing": N_("Somebody who likes nothing"),
    "many-ratings": N_("Somebody with lots of ratings"),
}
"""Simulated person whom a model is tried on -> the words for them."""


def _verdict(reasons: Sequence[str]) -> str:
    return " ".join(reasons)


def _measured(figure: float) -> str:
    return number(figure, 4)


def _better_than_live(measure: str, figure: float, live_figure: float, people: int) -> str:
    return ngettext(
        "It's better than the model in use. It scores {figure} against {live_figure} on "
        "{measure}, over {n} person.",
        "It's better than the model in use. It scores {figure} against {live_figure} on "
        "{measure}, over {n} people.",
        people,
        measure=translated(MEASURES[measure]),
        figure=_measured(figure),
        live_figure=_measured(live_figure),
    )


def _as_good_as_live(measure: str, figure: float, live_figure: float, people: int) -> str:
    return ngettext(
        "It's as good as the model in use. It scores {figure} against {live_figure} on "
        "{measure}, over {n} person.",
        "It's as good as the model in use. It scores {figure} against {live_figure} on "
        "{measure}, over {n} people.",
        people,
        measure=translated(MEASURES[measure]),
        figure=_measured(figure),
        live_figure=_measured(live_figure),
    )


def _worse_than_live(
    measure: str, figure: float, live_figure: float, people: int, allowed: float
) -> str:
    return ngettext(
        "It's worse than the model in use. It scores {figure} against {live_figure} on "
        "{measure}, over {n} person, and may lose {allowed} at most.",
        "It's worse than the model in use. It scores {figure} against {live_figure} on "
        "{measure}, over {n} people, and may lose {allowed} at most.",
        people,
        measure=translated(MEASURES[measure]),
        figure=_measured(figure),
        live_figure=_measured(live_figure),
        allowed=_measured(allowed),
    )


def _lead_lost(measure: str, lead: float, live_lead: float) -> str:
    values = {
        "measure": translated(MEASURES[measure]),
        "lead": _measured(lead),
        "live_lead": _measured(live_lead),
    }
    if measure == "ndcg":
        return _(
            "It isn't clearly better than plain popularity any more, as the model in use was. Its "
            "lead on {measure} is {lead}, and was {live_lead}. The ratings may be damaged.",
            **values,
        )
    return _(
        "It isn't clearly better than chance any more, as the model in use was. Its lead on "
        "{measure} is {lead}, and was {live_lead}. The ratings may be damaged.",
        **values,
    )


def _same_for_everybody(coverage: float, live_coverage: float) -> str:
    return _(
        "It shows everybody the same films. Its lists cover {coverage} of them, and the "
        "model in use covers {live_coverage}.",
        coverage=exact_percent(coverage),
        live_coverage=exact_percent(live_coverage),
    )


def _people_missing(people: int, live_people: int) -> str:
    return ngettext(
        "I judge it by people who liked something they rated last, and I have just {n} "
        "of those now. For the model in use, I had {live_people}. Ratings may be missing "
        "or damaged.",
        "I judge it by people who liked something they rated last, and I only have {n} "
        "of those now. For the model in use, I had {live_people}. Ratings may be missing "
        "or damaged.",
        people,
        live_people=live_people,
    )


def _taste_test(share: float, baseline: float, people: int) -> str:
    return ngettext(
        "{share} of the picks for {n} simulated person fit their taste, and {baseline} with tags "
        "alone.",
        "{share} of the picks for {n} simulated people fit their taste, and {baseline} with tags "
        "alone.",
        people,
        share=exact_percent(share),
        baseline=exact_percent(baseline),
    )


def _tastes_worse(
    ranker: str, share: float, baseline: float, people: int, tastes: str, more: int
) -> str:
    return f"{_overall(ranker, share, baseline, people)} {_suffering(tastes, more)}"


def _tastes_worse_together(
    ranker: str, share: float, baseline: float, people: int, tastes: str, more: int
) -> str:
    most = _(
        "Most of the loss is in {narrow_tastes}, though each one alone could be chance.",
        narrow_tastes=tastes,
    )
    return f"{_overall(ranker, share, baseline, people)} {most}"


def _overall(ranker: str, share: float, baseline: float, people: int) -> str:
    return ngettext(
        "It does worse on tastes than {ranker}. {share} of the picks for {n} simulated "
        "person fit their taste, against {baseline}.",
        "It does worse on tastes than {ranker}. {share} of the picks for {n} simulated "
        "people fit their taste, against {baseline}.",
        people,
        ranker=ranker_name(ranker),
        share=exact_percent(share),
        baseline=exact_percent(baseline),
    )


def _some_tastes_worse(
    ranker: str, share: float, baseline: float, people: int, tastes: str, more: int
) -> str:
    overall = ngettext(
        "It does worse on some tastes than {ranker}, by more than chance. Over all "
        "tastes, {share} of the picks for {n} simulated person fit, against {baseline}.",
        "It does worse on some tastes than {ranker}, by more than chance. Over all "
        "tastes, {share} of the picks for {n} simulated people fit, against {baseline}.",
        people,
        ranker=ranker_name(ranker),
        share=exact_percent(share),
        baseline=exact_percent(baseline),
    )
    return f"{overall} {_suffering(tastes, more)}"


def _suffering(tastes: str, more: int) -> str:
    """Returns a sentence on the tastes that a model serves worse.

    tastes: the names of the first three, as a list in words.
    more: number of further tastes.
    """
    if not more:
        return _("The loss is in {narrow_tastes}.", narrow_tastes=tastes)
    return ngettext(
        "The loss is in {narrow_tastes}, and in {n} more taste.",
        "The loss is in {narrow_tastes}, and in {n} more tastes.",
        more,
        narrow_tastes=tastes,
    )


def _scores_not_finite(person: str) -> str:
    return _("{person} got scores that aren't numbers.", person=translated(SIMULATED[person]))


def _rated_film_shown(person: str) -> str:
    return _("{person} got a film they've already rated.", person=translated(SIMULATED[person]))


def _nothing_shown(person: str) -> str:
    return _("{person} got no films.", person=translated(SIMULATED[person]))


def _newcomer_gets_little_known(percentile: float) -> str:
    return _(
        "Somebody new got films that few people know. Half of them are at popularity "
        "percentile {percentile} or below.",
        percentile=number(round(percentile)),
    )


def _newcomer_gets_few_genres(genres: int) -> str:
    return ngettext(
        "Somebody new got films of only {n} genre.",
        "Somebody new got films of only {n} genres.",
        genres,
    )


def _genre_makes_no_difference(share: float, usual: float) -> str:
    return _(
        "I gave it somebody who loves five films of one genre. Only {share} of their "
        "picks are of that genre, and {usual} of everybody's favourites are.",
        share=percent(share),
        usual=percent(usual),
    )


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "accepted-after-deletion": N_(
        "I'm using it anyway, because the model before it knows somebody who had their "
        "data deleted."
    ),
    "accepted-for-tastes": N_(
        "I'm using it anyway, because the model before it does worse on tastes than tags alone."
    ),
    "as-good-as-live": _as_good_as_live,
    "better-than-live": _better_than_live,
    "fails-sanity": N_("It failed a common-sense check."),
    "genre-makes-no-difference": _genre_makes_no_difference,
    "lead-lost": _lead_lost,
    "live-model-stops": N_(
        "The model in use does worse on tastes than tags alone, so I've stopped using it."
    ),
    "newcomer-gets-few-genres": _newcomer_gets_few_genres,
    "newcomer-gets-little-known": _newcomer_gets_little_known,
    "no-taste-test": N_("The catalogue has too few films with tags for a taste test."),
    "nothing-shown": _nothing_shown,
    "people-missing": _people_missing,
    "rated-film-shown": _rated_film_shown,
    "same-for-everybody": _same_for_everybody,
    "sanity-alone-decides": N_(
        "Fewer than {least} people have ratings to judge it by, so I only checked that "
        "it makes sense. It does."
    ),
    "sanity-and-tastes-decide": N_(
        "Fewer than {least} people have ratings to judge it by, so I checked that it "
        "makes sense and gave it the taste test. It passed both."
    ),
    "scores-not-finite": _scores_not_finite,
    "some-tastes-worse": _some_tastes_worse,
    "taste-test": _taste_test,
    "tastes-worse": _tastes_worse,
    "tastes-worse-together": _tastes_worse_together,
    "too-few-people-left": N_(
        "I judge it by people who liked something they rated last, and I have fewer than "
        "{least} of those now. For the model in use, I had {live_people}. Ratings may be "
        "missing or damaged."
    ),
    "verdict": _verdict,
    "worse-than-live": _worse_than_live,
}
"""Key of a note -> its sentence."""
