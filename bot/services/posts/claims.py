"""Claims the slots that are due, and records how each post ended.

A slot is one planned post: a schedule on one local date. To claim a slot is to store in the
database, before sending, that this process sends its post. A crash may therefore lose a post but
never sends one twice. A slot that is late by MAX_LATENESS or more is stored as skipped instead of
being sent. If the bot was away, at most the newest slot of each schedule is still sent. If a
claimed slot cannot be sent, the bot tries again until an hour has passed. After a restart,
`unfinished` finds such slots.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.observability.events import PostEnded, tell
from bot.services.app import App
from bot.services.posts.slots import (
    LONGEST_SPREAD,
    next_slot,
    slot_of,
    slots,
    spread_of,
    zone_name,
)
from storage.database.engine import Transaction
from storage.servers import guilds, manager_messages, schedules
from storage.servers import slots as claimed_slots
from storage.servers.schedules import Schedule
from storage.servers.slots import PostRecord

FAILURES = ("failed", "lost", "unavailable")
"""The outcomes of slots whose post could not be sent, although its schedule goes on."""

MAX_LATENESS = timedelta(hours=1)
MAX_SLOT_AGE = timedelta(days=60)
"""Slots that were missed longer ago than this are not stored as skipped."""


@dataclass(frozen=True)
class DuePost:
    """A scheduled post that is to be sent now, and that this process has claimed.

    A slot is one planned post: a schedule on one local date. To claim it is to record in the
    database that this process sends it.

    Attributes:
        schedule: the schedule, as it was when the slot was claimed.
        local_date: the slot's date in the server's time zone, "YYYY-MM-DD".
        now: when the slot was claimed; aware, UTC.
        next_at: the instant of the schedule's next slot; aware, UTC.
        until: when it is too late to send the post; aware, UTC.
    """

    schedule: Schedule
    local_date: str
    now: datetime
    next_at: datetime
    until: datetime

    @property
    def guild_id(self) -> int:
        """The server's id."""
        return self.schedule.guild_id

    @property
    def due_at(self) -> datetime:
        """The instant at which the post was due; aware, UTC."""
        return self.until - MAX_LATENESS


async def due_schedule_ids(app: App, now: datetime) -> tuple[int, ...]:
    """Returns the ids of the schedules with a post to send at `now`, the longest overdue first.

    Only posts in servers of this process are among them. It only reads the database.
    """
    async with app.db.read(quick=True) as conn:
        return await schedules.due(conn, now, shards=app.cluster.shards)


async def claim(app: App, schedule_id: int, now: datetime) -> DuePost | None:
    """Stores that this process sends a schedule's newest post (claims it), and plans the next one.

    Both happen in one transaction. Older posts that were missed are stored as skipped. Returns None
    if nothing is to be sent: the schedule was removed, paused or stopped, its next post is not due
    yet, the post was already claimed, or it is too late for it.
    """
    spread = spread_of(app)
    async with app.db.write(quick=True) as conn:
        schedule = await schedules.get(conn, schedule_id)
        if schedule is None or not schedule.running:
            return None
        if schedule.next_at is None or schedule.next_at > now:
            return None
        guild = await guilds.get(conn, schedule.guild_id)
        zone = ZoneInfo(zone_name(guild, app.settings.zone))
        following = next_slot(schedule, zone, spread, now)
        await schedules.plan(conn, schedule.id, following)
        passed = _passed_slots(schedule, zone, spread, schedule.next_at, now)
        claimed: tuple[str, datetime] | None = None
        skipped: list[tuple[str, datetime]] = []
        for number, (local_date, at) in enumerate(passed, 1):
            in_time = number == len(passed) and now < at + MAX_LATENESS
            outcome = None if in_time else "skipped"
            is_ours = await claimed_slots.claim(conn, schedule, local_date, now, outcome=outcome)
            if is_ours and in_time:
                claimed = (local_date, at + MAX_LATENESS)
            elif is_ours:
                skipped.append((local_date, at))
    for local_date, at in skipped:
        _tell_end(app, schedule, local_date, at, "skipped")
    if claimed is None:
        return None
    return DuePost(schedule, claimed[0], now, following, claimed[1])


def _passed_slots(
    schedule: Schedule, zone: ZoneInfo, spread: timedelta, next_at: datetime, now: datetime
) -> list[tuple[str, datetime]]:
    """Returns (local date, instant) of each planned post from `next_at` to `now`, oldest first.

    Posts older than MAX_SLOT_AGE are left out, and so are posts from before the schedule was last
    changed. Each change of a schedule plans its next post again. If `next_at` is still earlier than
    the last change, the machine's clock was wrong for a while, and no post was missed. A post may
    be due a little before `next_at`, if the operator has shortened the spread since.
    """
    changed_at = schedule.updated_at if schedule.updated_at <= now else next_at
    first = max(next_at - LONGEST_SPREAD, now - MAX_SLOT_AGE, changed_at)
    since = first.astimezone(zone).date() - timedelta(days=1)
    until = now.astimezone(zone).date()
    found = slots(schedule, zone, spread, since, until)
    return [(day.isoformat(), at) for day, at in found if first <= at <= now]


