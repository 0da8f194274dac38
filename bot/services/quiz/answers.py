"""What a person answered about films in the quiz: kept as given, and a rating where it is one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from bot.services.scale import LEGEND, SCALE
from storage.feedback import ratings
from storage.people import answers as quiz_answers
from storage.people.answers import FILM_ANSWERS, FilmAnswer, QuizAnswer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

STARS: dict[FilmAnswer, float] = {cast(FilmAnswer, mark.name): mark.stars for mark in LEGEND}
WORDS: dict[FilmAnswer, str] = {
    **{cast(FilmAnswer, mark.name): f"{mark.emoji} {mark.name}" for mark in LEGEND},
    "unseen": "🙈 haven't seen",
}
"""Every answer about a film, in the order of the buttons."""

ONE_BY_ONE = 0
"""The screen under which films that are asked about one at a time are kept."""


def known_answer(text: str | None) -> FilmAnswer | None:
    """The answer that `text` names; None for anything else."""
    return next((name for name in FILM_ANSWERS if name == text), None)


def standing(answers: Iterable[QuizAnswer]) -> dict[int, FilmAnswer]:
    """Film id -> what stands answered about it, in the order of answering."""
    found: dict[int, FilmAnswer] = {}
    for answer in answers:
        given = known_answer(answer.question)
        if given is not None:
            found[int(answer.subject)] = given
    return found


def shown(answers: Iterable[QuizAnswer], screen: int | None = None) -> list[int]:
    """Films that stood on a screen, or on any, in the order in which they were asked about."""
    return [
        int(answer.subject)
        for answer in answers
        if answer.question == "shown" and screen in (None, answer.screen)
    ]


def left(answers: Sequence[QuizAnswer]) -> list[int]:
    """Films left on screens on which others were chosen: no answers, but a hint of what else to
    show."""
    stands = standing(answers)
    found: list[int] = []
    for screen in sorted({answer.screen for answer in answers if answer.question == "shown"}):
        films = shown(answers, screen)
        chosen = [film for film in films if film in stands]
        if screen != ONE_BY_ONE and chosen:
            found += [film for film in films if film not in stands]
    return found


async def show(
    conn: "AsyncConnection", person_id: int, films: Sequence[int], screen: int, now: datetime
) -> None:
    """Keep which films a screen asks about."""
    subjects = [str(film_id) for film_id in films]
    await quiz_answers.answer_all(conn, person_id, "shown", subjects, screen=screen, now=now)


async def keep(
    conn: "AsyncConnection",
    person_id: int,
    film_id: int,
    given: FilmAnswer | None,
    *,
    now: datetime,
    screen: int = ONE_BY_ONE,
) -> bool:
    """Keep an answer in place of the one before, and rate the film by it; None takes it back.
    Whether anything changed."""
    if not await quiz_answers.answer_film(conn, person_id, film_id, given, now=now, screen=screen):
        return False
    who = {"person_id": person_id, "film_id": film_id}
    if given in STARS:
        await ratings.state(
            conn, **who, source="quiz", stars=STARS[given], at=now, guild_id=None, scale=SCALE
        )
    else:
        await ratings.withdraw(conn, **who, source="quiz", at=now, scale=SCALE)
    return True
