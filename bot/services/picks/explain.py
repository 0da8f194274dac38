"""*Why?*: what moves a film for the person who asks, as exact shares of the model's score."""

from dataclasses import replace

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.experiments import serve
from bot.services.picks.facts import read_facts
from bot.services.serving.reasons import because
from bot.services.view_models import Requester
from bot.services.wording import safe
from recommender.pipeline import recommend


async def why(app: App, requester: Requester, film_id: int) -> str:
    """The parts of this film's score for this person now, in words."""
    served = (await serve.trial(app, requester)).served
    served.library.film(film_id)
    known = await read_facts(app, requester)
    world = served.model.catalogue
    others = {rated: stars for rated, stars in known.ratings.items() if rated != film_id}
    question = arrays.query(world, replace(known.facts(), ratings=others))
    pick = recommend.explain_one(served.model, question, world.films.row(film_id))
    lines = because(served, pick.parts, known.ratings)
    name = f"**{safe(served.library.name(film_id))}**"
    if known.newcomer:
        lines.append("-# I know nothing about your taste yet. `/start` takes a minute.")
    said = f"What speaks for and against {name}, for you, now:"
    return "\n".join([said, *(lines or ["Nothing in particular; it is a wild card."])])
