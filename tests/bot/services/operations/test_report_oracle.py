"""`matinee report` and `/status` tell nothing about a person who opted out or deleted everything.

In random worlds such a person lives a random life: they are shown picks, answer a post, rate, react
and press buttons. What the owner of the bot reads must be the same as if they had done nothing.
"""

import random
from datetime import datetime, timedelta

import pytest

from bot.services.app import App
from bot.services.operations import engagement, status
from bot.services.operations.status import Online
from bot.services.scale import LEGEND, SCALE
from recommender.engagement.report import engagement_lines
from storage.feedback import card_events, impressions, rating_events, ratings
from storage.feedback.impressions import NewImpression
from storage.people import film_marks, privacy, profiles
from tests.bot.services.operations.test_engagement import (
    ARM,
    CARD,
    FRIDAY,
    HERE,
    OPTED_OUT,
    THERE,
    TUESDAY,
    app,
    shown,
)

__all__ = ["app"]

WORLDS = 12
ACTS = 12
POST = 8_000
ONLINE = Online(timedelta(hours=1), 2, 10, 0.05, 0, 0, 0)


async def read(app: App) -> str:
    """Returns everything that the owner reads, apart from the size of the files."""
    tables = await engagement.report(app, engagement.start_of(FRIDAY, 2))
    lines = [one for one in await status.status(app, ONLINE) if one.key != "status-data"]
    return "\n".join(map(str, [*engagement_lines(tables), *lines]))


async def act(app: App, rng: random.Random, person: int) -> None:
    """Lets a person do one random thing at a random time."""
    film, server = rng.randint(1, 12), rng.choice((HERE, THERE, 900))
    at = TUESDAY + timedelta(minutes=rng.randint(-4000, 14_000))
    way = rng.randrange(5)
    async with app.db.write() as conn:
        if way == 0:
            emoji = rng.choice(LEGEND).emoji
            message = rng.choice((POST, CARD + 1, CARD + person))
            event = rating_events.reaction_event(person, film, message, emoji)
            await rating_events.record(conn, event, at=at, raw_emoji=emoji)
        elif way == 1:
            stars = rng.randint(1, 10) / 2
            await ratings.state(
                conn,
                person_id=person,
                film_id=film,
                source="command",
                stars=stars,
                at=at,
                scale=SCALE,
            )
        elif way == 2:
            kind, mark = rng.choice((("later", "later"), ("refused", "declined"), ("seen", "seen")))
            await film_marks.mark(conn, person, film, mark, now=at)
            await card_events.record(conn, person, film, kind, message_id=CARD + person, now=at)
        elif way == 3:
            kind = rng.choice(("opened", "another"))
            await card_events.record(conn, person, film, kind, message_id=POST, now=at)
    if way == 4:
        await shown(app, person, film, server, at, rng.choice((None, ARM)))


async def post(app: App, at: datetime) -> None:
    """Posts a film in a server."""
    one = NewImpression(
        shown_at=at, surface="post", film_id=1, position=0, reason="", model_version="v",
        person_id=None, guild_id=HERE,
    )  # fmt: skip
    async with app.db.write() as conn:
        ids = await impressions.record(conn, [one])
        await impressions.attach(conn, ids, message_id=POST)


@pytest.fixture
async def told(app: App) -> str:
    """What the owner reads before the person does anything."""
    await post(app, TUESDAY)
    return await read(app)


async def test_who_opted_out_changes_nothing(app: App, told: str) -> None:
    rng = random.Random(23)
    for _ in range(WORLDS):
        for _ in range(ACTS):
            await act(app, rng, OPTED_OUT)
        assert await read(app) == told
    async with app.db.write() as conn:
        await profiles.set_shapes_others(conn, OPTED_OUT, True, now=FRIDAY)
    assert await read(app) != told, "the test would hold for a report that counts nobody"


async def test_who_deleted_everything_changes_nothing(app: App, told: str) -> None:
    rng = random.Random(29)
    for person in range(100, 105):
        for _ in range(ACTS):
            await act(app, rng, person)
    assert await read(app) != told
    for person in range(100, 105):
        async with app.db.write() as conn:
            await privacy.erase(conn, person)
    assert await read(app) == told
