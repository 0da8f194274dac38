"""The facts that an answer needs about a person and a server, read in one transaction.

The setting MATINEE_COOLDOWN_DAYS (`cooldown_days` in `bot/settings.py`) says for how many days a
film is not recommended again to a person to whom it was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Literal, get_args

from bot.services.app import App
from bot.services.catalogue.arrays import Facts
from bot.services.catalogue.moods import MOODS, order_moods
from bot.services.catalogue.tastes import TASTES
from bot.services.localtime import LocalHour, local_hour, watching_hour
from bot.services.view_models import Filters, Requester
from recommender.context.clock import moment
from storage.feedback import impressions, ratings
from storage.feedback.ratings import RatingRow
from storage.people import film_marks, preferences, profiles, quiz_answers
from storage.people.film_marks import FilmMarkKind
from storage.people.preferences import Preferences
from storage.people.quiz_answers import QuizAnswer
from storage.servers import guilds

MOOD_HISTORY = timedelta(days=60)
"""The mood buttons are ordered by the moods that the person asked for within this time."""

BALANCED = "balanced"
Dial = Literal["crowd-pleasers", "well-liked", "balanced", "off the path", "deep cuts"]
DIAL: dict[str, float] = dict(zip(get_args(Dial), (0.25, 0.375, 0.5, 0.625, 0.75), strict=True))
"""How adventurous the recommendations may be: for the words that a person chooses, the
adventurousness from 0 to 1.
"""

EXTRA_QUESTION_INTERVAL = timedelta(days=1)
"""A card is followed by a question only if the person's last answer or rating is this long ago."""

EXTRA_QUESTION_MIN_RATINGS, EXTRA_QUESTION_MAX_RATINGS = 3, 60
"""A card is followed by a question only if the person has at least the first number of ratings and
fewer than the second."""

DECADES = tuple(range(1920, 2030, 10))
"""The first year of each decade that /recommend offers."""

QUIZ_DIAL = tuple(DIAL)[::2]
"""The keys of `DIAL` that the quiz offers; `/settings` offers every key."""


