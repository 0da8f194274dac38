"""What the operator reads about the judge's decisions."""

import pytest

from bot.services.notes import from_text, note, of_error, to_text
from bot.wording.errors.said import said
from recommender.remarks import Remark, remark

KOREAN, THREE = ("Korean films",), ("anime", "Korean films", "horror")
WORSE = remark(
    "worse-than-live", measure="order", figure=0.6, live_figure=0.7, people=1, allowed=0.0123
)


def tastes(key: str, people: int, names: tuple[str, ...], more: int) -> Remark:
    """Returns a remark on tastes that a model serves worse."""
    return remark(
        key, ranker="live", share=0.3, baseline=0.4125, people=people, tastes=names, more=more
    )


@pytest.mark.parametrize(
    ("why", "text"),
    [
        (
            remark("better-than-live", measure="ndcg", figure=0.2, live_figure=0.15, people=1204),
            "This model is better than the one that was in use. Tested on 1,204 people, it scores "
            "0.2000 on nDCG@10, compared with 0.1500 before.",
        ),
        (
            WORSE,
            "This model is worse than the model in use. Tested on 1 person, it scores 0.6000 on "
            "ranking films by stars, compared with 0.7000. I'd accept a drop of up to 0.0123.",
        ),
        (
            remark("lead-lost", measure="facts", lead=-0.01, live_lead=0.05),
            "This model isn't clearly better than chance any more, though the model in use was. "
            "Its lead on predicting stars from what films are like is now -0.0100, down from "
            "0.0500. The ratings may be damaged.",
        ),
        (
            tastes("tastes-worse", 84, KOREAN, 0),
            "This model matches people's tastes less well than the model in use. 30.0% of "
            "the picks for 84 simulated people suit their taste, compared with 41.2% "
            "for the model in use. This model does worse on Korean films.",
        ),
        (
            tastes("some-tastes-worse", 1, THREE, 1),
            "This model does worse than the model in use on some tastes, and that isn't "
            "just chance. Across all tastes, 30.0% of the picks for 1 simulated person "
            "suit their taste, compared with 41.2% for the model in use. This model does worse on "
            "anime, Korean films, and horror, and on 1 more taste.",
        ),
        (
            remark("people-missing", people=1, live_people=40),
            "I test models on people who liked the films they rated last. There's only 1 of "
            "them now, and "
            "there were 40 for the model in use. Ratings may be missing or damaged.",
        ),
        (
            remark("rated-film-shown", person="one-rating"),
            "With this model, somebody with one rating would get a film that they've already "
            "rated.",
        ),
        (
            remark("newcomer-gets-few-genres", genres=0),
            "With this model, somebody new would only get films from 0 genres.",
        ),
        (
            remark("genre-makes-no-difference", share=0.123, usual=0.2),
            "I tried this model on people who love five films in one genre. Only 12% of their "
            "picks were in that genre. If I just showed everybody the most popular films, it'd be "
            "20%.",
        ),
    ],
)
@pytest.mark.parametrize("markdown", [False, True])
def test_a_reason_is_said(why: Remark, text: str, markdown: bool) -> None:
    assert said(of_error(why), markdown=markdown) == text


def test_a_stored_verdict_is_said_in_whole_sentences() -> None:
    why = [remark("fails-sanity"), remark("nothing-shown", person="no-ratings")]
    stored = to_text(note("verdict", reasons=[of_error(each) for each in why]))
    assert (
        said(from_text(stored))
        == "This model failed a common-sense check. With this model, somebody new wouldn't get "
        "any films."
    )
    assert said(from_text("It is no worse.")) == "It is no worse.", "a sentence of earlier versions"
