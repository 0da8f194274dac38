"""What people read in the quiz."""

from datetime import UTC, datetime

import pytest

from bot.errors import Sorry
from bot.services.notes import note
from bot.services.picks.facts import QUIZ_DIAL
from bot.services.quiz.form import ZoneNote
from bot.services.quiz.one_film import AnswerStored
from bot.wording.errors.said import said
from bot.wording.people.preferences import dial, dial_meaning
from bot.wording.quiz import answers, films, form
from recommender.context.clock import DAYPARTS
from storage.people.quiz_answers import FILM_ANSWERS, FilmAnswer

NOW = datetime(2026, 3, 13, 18, tzinfo=UTC)
HOSTILE = "*Up* @everyone"
ESCAPED = r"**\*Up\* \@everyone**"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("loved", f"Got it: {ESCAPED}, ❤️ loved. I'll keep that in mind for your next picks."),
        (
            "disliked",
            f"Got it: {ESCAPED}, 👎 disliked. I'll keep that in mind for your next picks.",
        ),
        ("unseen", f"Got it: you haven't seen {ESCAPED}."),
        ("tempting", f"Got it: {ESCAPED} looks good to you."),
        ("unwanted", f"Got it: {ESCAPED} isn't for you."),
        (None, f"I've forgotten your answer about {ESCAPED}."),
    ],
)
def test_what_is_said_to_an_answer(answer: FilmAnswer | None, text: str) -> None:
    assert answers.answered(AnswerStored(HOSTILE, answer)) == text
    assert answers.thanks(text) == f"{text} Thanks, that helps."


def test_every_answer_has_a_button_and_words() -> None:
    assert len({answers.answer_button(answer) for answer in FILM_ANSWERS}) == len(FILM_ANSWERS)
    assert answers.answer_words("liked") == "👍 liked"
    assert answers.answer_words("tempting") == "👀 looks good"
    assert len({answers.answer_words(answer) for answer in FILM_ANSWERS}) == len(FILM_ANSWERS)


@pytest.mark.parametrize(
    ("count", "forgotten", "older"),
    [
        (
            0,
            "You hadn't answered anything yet, so there was nothing to forget.",
            "-# There are 0 older answers that I don't show here.",
        ),
        (
            1,
            "Done. I've forgotten your answer about 1 film.",
            "-# There's 1 older answer that I don't show here.",
        ),
        (
            30,
            "Done. I've forgotten your answers about 30 films.",
            "-# There are 30 older answers that I don't show here.",
        ),
    ],
)
def test_answers_are_counted(count: int, forgotten: str, older: str) -> None:
    assert answers.forgotten(count) == forgotten
    assert answers.older_answers(count) == older


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (ZoneNote(), None),
        (ZoneNote("Asia/Tokyo"), "Your time zone is now Asia/Tokyo (it's 3:00 AM there)."),
        (
            ZoneNote(problem=Sorry("unknown-zone", typed="*Oz*")),
            r"I don't know the time zone “\*Oz\*”. Try a country, its capital, or an offset like "
            "UTC+1. I've saved everything else in the form.",
        ),
    ],
)
def test_what_is_said_of_a_typed_zone(zone: ZoneNote, text: str | None) -> None:
    assert form.zone_note(zone, NOW) == text


def test_the_form_names_every_choice() -> None:
    assert [form.daypart_hours(part) for part in DAYPARTS] == [
        "From 5:00 AM",
        "From 12:00 PM",
        "From 5:00 PM",
        "From 11:00 PM to 5:00 AM",
    ]
    assert all(form.daypart(part) for part in DAYPARTS)
    assert all(dial(name) and dial_meaning(name) for name in QUIZ_DIAL)
    assert (
        form.zone_hint("Etc/GMT-1")
        == "So I know when it's evening for you. Leave it empty for UTC+1."
    )


def test_a_film_that_is_named() -> None:
    added = said(note("film-added", film=HOSTILE), markdown=True)
    assert (
        added == f"I've added {ESCAPED} to the films you love. To take it back, press *My answers*."
    )
    near = said(note("some-films-near", typed="*Upp*"), markdown=True)
    assert near == r"I don't have a film called “\*Upp\*”. Is it one of these?"


def test_above_the_films() -> None:
    assert films.screen_lines(1, 2)[0] == "-# Screen 1 of 2"
    assert films.last_screen_lines(3, 3)[1] == films.no_film_left()
    assert films.extra_question(HOSTILE).endswith(f"Have you seen {ESCAPED}?")