async def unfinished(app: App) -> tuple[DuePost, ...]:
    """Returns the scheduled posts that were claimed in servers of this process, and have no outcome
    yet.

    It is not known whether they were sent. If the bot has just started, an earlier process was
    interrupted while it sent them. If the schedule of a post has been removed, paused or stopped,
    the post is stored as lost instead of being returned.
    """
    found = []
    spread = spread_of(app)
    lost: list[tuple[Schedule, PostRecord]] = []
    async with app.db.write() as conn:
        for claimed in await claimed_slots.unfinished(conn):
            if not app.cluster.holds(claimed.guild_id):
                continue
            schedule = await schedules.get(conn, claimed.schedule_id)
            if schedule is not None and schedule.running:
                guild = await guilds.get(conn, schedule.guild_id)
                zone = ZoneInfo(zone_name(guild, app.settings.zone))
                at = slot_of(schedule, zone, spread, claimed.local_date)
                until = min(at, claimed.claimed_at) + MAX_LATENESS
                next_at = schedule.next_at or next_slot(schedule, zone, spread, app.clock())
                found.append(
                    DuePost(schedule, claimed.local_date, claimed.claimed_at, next_at, until)
                )
            else:
                await claimed_slots.record(
                    conn,
                    claimed.schedule_id,
                    claimed.local_date,
                    message_id=None,
                    outcome="lost",
                    now=claimed.claimed_at,
                )
                if schedule is not None:
                    lost.append((schedule, claimed))
    for schedule, claimed in lost:
        _tell_end(app, schedule, claimed.local_date, claimed.claimed_at, "lost")
    return tuple(found)


async def is_wanted(app: App, due: DuePost) -> bool:
    """True if the schedule of a post still exists and is neither paused nor stopped.

    due: the post.
    """
    async with app.db.read() as conn:
        schedule = await schedules.get(conn, due.schedule.id)
    return schedule is not None and schedule.running


async def failed_before(app: App, due: DuePost) -> bool:
    """True if the schedule's post before this one failed too, so that its manager already knows.

    due: the post.
    """
    async with app.db.read() as conn:
        before = await claimed_slots.outcome_before(conn, due.schedule.id, due.local_date)
    return before in FAILURES


async def record_sent(app: App, due: DuePost, message_id: int) -> None:
    """Stores that a post was sent as the Discord message `message_id`."""
    async with app.db.write(quick=True) as conn:
        await _record(conn, due, message_id, "sent")
    _tell_end(app, due.schedule, due.local_date, due.due_at, "sent")


async def record_unsent(app: App, due: DuePost, outcome: str, told: str | None = None) -> None:
    """Stores that nothing was sent for the scheduled post.

    outcome: why not, such as "empty".
    told: a message to the schedule's manager about it; None to send no message.
    """
    async with app.db.write() as conn:
        await _record(conn, due, None, outcome)
        await _tell_manager(app, conn, due, told)
    _tell_end(app, due.schedule, due.local_date, due.due_at, outcome)


async def disable(app: App, due: DuePost, reason: str, told: str | None) -> None:
    """Stores that the post could not be sent, and stops its schedule for `reason`.

    The schedule starts again when a manager sets it up or resumes it.

    due: the post.
    told: a message to the schedule's manager about it; None to send no message.
    """
    async with app.db.write() as conn:
        await _record(conn, due, None, "refused")
        await schedules.change(conn, due.schedule.id, due.now, disabled_reason=reason, next_at=None)
        await _tell_manager(app, conn, due, told)
    _tell_end(app, due.schedule, due.local_date, due.due_at, "refused")


async def _record(conn: Transaction, due: DuePost, message_id: int | None, outcome: str) -> None:
    await claimed_slots.record(
        conn,
        due.schedule.id,
        due.local_date,
        message_id=message_id,
        outcome=outcome,
        now=due.now,
    )


async def _tell_manager(app: App, conn: Transaction, due: DuePost, text: str | None) -> None:
    """Stores a message to the schedule's manager, unless the post is the manager's own digest."""
    schedule = await schedules.get(conn, due.schedule.id)
    if text is None or schedule is None or schedule.theme == "digest":
        return
    if schedule.manager_id is not None:  # None if they were erased since
        await manager_messages.add(conn, schedule.manager_id, text, app.clock())


def _tell_end(
    app: App, schedule: Schedule, local_date: str, due_at: datetime, outcome: str
) -> None:
    """Counts the end of a scheduled post, and writes it to the log as an event.

    local_date: the post's date in the server's time zone.
    due_at: when it was due, aware.
    outcome: "sent", or why it was not.
    """
    late = (app.clock() - due_at).total_seconds()
    app.metrics.posts.labels(outcome).inc()
    if outcome == "sent":
        app.metrics.post_lag_seconds.observe(late)
    tell(PostEnded(outcome, schedule.id, schedule.guild_id, schedule.theme, local_date, late))
