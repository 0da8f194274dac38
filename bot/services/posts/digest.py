"""The weekly digest for the managers of a server: what was posted, rated and loved there."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from bot.services.app import App
from bot.services.posts.claims import DuePost
from recommender.data import MIN_PEOPLE
from storage.feedback import ratings
from storage.servers import slots

WEEK = timedelta(days=7)
DIGEST_LOVED_STARS = 5.0
MAX_NAMED_FILMS = 3


@dataclass(frozen=True)
class CountedFilm:
    """A film, and how many people rated or loved it.

    Attributes:
        film: the film's name, not escaped.
        count: the number of people, at least MIN_PEOPLE.
    """

    film: str
    count: int


@dataclass(frozen=True)
class ServerWeek:
    """What happened in a server in the last week.

    Attributes:
        posts: the number of scheduled posts by how they ended, such as "sent", the most first.
        people: the number of people who rated a film.
        ratings: the number of ratings; None if fewer than MIN_PEOPLE people rated, because the
            number would reveal who did.
        rated: the films that most people rated.
        loved: the films that most people loved.
    """

    posts: dict[str, int]
    people: int
    ratings: int | None
    rated: tuple[CountedFilm, ...]
    loved: tuple[CountedFilm, ...]


async def compose(app: App, due: DuePost, *, name_films: bool = True) -> ServerWeek:
    """Returns the facts about the last week in the server that the digest has.

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
    people = len({row.person_id for row in rows})
    loved = [row for row in rows if row.stars >= DIGEST_LOVED_STARS]
    return ServerWeek(
        posts=dict(outcomes.most_common()),
        people=people,
        ratings=None if people < MIN_PEOPLE else len(rows),
        rated=_top_films(app, Counter(row.film_id for row in rows)) if name_films else (),
        loved=_top_films(app, Counter(row.film_id for row in loved)) if name_films else (),
    )


def _top_films(app: App, counts: Counter[int]) -> tuple[CountedFilm, ...]:
    """Returns the films with the highest counts. Films with fewer than MIN_PEOPLE are left out.

    counts: number of ratings by film id.
    """
    library = app.live.served.library.shown(adult_ok=False)
    enough = [
        (film, count)
        for film, count in counts.most_common()
        if count >= MIN_PEOPLE and film in library.films
    ]
    return tuple(CountedFilm(library.name(film), count) for film, count in enough[:MAX_NAMED_FILMS])
