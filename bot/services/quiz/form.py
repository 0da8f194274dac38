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
from storage.people import preferences, profiles
from storage.people.answers import QuizAnswer
from storage.people.preferences import PreferenceKind
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
        answers = await quiz_answers.answers(conn, requester.person_id)
        chosen = await preferences.of_person(conn, requester.person_id)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
    zone = chosen.zone or (guild.zone if guild else None)
    return Form(
        shelves=tuple(
            ShelfChoice(shelf.key, shelf.name, served.examples[shelf.key])
            for shelf in TASTES.values()
        ),
        genres=served.library.genres[:25],
        zone=zone or app.settings.zone,
        chosen_shelves=_tastes(answers),
        chosen_never=frozenset(chosen.never),
        dials=QUIZ_DIAL,
        dial=chosen.dial if chosen.dial in DIAL else BALANCED,
        dayparts=DAYPARTS,
        chosen_when=frozenset(chosen.when),
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
    tastes = [key for key in given.shelves if key in TASTES]
    wanted: dict[PreferenceKind, list[str]] = {
        "never": [genre for genre in given.never if genre in genres],
        "when": [part for part in given.when if part in DAYPARTS],
    }
    if given.dial in DIAL:
        wanted["dial"] = [given.dial]
    if zone is not None:
        wanted["zone"] = [zone]
    async with app.db.write() as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        await _keep_tastes(conn, requester, tastes)
        for kind, values in wanted.items():
            await preferences.set_values(conn, requester.person_id, kind, values, now=requester.now)
    return note


async def picks(app: "App", requester: Requester) -> FilmCard:
    """First picks at once: the answers are facts like any other by now."""
    return await recommend.recommend(app, requester, surface="quiz")


def _tastes(answers: Sequence[QuizAnswer]) -> frozenset[str]:
    return frozenset(answer.subject for answer in answers if answer.question == "shelf")


async def _keep_tastes(
    conn: "AsyncConnection", requester: Requester, wanted: Sequence[str]
) -> None:
    """Make `wanted` the tastes the person answered; those chosen before keep their time."""
    before = _tastes(await quiz_answers.answers(conn, requester.person_id))
    for key in sorted(before - set(wanted)):
        await quiz_answers.unanswer(conn, requester.person_id, "shelf", key)
    added = [key for key in wanted if key not in before]
    await quiz_answers.answer_all(conn, requester.person_id, "shelf", added, now=requester.now)
