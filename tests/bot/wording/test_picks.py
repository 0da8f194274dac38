"""What people read on cards, on shelves, and when nothing fits what they ask for."""

import re
from typing import get_args

import pytest

from bot.errors import Sorry
from bot.services.notes import Note, enumerated, from_text, note, quoted, to_text, written
from bot.services.picks.facts import QUIZ_DIAL
from bot.services.serving.lines import nothing_fits
from bot.services.view_models import PredictedStars, ScoreFact
from bot.wording.errors.said import said
from bot.wording.picks import cards, moments, shelves
from bot.wording.picks.help import help_text
from bot.wording.speech import speaking
from recommender.context.editorial import TILTS
from recommender.pipeline.filters import FilterName, Loosen

MOODS = enumerated(["witty", "film and art"])
UP = "Up (2009)"


def test_a_note_that_no_table_has_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-sentence"):
        said(Note("no-such-sentence"))


@pytest.mark.parametrize(
    ("why", "text"),
    [
        (note("you-loved", title="Up", tags=MOODS), "because you loved Up · witty, film and art"),
        (
            note("they-liked", title="Up", tags=MOODS),
            "because people here liked Up · witty, film and art",
        ),
        (note("your-taste", tags=MOODS, moods=None), "more of what you like: witty, film and art"),
        (
            note("your-taste", tags=enumerated(["heist"]), moods=MOODS),
            "more of what you like: heist · witty, film and art",
        ),
        (note("near-your-films", moods=None), "close to films you liked"),
        (
            note("praise-and-moods", praise=note("widely-loved"), moods=MOODS),
            "lots of people love it · witty, film and art",
        ),
        (
            note("wild-card", reason=note("unlike-your-films")),
            "wild card: not your usual kind of film",
        ),
        (
            note("reason-and-moment", reason=note("suits-both"), moment=note("short-often-now")),
            "suits you both · a shorter film, which people often pick around this time",
        ),
        (
            note("above-all-for", reason=note("suits-all"), member="June"),
            "suits all of you · especially for June",
        ),
        (note("trending-reason", here=True, people=1), "trending here: 1 person rated it"),
        (
            note("trending-reason", here=False, people=1200),
            "trending everywhere: 1,200 people rated it",
        ),
        (note("rising-reason", here=True, people=0), "on the rise here: 0 people rated it"),
        (note("in-common", tags=MOODS), "in common: witty, film and art"),
    ],
)
def test_reasons(why: Note, text: str) -> None:
    assert said(why) == text
    assert said(from_text(to_text(why))) == text, "as it is stored"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (note("picks-for-you", time="tonight"), "For you tonight"),
        (note("first-picks", time="any"), "First picks for you"),
        (
            note(
                "picks-together",
                time="late-night",
                company=[note("you"), written("Mira"), written("June")],
            ),
            "For you, Mira, and June, late at night",
        ),
        (note("trending", here=True, window="week"), "Trending here in the last week"),
        (note("up-to", runtime=90), "up to 90 min"),
        (
            note("early-guess", left=1),
            "This is an early guess. Rate 1 more film and I'll know you better.",
        ),
        (
            note("early-guess", left=4),
            "This is an early guess. Rate 4 more films and I'll know you better.",
        ),
        (
            note("tastes-hidden", names=["Mira"], count=1),
            "I couldn't use the taste of Mira, because they don't show it here. They can change "
            "that with `/settings`.",
        ),
        (
            note("all-tastes-hidden", names=["Mira", "June"], count=2),
            "These picks are just for you. I couldn't use the tastes of Mira and June, because "
            "they don't show them here. They can change that with `/settings`.",
        ),
        (
            note("nothing-trends", here=True, window="day", people=3),
            "No film got ratings from 3 or more people here in the last day, "
            "so here are all-time favourites instead. Rate some films to get this list "
            "going.",
        ),
        (
            note("favourites-of", member="Mira", mood=["bleak", "mood", "bleak ~", ()]),
            "Mira's bleak favourites",
        ),
        (
            note("chosen-tastes", tastes=[note("taste", taste="warm")]),
            "because you chose “Warm and funny” in the quiz",
        ),
    ],
)
def test_headings_and_sentences_under_cards(told: Note, text: str) -> None:
    assert said(told) == text


