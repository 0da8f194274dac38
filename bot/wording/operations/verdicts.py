"""Says why a newly fitted model answers requests, or why it is held back."""

from collections.abc import Sequence

from bot.wording.operations.training import ranker_name
from bot.wording.operations.units import exact_percent
from bot.wording.speech import N_, Sentence, _, ngettext, number, percent, translated

MEASURES = {
    "ndcg": N_("nDCG@10"),
    "order": N_("ranking films by stars"),
    "facts": N_("predicting stars from what films are like"),
}
"""Measure of a model -> its name."""

SIMULATED = {
    "no-ratings": N_("somebody new"),
    "one-rating": N_("somebody with one rating"),
    "likes-nothing": N_("somebody who likes nothing"),
    "many-ratings": N_("somebody with lots of ratings"),
}
"""Simulated person whom a model is tried on -> the words for them."""


def _verdict(reasons: Sequence[str]) -> str:
    return " ".join(reasons)


def _measured(figure: float) -> str:
    return number(figure, 4)


def _better_than_live(measure: str, figure: float, live_figure: float, people: int) -> str:
    return ngettext(
        "This model is better than the one that was in use. Tested on {n} person, it scores "
        "{figure} on {measure}, compared with {live_figure} before.",
        "This model is better than the one that was in use. Tested on {n} people, it scores "
        "{figure} on {measure}, compared with {live_figure} before.",
        people,
        measure=translated(MEASURES[measure]),
        figure=_measured(figure),
        live_figure=_measured(live_figure),
    )


def _as_good_as_live(measure: str, figure: float, live_figure: float, people: int) -> str:
    return ngettext(
        "This model is as good as the one that was in use. Tested on {n} person, it scores "
        "{figure} on {measure}, compared with {live_figure} before.",
        "This model is as good as the one that was in use. Tested on {n} people, it scores "
        "{figure} on {measure}, compared with {live_figure} before.",
        people,
        measure=translated(MEASURES[measure]),
        figure=_measured(figure),
        live_figure=_measured(live_figure),
    )


def _worse_than_live(
    measure: str, figure: float, live_figure: float, people: int, allowed: float
) -> str:
    return ngettext(
        "This model is worse than the model in use. Tested on {n} person, it scores {figure} on "
        "{measure}, compared with {live_figure}. I'd accept a drop of up to {allowed}.",
        "This model is worse than the model in use. Tested on {n} people, it scores {figure} on "
        "{measure}, compared with {live_figure}. I'd accept a drop of up to {allowed}.",
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
            "This model isn't clearly better than popularity alone, though the model in "
            "use was. Its lead on {measure} is now {lead}, down from {live_lead}. The "
            "ratings may be damaged.",
            **values,
        )
    return _(
        "This model isn't clearly better than chance any more, though the model in use was. "
        "Its lead on {measure} is now {lead}, down from {live_lead}. The ratings may be "
        "damaged.",
        **values,
    )


def _same_for_everybody(coverage: float, live_coverage: float) -> str:
    return _(
        "This model shows everybody much the same films. It only uses {coverage} of all films, "
        "and the model in use uses {live_coverage}.",
        coverage=exact_percent(coverage),
        live_coverage=exact_percent(live_coverage),
    )


def _people_missing(people: int, live_people: int) -> str:
    return ngettext(
        "I test models on people who liked the films they rated last. There's only {n} of them "
        "now, and there were {live_people} for the model in use. Ratings may be missing or "
        "damaged.",
        "I test models on people who liked the films they rated last. There are only {n} of them "
        "now, and there were {live_people} for the model in use. Ratings may be missing or "
        "damaged.",
        people,
        live_people=live_people,
    )


def _taste_test(share: float, baseline: float, people: int) -> str:
    return ngettext(
        "{share} of the picks for {n} simulated person suit their taste, compared with "
        "{baseline} from tags alone.",
        "{share} of the picks for {n} simulated people suit their taste, compared with "
        "{baseline} from tags alone.",
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
        "This model does worst on {narrow_tastes}, though any one of these could just be chance.",
        narrow_tastes=tastes,
    )
    return f"{_overall(ranker, share, baseline, people)} {most}"


def _overall(ranker: str, share: float, baseline: float, people: int) -> str:
    return ngettext(
        "This model matches people's tastes less well than {ranker}. {share} of the picks "
        "for {n} simulated person suit their taste, compared with {baseline} for {ranker}.",
        "This model matches people's tastes less well than {ranker}. {share} of the picks "
        "for {n} simulated people suit their taste, compared with {baseline} for "
        "{ranker}.",
        people,
        ranker=ranker_name(ranker),
        share=exact_percent(share),
        baseline=exact_percent(baseline),
    )


