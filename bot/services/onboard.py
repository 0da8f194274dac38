"""The taste quiz: three questions, every answer stored as it is given, resumable and editable.

1. a form: shelves you would browse, genres you never want, your time zone;
2. a screen of films: which did you love?
3. a screen of films: any you disliked?

What a screen shows is stored with it, so a restart in the middle shows the same screen again.
A film left out says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services import arrays, recommend
from bot.services.errors import Sorry
from bot.services.facts import gather
from bot.services.live_model import Served
from bot.services.localtime import known_zone
from bot.services.scale import SCALE
from bot.services.shelves import SHELVES
from bot.services.show import Asker, FilmCard, Line
from recommender import onboarding
from storage import guilds, people, ratings
from storage.people import Answer, Question

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.app import App

FILMS_A_SCREEN = 25
SCREENS = 2
LOVED, DISLIKED = 5.0, 1.5
QUESTIONS = {1: "Which of these did you love?", 2: "Any you disliked?"}
ANSWERED: dict[int, Question] = {1: "loved", 2: "disliked"}
STARS = {1: LOVED, 2: DISLIKED}


@dataclass(frozen=True)
class ShelfChoice:
    """A shelf to browse, and three films that stand on it."""

    key: str
    name: str
    examples: str


@dataclass(frozen=True)
class Form:
    """The first question, filled in with what was answered before."""

    shelves: tuple[ShelfChoice, ...]
    genres: tuple[str, ...]
    zone: str
    chosen_shelves: frozenset[str]
    chosen_never: frozenset[str]


@dataclass(frozen=True)
class FormAnswers:
    """What a person put into the form; `zone` as typed."""

    shelves: tuple[str, ...]
    never: tuple[str, ...]
    zone: str


@dataclass(frozen=True)
class Screen:
    """One screen of films, and which of them stand chosen."""

    number: int
    of: int
    question: str
    placeholder: str
    films: tuple[Line, ...]
    chosen: frozenset[int]
    empty: str = "There is no film left to ask about."


async def form(app: "App", asker: Asker) -> Form:
    """The form for a person."""
    served = app.live.served
    async with app.db.read() as conn:
        person = await people.get(conn, asker.person_id)
        answers = await people.answers(conn, asker.person_id)
        guild = await guilds.get(conn, asker.guild_id) if asker.guild_id else None
    zone = (person.zone if person else None) or (guild.zone if guild else None)
    return Form(
        shelves=tuple(
            ShelfChoice(shelf.key, shelf.name, _examples(served, shelf.tags))
            for shelf in SHELVES.values()
        ),
        genres=served.library.genres[:25],
        zone=zone or app.settings.zone,
        chosen_shelves=_subjects(answers, "shelf"),
        chosen_never=_subjects(answers, "never"),
    )


async def take_form(app: "App", asker: Asker, given: FormAnswers) -> str | None:
    """Store the form, replacing what stood; a sentence where the zone was not understood, which
    keeps the rest."""
    note = None
    zone: str | None = None
    if given.zone.strip():
        try:
            zone = known_zone(given.zone)
        except Sorry as problem:
            note = f"{problem} I kept everything else; `/start` asks again."
    genres = set(app.live.served.library.genres)
    wanted: dict[Question, list[str]] = {
        "shelf": [key for key in given.shelves if key in SHELVES],
        "never": [genre for genre in given.never if genre in genres],
    }
    async with app.db.write() as conn:
        await people.ensure(conn, asker.person_id, now=asker.now)
        before = await people.answers(conn, asker.person_id)
        for question, subjects in wanted.items():
            await _replace(conn, asker, question, subjects, before, screen=0)
        if zone is not None:
            await people.set_zone(conn, asker.person_id, zone, now=asker.now)
            await _replace(conn, asker, "zone", [zone], before, screen=0)
    return note


async def screen(app: "App", asker: Asker, number: int) -> Screen:
    """A screen: the films stored for it, or newly chosen ones, and what stands chosen."""
    if number not in QUESTIONS:
        raise Sorry("The quiz has no such screen; start it again with `/start`.")
    served = app.live.served
    async with app.turn(asker.person_id):
        known = await gather(app, asker)
        async with app.db.read() as conn:
            answers = await people.answers(conn, asker.person_id)
        fresh = _next(served, known.facts(), answers, number)
        if fresh:
            async with app.db.write() as conn:
                await people.ensure(conn, asker.person_id, now=asker.now)
                for film_id in fresh:
                    await people.answer(
                        conn,
                        asker.person_id,
                        "shown",
                        str(film_id),
                        screen=number,
                        now=asker.now,
                    )
                answers = await people.answers(conn, asker.person_id)
    return _screen(served, number, answers)


async def take_films(app: "App", asker: Asker, number: int, picked: Sequence[int]) -> Screen:
    """Store what stands chosen on a screen: exactly this, whatever was chosen before."""
    if number not in QUESTIONS:
        raise Sorry("The quiz has no such screen; start it again with `/start`.")
    served = app.live.served
    async with app.turn(asker.person_id), app.db.write() as conn:
        await people.ensure(conn, asker.person_id, now=asker.now)
        before = await people.answers(conn, asker.person_id)
        films = _asked(before, number, served)
        wanted = [film_id for film_id in picked if film_id in films]
        stood = {int(subject) for subject in _subjects(before, ANSWERED[number])}
        kept = [str(f) for f in stood if f not in films]  # chosen on a screen of another day
        await _replace(
            conn, asker, ANSWERED[number], [*map(str, wanted), *kept], before, screen=number
        )
        for film_id in sorted(set(wanted) ^ (stood & set(films))):
            if film_id in wanted:
                await ratings.state(
                    conn,
                    person_id=asker.person_id,
                    film_id=film_id,
                    source="quiz",
                    stars=STARS[number],
                    at=asker.now,
                    guild_id=None,
                    scale=SCALE,
                )
            else:
                await ratings.withdraw(
                    conn,
                    person_id=asker.person_id,
                    film_id=film_id,
                    source="quiz",
                    at=asker.now,
                    scale=SCALE,
                )
        answers = await people.answers(conn, asker.person_id)
    return _screen(served, number, answers)


async def picks(app: "App", asker: Asker) -> FilmCard:
    """First picks at once: the answers are facts like any other by now."""
    return await recommend.recommend(app, asker, surface="quiz")


def _screen(served: Served, number: int, answers: Sequence[Answer]) -> Screen:
    films = sorted(_asked(answers, number, served), key=lambda f: served.library.films[f].title)
    return Screen(
        number=number,
        of=SCREENS,
        question=QUESTIONS[number],
        placeholder="Choose as many as you like",
        films=tuple(served.library.line(film_id, "") for film_id in films),
        chosen=frozenset(int(subject) for subject in _subjects(answers, ANSWERED[number])),
    )


def _next(served: Served, facts: arrays.Facts, answers: Sequence[Answer], number: int) -> list[int]:
    """Films to add to a screen that is not full: what teaches most, given the answers so far."""
    world = served.model.catalogue
    count = FILMS_A_SCREEN - len(_asked(answers, number, served))
    if count <= 0:
        return []
    ever = [int(subject) for subject in _subjects(answers, "shown")]
    asked = world.films.rows(sorted({*ever, *facts.excluded}))
    rows = onboarding.next_films(served.model, arrays.query(world, facts), asked, count)
    return [int(film) for film in world.films.ids(rows)]


def _asked(answers: Sequence[Answer], number: int, served: Served) -> list[int]:
    """The films of a screen. The second asks about those of the first that were not loved, since
    these are known, before its own; a film answered on the other screen is left out."""
    other = {
        subject
        for screen, name in ANSWERED.items()
        if screen != number
        for subject in _subjects(answers, name)
    }
    mine = _subjects(answers, ANSWERED[number])
    shown = [a for a in answers if a.question == "shown" and a.screen <= number]
    shown.sort(key=lambda a: (a.subject not in mine, a.screen, int(a.subject)))
    films = [int(a.subject) for a in shown if a.subject not in other]
    return [film for film in films if film in served.library.films][:FILMS_A_SCREEN]


def _subjects(answers: Sequence[Answer], question: str) -> frozenset[str]:
    return frozenset(answer.subject for answer in answers if answer.question == question)


def _examples(served: Served, tags: Sequence[str]) -> str:
    """Three well-known films that have most of the shelf's tags."""
    wanted = set(tags)
    library = served.library
    films = sorted(
        library.films.values(),
        key=lambda film: (
            -min(2, sum(slug in wanted for slug, _ in film.tags)),
            -library.fame.get(film.id, 0.0),
            film.id,
        ),
    )
    return " · ".join(film.title for film in films[:3] if any(s in wanted for s, _ in film.tags))


async def _replace(
    conn: "AsyncConnection",
    asker: Asker,
    question: Question,
    subjects: Sequence[str],
    before: Sequence[Answer],
    *,
    screen: int,
) -> None:
    stood = _subjects(before, question)
    for subject in sorted(stood - set(subjects)):
        await people.unanswer(conn, asker.person_id, question, subject)
    for subject in subjects:
        if subject not in stood:
            await people.answer(
                conn, asker.person_id, question, subject, screen=screen, now=asker.now
            )