def test_what_would_help_if_nothing_fits() -> None:
    one, two = Loosen(("genre",), 1), Loosen(("mood", "max_runtime"), 12)
    assert said(nothing_fits((one, two)), markdown=True) == (
        "No film fits everything you asked for. Here's what would help:\n- Without the "
        "genre, I'd have 1 film for you.\n- Without the mood and the maximum length, I'd "
        "have 12 films for you."
    )
    assert said(nothing_fits(())).startswith("I'm out of films to show you.")
    for name in get_args(FilterName):
        assert said(nothing_fits((Loosen((name,), 2),)), markdown=True).endswith(
            "I'd have 2 films for you."
        )


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            Sorry("no-such-genre-near", typed="polka *", near=["Comedy", "Drama"]),
            r"I don't know a genre called “polka \*”. Did you mean Comedy or Drama?",
        ),
        (
            Sorry("title-of-several", films=[quoted("Emma (1996) · A"), quoted("Emma (1996) · B")]),
            "More than one film has that title. Did you mean “Emma (1996) · A” or “Emma (1996) · "
            "B”? Pick the right one from the list as you type.",
        ),
        (
            Sorry("unknown-title-near", typed="Upp", films=[quoted(UP)]),
            "I don't have “Upp” yet. Did you mean “Up (2009)”? If so, pick it from the list as you "
            "type.",
        ),
    ],
)
def test_names_that_are_not_understood(error: Sorry, text: str) -> None:
    assert said(error, markdown=True) == text


def test_the_answer_to_why() -> None:
    fact = ScoreFact(-0.314, note("fact-rating", title="*Up*", stars=5.0))
    assert cards.score_fact(fact) == r"▼ 31% your rating of \*Up\*: ❤️ loved"
    stars = cards.predicted_stars(PredictedStars(4.0, 0.6))
    assert stars == "You'd probably give it ★ 4.0, give or take 0.6."
    assert cards.why("*Up*") == (
        r"Here's what counted most for or against **\*Up\*** as a pick for you right now:"
    )


def test_what_a_list_leaves_out() -> None:
    left = note("genres-left-out", genres=["Horror", "Musical"])
    assert said(left) == "I left out Horror and Musical, as you asked."
    assert said(note("declined-left-out")) == "I left out films that you've said aren't for you."
    assert "family-safe" in said(note("unsafe-left-out"))
    assert said(note("rising", here=True, window="week")) == "On the rise here in the last week"
    assert cards.on_shelf("Bleak films") == "-# On the shelf “Bleak films”"


def test_counts_of_hidden_films() -> None:
    assert shelves.hidden(1) == "-# and 1 more film"
    assert shelves.hidden(1000) == "-# and 1,000 more films"


def test_reasons_are_in_the_language_of_the_reader() -> None:
    with speaking("pseudo"):
        assert "because" not in said(note("you-loved", title="Up", tags=MOODS))
        assert "witty, film and art" in said(note("you-loved", title="Up", tags=MOODS))
        assert "Try first" not in help_text(str)


def test_commands_in_help_can_be_tapped() -> None:
    text = help_text(lambda name: f"</{name}:7>")
    assert "1. </start:7>: fill in a short form" in text
    assert "</similar:7>" in text
    assert "`/setup` is for people who manage a server" in text, "it cannot be tapped itself"
    assert set(re.findall("`/([a-z]+)", text)) == {"setup"}


def test_the_quiz_offers_three_degrees_of_adventurousness() -> None:
    assert QUIZ_DIAL == ("crowd-pleasers", "balanced", "deep cuts")


def test_every_rule_of_the_clock_has_a_reason() -> None:
    assert {tilt.key for tilt in TILTS} == set(moments.NOTES)
    found = note("reason-and-moment", reason=note("often-now"), moment=note("good-with-friends"))
    assert said(found).endswith(" · good to watch with friends")
