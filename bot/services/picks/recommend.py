"""/recommend: a message with one film for a person at this time, and lines for further films."""

from collections.abc import Sequence

from bot.services.app import App
from bot.services.catalogue import moods
from bot.services.catalogue.library import Library
from bot.services.experiments.treatment import Treatment, assign
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.serving.lines import RankedLines, rank_lines
from bot.services.serving.live_model import Served
from bot.services.view_models import FilmCard, Filters, Requester, Surface
from bot.services.wording import listed
from recommender.context.clock import moment

FURTHER_PICKS = 4  # films after the headline
NO_FILTERS = Filters()
MIN_SURE_RATINGS = 5
"""With fewer ratings, a card says that it is an early guess."""

NUMBER_WORDS = ("none", "one", "two", "three", "four", "five")


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
        ranked = _rank(app, served, requester, facts, filters, surface, treatment)
        lines = ranked.lines
        chosen_by = treatment.version(lines[0].team) if treatment else served.version
        card = FilmCard(
            surface=surface,
            heading=heading(facts, filters, served.library),
            headline=lines[0],
            further=lines[1:],
            impressions=(),
            model_version=chosen_by,
            person_id=requester.person_id,
            guild_id=requester.guild_id,
            note=" ".join(filter(None, (ranked.note, early_note(facts)))) or None,
            filters=filters,
            offer_quiz=facts.newcomer,
            shelf=app.shelving.card_shelf(served, lines),
            private=requester.private,
            another=True,
            moods=facts.moods,
            time_words=time_words(facts),
        )
        context = CardContext(facts.local, filters.mood)
        return await record_card(app, requester, card, context, treatment, ranked.seconds)


def _rank(
    app: App,
    served: Served,
    requester: Requester,
    facts: RequesterFacts,
    filters: Filters,
    surface: Surface,
    treatment: Treatment | None,
) -> RankedLines:
    """Returns the films of a card, ranked for the requester.

    They are ranked by the experiment's `treatment` or, if that is None, by `served`, the model that
    answers requests now. In answer to /recommend, people who have rated something may also get a
    wild card (a new or little known film).
    """
    takes_wild_cards = treatment is None or treatment.takes_wild_cards
    wild = None
    if surface == "recommend" and facts.ratings and takes_wild_cards:
        wild = app.wild.draw(served, requester)
    query_facts, count = facts.query_facts(filters), 1 + FURTHER_PICKS
    if treatment is None:
        ranked = rank_lines(served, query_facts, count, wild=wild)
    else:
        ranked = treatment.rank(requester.now, query_facts, count, wild=wild)
    for line in ranked.lines:
        if line.wild:
            app.wild.count_shown(served, line)
    return ranked


def early_note(facts: RequesterFacts) -> str | None:
    """Returns a sentence that says how many more films to rate until the picks are reliable.

    Returns None for people who have neither rated a film nor chosen a taste, and for people who
    have rated at least MIN_SURE_RATINGS films.

    facts: what is known about the person.
    """
    rated = len(facts.ratings)
    if facts.newcomer or rated >= MIN_SURE_RATINGS:
        return None
    return f"Early guess: rate {NUMBER_WORDS[MIN_SURE_RATINGS - rated]} more to sharpen it."


def check_filters(library: Library, filters: Filters) -> Filters:
    """Returns the filters with genre and mood in the spelling of the catalogue.

    Raises Sorry if the genre or the mood is unknown.
    """
    return Filters(
        genre=library.genre(filters.genre) if filters.genre else None,
        mood=moods.find_mood(library, filters.mood) if filters.mood else None,
        max_runtime=filters.max_runtime,
        others=filters.others,
    )


def time_words(facts: RequesterFacts) -> str:
    """Returns words for the time for which films are recommended, such as "Tonight" or "For the
    evening".

    By day they are "Now". Empty if the time does not matter for the person's recommendations.

    facts: what is known about the person and the time.
    """
    if facts.clock_hour is None:
        return ""
    if facts.for_later:
        return f"For the {moment(facts.clock_hour.hour, facts.clock_hour.weekday).daypart}"
    return "Now" if 4 <= facts.clock_hour.hour < 17 else "Tonight"


def heading(
    facts: RequesterFacts, filters: Filters, library: Library, others: Sequence[str] = ()
) -> str:
    """Returns the heading of recommended films, such as "Tonight, for you · Comedy".

    others: the names of the members with whom the requester wants to watch.
    """
    asked = [moods.mood_words(library, filters.mood)] if filters.mood else []
    asked += [filters.genre] if filters.genre else []
    asked += [f"at most {filters.max_runtime} min"] if filters.max_runtime else []
    audience = "to begin with" if facts.newcomer else "for you"
    if others:
        audience = f"for {listed(['you', *others])}"
    now = time_words(facts)
    text = f"{now}, {audience}" if now else audience[0].upper() + audience[1:]
    return text + (f" · {' · '.join(asked)}" if asked else "")