def _some_tastes_worse(
    ranker: str, share: float, baseline: float, people: int, tastes: str, more: int
) -> str:
    overall = ngettext(
        "This model does worse than {ranker} on some tastes, and that isn't just chance. "
        "Across all tastes, {share} of the picks for {n} simulated person suit their "
        "taste, compared with {baseline} for {ranker}.",
        "This model does worse than {ranker} on some tastes, and that isn't just chance. "
        "Across all tastes, {share} of the picks for {n} simulated people suit their "
        "tastes, compared with {baseline} for {ranker}.",
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
        return _("This model does worse on {narrow_tastes}.", narrow_tastes=tastes)
    return ngettext(
        "This model does worse on {narrow_tastes}, and on {n} more taste.",
        "This model does worse on {narrow_tastes}, and on {n} more tastes.",
        more,
        narrow_tastes=tastes,
    )


def _scores_not_finite(person: str) -> str:
    return _(
        "With this model, {person} would get scores that aren't numbers.",
        person=translated(SIMULATED[person]),
    )


def _rated_film_shown(person: str) -> str:
    return _(
        "With this model, {person} would get a film that they've already rated.",
        person=translated(SIMULATED[person]),
    )


def _nothing_shown(person: str) -> str:
    return _(
        "With this model, {person} wouldn't get any films.", person=translated(SIMULATED[person])
    )


def _newcomer_gets_little_known(percentile: float) -> str:
    return _(
        "With this model, somebody new would get films that hardly anybody knows. A typical one "
        "is better known than just {percentile}% of all films.",
        percentile=number(round(percentile)),
    )


def _newcomer_gets_few_genres(genres: int) -> str:
    return ngettext(
        "With this model, somebody new would only get films from {n} genre.",
        "With this model, somebody new would only get films from {n} genres.",
        genres,
    )


def _genre_makes_no_difference(share: float, usual: float) -> str:
    return _(
        "I tried this model on people who love five films in one genre. Only {share} of their "
        "picks were in that genre. If I just showed everybody the most popular films, it'd be "
        "{usual}.",
        share=percent(share),
        usual=percent(usual),
    )


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "accepted-after-deletion": N_(
        "I'm using the new model anyway, because the old one learned from somebody who's had "
        "their data deleted."
    ),
    "accepted-for-tastes": N_(
        "I'm using the new model anyway, because the old one matches people's tastes less "
        "well than tags alone."
    ),
    "as-good-as-live": _as_good_as_live,
    "better-than-live": _better_than_live,
    "fails-sanity": N_("This model failed a common-sense check."),
    "genre-makes-no-difference": _genre_makes_no_difference,
    "lead-lost": _lead_lost,
    "live-model-stops": N_(
        "The model I was using matches people's tastes less well than tags alone, so I've "
        "stopped using it."
    ),
    "newcomer-gets-few-genres": _newcomer_gets_few_genres,
    "newcomer-gets-little-known": _newcomer_gets_little_known,
    "no-taste-test": N_(
        "I couldn't test how well I match people's tastes, because too few films in the catalogue "
        "have tags."
    ),
    "nothing-shown": _nothing_shown,
    "people-missing": _people_missing,
    "rated-film-shown": _rated_film_shown,
    "same-for-everybody": _same_for_everybody,
    "sanity-alone-decides": N_(
        "Fewer than {least} people have enough ratings to test this model on, so I only "
        "checked that its picks make sense. They do."
    ),
    "sanity-and-tastes-decide": N_(
        "Fewer than {least} people have enough ratings to test this model on, so I checked "
        "that its picks make sense and tested some tastes. It passed both."
    ),
    "scores-not-finite": _scores_not_finite,
    "some-tastes-worse": _some_tastes_worse,
    "taste-test": _taste_test,
    "tastes-worse": _tastes_worse,
    "tastes-worse-together": _tastes_worse_together,
    "too-few-people-left": N_(
        "I test models on people who liked the films they rated last. There are fewer than "
        "{least} of them now, and there were {live_people} for the model in use. Ratings may be "
        "missing or damaged."
    ),
    "verdict": _verdict,
    "worse-than-live": _worse_than_live,
}
"""Why a new model is used or not, a sentence each, by the note's key."""
