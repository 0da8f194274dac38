"""What people answered in the quiz, and which films the quiz asked them about.

A row has a question and a subject. These are the questions, each with its subject:

- shelf: the key of a taste that the person likes (tastes were once called shelves).
- zone: a time zone. Only rows from before revision 0007 have it, and nothing reads it.
- shown: the id of a film that the quiz asked about, among others on a screen or alone.
- more: the id of a film that the bot asked about after it recommended films.
- loved, liked, fine, disliked: the id of a film that the person has seen and likes that much.
- unseen, tempting, unwanted: the id of a film that the person has not seen, and of which they may
  have said that it looks good (tempting) or is not for them (unwanted).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.code_order import CodeOrder
from storage.database.upsert import upsert
from storage.people import film_marks, profiles
from storage.schema import answers

FilmAnswer = Literal["loved", "liked", "fine", "disliked", "unseen", "tempting", "unwanted"]
Question = Literal["shelf", "zone", "shown", "more", FilmAnswer]
FILM_ANSWERS: tuple[FilmAnswer, ...] = get_args(FilmAnswer)
UNSEEN_ANSWERS: tuple[FilmAnswer, ...] = ("unseen", "tempting", "unwanted")
"""The answers that say that the person has not seen the film."""


@dataclass(frozen=True, slots=True)
class QuizAnswer:
    """One answer of the quiz.

    Attributes:
        question: what was asked, or what was answered about a film.
        subject: what the answer is about, as text: a film's id, or the key of a taste (one of the
            ten kinds of films that the quiz offers).
        screen: number of the quiz's screen of films, from 1; 0 for the form that comes before the
            first screen, and for films that are asked about one at a time.
        at: when the person answered, UTC.
    """

    question: Question
    subject: str
    screen: int
    at: datetime


_OF_PERSON = (
    select(answers.c.question, answers.c.subject, answers.c.screen, answers.c.at)
    .where(answers.c.person_id == bindparam("person"))
    .order_by(
        answers.c.at,
        answers.c.screen,
        CodeOrder(answers.c.question),
        CodeOrder(answers.c.subject),
    )
)


async def of_person(conn: AsyncConnection, person_id: int) -> tuple[QuizAnswer, ...]:
    """Returns the person's answers in the order of answering."""
    rows = await conn.execute(_OF_PERSON, {"person": person_id})
    return tuple(QuizAnswer(*row) for row in rows)


async def add(
    conn: AsyncConnection,
    person_id: int,
    question: Question,
    subjects: Sequence[str],
    *,
    now: datetime,
    screen: int = 0,
) -> None:
    """Store the same answer about each subject. An answer that is already stored gets the new
    screen and time.

    question: what was asked.
    subjects: what the answer is about: film ids as text, or keys of tastes (kinds of films).
    screen: number of the quiz's screen of films, from 1; 0 for no such screen.
    """
    if not subjects:
        return
    await profiles.ensure(conn, person_id, now=now)
    statement = upsert(conn, answers)
    changed = {"screen": statement.excluded.screen, "at": statement.excluded.at}
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "question", "subject"], set_=changed
        ),
        [
            {
                "person_id": person_id,
                "question": question,
                "subject": subject,
                "screen": screen,
                "at": now,
            }
            for subject in subjects
        ],
    )


async def set_film_answer(
    conn: AsyncConnection,
    person_id: int,
    film_id: int,
    answer: FilmAnswer | None,
    *,
    now: datetime,
    screen: int = 0,
) -> bool:
    """Make `answer` the person's only answer about a film. None removes the answer.

    Returns True if anything changed. An answer in UNSEEN_ANSWERS also marks the film as unseen.

    screen: number of the quiz's screen of films, from 1; 0 for no such screen.
    """
    subject = str(film_id)
    rows = await conn.execute(
        select(answers.c.question).where(
            answers.c.person_id == person_id,
            answers.c.subject == subject,
            answers.c.question.in_(FILM_ANSWERS),
        )
    )
    before = {row.question for row in rows}
    if before == ({answer} if answer else set()):
        return False
    for question in before - {answer}:
        await remove(conn, person_id, question, subject)
    if answer is not None:
        await add(conn, person_id, answer, [subject], screen=screen, now=now)
    if answer in UNSEEN_ANSWERS:
        await film_marks.mark(conn, person_id, film_id, "unseen", now=now)
    else:
        await film_marks.unmark(conn, person_id, film_id, "unseen")
    return True


async def remove(
    conn: AsyncConnection, person_id: int, question: Question, subject: str | None = None
) -> int:
    """Delete a person's answer to a question; returns the number of deleted answers.

    subject: what the answer is about; None to delete all answers to the question.
    """
    same = [answers.c.person_id == person_id, answers.c.question == question]
    if subject is not None:
        same.append(answers.c.subject == subject)
    return (await conn.execute(delete(answers).where(*same))).rowcount
