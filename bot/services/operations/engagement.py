"""Engagement: reads what people did, for `matinee report` and for three lines of `/status`."""

import asyncio
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.services.app import App
from bot.services.notes import Note, note
from bot.services.serving.evidence import STARS_BY_EMOJI
from bot.services.serving.live_model import Served
from recommender.engagement.figures import CountTable, heart, tables, things
from recommender.engagement.history import EngagementHistory
from recommender.feedback import NAMES, FeedbackActs, Shown
from recommender.pipeline.long_tail import long_tail_by_count
from storage.feedback import card_events, engagement
from storage.feedback.card_events import CardEvent
from storage.feedback.emoji import normalise_emoji
from storage.feedback.engagement import GivenRating

HEART_SPAN = timedelta(days=7)
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # long before the bot


def start_of(now: datetime, weeks: int) -> datetime:
    """Returns the Monday at 0:00 UTC with which the last `weeks` weeks begin, this one included."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday(), weeks=weeks - 1)


async def report(app: App, since: datetime) -> tuple[CountTable, ...]:
    """Returns the tables of the report on what happened at `since` or later."""
    history = await read_history(app, since)
    return await asyncio.to_thread(lambda: tables(things(history)))


async def heart_notes(app: App) -> tuple[Note, ...]:
    """Returns three lines for `/status` on the last seven days."""
    since = app.clock() - HEART_SPAN
    history = await read_history(app, since)
    async with app.db.read() as conn:
        everybody = await engagement.newcomers(conn, EVER)
    known = {person: at.timestamp() for person, at in everybody.items()}
    found = await asyncio.to_thread(heart, history, known, since.timestamp())
    return (
        note("status-first-ratings", count=found.first_ratings),
        note("status-came-back", count=found.came_back),
        note("status-rated-well", count=found.rated_well),
    )


async def read_history(app: App, since: datetime) -> EngagementHistory:
    """Returns what happened at `since` or later as arrays."""
    async with app.db.read() as conn:
        arrived = await engagement.newcomers(conn, since)
        picks = await engagement.shown_picks(conn, since)
        pressed = await card_events.holding_since(conn, since)
        rated = await engagement.given_ratings(conn, since)
    graded = [(one, stars) for one in rated if (stars := _stars(one)) is not None]
    kinds: list[str] = [one.kind for one in pressed]
    kinds += ["rated" if one.emoji is None else "reacted" for one, _ in graded]
    acts: list[CardEvent | GivenRating] = [*pressed, *(one for one, _ in graded)]
    return EngagementHistory(
        arrived={person: at.timestamp() for person, at in arrived.items()},
        shown=Shown(
            film=np.array([one.film_id for one in picks], np.int64),
            person=np.array([one.person_id or 0 for one in picks], np.int64),
            message=np.array([one.message_id or 0 for one in picks], np.int64),
            at=np.array([one.shown_at.timestamp() for one in picks], np.float64),
        ),
        servers=tuple(one.guild_id for one in picks),
        arms=tuple(one.arm for one in picks),
        acts=FeedbackActs(
            film=np.array([one.film_id for one in acts], np.int64),
            person=np.array([one.person_id for one in acts], np.int64),
            message=np.array([one.message_id or 0 for one in acts], np.int64),
            outcome=np.array([NAMES.index(kind) for kind in kinds], np.int64),
            stars=np.array([np.nan] * len(pressed) + [stars for _, stars in graded], np.float64),
            at=np.array([one.at.timestamp() for one in acts], np.float64),
            bot=np.zeros(len(acts), np.bool_),
        ),
        holds=np.array([True] * len(pressed) + [one.holds for one, _ in graded], np.bool_),
        rare=_rare(app.live.served),
    )


def _stars(rating: GivenRating) -> float | None:
    """Returns the stars of a rating; None for an emoji outside the scale, or for no rating."""
    if rating.emoji is None or rating.stars is not None:
        return rating.stars
    return STARS_BY_EMOJI.get(normalise_emoji(rating.emoji))


def _rare(served: Served) -> frozenset[int]:
    """Returns the ids of the films of the long tail, which the model knows few ratings of."""
    count = served.model.popularity.count
    rare = long_tail_by_count(count) | (count == 0)
    return frozenset(served.model.catalogue.films.ids_array[rare].tolist())
