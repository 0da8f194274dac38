"""Seven days in minutes: three servers in three zones, through daylight-saving changes both ways.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_week.py

The clock of the local Discord is moved on in steps, as quickly as the bot follows. Each server has
a post at 19:00, at 01:30 and at 02:30. In the week that is played, Paris skips the hour from two to
three and Sydney lives it twice. Twenty members react all along, and each night the models are
fitted to a background corpus and to every rating that then stands.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.playground import World
from bot.playground.records.channels import Channel, Message, Reaction
from bot.playground.world.channels import reactions
from bot.services.posts import schedule
from storage.servers import guilds, schedules
from tests.bot.fitted import write_background
from tests.clock import empty_world
from tests.house import House, running, until
from tests.soak.crowd import film_of
from tests.soak.ledger import STARS, value
from tests.soak.process import SCALE

pytestmark = pytest.mark.soak

BEGIN = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
DAYS = 7 if SCALE > 0.2 else 2
STEP = timedelta(minutes=10)
ZONES = ("Europe/Paris", "Australia/Sydney", "America/New_York")
TIMES = ("19:00", "01:30", "02:30")
MEMBERS = 20
NIGHTLY = 4  # o'clock, UTC: the setting's default
SEED = 12
FITTED = (
    "select version, json_extract(metrics, '$.live_ratings') from model_versions"
    " where trained_at >= ?"
)
KEPT = "select person_id, film_id, stars from ratings"
MEASURES = ("ndcg@10", "coverage@10", "novelty", "calibration_error", "order")


@dataclass(frozen=True)
class Place:
    """A channel that gets one post a day."""

    zone: str
    post_time: str
    channel: Channel


def stage() -> tuple[World, list[Place]]:
    world = empty_world()
    owner = world.add_user("owner", bot=True, id=world.application.owner_id)
    places = []
    people = [world.add_user(f"member-{number}") for number in range(MEMBERS)]
    for number, zone in enumerate(ZONES):
        guild = world.add_guild(f"Club {zone}", owner)
        for person in people[number::3]:
            world.add_member(guild, person)
        for post_time in TIMES:
            channel = world.add_channel(guild, f"at-{post_time.replace(':', '')}")
            places.append(Place(zone, post_time, channel))
    return world, places


async def set_up(house: House, places: list[Place]) -> None:
    async with house.app.db.write() as conn:
        for place in places:
            guild_id = place.channel.guild_id or 0
            await guilds.setup(conn, guild_id, now=BEGIN, zone=place.zone)
            await schedules.create(
                conn,
                guild_id,
                theme="auto",
                post_time=place.post_time,
                now=BEGIN,
                next_at=None,
                channel_id=place.channel.id,
            )
    await schedule.replan(house.app)


def expected(place: Place, end: datetime) -> list[str]:
    """The local dates on which the place's slot lies in the week, found minute by minute: the first
    minute of a local day that is not before the time."""
    zone, found, at = ZoneInfo(place.zone), [], BEGIN + timedelta(minutes=1)
    before = (at - timedelta(minutes=1)).astimezone(zone)
    passed = {before.date()} if f"{before:%H:%M}" >= place.post_time else set()
    while at <= end:
        local = at.astimezone(zone)
        if local.date() not in passed and f"{local:%H:%M}" >= place.post_time:
            found.append(local.date().isoformat())
            passed.add(local.date())
        at += timedelta(minutes=1)
    return found


def cards(channel: Channel) -> list[Message]:
    return [message for message in channel.messages.values() if film_of(message) is not None]


def react(world: World, places: list[Place], rng: Random) -> None:
    """Some members react to a recent card; some think better of it."""
    for place in rng.sample(places, 3):
        held = cards(place.channel)[-3:]
        guild = world.guild_of(place.channel)
        if not held or guild is None:
            continue
        person = rng.choice([user for user in guild.members if not world.users[user].bot])
        message = rng.choice(held)
        mine = [one for one in message.reactions if person in one.users]
        for one in mine:
            reactions.remove(world, place.channel, message, person, person, one)
        if not mine or rng.random() < 0.7:
            emoji = Reaction(rng.choice(list(STARS)))
            reactions.add(world, place.channel, message, person, emoji)


def standing(world: World, places: list[Place]) -> dict[tuple[int, int], float]:
    """(person, film) -> stars, as Discord has them; a film is posted once in a server."""
    found = {}
    for place in places:
        for message in cards(place.channel):
            for one in message.reactions:
                for person in one.users:
                    if person != world.bot.id:
                        stars = value(one.name)
                        assert stars is not None
                        found[(person, film_of(message) or 0)] = stars
    return found


async def test_a_week_of_posts_and_nights(tmp_path: Path) -> None:
    world, places = stage()
    world.clock.set(BEGIN)
    rng = Random(SEED)
    end = BEGIN + timedelta(days=DAYS)
    async with running(tmp_path, world=world, seed_reactions=False, keep_models=2 * DAYS) as house:
        await write_background(house.app)
        await set_up(house, places)
        wanted = {place.channel.id: expected(place, end) for place in places}

        def noted(now: datetime) -> bool:
            """Whether every slot that has come by now is done with."""
            text = f"{now:%Y-%m-%d %H:%M:%S.%f}"
            due = "select count(*) from schedules where next_at <= ?"
            open_ = "select count(*) from posts where outcome is null"
            return house.rows(due, text) == [(0,)] and house.rows(open_) == [(0,)]

        def whole() -> bool:
            """Whether the ratings are what stands on Discord, none more, none less."""
            return {(p, f): s for p, f, s in house.rows(KEPT)} == standing(world, places)

        now, nights = BEGIN, list[str]()
        while now < end:
            now += STEP
            night = now.hour == NIGHTLY and now.minute == 0
            if night:
                await until(whole, f"every reaction counts by {now}")
            world.clock.set(now)
            if not night:
                react(world, places, rng)
            await until(lambda now=now: noted(now), f"the slots until {now}", 60)
            if night:
                since = f"{now - timedelta(minutes=1):%Y-%m-%d %H:%M:%S.%f}"
                await until(lambda s=since: bool(house.rows(FITTED, s)), f"the fit of {now}", 240)
                ((version, live),) = house.rows(FITTED, since)
                assert live == len(standing(world, places)), "fitted to every rating"
                nights.append(version)
        await until(whole, "every reaction counts")
        want = standing(world, places)
        slots = house.rows(
            "select channel_id, local_date, outcome from posts join schedules"
            " on schedules.id = schedule_id where theme = 'auto' order by local_date"
        )
        models = house.rows("select version, is_live, metrics from model_versions order by 1")
    _report(slots, models, len(want))
    for place in places:
        mine = [(date, outcome) for channel, date, outcome in slots if channel == place.channel.id]
        assert mine == [(date, "sent") for date in wanted[place.channel.id]], place
        assert len(cards(place.channel)) == len(mine), "each slot exactly once"
    assert len(nights) == DAYS
    assert {version for version, *_ in models} >= set(nights)


def _report(
    slots: list[tuple[int, str, str]], models: list[tuple[str, int, str]], ratings: int
) -> None:
    came = dict(Counter(outcome for *_, outcome in slots))
    print(f"\n{DAYS} days from {BEGIN:%Y-%m-%d %H:%M} UTC: {len(slots)} slots, {came};", end=" ")
    print(f"{ratings} ratings stand")
    for version, live, metrics in models:
        told = json.loads(metrics)
        figures = (told["judged"] or {}).get("figures", {})
        print(
            f"  {version}{' (serves)' if live else ''}: {told['ratings']} ratings, "
            f"{told['live_ratings']} of them live, of {told['people']} people; {told['why']}"
        )
        for who, marks in figures.items():
            print(f"    {who}: " + ", ".join(f"{name} {marks[name]:.4f}" for name in MEASURES))
