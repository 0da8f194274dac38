"""Screens of the quiz: up to 25 films at once, to choose those you loved, disliked or want to see.

The films of a screen are stored, so that the bot shows the same screen again after a restart, and
asks about no film twice. A film that the person does not choose gets no answer and no rating. It
only makes the quiz ask next about films that the person more likely knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.library import Library
from bot.services.picks.facts import read_facts
from bot.services.quiz import film_answers
from bot.services.serving.live_model import Served
from bot.services.view_models import Line, Requester
from recommender.elicitation import questions
from storage.people import profiles, quiz_answers
from storage.people.quiz_answers import FilmAnswer, QuizAnswer

FILMS_PER_SCREEN = 25
MAX_SCREENS = 4
ANNOUNCED_SCREENS = 2
"""The number of screens that the quiz announces; the person may ask for more."""

Menu = Literal["loved", "disliked", "tempting"]


@dataclass(frozen=True)
class Screen:
    """One screen of films.

    Attributes:
        number: the screen's number, from 1.
        of: the number of screens that the quiz announces, at least `number`.
        last: True if no screen follows.
        films: the films, sorted by title.
        loved: ids of the films chosen in the menu of loved films.
        disliked: ids of the films chosen in the menu of disliked films.
        tempting: ids of the films chosen in the menu of films not seen that look good.
        answered: the number of films that the person answered about in the whole quiz, without
            those that they have not seen.
    """

    number: int
    of: int
    last: bool
    films: tuple[Line, ...]
    loved: frozenset[int]
    disliked: frozenset[int]
    tempting: frozenset[int]
    answered: int


async def open_screen(app: App, requester: Requester, number: int) -> Screen:
    """Returns a screen of the quiz (up to 25 films to choose from).

    Its films were stored when it was first opened, or are chosen and stored now. Raises Sorry if
    the quiz has no screen of that number.
    """
    _check(number)
    library = app.live.served.library.shown(requester.adult_ok)
    async with app.turn(requester.person_id):
        async with app.db.read() as conn:
            answers = await quiz_answers.of_person(conn, requester.person_id)
        if not _films_of(answers, number, library):
            films = await next_films(app, requester, answers, FILMS_PER_SCREEN)
            async with app.write_for(requester) as conn:
                await profiles.ensure(conn, requester.person_id, now=requester.now)
                await film_answers.store_asked(
                    conn, requester.person_id, films, number, requester.now
                )
                answers = await quiz_answers.of_person(conn, requester.person_id)
    return _screen(library, number, answers)


async def store_choice(
    app: App, requester: Requester, number: int, menu: Menu, chosen: Sequence[int]
) -> Screen:
    """Stores `chosen` (film ids) as all the films that are chosen in one menu of a screen.

    If a film was chosen in another menu of the screen, it moves to this one. Returns the changed
    screen. Raises Sorry if the quiz has no screen of that number.

    number: the screen's number, from 1.
    menu: "loved", "disliked" or "tempting" (not seen, but looks good).
    """
    _check(number)
    library = app.live.served.library.shown(requester.adult_ok)
    async with app.turn(requester.person_id), app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        before = await quiz_answers.of_person(conn, requester.person_id)
        answered = film_answers.current_answers(before)
        for film_id in _films_of(before, number, library):
            if film_id in chosen:
                answer: FilmAnswer | None = menu
            elif answered.get(film_id) == menu:
                answer = None
            else:
                continue
            await film_answers.store_answer(
                conn, requester.person_id, film_id, answer, now=requester.now, screen=number
            )
        answers = await quiz_answers.of_person(conn, requester.person_id)
    return _screen(library, number, answers)


async def next_films(
    app: App, requester: Requester, answers: Sequence[QuizAnswer], count: int
) -> list[int]:
    """Returns the ids of up to `count` films to ask about next.

    They are the films whose answers would teach the recommender most about the person. Films that
    the quiz asked about and films that the person rated, saw or declined are left out.

    answers: all that the quiz stored about the person.
    """
    facts = (await read_facts(app, requester)).query_facts()
    return best_questions(app.live.served, facts, answers, count)


def best_questions(
    served: Served, facts: arrays.Facts, answers: Sequence[QuizAnswer], count: int
) -> list[int]:
    """Returns the ids of up to `count` films whose answers would teach the recommender most.

    facts: what is known of the person.
    answers: all that the quiz stored about the person.
    """
    world = served.model.catalogue
    asked = world.films.rows(
        sorted({*film_answers.asked_films(answers), *film_answers.current_answers(answers)})
    )
    left_out = world.films.rows(film_answers.films_left_out(answers))
    rows = questions.next_films(
        served.model,
        arrays.query(world, facts),
        asked[asked >= 0],
        count,
        left=left_out[left_out >= 0],
    )
    return [int(film) for film in world.films.ids(rows)]


def _check(number: int) -> None:
    """Raises Sorry if the quiz has no screen of that number."""
    if not 1 <= number <= MAX_SCREENS:
        raise Sorry("no-such-screen")


def _screen(library: Library, number: int, answers: Sequence[QuizAnswer]) -> Screen:
    films = sorted(_films_of(answers, number, library), key=lambda f: library.films[f].title)
    answered = film_answers.current_answers(answers)
    return Screen(
        number=number,
        of=max(number, ANNOUNCED_SCREENS),
        last=number >= MAX_SCREENS or not films,
        films=tuple(library.line(film_id) for film_id in films),
        loved=frozenset(film for film in films if answered.get(film) == "loved"),
        disliked=frozenset(film for film in films if answered.get(film) == "disliked"),
        tempting=frozenset(film for film in films if answered.get(film) == "tempting"),
        answered=sum(answer != "unseen" for answer in answered.values()),
    )


def _films_of(answers: Sequence[QuizAnswer], number: int, library: Library) -> list[int]:
    """Returns the ids of the films that a screen of the quiz asked about.

    Films that must not be shown in this place are left out.

    answers: all that the quiz stored about the person.
    number: the screen's number.
    library: the films that may be shown here.
    """
    films = film_answers.asked_films(answers, number)
    return [film for film in films if film in library.films][:FILMS_PER_SCREEN]