@dataclass(frozen=True)
class RequesterFacts:
    """What is known about the requester, the server and the time for which films are recommended.

    Attributes:
        ratings: the person's stars, 0.5 to 5, by film id; only films of the catalogue.
        tastes: keys of the tastes chosen in the quiz.
        never: genres that must not be shown.
        never_tags: slugs of tags: those that the person leaves out, then those that only the server
            leaves out. Films with any of them must not be shown.
        unseen: ids of films that the person said they have not seen.
        wanted: ids of films that the person has not seen, and that look good to them or that they
            kept for later.
        unwanted: ids of films that the person said are not for them, in the quiz or by a button.
        known_films: ids of films that the person rated, saw or declined, or that are in `unwanted`.
        recent_films: ids of films shown to the person within the last `cooldown_days` days.
        zone: IANA name of the time zone: the person's if they chose one, else the server's, else
            the default.
        local: the local hour and weekday for which films are recommended.
        for_later: True if `local` is the next time the person usually watches instead of now.
        family_safe: True if only films that are fit for families may be shown here.
        adult_ok: True if films for adults may be shown here.
        dial: how adventurous the picks may be, a key of `DIAL`.
        by_clock: True if the picks depend on the time of day and the weekday.
        person: the person's id. None if they had all their data deleted after the model was fitted,
            so that what the model learned about them is not used.
        server: the server's id; None in a direct message.
        editorial: True if scores change by the hand-written rules for the time of day, such as a
            bonus for comedies in the morning (`recommender/context/editorial.py`).
        shapes_others: False if the person opted out, so that their ratings do not shape other
            people's picks.
        moods: keys of the moods that have a button, the one asked for most often first.
        unnamed: ids of the rated films that must not be named, because others see the answer and
            the person brought the ratings in from another place and does not share them.
        asks_more: True if a question about one more film may follow the answer.
    """

    ratings: dict[int, float]
    tastes: tuple[str, ...]
    never: tuple[str, ...]
    never_tags: tuple[str, ...]
    unseen: frozenset[int]
    wanted: frozenset[int]
    unwanted: frozenset[int]
    known_films: frozenset[int]
    recent_films: frozenset[int]
    zone: str
    local: LocalHour
    for_later: bool
    family_safe: bool
    adult_ok: bool
    dial: str
    by_clock: bool
    person: int | None
    server: int | None
    editorial: bool
    shapes_others: bool = True
    moods: tuple[str, ...] = tuple(MOODS)
    unnamed: frozenset[int] = frozenset()
    asks_more: bool = False

    @property
    def clock_hour(self) -> LocalHour | None:
        """The hour for which films are recommended; None if the time does not matter."""
        return self.local if self.by_clock else None

    @property
    def newcomer(self) -> bool:
        """True if the person has neither rated a film nor chosen a taste in the quiz."""
        return not self.ratings and not self.tastes

    def query_facts(self, filters: Filters = Filters()) -> Facts:  # noqa: B008 frozen
        """Returns the facts that the recommender's query is made of, with these filters."""
        return Facts(
            ratings=self.ratings,
            unnamed=self.unnamed,
            tastes=[TASTES[key] for key in self.tastes],
            unseen=self.unseen,
            wanted=self.wanted,
            unwanted=self.unwanted,
            excluded=self.known_films | self.recent_films,
            genre=filters.genre,
            never=self.never,
            never_tags=self.never_tags,
            mood=filters.mood,
            language=filters.language,
            years=decade_years(filters.decade),
            max_runtime=filters.max_runtime,
            local=self.clock_hour,
            family_safe=self.family_safe,
            adult_ok=self.adult_ok,
            adventurousness=DIAL.get(self.dial, DIAL[BALANCED]),
            person=self.person,
            server=self.server,
            editorial=self.editorial,
        )

    def list_facts(self) -> Facts:
        """Returns the facts for a list that is the same for everybody at the same local hour.

        Only films are left out that the person or the server does not want: films of genres that
        the person excluded, films that they say are not for them, films with content that they or
        the server leave out, and films that are not fit for families.
        """
        return Facts(
            excluded=self.unwanted,
            never=self.never,
            never_tags=self.never_tags,
            local=self.clock_hour,
            family_safe=self.family_safe,
            adult_ok=self.adult_ok,
            server=self.server,
            editorial=self.editorial,
        )


def decade_years(decade: int | None) -> tuple[float, float] | None:
    """Returns the first and the last year of a decade; None for no decade.

    The first decade that is offered has all earlier years too.

    decade: its first year.
    """
    if decade is None:
        return None
    return (-inf if decade == DECADES[0] else decade), decade + 9


