"""A local Discord: the part of REST and gateway that the bot uses, and a web page to use it in.

It imports nothing else of Matinee; the bot connects to it as it would to discord.com. The names
here and `bot.playground.testing` are its public contract. `README.md` explains the rest.
"""

from bot.playground.connect import connector
from bot.playground.server import LocalDiscord, start
from bot.playground.testing import Person
from bot.playground.world.stage import default_world
from bot.playground.world.world import World

__all__ = ["LocalDiscord", "Person", "World", "connector", "default_world", "start"]
