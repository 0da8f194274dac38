"""Screens of the quiz: up to 25 films at once, which of them you loved and which you disliked.

What a screen shows is stored with it, so a restart in the middle shows the same screen again, and
no film is asked about twice. A film left out is no answer and no pick hears of it; only what is
shown next turns to films that are likelier to be known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.picks.facts import read_facts
from bot.services.quiz import answers as given
from bot.services.serving.live_model import Served
from bot.services.view_models import Line, Requester
from recommender import elicitation
from storage.people import answers as quiz_answers
from storage.people import profiles
from storage.people.answers import QuizAnswer

if TYPE_CHECKING:
    from bot.services.app import App

FILMS_A_SCREEN = 25
SCREENS = 4  # at most; two are plenty
PLENTY = 2

Menu = Literal["loved", "disliked"]


@dataclass(frozen=True)
class Screen:
    """One screen of films, and which of them stand chosen in its two menus."""

    number: int
    of: int
    last: bool
    films: tuple[Line, ...]
    loved: frozenset[int]
    disliked: frozenset[int]
    told: int


async def screen(app: "App", requester: Requester, number: int) -> Screen:
    """A screen: the films stored for it, or newly chosen ones, and what stands chosen."""
    _check(number)
    served = app.live.served
    async with app.turn(requester.person_id):
        async with app.db.read() as conn:
            answers = await quiz_answers.answers(conn, requester.person_id)
        if not _asked(answers, number, served):
            films = await next_films(app, requester, answers, FILMS_A_SCREEN)
            async with app.db.write() as conn:
                await profiles.ensure(conn, requester.person_id, now=requester.now)
                await given.show(conn, requester.person_id, films, number, requester.now)
                answers = await quiz_answers.answers(conn, requester.person_id)
    return _screen(served, number, answers)


async def take(
    app: "App", requester: Requester, number: int, menu: Menu, picked: Sequence[int]
) -> Screen:
    """Store what stands chosen in one menu of a screen: exactly this, whatever was chosen before.
    A film chosen in the other menu before is now in this one."""
    _check(number)
    served = app.live.served
    async with app.turn(requester.person_id), app.db.write() as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        before = await quiz_answers.answers(conn, requester.person_id)
        films = _asked(before, number, served)
        stands = given.standing(before)
        for film_id in films:
            if film_id in picked:
                answer: quiz_answers.FilmAnswer | None = menu
            elif stands.get(film_id) == menu:
                answer = None
            else:
                continue
            await given.keep(
                conn, requester.person_id, film_id, answer, now=requester.now, screen=number
            )
        answers = await quiz_answers.answers(conn, requester.person_id)
    return _screen(served, number, answers)


async def next_films(
    app: "App", requester: Requester, answers: Sequence[QuizAnswer], count: int
) -> list[int]:
    """Films to ask about next: what teaches most, given all that is known; none of those asked
    about before, rated, seen or declined."""
    served = app.live.served
    known = (await read_facts(app, requester)).query_facts()
    world = served.model.catalogue
    asked = world.films.rows(sorted({*given.shown(answers), *given.standing(answers)}))
    left = world.films.rows(given.left(answers))
    rows = elicitation.next_films(
        served.model, arrays.query(world, known), asked[asked >= 0], count, left=left[left >= 0]
    )
    return [int(film) for film in world.films.ids(rows)]


def _check(number: int) -> None:
    if not 1 <= number <= SCREENS:
        raise Sorry("The quiz has no such screen; start it again with `/start`.")


def _screen(served: Served, number: int, answers: Sequence[QuizAnswer]) -> Screen:
    films = sorted(_asked(answers, number, served), key=lambda f: served.library.films[f].title)
    stands = given.standing(answers)
    return Screen(
        number=number,
        of=max(number, PLENTY),
        last=number >= SCREENS or not films,
        films=tuple(served.library.line(film_id, "") for film_id in films),
        loved=frozenset(film for film in films if stands.get(film) == "loved"),
        disliked=frozenset(film for film in films if stands.get(film) == "disliked"),
        told=sum(answer != "unseen" for answer in stands.values()),
    )


def _asked(answers: Sequence[QuizAnswer], number: int, served: Served) -> list[int]:
    films = given.shown(answers, number)
    return [film for film in films if film in served.library.films][:FILMS_A_SCREEN]
