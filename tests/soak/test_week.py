"""A week in minutes: three servers in three zones, with daylight-saving changes in both directions.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_week.py

The clock of the local Discord advances in steps, as fast as the bot follows. Each server has a post
at 19:00, at 01:30 and at 02:30. In this week Paris skips the hour from two to three, and Sydney has
it twice. Twenty members react all the time. Each night the models are fitted to a background corpus
and to all current ratings.
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
from bot.services.posts import planning
from storage.servers import guilds, schedules
from tests.bot.fitted import write_background
from tests.clock import empty_world
from tests.house import House, running, until
from tests.soak.crowd import film_of
from tests.soak.ledger import STARS, value
from tests.soak.process import SCALE

pytestmark = pytest.mark.soak

START = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
DAYS = 7 if SCALE > 0.2 else 2
STEP = timedelta(minutes=10)
ZONES = ("Europe/Paris", "Australia/Sydney", "America/New_York")
TIMES = ("19:00", "01:30", "02:30")
MEMBERS = 20
FIT_HOUR = 4  # o'clock, UTC, the default of the setting
SEED = 12
FITTED_VERSIONS_SQL = (
    "select version, json_extract(metrics, '$.live_ratings') from model_versions"
    " where trained_at >= ?"
)
RATINGS_SQL = "select person_id, film_id, stars from ratings"
MEASURES = ("ndcg@10", "coverage@10", "novelty", "calibration_error", "order")


@dataclass(frozen=True)
class Place:
    """A channel that gets one post a day.

    Attributes:
        zone: IANA name of the server's time zone.
        post_time: local time, such as "19:00".
        channel: the channel.
    """

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
            await guilds.setup(conn, guild_id, now=START, zone=place.zone)
            await schedules.create(
                conn,
                guild_id,
                theme="auto",
                post_time=place.post_time,
                now=START,
                next_at=None,
                channel_id=place.channel.id,
            )
    await planning.replan(house.app)


def expected(place: Place, end: datetime) -> list[str]:
    """Returns the local dates on which the place's slot is in the week.

    The slot is the first minute of a local day that is not before the post time. It is found by
    trying every minute.
    """
    zone, found, at = ZoneInfo(place.zone), [], START + timedelta(minutes=1)
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
    """Makes some members react to a recent card, or take a reaction back."""
    for place in rng.sample(places, 3):
        held = cards(place.channel)[-3:]
        guild = world.guild_of(place.channel)
        if not held or guild is None:
            continue
        person = rng.choice([user for user in guild.members if not world.users[user].bot])
        message = rng.choice(held)
        own = [one for one in message.reactions if person in one.users]
        for one in own:
            reactions.remove(world, place.channel, message, person, person, one)
        if not own or rng.random() < 0.7:
            emoji = Reaction(rng.choice(list(STARS)))
            reactions.add(world, place.channel, message, person, emoji)


def current_ratings(world: World, places: list[Place]) -> dict[tuple[int, int], float]:
    """Returns (person, film) -> stars of the reactions on Discord.

    A server gets each film only once, so no person reacts to a film twice.
    """
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
    world.clock.set(START)
    rng = Random(SEED)
    end = START + timedelta(days=DAYS)
    async with running(
        tmp_path, world=world, fits=True, seed_reactions=False, keep_models=2 * DAYS
    ) as house:
        await write_background(house.app)
        await set_up(house, places)
        wanted = {place.channel.id: expected(place, end) for place in places}

        def slots_done(now: datetime) -> bool:
            """Returns True if every slot up to `now` is finished."""
            text = f"{now:%Y-%m-%d %H:%M:%S.%f}"
            due = "select count(*) from schedules where next_at <= ?"
            open_ = "select count(*) from posts where outcome is null"
            return house.rows(due, text) == [(0,)] and house.rows(open_) == [(0,)]

        def ratings_agree() -> bool:
            """Returns True if the stored ratings are exactly those on Discord."""
            return {(p, f): s for p, f, s in house.rows(RATINGS_SQL)} == current_ratings(
                world, places
            )

        now, nights = START, list[str]()
        while now < end:
            now += STEP
            night = now.hour == FIT_HOUR and now.minute == 0
            if night:
                await until(ratings_agree, f"every reaction counts by {now}")
            world.clock.set(now)
            if not night:
                react(world, places, rng)
            await until(lambda now=now: slots_done(now), f"the slots until {now}", 60)
            if night:
                since = f"{now - timedelta(minutes=1):%Y-%m-%d %H:%M:%S.%f}"
                await until(
                    lambda s=since: bool(house.rows(FITTED_VERSIONS_SQL, s)),
                    f"the fit of {now}",
                    240,
                )
                ((version, live),) = house.rows(FITTED_VERSIONS_SQL, since)
                assert live == len(current_ratings(world, places)), "fitted to every rating"
                nights.append(version)
        await until(ratings_agree, "every reaction counts")
        want = current_ratings(world, places)
        slots = house.rows(
            "select channel_id, local_date, outcome from posts join schedules"
            " on schedules.id = schedule_id where theme = 'auto' order by local_date"
        )
        models = house.rows("select version, is_live, metrics from model_versions order by 1")
    _report(slots, models, len(want))
    for place in places:
        posted = [
            (date, outcome) for channel, date, outcome in slots if channel == place.channel.id
        ]
        assert posted == [(date, "sent") for date in wanted[place.channel.id]], place
        assert len(cards(place.channel)) == len(posted), "each slot exactly once"
    assert len(nights) == DAYS
    assert {version for version, *_ in models} >= set(nights)


def _report(
    slots: list[tuple[int, str, str]], models: list[tuple[str, int, str]], ratings: int
) -> None:
    came = dict(Counter(outcome for *_, outcome in slots))
    print(f"\n{DAYS} days from {START:%Y-%m-%d %H:%M} UTC: {len(slots)} slots, {came};", end=" ")
    print(f"{ratings} ratings stand")
    for version, live, metrics in models:
        facts = json.loads(metrics)
        figures = (facts["judged"] or {}).get("figures", {})
        print(
            f"  {version}{' (serves)' if live else ''}: {facts['ratings']} ratings, "
            f"{facts['live_ratings']} of them live, of {facts['people']} people; {facts['why']}"
        )
        for ranker, marks in figures.items():
            print(f"    {ranker}: " + ", ".join(f"{name} {marks[name]:.4f}" for name in MEASURES))
