"""The weekly digest for the managers of a server: what was posted, rated and loved there."""

from collections import Counter
from datetime import timedelta

from bot.services.app import App
from bot.services.posts.claims import DuePost
from bot.services.wording import safe
from recommender.data import MIN_PEOPLE
from storage.feedback import ratings
from storage.servers import slots

WEEK = timedelta(days=7)
DIGEST_LOVED_STARS = 5.0
MAX_NAMED_FILMS = 3
OUTCOME_WORDS = {
    "sent": "came",
    "skipped": "were skipped, since I was away",
    "lost": "may have been lost on the way",
    "refused": "were refused by Discord",
    "failed": "could not be sent",
    "unavailable": "could not be sent, since Discord did not show me the server",
    "paused": "were paused before they could be sent",
    "empty": "had no film left to show",
}


async def compose(app: App, due: DuePost, *, name_films: bool = True) -> str:
    """Returns the digest's text on the last week in the server.

    It has the numbers of posts and ratings, and the films that were rated and loved most.

    due: the digest to send, as a scheduled post.
    name_films: False to leave the films out, after Discord refused a text with their names.
    """
    since = due.now - WEEK
    async with app.db.read() as conn:
        claimed = await slots.history(conn, due.guild_id, since)
        rows = await ratings.recent(conn, since=since, until=due.now, guild_id=due.guild_id)
    outcomes = Counter(
        slot.outcome for slot in claimed if slot.schedule_id != due.schedule.id and slot.outcome
    )
    posted = [f"{count} {OUTCOME_WORDS.get(name, name)}" for name, count in outcomes.most_common()]
    lines = [
        f"Posts: {'; '.join(posted) if posted else 'none were due'}.",
        _ratings(len(rows), len({row.person_id for row in rows})),
    ]
    if not name_films:
        return "\n".join(lines)
    loved_rows = [row for row in rows if row.stars >= DIGEST_LOVED_STARS]
    loved = _top_films(app, Counter(row.film_id for row in loved_rows))
    rated = _top_films(app, Counter(row.film_id for row in rows))
    if rated:
        lines.append(f"Most rated: {rated}.")
    if loved:
        lines.append(f"Most loved: {loved}.")
    return "\n".join(lines)


def _ratings(ratings_count: int, people: int) -> str:
    """Returns in words how many ratings there were, by how many people.

    If there were too few people, the numbers are left out, because they would reveal who rated.
    """
    if not people:
        return "Ratings: none."
    if people < MIN_PEOPLE:
        return f"Ratings: by fewer than {MIN_PEOPLE} members, so I keep them to myself."
    return f"Ratings: {ratings_count} by {people} members."


def _top_films(app: App, counts: Counter[int]) -> str:
    """Returns the names of the films with the highest counts, each with its count.

    Empty if no count is at least MIN_PEOPLE.

    counts: number of ratings by film id.
    """
    library = app.live.served.library.shown(adult_ok=False)
    enough = [
        (film, count)
        for film, count in counts.most_common()
        if count >= MIN_PEOPLE and film in library.films
    ]
    return ", ".join(
        f"**{safe(library.name(film))}** ({count})" for film, count in enough[:MAX_NAMED_FILMS]
    )
