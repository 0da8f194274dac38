"""/recommend: a film for a person, now, and a few more as lines."""

from typing import TYPE_CHECKING

from bot.services import experiments
from bot.services.facts import Known, gather
from bot.services.library import Library
from bot.services.show import Asker, FilmCard, Filters, Surface
from bot.services.shown import recorded
from recommender.context import moment

if TYPE_CHECKING:
    from bot.app import App

FURTHER = 4
ANY = Filters()
ENOUGH = 5  # ratings from which a pick is no early guess any more
NUMBERS = ("none", "one", "two", "three", "four", "five")


async def recommend(
    app: "App", asker: Asker, filters: Filters = ANY, surface: Surface = "recommend"
) -> FilmCard:
    """A card for who asks. Raises Sorry, naming the filter to loosen, when nothing is left."""
    served = app.live.served
    filters = checked(served.library, filters)
    async with app.turn(asker.person_id):
        known = await gather(app, asker)
        trial = await experiments.trial(app, asker)
        picked = experiments.choose(trial, asker.now, known.facts(filters), 1 + FURTHER)
        lines, note, trial = picked.lines, picked.note, picked.trial
        ids = await recorded(app, asker, surface, lines, trial.served.version, trial)
    return FilmCard(
        surface=surface,
        heading=heading(known, filters, served.library),
        headline=lines[0],
        further=lines[1:],
        impressions=ids,
        model_version=trial.version(lines[0].team),
        person_id=asker.person_id,
        guild_id=asker.guild_id,
        note=" ".join(filter(None, (note, early(known)))) or None,
        filters=filters,
        offer_quiz=known.newcomer,
        private=asker.private,
    )


def early(known: Known) -> str | None:
    """How sure a card is, where it is not: how many films more are worth rating."""
    told = len(known.ratings)
    if known.newcomer or told >= ENOUGH:
        return None
    more = ENOUGH - told
    return f"Early guess: rate {NUMBERS[more]} more to sharpen it."


def checked(library: Library, filters: Filters) -> Filters:
    """The filters with genre and mood as the catalogue writes them; Sorry where unknown."""
    return Filters(
        genre=library.genre(filters.genre) if filters.genre else None,
        mood=library.mood(filters.mood).slug if filters.mood else None,
        max_runtime=filters.max_runtime,
    )


def heading(known: Known, filters: Filters, library: Library) -> str:
    """What the card is, in a few words."""
    when = "Tonight" if known.local.hour >= 17 or known.local.hour < 4 else "Now"
    if known.later:
        when = f"For the {moment(known.local.hour, known.local.weekday).daypart}"
    asked = [library.tags[filters.mood].name] if filters.mood else []
    asked += [filters.genre] if filters.genre else []
    asked += [f"at most {filters.max_runtime} min"] if filters.max_runtime else []
    who = "to begin with" if known.newcomer else "for you"
    return f"{when}, {who}" + (f" · {' · '.join(asked)}" if asked else "")
