"""What people answered in the quiz."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import insert
from storage.people.film_marks import mark, unmark
from storage.people.profiles import ensure
from storage.schema import answers as replies

FilmAnswer = Literal["loved", "liked", "fine", "disliked", "unseen"]
Question = Literal["shelf", "zone", "shown", "more", FilmAnswer]
FILM_ANSWERS: tuple[FilmAnswer, ...] = ("loved", "liked", "fine", "disliked", "unseen")


@dataclass(frozen=True, slots=True)
class QuizAnswer:
    """One answer of the quiz; `subject` is what it is about (a film's id, a genre, …) as text."""

    question: Question
    subject: str
    screen: int
    at: datetime


_ANSWERS = (
    select(replies.c.question, replies.c.subject, replies.c.screen, replies.c.at)
    .where(replies.c.person_id == bindparam("person"))
    .order_by(replies.c.at, replies.c.screen, replies.c.question, replies.c.subject)
)


async def answer(
    conn: AsyncConnection,
    person_id: int,
    question: Question,
    subject: str,
    *,
    now: datetime,
    screen: int = 0,
) -> None:
    """Keep one answer of the quiz; the same answer again only moves its screen and time."""
    await answer_all(conn, person_id, question, [subject], now=now, screen=screen)


async def answer_all(
    conn: AsyncConnection,
    person_id: int,
    question: Question,
    subjects: Sequence[str],
    *,
    now: datetime,
    screen: int = 0,
) -> None:
    """Keep the same answer about several subjects."""
    if not subjects:
        return
    await ensure(conn, person_id, now=now)
    statement = insert(conn, replies)
    told = {"screen": statement.excluded.screen, "at": statement.excluded.at}
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "question", "subject"], set_=told
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


async def answer_film(
    conn: AsyncConnection,
    person_id: int,
    film_id: int,
    given: FilmAnswer | None,
    *,
    now: datetime,
    screen: int = 0,
) -> bool:
    """Keep what the person answers about a film in place of what they answered before; None takes
    it back. "unseen" marks the film as unseen too. Whether anything changed."""
    subject = str(film_id)
    stood = await conn.execute(
        select(replies.c.question).where(
            replies.c.person_id == person_id,
            replies.c.subject == subject,
            replies.c.question.in_(FILM_ANSWERS),
        )
    )
    before = {row.question for row in stood}
    if before == ({given} if given else set()):
        return False
    for question in before - {given}:
        await unanswer(conn, person_id, question, subject)
    if given is not None:
        await answer(conn, person_id, given, subject, screen=screen, now=now)
    if given == "unseen":
        await mark(conn, person_id, film_id, "unseen", now=now)
    else:
        await unmark(conn, person_id, film_id, "unseen")
    return True


async def unanswer(
    conn: AsyncConnection, person_id: int, question: Question, subject: str | None = None
) -> int:
    """Take back one answer, or every answer to the question; how many there were."""
    same = [replies.c.person_id == person_id, replies.c.question == question]
    if subject is not None:
        same.append(replies.c.subject == subject)
    return (await conn.execute(delete(replies).where(*same))).rowcount


async def answers(conn: AsyncConnection, person_id: int) -> tuple[QuizAnswer, ...]:
    """The person's answers, in the order in which they were given."""
    rows = await conn.execute(_ANSWERS, {"person": person_id})
    return tuple(QuizAnswer(*row) for row in rows)
