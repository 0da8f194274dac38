"""Every fact an answer needs about a person and a server, read in one transaction."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.services.catalogue.arrays import Facts
from bot.services.catalogue.moods import MOODS, in_order
from bot.services.catalogue.tastes import TASTES
from bot.services.localtime import LocalHour, local_hour, watching_hour
from bot.services.view_models import Filters, Requester
from recommender.context.clock import moment
from storage.feedback import impressions, ratings
from storage.people import film_marks, preferences, profiles, quiz_answers
from storage.servers import guilds

if TYPE_CHECKING:
    from bot.services.app import App

MOODS_SINCE = timedelta(days=60)  # moods asked longer ago are forgotten
BALANCED = "balanced"
DIAL = {
    "crowd-pleasers": 0.25,
    "well-liked": 0.375,
    BALANCED: 0.5,
    "off the path": 0.625,
    "deep cuts": 0.75,
}
"""How adventurous the picks may be, in words and as the models take it."""
COARSE = ("crowd-pleasers", BALANCED, "deep cuts")
"""Those that the quiz asks for; `/settings` has all."""


@dataclass(frozen=True)
class RequesterFacts:
    """What is known about who asks, where, and for when: `local` is the hour the picks are for,
    `later` whether that is the next time they usually watch rather than now."""

    ratings: dict[int, float]
    tastes: tuple[str, ...]
    never: tuple[str, ...]
    unseen: frozenset[int]
    known_films: frozenset[int]
    shown: frozenset[int]
    zone: str
    local: LocalHour
    later: bool
    family_safe: bool
    adult_ok: bool
    dial: str
    by_clock: bool
    person: int
    server: int | None
    editorial: bool
    shapes_others: bool = True
    moods: tuple[str, ...] = tuple(MOODS)

    @property
    def hour(self) -> LocalHour | None:
        """What time it is for the picks; None for who does not want them to follow the time."""
        return self.local if self.by_clock else None

    @property
    def newcomer(self) -> bool:
        """Nothing rated and no taste chosen."""
        return not self.ratings and not self.tastes

    def facts(self, filters: Filters = Filters()) -> Facts:  # noqa: B008 frozen
        """The question these make, kept to `filters`."""
        tags = {tag for key in self.tastes for tag in TASTES[key].tags}
        return Facts(
            ratings=self.ratings,
            liked_tags=sorted(tags),
            unseen=self.unseen,
            excluded=self.known_films | self.shown,
            genre=filters.genre,
            never=self.never,
            mood=filters.mood,
            max_runtime=filters.max_runtime,
            local=self.hour,
            family_safe=self.family_safe,
            adult_ok=self.adult_ok,
            adventurousness=DIAL.get(self.dial, DIAL[BALANCED]),
            person=self.person,
            server=self.server,
            editorial=self.editorial,
        )


async def read_facts(
    app: "App", requester: Requester, *, moods_too: bool = False
) -> RequesterFacts:
    """Read it all; with `moods_too` in which order the person asks for moods at this time of
    day."""
    since = requester.now - timedelta(days=app.settings.cooldown_days)
    async with app.db.read() as conn:
        rated = await ratings.of_person(conn, requester.person_id)
        person = await profiles.get(conn, requester.person_id)
        marks = await film_marks.of_person(conn, requester.person_id)
        answers = await quiz_answers.of_person(conn, requester.person_id)
        chosen = await preferences.of_person(conn, requester.person_id)
        shown = await impressions.shown_to(conn, requester.person_id, since)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
        zone = chosen.zone or (guild.zone if guild else None)
        zone = zone or app.settings.zone
        local, by_clock = local_hour(requester.now, zone), chosen.by_clock
        wanted = watching_hour(requester.now, zone, chosen.when) if by_clock else local
        asked: dict[str, int] = {}
        if moods_too:
            part = moment(wanted.hour, wanted.weekday).daypart if by_clock else None
            since = requester.now - MOODS_SINCE
            asked = await impressions.moods_asked(conn, requester.person_id, since, part)
    stars = {rating.film_id: rating.stars for rating in rated}
    gone = frozenset(marks["seen"]) | frozenset(marks["declined"])
    return RequesterFacts(
        ratings=stars,
        tastes=tuple(a.subject for a in answers if a.question == "shelf" and a.subject in TASTES),
        never=chosen.never,
        unseen=frozenset(marks["unseen"]) - frozenset(stars) - gone,
        known_films=frozenset(stars) | gone,
        shown=shown,
        zone=zone,
        local=wanted,
        later=wanted != local,
        family_safe=(guild.family_safe if guild else False) and not requester.adult_ok,
        adult_ok=requester.adult_ok,
        dial=chosen.dial or BALANCED,
        by_clock=by_clock,
        person=requester.person_id,
        server=requester.guild_id,
        editorial=app.settings.editorial_tilt,
        shapes_others=person.shapes_others if person else True,
        moods=in_order(asked),
    )