async def read_facts(
    app: App, requester: Requester, *, with_moods: bool = False, for_others: bool = False
) -> RequesterFacts:
    """Returns the facts about the requester and their server, read in one transaction.

    with_moods: True to order `moods` by how often the person asked for each at this time of day.
    for_others: True for an answer to somebody else. What the person brought in from other places is
        then left out, unless they share it.
    """
    since = requester.now - timedelta(days=app.settings.cooldown_days)
    async with app.db.read(quick=True) as conn:
        rated = await ratings.of_person(conn, requester.person_id, for_others=for_others)
        person = await profiles.get(conn, requester.person_id)
        marks = await film_marks.of_person(conn, requester.person_id, for_others=for_others)
        answers = await quiz_answers.of_person(conn, requester.person_id)
        chosen = await preferences.of_person(conn, requester.person_id)
        recent = await impressions.shown_to(conn, requester.person_id, since)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
        zone = chosen.zone or (guild.zone if guild else None)
        zone = zone or app.settings.zone
        local, by_clock = local_hour(requester.now, zone), chosen.by_clock
        wanted = watching_hour(requester.now, zone, chosen.when) if by_clock else local
        asked: dict[str, int] = {}
        if with_moods:
            part = moment(wanted.hour, wanted.weekday).daypart if by_clock else None
            since = requester.now - MOOD_HISTORY
            asked = await impressions.moods_asked(conn, requester.person_id, since, part)
    forgotten = app.erasures.covers(requester.person_id, app.live.served.model.trained_at)
    library = app.live.served.library
    stars = {one.film_id: one.stars for one in rated if one.film_id in library.films}
    seen_or_declined = frozenset(marks["seen"]) | frozenset(marks["declined"])
    looks = _looks(marks, answers)
    guessed = looks.keys() - stars.keys() - marks["seen"].keys()
    unwanted = frozenset(film for film in guessed if not looks[film])
    return RequesterFacts(
        ratings=stars,
        tastes=tuple(a.subject for a in answers if a.question == "shelf" and a.subject in TASTES),
        never=chosen.never,
        never_tags=tuple(dict.fromkeys((*chosen.never_tags, *(guild.never_tags if guild else ())))),
        unseen=frozenset(marks["unseen"]) - frozenset(stars) - seen_or_declined,
        wanted=frozenset(guessed) - unwanted,
        unwanted=unwanted,
        known_films=frozenset(stars) | seen_or_declined | unwanted,
        recent_films=recent,
        zone=zone,
        local=wanted,
        for_later=wanted != local,
        family_safe=(
            requester.guild_id is not None
            and guilds.is_family_safe(guild)
            and not requester.adult_ok
        ),
        adult_ok=requester.adult_ok,
        dial=chosen.dial or BALANCED,
        by_clock=by_clock,
        person=None if forgotten else requester.person_id,
        server=requester.guild_id,
        editorial=app.settings.editorial_tilt,
        shapes_others=person.shapes_others if person else True,
        moods=order_moods(asked),
        unnamed=(
            frozenset()
            if requester.private or (person is not None and person.shares_imports)
            else frozenset(one.film_id for one in rated if one.source == "import")
        ),
        asks_more=may_ask_more(rated, answers, chosen, requester.now),
    )


def may_ask_more(
    rated: Sequence[RatingRow], answers: Sequence[QuizAnswer], chosen: Preferences, now: datetime
) -> bool:
    """True if a person may be asked about one more film after films were recommended to them.

    They must want such questions, and have a number of ratings for which the answer is worth most:
    from EXTRA_QUESTION_MIN_RATINGS to below EXTRA_QUESTION_MAX_RATINGS. They must not have
    answered or rated anything within EXTRA_QUESTION_INTERVAL.
    """
    if chosen.quiet or not (EXTRA_QUESTION_MIN_RATINGS <= len(rated) < EXTRA_QUESTION_MAX_RATINGS):
        return False
    times = [*(one.at for one in answers), *(one.at for one in rated)]
    times += [chosen.answered_at] if chosen.answered_at else []
    return now - max(times) >= EXTRA_QUESTION_INTERVAL


def _looks(
    marks: Mapping[FilmMarkKind, Mapping[int, datetime]], answers: Sequence[QuizAnswer]
) -> dict[int, bool]:
    """Returns, by film id, True if a film looks good to the person and False if it is not for them.

    The buttons *Later* and *Not for me* of a message mean the same as answers of the quiz. If there
    are both a button press and an answer about a film, the newer one counts.

    marks: for each kind of mark, when the person marked each film, by film id.
    answers: the person's answers of the quiz.
    """
    said = [(at, film, True) for film, at in marks["later"].items()]
    said += [(at, film, False) for film, at in marks["declined"].items()]
    for answer in answers:
        if answer.question in ("tempting", "unwanted"):
            said.append((answer.at, int(answer.subject), answer.question == "tempting"))
    return {film: good for _, film, good in sorted(said)}
