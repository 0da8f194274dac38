"""Asks members once, in a direct message, whether their taste counts in a server's movie nights.

The answer *yes* is the consent "Show my taste here" of that server (`picks/consent.py`). A question
is claimed before it is sent: a crash may lose one, but nobody is asked twice.
"""

from typing import get_args

from bot.errors import Sorry
from bot.services.app import App
from bot.services.view_models import Requester
from storage.people import night_questions, profiles
from storage.people.night_questions import EVERYWHERE, NightAnswer, NightQuestion


async def waiting(app: App) -> tuple[NightQuestion, ...]:
    """Returns the questions that are to be sent."""
    async with app.db.read(quick=True) as conn:
        return await night_questions.waiting(conn)


async def claim(app: App, question: NightQuestion) -> bool:
    """Stores that a question is about to be sent; returns False if that was stored before."""
    async with app.db.write() as conn:
        return await night_questions.claim(conn, question.person_id, question.guild_id)


async def answer(app: App, requester: Requester, guild_id: int, said: str) -> None:
    """Stores what a person answered. Raises Sorry if the bot has not asked them.

    guild_id: the server that the question was about.
    said: "never" if they do not want to be asked in any server.
    """
    answers: tuple[NightAnswer, ...] = get_args(NightAnswer)
    chosen = next((one for one in answers if one == said), None)
    if chosen is None or guild_id == EVERYWHERE:
        raise Sorry("unknown-button")
    async with app.write_for(requester) as conn:
        if not await night_questions.was_asked(conn, requester.person_id, guild_id):
            raise Sorry("night-question-old")
        await profiles.show_taste(
            conn, requester.person_id, guild_id, shown=chosen == "yes", now=requester.now
        )
        await night_questions.answer(conn, requester.person_id, guild_id, chosen, requester.now)
