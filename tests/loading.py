"""A busy evening for measurements.

Servers have many members of distinct tastes. The members call `/recommend` at a steady rate through
the local Discord.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from random import Random

from bot.playground import World
from bot.playground.records.channels import Channel
from bot.playground.records.interactions import Interaction
from bot.playground.records.objects import JSON
from bot.playground.world.interactions import invocations
from bot.services.app import App
from bot.services.scale import SCALE
from storage.feedback import ratings
from storage.people import film_marks, profiles
from tests.clock import empty_world

GUILDS, CHANNELS, MEMBERS = 4, 10, 25  # channels and members are per guild

FIRST_MEMBER_ID = 1_400_000_000_000_000_000
"""The members' ids begin here. They are the same in every world, so that a data folder made for one
of these worlds fits the others."""


def busy_world() -> World:
    """Returns a world of four servers with the bot, ten channels and 25 members in each."""
    world = empty_world()
    owner = world.add_user("owner", bot=True, id=world.application.owner_id)
    for number in range(GUILDS):
        guild = world.add_guild(f"Club {number}", owner)
        for place in range(CHANNELS):
            world.add_channel(guild, f"films-{place}")
        for place in range(MEMBERS):
            id = FIRST_MEMBER_ID + number * MEMBERS + place
            world.add_member(guild, world.add_user(f"member-{number}-{place}", id=id))
    return world


async def give_tastes(app: App, world: World, rng: Random) -> None:
    """Gives each member ten loved films of one genre and three disliked films of another.

    All of them are well-known films.
    """
    library = app.live.served.library
    well_known = sorted(library.films, key=lambda film: -library.fame.get(film, 0.0))[:2_000]
    genres = [
        x for x in library.genres if sum(x in library.films[f].genres for f in well_known) > 60
    ]
    now = world.clock.now()
    async with app.db.write() as conn:
        for user in world.people():
            await profiles.ensure(conn, user.id, now=now)
            loved, disliked = rng.sample(genres, 2)
            loved_films = [f for f in well_known if loved in library.films[f].genres]
            disliked_films = [
                f
                for f in well_known
                if disliked in library.films[f].genres and f not in loved_films
            ]
            for film, stars in _rated(rng, loved_films[:150], disliked_films[:150]):
                await ratings.state(
                    conn,
                    person_id=user.id,
                    film_id=film,
                    source="command",
                    stars=stars,
                    at=now,
                    scale=SCALE,
                )


async def show_tastes(app: App, world: World) -> None:
    """Makes each member agree that the members of their servers see their taste."""
    now = world.clock.now()
    async with app.db.write() as conn:
        for guild in world.guilds.values():
            for user in guild.members:
                if not world.users[user].bot:
                    await profiles.show_taste(conn, user, guild.id, shown=True, now=now)


async def keep_films(app: App, world: World, rng: Random, count: int) -> None:
    """Makes each member keep `count` films for later."""
    films = sorted(app.live.served.library.films)
    now = world.clock.now()
    async with app.db.write() as conn:
        for user in world.people():
            for film in rng.sample(films, count):
                await film_marks.mark(conn, user.id, film, "later", now=now)


async def recommend(
    world: World,
    per_second: float,
    rng: Random,
    go_on: Callable[[int], object],
    command: str = "recommend",
    options: Callable[[int], list[JSON]] | None = None,
) -> list[Interaction]:
    """Uses `/recommend` at a steady rate. Returns the interactions, some still unanswered.

    Each request comes from another pair of member and channel. `per_second` is the rate. `go_on`
    receives the number of requests so far and returns whether to send another. `command` is the
    name of another command, to use instead. `options` receives the number of requests so far and
    returns the command's options.
    """
    loop = asyncio.get_running_loop()
    begun: list[Interaction] = []
    start = loop.time()
    for user, channel in _turns(world, rng):
        if not go_on(len(begun)):
            break
        await asyncio.sleep(max(0.0, start + len(begun) / per_second - loop.time()))
        given = options(len(begun)) if options else None
        begun.append(invocations.use_command(world, user, channel, command, options=given))
    return begun


def _turns(world: World, rng: Random) -> Iterator[tuple[int, Channel]]:
    """Yields every pair of member and channel, round after round, each in a new random order."""
    places = [
        (user, world.channels[channel])
        for guild in world.guilds.values()
        for user in guild.members
        if not world.users[user].bot
        for channel in guild.channels
    ]
    while True:
        yield from rng.sample(places, len(places))


def _rated(rng: Random, loved: list[int], disliked: list[int]) -> Iterable[tuple[int, float]]:
    yield from ((film, rng.choice([4.0, 4.5, 5.0])) for film in rng.sample(loved, 10))
    yield from ((film, 1.5) for film in rng.sample(disliked, 3))
