"""A local Discord: the part of Discord's REST and gateway that the bot uses, and a web page.

The bot connects to it as it would to discord.com, and people use the bot on the page. The
playground does not import any other part of Matinee. Other packages and tests may use only the
names in this file and in `bot.playground.testing`. The rest is described in `README.md`.
"""

from bot.playground.connect import connector
from bot.playground.server import LocalDiscord, start
from bot.playground.testing import Person
from bot.playground.world.stage import default_world
from bot.playground.world.world import World

__all__ = ["LocalDiscord", "Person", "World", "connector", "default_world", "start"]
