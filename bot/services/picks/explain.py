"""Tells a person what raises or lowers a film's score, and how many stars they may give it."""

from dataclasses import replace

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.experiments.treatment import assign
from bot.services.picks.facts import read_facts
from bot.services.serving.predicted_stars import predicted_stars
from bot.services.serving.why import score_facts
from bot.services.view_models import FilmReasons, Requester
from recommender.pipeline import recommend


async def explain_film(app: App, requester: Requester, film_id: int) -> FilmReasons:
    """Returns what raises or lowers a film's score for the requester now, and predicted stars.

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
    row = world.films.row(film_id)
    pick = recommend.explain_one(served.model, question, row)
    return FilmReasons(
        film_id=film_id,
        name=library.name(film_id),
        facts=tuple(score_facts(served, library, pick.parts, facts.ratings)),
        predicted=None if film_id in facts.ratings else predicted_stars(served, question, row),
        newcomer=facts.newcomer,
    )
