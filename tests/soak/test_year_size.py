"""How large the database is after a year of a busy server of 1,000 members.

Each member asks for a card of five films each day and rates a hundred films in the year; what is
old is deleted each night, as in a running bot.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.services.app import App
from bot.services.operations import retention
from bot.services.scale import SCALE
from bot.settings import Settings
from bot.wiring import open_app
from storage.database.engine import Transaction
from storage.feedback import card_events, reactions
from storage.feedback.cards import Card
from storage.feedback.impressions import NewImpression
from storage.people import film_marks, profiles, quiz_answers
from storage.schema import cards, impressions
from tests.clock import NOW
from tests.house import stocked
from tests.soak import process
from tests.soak.process import scaled

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(process.SCALE < 0.5, reason="a short year says little of a long one's size"),
]

MEMBERS, FILMS_A_CARD, RATINGS_A_DAY, ACTS_A_DAY = 1000, 5, 275, 300
POSTS_A_DAY, QUIZ_ANSWERS = 2, 30
GUILD, CHANNEL = 700_000_000_000_000_001, 710_000_000_000_000_001
MAX_MIB = 300
EMOJI = tuple(SCALE)
MIB = 1 << 20


def snowflake(at: datetime, number: int) -> int:
    """Returns an id as Discord gives it to a message sent at that time."""
    return (int(at.timestamp() * 1000 - 1_420_070_400_000) << 22) + number


def card_rows(
    at: datetime, number: int, person: int | None, films: list[int]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Returns the row of a card, and the rows of the films that it shows."""
    message, surface = snowflake(at, number), "recommend" if person else "post"
    card = Card(
        message_id=message, channel_id=CHANNEL, film_id=films[0], surface=surface, posted_at=at,
        guild_id=GUILD, person_id=person, seeded=True,
    )  # fmt: skip
    shown = [
        asdict(
            NewImpression(
                shown_at=at, surface=surface, film_id=film, position=position, person_id=person,
                reason="because you loved Paris, Texas · melancholic, road movie", guild_id=GUILD,
                model_version="20260311T180000-0123456789ab", channel_id=CHANNEL, chance=0.97,
                shelf="Critically acclaimed ensemble dramas" if not position else None,
                daypart="evening", day_kind="weekend", score=1.2345678901234567,
                wild=position == FILMS_A_CARD - 1 and number % 10 == 0,
            )
        )
        | {"message_id": message}
        for position, film in enumerate(films)
    ]  # fmt: skip
    return asdict(card), shown


async def live_a_day(
    conn: Transaction, day: datetime, people: list[int], films: list[int], rng: random.Random
) -> None:
    """Stores what a day of the server brings."""
    made, shown = [], []
    for number in range(MEMBERS + POSTS_A_DAY):
        at = day + timedelta(days=number / (MEMBERS + POSTS_A_DAY))
        person = people[number] if number < MEMBERS else None
        card, lines = card_rows(at, number, person, rng.sample(films, FILMS_A_CARD))
        made.append(card)
        shown += lines
    await conn.execute(insert(cards), made)
    await conn.execute(insert(impressions), shown)
    for card in rng.sample(made, RATINGS_A_DAY):
        person, at = rng.choice(people), card["posted_at"] + timedelta(minutes=5)
        await reactions.add(
            conn, message_id=card["message_id"], person_id=person, emoji=rng.choice(EMOJI),
            at=at, scale=SCALE,
        )  # fmt: skip
    for card in rng.sample(made, ACTS_A_DAY):
        person, at = card["person_id"] or people[0], card["posted_at"] + timedelta(minutes=2)
        kind = rng.choice(("opened", "another", "later"))
        await card_events.record(
            conn, person, card["film_id"], kind, message_id=card["message_id"], now=at
        )
        if kind == "later":
            await film_marks.mark(conn, person, card["film_id"], "later", now=at)


async def join(conn: Transaction, people: list[int], films: list[int], rng: random.Random) -> None:
    """Stores what the quiz asked each member."""
    for person in people:
        await profiles.ensure(conn, person, now=NOW)
        asked = [str(film) for film in rng.sample(films, QUIZ_ANSWERS)]
        await quiz_answers.add(conn, person, "shown", asked, now=NOW, screen=1)
        await quiz_answers.add(conn, person, "loved", asked[:5], now=NOW, screen=1)


def sizes(app: App) -> Iterator[tuple[str, float]]:
    """Yields (file, MiB) for the database and its log."""
    for end in ("", "-wal"):
        path = app.settings.database.with_name(app.settings.database.name + end)
        yield path.name, path.stat().st_size / MIB


async def test_a_year_of_a_thousand_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(retention, "PAUSE_SECONDS", 0.0)
    rng = random.Random(1)
    settings = Settings(data=tmp_path / "data", keep_backups=0)
    await stocked(settings.database)
    days, now, began = scaled(365), NOW, time.monotonic()
    people = [900_000_000_000_000_000 + rng.randrange(10**17) for _ in range(MEMBERS)]
    nights: list[float] = []
    async with open_app(settings, lambda: now) as app:
        films = sorted(app.live.served.library.films)
        async with app.db.write() as conn:
            await join(conn, people, films, rng)
        for day in range(days):
            async with app.db.write() as conn:
                await live_a_day(conn, NOW + timedelta(days=day), people, films, rng)
            now = NOW + timedelta(days=day + 1)
            night = time.monotonic()
            await retention.run(app)
            nights.append(time.monotonic() - night)
            if (day + 1) % 30 == 0 or day + 1 == days:
                size = sum(mib for _, mib in sizes(app))
                with capsys.disabled():
                    print(
                        f"day {day + 1}: {size:.0f} MiB; the night took {nights[-1]:.1f} s;"
                        f" {time.monotonic() - began:.0f} s so far"
                    )
        assert sum(mib for _, mib in sizes(app)) <= MAX_MIB
