"""The part of the quiz that asks about one film at a time, and the list of a person's answers.

Before the answer comes, the quiz stores which film it asks about, so that it asks about the same
film after a restart. Outside of the quiz, a message of recommended films is sometimes followed by a
question about one more film.
"""

import asyncio
from dataclasses import dataclass

from bot.errors import Sorry
from bot.services.app import App
from bot.services.picks.facts import may_ask_more, read_facts
from bot.services.quiz import film_answers
from bot.services.quiz.screens import best_questions, next_films
from bot.services.view_models import Line, Requester
from storage.feedback import ratings
from storage.people import preferences, profiles, quiz_answers
from storage.people.quiz_answers import FilmAnswer

FILMS_PER_ROUND = 10
"""The quiz asks in rounds of this number of films, and announces the number."""

MAX_LISTED_ANSWERS = 25
"""The most options that a menu may hold (Discord's limit)."""


@dataclass(frozen=True)
class FilmQuestion:
    """A question of the quiz about one film.

    Attributes:
        film: the film.
        number: the film's number, from 1, among the films that are asked about one at a time.
        of: the number of the last film in this round of questions (the 10 in "7 of 10"). A round
            has FILMS_PER_ROUND films. The next round goes on with the next number.
        answer: the current answer; None if the film is not answered.
        before: id of the film asked about before this one; None for the first.
        extra: True for a question that follows a message of recommended films, outside of the quiz.
    """

    film: Line
    number: int
    of: int
    answer: FilmAnswer | None = None
    before: int | None = None
    extra: bool = False


@dataclass(frozen=True)
class AnswerList:
    """The person's answers about films.

    Attributes:
        films: the films that the person answered about last, newest first.
        answers: the answer about each of these films.
        more: the number of older answers that are not listed.
    """

    films: tuple[Line, ...]
    answers: tuple[FilmAnswer, ...]
    more: int


@dataclass(frozen=True)
class AnswerStored:
    """An answer about a film that was stored or removed.

    Attributes:
        film: the film's name, not escaped.
        answer: the answer; None if it was removed.
    """

    film: str
    answer: FilmAnswer | None


async def next_question(app: App, requester: Requester) -> FilmQuestion | None:
    """Returns the quiz's next question about a film; None if no film is left to ask about.

    If the quiz asked about a film and got no answer, it asks about that film again. Otherwise it
    asks about the film whose answer would be most informative, and stores that it asked about it.
    """
    async with app.turn(requester.person_id):
        async with app.db.read() as conn:
            answers = await quiz_answers.of_person(conn, requester.person_id)
        library = app.live.served.library.shown(requester.adult_ok)
        answered = film_answers.current_answers(answers)
        asked = film_answers.asked_films(answers, film_answers.NO_SCREEN)
        asked = [film for film in asked if film in library.films]
        waiting = [film for film in asked if film not in answered]
        if not waiting:
            waiting = await next_films(app, requester, answers, 1)
            if not waiting:
                return None
            async with app.write_for(requester) as conn:
                await profiles.ensure(conn, requester.person_id, now=requester.now)
                await film_answers.store_asked(
                    conn, requester.person_id, waiting, film_answers.NO_SCREEN, requester.now
                )
            asked += waiting
    return _question(app, asked, answered, waiting[0])


async def likely_question(app: App, requester: Requester) -> Line | None:
    """Returns the film that the quiz would ask about next; None if none is left.

    Unlike `next_question` it stores nothing. A thread computes it, so that a profile delays other
    answers less.
    """
    async with app.db.read() as conn:
        answers = await quiz_answers.of_person(conn, requester.person_id)
    served, facts = app.live.served, (await read_facts(app, requester)).query_facts()
    found = await asyncio.to_thread(best_questions, served, facts, answers, 1)
    library = served.library.shown(requester.adult_ok)
    return next((library.line(film) for film in found if film in library.films), None)


async def earlier_question(app: App, requester: Requester, film_id: int) -> FilmQuestion:
    """Returns a question about a film that the quiz asked about before.

    Raises Sorry if the quiz never asked about it, or if it is no longer in the catalogue.
    """
    async with app.db.read() as conn:
        answers = await quiz_answers.of_person(conn, requester.person_id)
    answered = film_answers.current_answers(answers)
    if film_id not in answered and film_id not in film_answers.asked_films(answers):
        raise Sorry("film-not-asked")
    library = app.live.served.library.shown(requester.adult_ok)
    library.film(film_id)
    asked = film_answers.asked_films(answers, film_answers.NO_SCREEN)
    return _question(app, [film for film in asked if film in library.films], answered, film_id)


