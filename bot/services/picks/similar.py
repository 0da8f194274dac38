"""/similar: films that resemble one film, with the tags that both share as the reason."""

from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.notes import Note, enumerated, note
from bot.services.picks.facts import read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.serving.left_out import left_out, without_wishes
from bot.services.serving.moments import with_moment
from bot.services.view_models import FilmCard, Requester
from recommender.pipeline.similar import SimilarPick, similar

By = Literal["tags", "people", "both"]
Measure = Literal["cosine", "jaccard", "pearson"]
FILMS_PER_CARD = 5
SHARED_TAGS = 3  # a reason names at most this number of shared tags
MIN_TAGS = 5
"""A film with fewer tags, such as one from a data set, is compared by people's ratings too."""


async def recommend_similar(
    app: App,
    requester: Requester,
    typed: str,
    *,
    by: By | None = None,
    measure: Measure | None = None,
) -> FilmCard:
    """Returns a card (a message of films) with the films most similar to the one that was typed.

    The films are stored as shown. The same question at the same local hour has the same answer for
    everybody, except that films are left out that the person or the server does not want. The card
    says so. Raises Sorry if the film is unknown or only named, or if no other film is similar.

    by: what to compare. None for tags; if the film has fewer than MIN_TAGS tags and no measure is
        given, people's ratings are compared too.
    measure: how to compare tags alone; None to compare tags together with genres, languages,
        countries, eras, directors and casts.
    """
    served = app.live.served
    library = served.library.shown(requester.adult_ok)
    film = library.find(typed)
    facts = await read_facts(app, requester)
    world = served.model.catalogue
    if world.films.row(film.id) < 0:
        raise Sorry("only-named", title=library.name(film.id))
    few_tags = len(film.tags) < MIN_TAGS and measure is None
    compared = by or ("both" if few_tags else "tags")

    def films_like(asked: Facts) -> tuple[SimilarPick, ...]:
        row, question = world.films.row(film.id), arrays.query(world, asked)
        return similar(served.model, row, question, FILMS_PER_CARD, compared, measure)

    asked, here = facts.list_facts(), requester.guild_id is not None
    found = films_like(asked)
    everything = world.films.ids([pick.film for pick in films_like(without_wishes(asked))])
    if not found:
        raise Sorry("nothing-like-it", title=library.name(film.id))
    lines = []
    for pick in found:
        names = [library.tag_note(world.tag_names[tag]) for tag, _ in pick.shared[:SHARED_TAGS]]
        alike = note("loved-by-the-same-people" if pick.by == "people" else "similar-kind")
        reason = note("in-common", tags=enumerated(names)) if names else alike
        reason = with_moment(served, reason, pick.context) if pick.lifted > 0 else reason
        lines.append(library.line(int(world.films.ids([pick.film])[0]), reason))
    card = FilmCard(
        surface="similar",
        heading=note("films-like", title=library.name(film.id)),
        headline=lines[0],
        further=tuple(lines[1:]),
        impressions=(),
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        shelf=app.shelving.card_shelf(served, lines),
        private=requester.private,
        notes=(
            *_notes(library.name(film.id), by or measure, found[0].by),
            *left_out(library, asked, everything, here=here),
        ),
    )
    return await record_card(app, requester, card, CardContext(facts.local))


def _notes(title: str, asked: str | None, used: str) -> tuple[Note, ...]:
    """Returns a sentence if the films were not compared in the way that the person chose, else
    nothing.

    title: the film's name.
    asked: what the person chose to compare; None if they chose nothing.
    used: what was compared.
    """
    if asked in (None, used):
        return ()
    if used == "facts":
        return (note("compared-by-facts", title=title),)
    if asked in ("people", "both"):
        return (note("compared-by-tags", title=title),)
    return (note("compared-without-tags", title=title),) if used == "both" else ()
