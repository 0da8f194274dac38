"""The Python client of the playground's page, for tests: a pretend person and their messages.

    async with Person(local.page_url, "mira") as mira:
        outcome = await mira.command("films", "recommend", private=True)
        picked = await mira.click(outcome.message, "Another")
        await mira.join_voice("Screening room")

Channels are given by name ("films", or "dm" for the direct message with the bot) or by id. The
client works across processes, because it uses nothing but the page's address.
"""

from bot.playground.records.objects import JSON
from bot.playground.testing.messages import Outcome, buttons_of, selects_of, text_of, walk
from bot.playground.testing.person import Person
from bot.playground.testing.visitor import Refused

__all__ = ["JSON", "Outcome", "Person", "Refused", "buttons_of", "selects_of", "text_of", "walk"]
