"""/recommend: a message with one film for a person at this time, and lines for further films."""

from collections.abc import Sequence

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import moods
from bot.services.catalogue.arrays import Facts
from bot.services.catalogue.library import Library
from bot.services.catalogue.words import language_note
from bot.services.experiments.treatment import Treatment, assign
from bot.services.notes import Note, note, written
from bot.services.picks.facts import DECADES, RequesterFacts, read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.picks.surprise import Surprise, surprise
from bot.services.serving.lines import RankedLines, rank_lines
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import PERSON, SURPRISED
from bot.services.view_models import FilmCard, Filters, PickTime, Requester, Surface
from recommender.context.clock import moment

FURTHER_PICKS = 4  # films after the headline
NO_FILTERS = Filters()
MIN_SURE_RATINGS = 5
"""With fewer ratings, a card says that it is an early guess."""


async def recommend(
    app: App, requester: Requester, filters: Filters = NO_FILTERS, surface: Surface = "recommend"
) -> FilmCard:
    """Returns a new card (a message of films) for the requester.

    The films are stored as shown. Raises Sorry, naming the filter to loosen, if no film is left.

    surface: the command or button that asks for the films.
    """
    served = app.live.served
    filters = check_filters(served.library, filters)
    async with app.turn(requester.person_id):
        facts = await read_facts(app, requester, with_moods=True)
        treatment = None
        if app.experiments.definitions:
            treatment = assign(app, requester, takes_part=facts.shapes_others)
        query_facts = facts.query_facts(filters)
        strange = await surprise(app, query_facts) if filters.surprise else None
        query_facts = strange.facts if strange else query_facts
        surprised = strange is not None and strange.known
        ranked = _rank(app, served, requester, query_facts, surface, treatment, surprised)
        lines = ranked.lines
        chosen_by = treatment.version(lines[0].team) if treatment else served.version
        card = FilmCard(
            surface=surface,
            heading=heading(facts),
            asked=asked(filters, served.library, strange),
            headline=lines[0],
            further=lines[1:],
            impressions=(),
            model_version=chosen_by,
            person_id=requester.person_id,
            guild_id=requester.guild_id,
            notes=tuple(
                filter(None, (strange.told if strange else None, ranked.note, early_note(facts)))
            ),
            filters=filters,
            offer_quiz=facts.newcomer,
            shelf=app.shelving.card_shelf(served, lines),
            private=requester.private,
            another=True,
            moods=facts.moods,
            time=pick_time(facts),
            asks_more=facts.asks_more,
        )
        context = CardContext(facts.local, filters.mood)
        return await record_card(app, requester, card, context, treatment, ranked.seconds)


def _rank(
    app: App,
    served: Served,
    requester: Requester,
    facts: Facts,
    surface: Surface,
    treatment: Treatment | None,
    surprised: bool,
) -> RankedLines:
    """Returns the films of a card, ranked for the requester.

    facts: what is known about the requester, and the filters.
    surprised: True if the films must not be what is usual for the requester.

    They are ranked by the experiment's `treatment` or, if that is None, by `served`, the model that
    answers requests now. In answer to /recommend, people who have rated something may also get a
    wild card (a new or little known film).
    """
    takes_wild_cards = treatment is None or treatment.takes_wild_cards
    wild = None
    if surface == "recommend" and facts.ratings and takes_wild_cards and not surprised:
        wild = app.wild.draw(served, requester)
    count = 1 + FURTHER_PICKS
    audience = SURPRISED if surprised else PERSON
    if treatment is None:
        ranked = rank_lines(served, facts, count, audience=audience, wild=wild)
    else:
        ranked = treatment.rank(requester.now, facts, count, audience=audience, wild=wild)
    for line in ranked.lines:
        if line.wild:
            app.wild.count_shown(served, line)
    return ranked


def early_note(facts: RequesterFacts) -> Note | None:
    """Returns a sentence that says how many more films to rate until the picks are reliable.

    Returns None for people who have neither rated a film nor chosen a taste, and for people who
    have rated at least MIN_SURE_RATINGS films.

    facts: what is known about the person.
    """
    rated = len(facts.ratings)
    if facts.newcomer or rated >= MIN_SURE_RATINGS:
        return None
    return note("early-guess", left=MIN_SURE_RATINGS - rated)


def check_filters(library: Library, filters: Filters) -> Filters:
    """Returns the filters with genre, mood and language in the spelling of the catalogue.

    Raises Sorry, with the nearest names, if one of them is unknown, and for an unknown decade.
    """
    if filters.decade is not None and filters.decade not in DECADES:
        raise Sorry("unknown-button")
    return Filters(
        genre=library.genre(filters.genre) if filters.genre else None,
        mood=moods.find_mood(library, filters.mood) if filters.mood else None,
        max_runtime=filters.max_runtime,
        others=filters.others,
        language=library.language(filters.language) if filters.language else None,
        decade=filters.decade,
        surprise=filters.surprise,
    )


def pick_time(facts: RequesterFacts) -> PickTime:
    """Returns the time for which films are recommended.

    facts: what is known about the person and the time.
    """
    if facts.clock_hour is None:
        return "any"
    if facts.for_later:
        part = moment(facts.clock_hour.hour, facts.clock_hour.weekday).daypart
        return "late-night" if part == "late night" else part
    return "now" if 4 <= facts.clock_hour.hour < 17 else "tonight"


def heading(facts: RequesterFacts, others: Sequence[str] = ()) -> Note:
    """Returns the heading of recommended films, such as "Tonight, for you".

    others: the names of the members with whom the requester wants to watch.
    """
    time = pick_time(facts)
    if others:
        return note("picks-together", time=time, company=[note("you"), *map(written, others)])
    return note("first-picks" if facts.newcomer else "picks-for-you", time=time)


def asked(filters: Filters, library: Library, strange: Surprise | None = None) -> tuple[Note, ...]:
    """Returns what a person asked for, such as "light", "Comedy" and "up to 90 min".

    library: has the names of the moods.
    strange: what the films were chosen from, if the person asked for a surprise.
    """
    found = [moods.mood_note(library, filters.mood)] if filters.mood else []
    found += [written(filters.genre)] if filters.genre else []
    found += [language_note(filters.language)] if filters.language else []
    found += [note("decade", decade=filters.decade)] if filters.decade else []
    found += [note("up-to", runtime=filters.max_runtime)] if filters.max_runtime else []
    found += [note("outside-your-shelves")] if strange and strange.known else []
    return tuple(found)
