"""The weekly digest for the people who manage a server: what was posted, rated and loved there."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.services.posts.post import DuePost
from bot.services.wording import safe
from storage.feedback import ratings
from storage.servers import schedules

if TYPE_CHECKING:
    from bot.services.app import App

WEEK = timedelta(days=7)
LOVED = 5.0
NAMED = 3  # films
RATERS = 3  # behind any film that is named, so that nobody is exposed
OUTCOMES = {
    "sent": "came",
    "skipped": "were skipped, since I was away",
    "lost": "were lost in a crash",
    "refused": "were refused by Discord",
    "failed": "failed",
    "empty": "had no film left to show",
}


async def compose(app: "App", due: DuePost) -> str:
    """The digest's text."""
    since = due.now - WEEK
    async with app.db.read() as conn:
        slots = await schedules.history(conn, due.guild_id, since)
        rows = await ratings.recent(conn, since=since, guild_id=due.guild_id)
    outcomes = Counter(
        slot.outcome for slot in slots if slot.schedule_id != due.schedule.id and slot.outcome
    )
    posted = [f"{count} {OUTCOMES.get(name, name)}" for name, count in outcomes.most_common()]
    lines = [
        f"Posts: {'; '.join(posted) if posted else 'none were due'}.",
        f"Ratings: {len(rows)} by {len({row.person_id for row in rows})} members.",
    ]
    loved = _named(app, Counter(row.film_id for row in rows if row.stars >= LOVED))
    rated = _named(app, Counter(row.film_id for row in rows))
    if rated:
        lines.append(f"Most rated: {rated}.")
    if loved:
        lines.append(f"Most loved: {loved}.")
    return "\n".join(lines)


def _named(app: "App", counts: Counter[int]) -> str:
    library = app.live.served.library
    several = [
        (film, count)
        for film, count in counts.most_common()
        if count >= RATERS and film in library.films
    ]
    return ", ".join(f"**{safe(library.name(film))}** ({count})" for film, count in several[:NAMED])
