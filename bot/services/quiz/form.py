"""The taste quiz begins with a form: shelves you would browse, genres you never want, how
adventurous your picks may be, when you usually watch, your time zone. Films follow:
`bot/services/quiz/screens.py` and `bot/services/quiz/one_film.py`. Every answer is stored as it is given,
resumable and editable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Sorry
from bot.services.catalogue.tastes import TASTES
from bot.services.localtime import known_zone
from bot.services.picks import recommend
from bot.services.picks.facts import BALANCED, DIAL, QUIZ_DIAL
from bot.services.view_models import FilmCard, Requester
from recommender.context.clock import DAYPARTS
from storage.people import answers as quiz_answers
from storage.people import profiles
from storage.people.answers import Question, QuizAnswer
from storage.servers import guilds

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.app import App


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
    dials: tuple[str, ...]
    dial: str
    dayparts: tuple[str, ...]
    chosen_when: frozenset[str]


@dataclass(frozen=True)
class FormAnswers:
    """What a person put into the form; `zone` as typed."""

    shelves: tuple[str, ...]
    never: tuple[str, ...]
    zone: str
    dial: str | None = None
    when: tuple[str, ...] = ()


async def form(app: "App", requester: Requester) -> Form:
    """The form for a person."""
    served = app.live.served
    async with app.db.read() as conn:
        person = await profiles.get(conn, requester.person_id)
        answers = await quiz_answers.answers(conn, requester.person_id)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
    zone = (person.zone if person else None) or (guild.zone if guild else None)
    return Form(
        shelves=tuple(
            ShelfChoice(shelf.key, shelf.name, served.examples[shelf.key])
            for shelf in TASTES.values()
        ),
        genres=served.library.genres[:25],
        zone=zone or app.settings.zone,
        chosen_shelves=_subjects(answers, "shelf"),
        chosen_never=_subjects(answers, "never"),
        dials=QUIZ_DIAL,
        dial=person.dial if person and person.dial in DIAL else BALANCED,
        dayparts=DAYPARTS,
        chosen_when=_subjects(answers, "when"),
    )


async def take_form(app: "App", requester: Requester, given: FormAnswers) -> str | None:
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
        "shelf": [key for key in given.shelves if key in TASTES],
        "never": [genre for genre in given.never if genre in genres],
        "when": [part for part in given.when if part in DAYPARTS],
    }
    async with app.db.write() as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        before = await quiz_answers.answers(conn, requester.person_id)
        for question, subjects in wanted.items():
            await _replace(conn, requester, question, subjects, before, screen=0)
        if given.dial in DIAL:
            await profiles.set_dial(conn, requester.person_id, given.dial, now=requester.now)
        if zone is not None:
            await profiles.set_zone(conn, requester.person_id, zone, now=requester.now)
            await _replace(conn, requester, "zone", [zone], before, screen=0)
    return note


async def picks(app: "App", requester: Requester) -> FilmCard:
    """First picks at once: the answers are facts like any other by now."""
    return await recommend.recommend(app, requester, surface="quiz")


def _subjects(answers: Sequence[QuizAnswer], question: str) -> frozenset[str]:
    return frozenset(answer.subject for answer in answers if answer.question == question)


async def _replace(
    conn: "AsyncConnection",
    requester: Requester,
    question: Question,
    subjects: Sequence[str],
    before: Sequence[QuizAnswer],
    *,
    screen: int,
) -> None:
    stood = _subjects(before, question)
    for subject in sorted(stood - set(subjects)):
        await quiz_answers.unanswer(conn, requester.person_id, question, subject)
    for subject in subjects:
        if subject not in stood:
            await quiz_answers.answer(
                conn, requester.person_id, question, subject, screen=screen, now=requester.now
            )
