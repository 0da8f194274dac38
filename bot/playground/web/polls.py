"""The page's calls about polls."""

from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.web import shown
from bot.playground.web.calls import PageRoute, find_message
from bot.playground.world.channels import polls
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World


async def post_vote(world: World, person: User, data: JSON) -> JSON:
    """Makes `answers`, a list of numbers, what the person votes for; [] takes the votes back."""
    channel, message = find_message(world, person, data)
    given = data.get("answers")
    numbers = [fields.snowflake(x) for x in given] if isinstance(given, list) else [None]
    wanted = [x for x in numbers if x is not None]
    if len(wanted) < len(numbers):
        raise refuse("The answers are a list of numbers.")
    polls.vote(world, channel, message, person.id, wanted)
    return shown.message(world, message, person.id)


async def post_end(world: World, person: User, data: JSON) -> JSON:
    """Ends a poll of the person's before its time."""
    channel, message = find_message(world, person, data)
    polls.end(world, channel, message, person.id)
    return shown.message(world, message, person.id)


ROUTES: tuple[PageRoute, ...] = (
    ("POST", "/api/polls/vote", post_vote),
    ("POST", "/api/polls/end", post_end),
)
