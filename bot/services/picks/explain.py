"""Tells a person what raises or lowers a film's score, and how many stars they may give it."""

from dataclasses import replace

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.experiments.treatment import assign
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.serving.live_model import Served
from bot.services.serving.predicted_stars import predicted_stars
from bot.services.serving.why import score_facts
from bot.services.view_models import FilmReasons, PredictedStars, Requester
from recommender.data import Query
from recommender.pipeline import recommend


async def explain_film(app: App, requester: Requester, film_id: int) -> FilmReasons:
    """Returns what raises or lowers a film's score for the requester now, and predicted stars.

    Raises Sorry if the film is no longer in the catalogue, or if it is only named.
    """
    facts = await read_facts(app, requester)
    served = _answering(app, requester, facts)
    library = served.library.shown(requester.adult_ok)
    library.film(film_id)
    question = _question(served, facts, film_id)
    row = served.model.catalogue.films.row(film_id)
    if row < 0:
        raise Sorry("only-named", title=library.name(film_id))
    pick = recommend.explain_one(served.model, question, row)
    return FilmReasons(
        film_id=film_id,
        name=library.name(film_id),
        facts=tuple(score_facts(served, library, pick.parts, facts.ratings)),
        predicted=None if film_id in facts.ratings else predicted_stars(served, question, row),
        newcomer=facts.newcomer,
    )


async def predict(
    app: App, requester: Requester, film_id: int
) -> tuple[float | None, PredictedStars | None]:
    """Returns the stars that the requester gave a film, and those that they would probably give it.

    The first is None if they have not rated it, and the second if they have, if the prediction may
    be too far off, or if the model does not know the film, such as one that is only named.
    """
    facts = await read_facts(app, requester)
    served = _answering(app, requester, facts)
    stars = facts.ratings.get(film_id)
    if stars is not None or film_id not in served.library.films:
        return stars, None
    row = served.model.catalogue.films.row(film_id)
    if row < 0:
        return None, None
    return None, predicted_stars(served, _question(served, facts, film_id), row)


def _answering(app: App, requester: Requester, facts: RequesterFacts) -> Served:
    """Returns the model that answers the requester, which may be that of an experiment's arm."""
    if not app.experiments.definitions:
        return app.live.served
    return assign(app, requester, takes_part=facts.shapes_others).served


def _question(served: Served, facts: RequesterFacts, film_id: int) -> Query:
    """Returns the requester's query without their rating of one film."""
    others = {rated: stars for rated, stars in facts.ratings.items() if rated != film_id}
    return arrays.query(served.model.catalogue, replace(facts.query_facts(), ratings=others))
