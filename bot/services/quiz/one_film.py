"""The quiz one film at a time, looking back at what was answered, and one more film now and then.

The film that is asked about is stored before it is answered, so a restart shows the same one.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Sorry
from bot.services.quiz import answers as given
from bot.services.quiz.screens import next_films
from bot.services.view_models import Line, Requester
from storage.feedback import ratings
from storage.people import answers as quiz_answers
from storage.people import preferences, profiles
from storage.people.answers import FilmAnswer

if TYPE_CHECKING:
    from bot.services.app import App

ROUND = 10  # films of a round; more may follow
LOOKED_BACK = 25  # answers that are listed to change
A_DAY = timedelta(days=1)
FEW, MANY = 3, 60  # ratings between which one more answer is worth asking for


@dataclass(frozen=True)
class OneFilm:
    """One film to answer about. number: which of the round it is; answer: what stands; later: it
    is the one more that is asked for now and then."""

    film: Line
    number: int
    of: int
    answer: FilmAnswer | None = None
    before: int | None = None
    later: bool = False


@dataclass(frozen=True)
class LookedBack:
    """What stands answered, newest first: each film with its answer in words."""

    films: tuple[Line, ...]
    more: int


async def ask(app: "App", requester: Requester) -> OneFilm | None:
    """The film that is not answered yet, or the one that teaches most; None where none is left."""
    async with app.turn(requester.person_id):
        async with app.db.read() as conn:
            answers = await quiz_answers.answers(conn, requester.person_id)
        library, stands = app.live.served.library, given.standing(answers)
        asked = [f for f in given.shown(answers, given.ONE_BY_ONE) if f in library.films]
        waiting = [film for film in asked if film not in stands]
        if not waiting:
            waiting = await next_films(app, requester, answers, 1)
            if not waiting:
                return None
            async with app.db.write() as conn:
                await profiles.ensure(conn, requester.person_id, now=requester.now)
                await given.show(
                    conn, requester.person_id, waiting, given.ONE_BY_ONE, requester.now
                )
            asked += waiting
    return _one(app, asked, stands, waiting[0])


async def again(app: "App", requester: Requester, film_id: int) -> OneFilm:
    """A film asked about before, with what stands answered."""
    async with app.db.read() as conn:
        answers = await quiz_answers.answers(conn, requester.person_id)
    stands = given.standing(answers)
    if film_id not in stands and film_id not in given.shown(answers):
        raise Sorry("I have not asked you about that film; `/start` goes on with the quiz.")
    app.live.served.library.film(film_id)
    asked = [
        f for f in given.shown(answers, given.ONE_BY_ONE) if f in app.live.served.library.films
    ]
    return _one(app, asked, stands, film_id)


async def answer(app: "App", requester: Requester, film_id: int, text: str | None) -> str:
    """Keep an answer about a film the person was asked about, or with "forget" take it back; what
    to tell them."""
    answered = given.known_answer(text)
    if answered is None and text != "forget":
        raise Sorry("I no longer know that button.")
    name = app.live.served.library.name(app.live.served.library.film(film_id).id)
    async with app.turn(requester.person_id), app.db.write() as conn:
        answers = await quiz_answers.answers(conn, requester.person_id)
        asked = {*given.shown(answers), *given.standing(answers)}
        asked |= {int(a.subject) for a in answers if a.question == "more"}
        if film_id not in asked:
            raise Sorry("I have not asked you about that film; `/start` goes on with the quiz.")
        await given.keep(conn, requester.person_id, film_id, answered, now=requester.now)
    if answered is None:
        return f"Forgotten: what you answered about {name}."
    return f"Noted: {given.WORDS[answered]}, {name}."


async def look_back(app: "App", requester: Requester) -> LookedBack:
    """Everything that stands answered about films."""
    async with app.db.read() as conn:
        answers = await quiz_answers.answers(conn, requester.person_id)
    library = app.live.served.library
    stands = [(f, a) for f, a in given.standing(answers).items() if f in library.films][::-1]
    films = tuple(library.line(film, given.WORDS[a]) for film, a in stands[:LOOKED_BACK])
    return LookedBack(films, len(stands) - len(films))


async def forget_all(app: "App", requester: Requester) -> int:
    """Take back every answer about films, and which were asked about; how many answers."""
    async with app.turn(requester.person_id), app.db.write() as conn:
        answers = await quiz_answers.answers(conn, requester.person_id)
        stands = given.standing(answers)
        for film_id in stands:
            await given.keep(conn, requester.person_id, film_id, None, now=requester.now)
        await quiz_answers.unanswer(conn, requester.person_id, "shown")
    return len(stands)


async def one_more(app: "App", requester: Requester) -> OneFilm | None:
    """Now and then one more film: for those who have rated some but not many, a day after they last
    answered anything at the earliest, unless they asked for quiet."""
    async with app.turn(requester.person_id):
        async with app.db.read() as conn:
            answers = await quiz_answers.answers(conn, requester.person_id)
            rated = await ratings.of_person(conn, requester.person_id)
            chosen = await preferences.of_person(conn, requester.person_id)
        times = [answer.at for answer in answers] + [rating.at for rating in rated]
        times += [chosen.answered_at] if chosen.answered_at else []
        last = max(times, default=requester.now)
        if chosen.quiet or not FEW <= len(rated) < MANY or requester.now - last < A_DAY:
            return None
        films = await next_films(app, requester, answers, 1)
        if not films:
            return None
        async with app.db.write() as conn:
            await quiz_answers.answer(
                conn, requester.person_id, "more", str(films[0]), now=requester.now
            )
    return OneFilm(app.live.served.library.line(films[0], ""), 1, 1, later=True)


async def set_quiet(app: "App", requester: Requester, *, quiet: bool) -> None:
    """Whether the bot asks about one more film now and then."""
    async with app.db.write() as conn:
        values = ["on"] if quiet else []
        await preferences.set_values(conn, requester.person_id, "quiet", values, now=requester.now)


async def is_quiet(app: "App", requester: Requester) -> bool:
    """Whether the person asked for that not to happen."""
    async with app.db.read() as conn:
        return (await preferences.of_person(conn, requester.person_id)).quiet


def _one(app: "App", asked: list[int], stands: dict[int, FilmAnswer], film: int) -> OneFilm:
    at = asked.index(film) if film in asked else len(asked)
    return OneFilm(
        app.live.served.library.line(film, ""),
        at + 1,
        -(-(at + 1) // ROUND) * ROUND,
        stands.get(film),
        asked[at - 1] if at > 0 else None,
    )
