"""The form on Discord that the taste quiz begins with.

It asks which tastes the person likes, which genres they never want, how adventurous their picks
may be, when they usually watch, and their time zone. Questions about films follow
(`bot/services/quiz/screens.py` and `bot/services/quiz/one_film.py`). The tastes are stored as
answers and the rest as preferences. The form opens with what is stored, so it can be changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.tastes import OFFERED, TASTES
from bot.services.picks import recommend
from bot.services.picks.facts import BALANCED, DIAL, QUIZ_DIAL
from bot.services.view_models import FilmCard, Requester
from bot.services.zones import known_zone
from recommender.context.clock import DAYPARTS
from storage.database.engine import Transaction
from storage.people import preferences, profiles, quiz_answers
from storage.people.preferences import PreferenceKind
from storage.people.quiz_answers import QuizAnswer
from storage.servers import guilds


@dataclass(frozen=True)
class TasteChoice:
    """A taste (one of the ten kinds of films that the quiz offers) in the quiz's form.

    Attributes:
        key: the taste's key in `TASTES`.
        examples: titles of a few films of the taste, joined by " · "; empty if no film has its
            tags.
    """

    key: str
    examples: str


@dataclass(frozen=True)
class QuizForm:
    """The form that the quiz begins with, filled in with what the person chose before.

    Attributes:
        tastes: every taste (one of ten kinds of films), in the order of the form.
        genres: the genres that the person can exclude from their picks.
        zone: IANA name of the time zone that the person typed or chose before; None if they did
            neither.
        here: IANA name of the time zone that is used if the person has not chosen one: the
            server's, else the default.
        chosen_tastes: keys of the tastes the person likes.
        chosen_never: genres that are never shown to the person.
        dials: the choices that the quiz offers for how adventurous the recommendations may be.
        dial: the person's choice among `dials`.
        dayparts: parts of the day that can be chosen.
        chosen_when: parts of the day in which the person usually watches.
    """

    tastes: tuple[TasteChoice, ...]
    genres: tuple[str, ...]
    zone: str | None
    here: str
    chosen_tastes: frozenset[str]
    chosen_never: frozenset[str]
    dials: tuple[str, ...]
    dial: str
    dayparts: tuple[str, ...]
    chosen_when: frozenset[str]


@dataclass(frozen=True)
class FormAnswers:
    """What a person put into the form that the quiz begins with.

    Attributes:
        tastes: keys of the tastes (kinds of films) the person likes.
        never: genres that are never to be shown.
        zone: the time zone as typed; if it is empty, the server's is used.
        dial: how adventurous the picks may be; None if nothing was chosen.
        when: parts of the day in which the person usually watches.
    """

    tastes: tuple[str, ...]
    never: tuple[str, ...]
    zone: str
    dial: str | None = None
    when: tuple[str, ...] = ()


async def read_form(app: App, requester: Requester) -> QuizForm:
    """Returns the form that the quiz begins with, filled in with the person's choices."""
    served = app.live.served
    async with app.db.read() as conn:
        answers = await quiz_answers.of_person(conn, requester.person_id)
        chosen = await preferences.of_person(conn, requester.person_id)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
    return QuizForm(
        tastes=tuple(TasteChoice(taste.key, served.examples[taste.key]) for taste in OFFERED),
        genres=served.library.menu_genres(chosen.never),
        zone=chosen.zone,
        here=(guild.zone if guild else None) or app.settings.zone,
        chosen_tastes=_answered_tastes(answers),
        chosen_never=frozenset(chosen.never),
        dials=QUIZ_DIAL,
        dial=chosen.dial if chosen.dial in DIAL else BALANCED,
        dayparts=DAYPARTS,
        chosen_when=frozenset(chosen.when),
    )


@dataclass(frozen=True)
class ZoneNote:
    """What became of the time zone that a person typed.

    Attributes:
        zone: the IANA name of the zone that was stored; None if none was typed, or it is unknown.
        problem: why the typed text is no known zone; None if it is one, or if none was typed.
    """

    zone: str | None = None
    problem: Sorry | None = None


async def store_form(app: App, requester: Requester, filled: FormAnswers) -> ZoneNote:
    """Stores the form's answers in place of those stored before.

    A time zone is stored only if one was typed. If the typed zone is unknown, the zone stored
    before stays, and everything else is stored.

    filled: what the person put into the form.
    """
    note = ZoneNote()
    if filled.zone.strip():
        try:
            note = ZoneNote(zone=known_zone(filled.zone, requester.now))
        except Sorry as problem:
            note = ZoneNote(problem=problem)
    library = app.live.served.library
    tastes = [key for key in filled.tastes if key in TASTES]
    chosen: dict[PreferenceKind, list[str]] = {
        "never": [genre for genre in filled.never if genre in library.genres],
        "when": [part for part in filled.when if part in DAYPARTS],
    }
    if filled.dial in DIAL:
        chosen["dial"] = [filled.dial]
    if note.problem is None:
        chosen["zone"] = [note.zone] if note.zone else []
    async with app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        await _store_tastes(conn, requester, tastes)
        before = (await preferences.of_person(conn, requester.person_id)).never
        offered = library.menu_genres(before)
        chosen["never"] += [genre for genre in before if genre not in offered]
        for kind, values in chosen.items():
            await preferences.set_values(conn, requester.person_id, kind, values, now=requester.now)
    return note


async def first_picks(app: App, requester: Requester) -> FilmCard:
    """Returns the card (a message of recommended films) that ends the quiz.

    Its films are ranked in the same way as those of /recommend.
    """
    return await recommend.recommend(app, requester, surface="quiz")


def _answered_tastes(answers: Sequence[QuizAnswer]) -> frozenset[str]:
    return frozenset(answer.subject for answer in answers if answer.question == "shelf")


async def _store_tastes(conn: Transaction, requester: Requester, tastes: Sequence[str]) -> None:
    """Stores `tastes` (keys) as all the tastes (kinds of films) that the person likes.

    Tastes that were stored before and are not among them are deleted. The others keep the time when
    they were chosen.
    """
    before = _answered_tastes(await quiz_answers.of_person(conn, requester.person_id))
    for key in sorted(before - set(tastes)):
        await quiz_answers.remove(conn, requester.person_id, "shelf", key)
    added = [key for key in tastes if key not in before]
    await quiz_answers.add(conn, requester.person_id, "shelf", added, now=requester.now)
