"""/recommend: a film for a person, now, and a few more as lines."""

from collections.abc import Sequence

from bot.services.app import App
from bot.services.catalogue import moods
from bot.services.catalogue.library import Library
from bot.services.experiments import serve
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.impressions import Occasion, recorded
from bot.services.view_models import FilmCard, Filters, Requester, Surface
from bot.services.wording import listed
from recommender.context.clock import moment

FURTHER = 4
ANY = Filters()
ENOUGH = 5  # ratings from which a pick is no early guess any more
NUMBERS = ("none", "one", "two", "three", "four", "five")


async def recommend(
    app: App, requester: Requester, filters: Filters = ANY, surface: Surface = "recommend"
) -> FilmCard:
    """A card for who asks. Raises Sorry, naming the filter to loosen, when nothing is left."""
    served = app.live.served
    filters = checked(served.library, filters)
    async with app.turn(requester.person_id):
        known = await read_facts(app, requester, moods_too=True)
        trial = await serve.trial(app, requester)
        wild = surface == "recommend" and known.ratings and trial.alike
        odd = app.wild.draw(served, requester) if wild else None
        question = known.facts(filters)
        picked = serve.choose(trial, requester.now, question, 1 + FURTHER, wild=odd)
        lines, note, trial = picked.lines, picked.note, picked.trial
        for line in lines:
            if line.wild:
                app.wild.shown(served, line)
        occasion = Occasion(known.local, filters.mood)
        version = trial.served.version
        shelf = app.shelving.card_shelf(served, lines)
        ids = await recorded(app, requester, surface, lines, shelf, version, occasion, trial)
    return FilmCard(
        surface=surface,
        heading=heading(known, filters, served.library),
        headline=lines[0],
        further=lines[1:],
        impressions=ids,
        model_version=trial.version(lines[0].team),
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        note=" ".join(filter(None, (note, early(known)))) or None,
        filters=filters,
        offer_quiz=known.newcomer,
        shelf=shelf,
        private=requester.private,
        moods=known.moods,
        when=when(known),
    )


def early(known: RequesterFacts) -> str | None:
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
        mood=moods.named(library, filters.mood) if filters.mood else None,
        max_runtime=filters.max_runtime,
        others=filters.others,
    )


def when(known: RequesterFacts) -> str:
    """ "Tonight", "Now" by day, or the time of day that the picks are for; nothing for who does not
    follow the clock."""
    if known.hour is None:
        return ""
    if known.later:
        return f"For the {moment(known.hour.hour, known.hour.weekday).daypart}"
    return "Now" if 4 <= known.hour.hour < 17 else "Tonight"


def heading(
    known: RequesterFacts, filters: Filters, library: Library, others: Sequence[str] = ()
) -> str:
    """What the card is, in a few words; others: the names of who it is for too."""
    asked = [moods.words(library, filters.mood)] if filters.mood else []
    asked += [filters.genre] if filters.genre else []
    asked += [f"at most {filters.max_runtime} min"] if filters.max_runtime else []
    who = "to begin with" if known.newcomer else "for you"
    if others:
        who = f"for {listed(['you', *others])}"
    now = when(known)
    said = f"{now}, {who}" if now else who[0].upper() + who[1:]
    return said + (f" · {' · '.join(asked)}" if asked else "")
