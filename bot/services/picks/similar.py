"""/similar: films that resemble one film, with the tags that both share as the reason."""

from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.picks.facts import read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.serving.reasons import clock_words
from bot.services.view_models import FilmCard, Requester
from bot.services.wording import listed
from recommender.pipeline.similar import similar

Measure = Literal["cosine", "jaccard", "pearson"]
FILMS_PER_CARD = 5
SHARED_TAGS = 3  # a reason names at most this number of shared tags
MIN_TAGS = 5
"""A film with fewer tags, such as one from a data set, is compared by people's ratings too."""


async def recommend_similar(
    app: App, requester: Requester, typed: str, *, measure: Measure | None
) -> FilmCard:
    """Returns a card of the films most similar to the one that was typed.

    It is recorded which films the card shows. Films that the person rated, saw, declined or was
    shown lately are left out. Raises Sorry if the film is unknown or no other film is similar.

    measure: how similarity is measured; None for the cosine of tags, together with people's ratings
    if the film has fewer than MIN_TAGS tags.
    """
    served = app.live.served
    library = served.library
    film = library.find(typed)
    facts = await read_facts(app, requester)
    world = served.model.catalogue
    question = arrays.query(world, facts.query_facts())
    few_tags = len(film.tags) < MIN_TAGS
    found = similar(
        served.model,
        world.films.row(film.id),
        question,
        FILMS_PER_CARD,
        measure=measure or ("both" if few_tags else "cosine"),
    )
    if not found:
        raise Sorry(
            f"I know too little about {library.name(film.id)} to say what is like it: it has no "
            "tags that another film you have not seen shares."
        )
    lines = []
    for pick in found:
        names = [library.tags[world.tag_names[tag]].name for tag, _ in pick.shared[:SHARED_TAGS]]
        text = "shares " + listed(names) if names else "close in kind"
        text += clock_words(served, pick.context) if pick.lifted > 0 else ""
        lines.append(library.line(int(world.films.ids([pick.film])[0]), text))
    card = FilmCard(
        surface="similar",
        heading=f"Like {library.name(film.id)}",
        headline=lines[0],
        further=tuple(lines[1:]),
        impressions=(),
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        shelf=app.shelving.card_shelf(served, lines),
        private=requester.private,
    )
    return await record_card(app, requester, card, CardContext(facts.local))
