"""The starter catalogue as arrays, read once for the tests that ask how its films are alike."""

from functools import cache

from bot.services.starter import Starter
from bot.services.starter import starter as read

starter = cache(read)
__all__ = ["Starter", "starter"]