async def store_answer(
    app: App, requester: Requester, film_id: int, text: str | None
) -> AnswerStored:
    """Stores an answer about a film that the quiz asked about.

    Raises Sorry for an unknown answer, for an unknown film and for a film that the quiz never asked
    about.

    text: the name of the answer, such as "loved"; "forget" removes the answer.
    """
    answer = film_answers.parse_answer(text)
    if answer is None and text != "forget":
        raise Sorry("unknown-button")
    library = app.live.served.library.shown(requester.adult_ok)
    name = library.name(library.film(film_id).id)
    async with app.turn(requester.person_id), app.write_for(requester) as conn:
        answers = await quiz_answers.of_person(conn, requester.person_id)
        asked = {*film_answers.asked_films(answers), *film_answers.current_answers(answers)}
        asked |= {int(given.subject) for given in answers if given.question == "more"}
        if film_id not in asked:
            raise Sorry("film-not-asked")
        await film_answers.store_answer(
            conn, requester.person_id, film_id, answer, now=requester.now
        )
    return AnswerStored(name, answer)


async def list_answers(app: App, requester: Requester) -> AnswerList:
    """Returns the person's answers about films that the catalogue still has."""
    async with app.db.read() as conn:
        answers = await quiz_answers.of_person(conn, requester.person_id)
    library = app.live.served.library.shown(requester.adult_ok)
    answered = [
        (film, answer)
        for film, answer in film_answers.current_answers(answers).items()
        if film in library.films
    ][::-1]
    listed = answered[:MAX_LISTED_ANSWERS]
    return AnswerList(
        films=tuple(library.line(film) for film, _ in listed),
        answers=tuple(answer for _, answer in listed),
        more=len(answered) - len(listed),
    )


async def forget_answers(app: App, requester: Requester) -> int:
    """Removes the requester's answers about films, and the record of which films they were asked.

    Returns the number of answers removed.
    """
    async with app.turn(requester.person_id), app.write_for(requester) as conn:
        answers = await quiz_answers.of_person(conn, requester.person_id)
        answered = film_answers.current_answers(answers)
        for film_id in answered:
            await film_answers.store_answer(
                conn, requester.person_id, film_id, None, now=requester.now
            )
        await quiz_answers.remove(conn, requester.person_id, "shown")
    return len(answered)


async def extra_question(app: App, requester: Requester) -> FilmQuestion | None:
    """Returns a question about one more film, to follow a card (a message of films).

    The film is stored as asked about. Returns None if the person may not be asked
    (`may_ask_more`), and if no film is left to ask about.
    """
    async with app.turn(requester.person_id):
        async with app.db.read(quick=True) as conn:
            answers = await quiz_answers.of_person(conn, requester.person_id)
            rated = await ratings.of_person(conn, requester.person_id)
            chosen = await preferences.of_person(conn, requester.person_id)
        if not may_ask_more(rated, answers, chosen, requester.now):
            return None
        films = await next_films(app, requester, answers, 1)
        if not films:
            return None
        async with app.write_for(requester) as conn:
            await quiz_answers.add(
                conn, requester.person_id, "more", [str(films[0])], now=requester.now
            )
    return FilmQuestion(app.live.served.library.line(films[0]), 1, 1, extra=True)


async def set_quiet(app: App, requester: Requester, *, quiet: bool) -> None:
    """Stores whether the bot must not ask the person questions after recommendations.

    quiet: True if it must not.
    """
    async with app.write_for(requester) as conn:
        values = ["on"] if quiet else []
        await preferences.set_values(conn, requester.person_id, "quiet", values, now=requester.now)


async def is_quiet(app: App, requester: Requester) -> bool:
    """True if the bot must not ask the person questions after recommendations."""
    async with app.db.read() as conn:
        return (await preferences.of_person(conn, requester.person_id)).quiet


def _question(
    app: App, asked: list[int], answered: dict[int, FilmAnswer], film: int
) -> FilmQuestion:
    """Returns the question about a film.

    asked: ids of the films that were asked about one at a time, in the order of asking. If `film`
        is not among them, it gets the next number.
    answered: the answer about each film, by film id.
    """
    place = asked.index(film) if film in asked else len(asked)
    return FilmQuestion(
        app.live.served.library.line(film),
        place + 1,
        -(-(place + 1) // FILMS_PER_ROUND) * FILMS_PER_ROUND,
        answered.get(film),
        asked[place - 1] if place > 0 else None,
    )
