"""What a person answered about films in the quiz.

An answer about a film that they have seen, such as "loved", rates the film.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from bot.services.scale import LEGEND, SCALE
from storage.database.engine import Transaction
from storage.feedback import ratings
from storage.people import quiz_answers
from storage.people.quiz_answers import FILM_ANSWERS, FilmAnswer, QuizAnswer

ANSWER_STARS: dict[FilmAnswer, float] = {cast(FilmAnswer, mark.name): mark.stars for mark in LEGEND}
"""The stars that each answer gives the film. Answers about films not seen give no stars."""

ANSWER_EMOJI: dict[FilmAnswer, str] = {
    **{cast(FilmAnswer, mark.name): mark.emoji for mark in LEGEND},
    "unseen": "🙈",
    "tempting": "👀",
    "unwanted": "🚫",
}
"""The emoji of each answer, in the order of the buttons."""

NO_SCREEN = 0
"""The screen number of films that are asked about one at a time."""


def parse_answer(text: str | None) -> FilmAnswer | None:
    """Returns the answer that `text` names; None for any other text."""
    return next((name for name in FILM_ANSWERS if name == text), None)


def current_answers(answers: Iterable[QuizAnswer]) -> dict[int, FilmAnswer]:
    """Returns the person's present answer about each film, by film id, in the order of answering.

    answers: all that the quiz stored about the person.
    """
    found: dict[int, FilmAnswer] = {}
    for answer in answers:
        film_answer = parse_answer(answer.question)
        if film_answer is not None:
            found[int(answer.subject)] = film_answer
    return found


def asked_films(answers: Iterable[QuizAnswer], screen: int | None = None) -> list[int]:
    """Returns the ids of the films that the quiz asked about, in the order of asking.

    answers: all that the quiz stored about the person.
    screen: the number of the screen of films; None for any screen.
    """
    return [
        int(answer.subject)
        for answer in answers
        if answer.question == "shown" and screen in (None, answer.screen)
    ]


def films_left_out(answers: Sequence[QuizAnswer]) -> list[int]:
    """Returns the ids of films that were on a screen and that the person did not choose there.

    Screens on which the person chose no film are ignored. A film that was not chosen has no answer
    and no rating. It only influences what the quiz asks about next.

    answers: all that the quiz stored about the person.
    """
    answered = current_answers(answers)
    found: list[int] = []
    for screen in sorted({answer.screen for answer in answers if answer.question == "shown"}):
        films = asked_films(answers, screen)
        chosen = [film for film in films if film in answered]
        if screen != NO_SCREEN and chosen:
            found += [film for film in films if film not in answered]
    return found


async def store_asked(
    conn: Transaction, person_id: int, films: Sequence[int], screen: int, now: datetime
) -> None:
    """Stores which films the quiz asks about on a screen (up to 25 films shown at once).

    screen: the screen's number; NO_SCREEN if the quiz asks about one film at a time.
    """
    subjects = [str(film_id) for film_id in films]
    await quiz_answers.add(conn, person_id, "shown", subjects, screen=screen, now=now)


async def store_answer(
    conn: Transaction,
    person_id: int,
    film_id: int,
    answer: FilmAnswer | None,
    *,
    now: datetime,
    screen: int = NO_SCREEN,
) -> bool:
    """Stores the person's answer about a film in place of an older one, and rates the film by it.

    Returns True if anything changed.

    answer: the answer; None to remove the stored answer and its rating.
    screen: number of the screen of films; NO_SCREEN if the film was asked about alone.
    """
    if not await quiz_answers.set_film_answer(
        conn, person_id, film_id, answer, now=now, screen=screen
    ):
        return False
    if answer in ANSWER_STARS:
        await ratings.state(
            conn,
            person_id=person_id,
            film_id=film_id,
            source="quiz",
            stars=ANSWER_STARS[answer],
            at=now,
            scale=SCALE,
        )
    else:
        await ratings.withdraw(
            conn, person_id=person_id, film_id=film_id, source="quiz", at=now, scale=SCALE
        )
    return True
