"""The button *Why?*: what raises or lowers a film for a person, as exact shares of its score."""

from dataclasses import replace

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.experiments.treatment import assign
from bot.services.picks.facts import read_facts
from bot.services.serving.why import fact_lines
from bot.services.view_models import Requester
from bot.services.wording import safe
from recommender.pipeline import recommend


async def explain_film(app: App, requester: Requester, film_id: int) -> str:
    """Returns the parts of a film's score for the requester now, in words.

    Raises Sorry if the film is no longer in the catalogue.
    """
    facts = await read_facts(app, requester)
    served = app.live.served
    if app.experiments.definitions:
        served = assign(app, requester, takes_part=facts.shapes_others).served
    library = served.library.shown(requester.adult_ok)
    library.film(film_id)
    world = served.model.catalogue
    others = {rated: stars for rated, stars in facts.ratings.items() if rated != film_id}
    question = arrays.query(world, replace(facts.query_facts(), ratings=others))
    pick = recommend.explain_one(served.model, question, world.films.row(film_id))
    lines = fact_lines(served, library, pick.parts, facts.ratings)
    name = f"**{safe(library.name(film_id))}**"
    if facts.newcomer:
        lines.append("-# I know nothing about your taste yet. `/start` takes a minute.")
    opening = f"What speaks for and against {name}, for you, now:"
    return "\n".join([opening, *(lines or ["Nothing in particular; it is a wild card."])])
