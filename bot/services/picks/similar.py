"""/similar: films like one film, with the shared tags that say why."""

from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.picks.facts import read_facts
from bot.services.picks.impressions import Occasion, recorded
from bot.services.serving.reasons import clock_words
from bot.services.view_models import FilmCard, Requester
from bot.services.wording import listed
from recommender.pipeline.similar import similar as similar_films

Measure = Literal["cosine", "jaccard", "pearson"]
SHOWN = 5
SHARED = 3
FEW_TAGS = 5
"""A film with fewer tags (from a data set) is compared by people's ratings too."""


async def similar(
    app: App, requester: Requester, typed: str, *, measure: Measure | None
) -> FilmCard:
    """A card of the film's nearest relatives that the person has not rated, seen or declined."""
    served = app.live.served
    library = served.library
    film = library.find(typed)
    known = await read_facts(app, requester)
    world = served.model.catalogue
    question = arrays.query(world, known.facts())
    thin = len(film.tags) < FEW_TAGS
    found = similar_films(
        served.model,
        world.films.row(film.id),
        question,
        SHOWN,
        measure=measure or ("both" if thin else "cosine"),
    )
    if not found:
        raise Sorry(
            f"I know too little about {library.name(film.id)} to say what is like it: it has no "
            "tags that another film you have not seen shares."
        )
    lines = []
    for pick in found:
        names = [library.tags[world.tag_names[tag]].name for tag, _ in pick.shared[:SHARED]]
        text = "shares " + listed(names) if names else "close in kind"
        text += clock_words(served, pick.context)
        lines.append(library.line(int(world.films.ids([pick.film])[0]), text))
    shelf = app.shelving.card_shelf(served, lines)
    occasion = Occasion(known.local)
    ids = await recorded(app, requester, "similar", lines, shelf, served.version, occasion)
    return FilmCard(
        surface="similar",
        heading=f"Like {library.name(film.id)}",
        headline=lines[0],
        further=tuple(lines[1:]),
        impressions=ids,
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        shelf=shelf,
        private=requester.private,
    )
