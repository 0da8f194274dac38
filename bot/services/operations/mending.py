"""Reports data that mistakes of earlier versions have spoiled, and corrects what can be corrected.

There were three mistakes. Ratings by `/rate` were saved for a film whose title reads like the id of
the film that the person chose. Schedules of posts stopped although Discord had not said that their
channel is gone. Films of a data set were joined with another film of a similar title.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.services.app import App
from bot.services.notes import note
from bot.services.operations.doctor import Finding
from bot.services.posts.slots import next_slot, spread_of, zone_name
from bot.services.scale import SCALE
from bot.settings import Settings
from storage import harms, keyvalue
from storage.catalogue import films
from storage.database.engine import Database
from storage.feedback import rating_events, ratings
from storage.feedback.rating_events import RatingEvent
from storage.servers import guilds, schedules

MAX_NAMED = 5  # films or servers that a finding names


@dataclass(frozen=True)
class Mended:
    """What was corrected.

    Attributes:
        moved: number of ratings that were moved to the film that was meant.
        resumed: number of schedules of posts that were resumed.
    """

    moved: int
    resumed: int


def check_harms(settings: Settings) -> tuple[Finding, ...]:
    """Returns the findings about data that earlier versions spoiled; () without such data.

    It changes nothing.
    """
    found: list[Finding] = []
    misread = harms.misread_ratings(settings.database)
    sure = sum(rating.is_sure for rating in misread)
    if sure:
        found.append(Finding("ratings", "look", note("misread-ratings", n=sure), note("move-them")))
    if len(misread) > sure:
        pairs = Counter((one.film_id, one.meant_id) for one in misread if not one.is_sure)
        named = [
            note("film-for-film", n=count, id=film, meant=meant)
            for (film, meant), count in pairs.most_common(MAX_NAMED)
        ]
        unsure = note("unsure-ratings", n=len(misread) - sure, pairs=named)
        found.append(Finding("ratings", "look", unsure, note("rate-again")))
    stopped = harms.stopped_schedules(settings.database)
    if stopped:
        servers = sorted({str(one.guild_id) for one in stopped})[:MAX_NAMED]
        posts = note("stopped-posts", n=len(stopped), ids=servers, servers=len(servers))
        found.append(Finding("posts", "look", posts, note("resume-them", n=len(stopped))))
    folded = harms.folded_films(settings.database)
    if folded:
        joined = note("folded-films", n=len(folded), films=list(folded[:MAX_NAMED]))
        found.append(Finding("films", "look", joined, note("import-again")))
    return tuple(found)


async def mend(app: App) -> Mended:
    """Corrects data that earlier versions spoiled, where that is possible."""
    misread = [one for one in harms.misread_ratings(app.settings.database) if one.is_sure]
    stopped = harms.stopped_schedules(app.settings.database)
    return Mended(moved=await _move_ratings(app, misread), resumed=await _resume(app, stopped))


async def note_first_start(db: Database, now: datetime) -> None:
    """Stores when a version without the earlier mistakes first ran. Data from later are not
    affected.
    """
    async with db.read() as conn:
        if await keyvalue.get_value(conn, harms.SINCE_KEY) is not None:
            return
    async with db.write() as conn:
        await keyvalue.set_value(conn, harms.SINCE_KEY, now.isoformat())


async def _move_ratings(app: App, misread: Sequence[harms.MisreadRating]) -> int:
    moved = 0
    async with app.db.write() as conn:
        for one in misread:
            event = RatingEvent(one.person_id, one.film_id, "command")
            standing = await rating_events.get_standing(conn, event)
            if standing is None or await films.get(conn, one.meant_id) is None:
                continue
            await ratings.withdraw(
                conn,
                person_id=one.person_id,
                film_id=one.film_id,
                source="command",
                at=one.at,
                scale=SCALE,
            )
            newer = RatingEvent(one.person_id, one.meant_id, "command")
            if await rating_events.get_standing(conn, newer) is None:
                await ratings.state(
                    conn,
                    person_id=one.person_id,
                    film_id=one.meant_id,
                    source="command",
                    stars=one.stars,
                    at=one.at,
                    guild_id=standing.guild_id,
                    scale=SCALE,
                )
                moved += 1
    return moved


async def _resume(app: App, stopped: Sequence[harms.StoppedSchedule]) -> int:
    resumed, spread = 0, spread_of(app)
    now = app.clock()
    async with app.db.write() as conn:
        for one in stopped:
            schedule = await schedules.get(conn, one.id)
            if schedule is None or schedule.disabled_reason != one.reason:
                continue
            guild = await guilds.get(conn, schedule.guild_id)
            zone = ZoneInfo(zone_name(guild, app.settings.zone))
            following = None if schedule.paused else next_slot(schedule, zone, spread, now)
            await schedules.change(conn, schedule.id, now, disabled_reason=None, next_at=following)
            resumed += 1
    return resumed
