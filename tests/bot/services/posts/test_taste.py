"""A server's post follows a taste only if three people share it, and else says so."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.services.app import App
from bot.services.posts.post import NO_TASTE_NOTE, preview
from bot.services.posts.taste import server_taste
from bot.services.scale import SCALE
from bot.services.view_models import FilmCard
from bot.settings import Settings
from bot.wiring import open_app
from recommender.data import MIN_PEOPLE
from recommender.pipeline.alike import SAME_KIND
from storage.feedback import impressions, ratings
from storage.feedback.impressions import NewImpression
from storage.feedback.ratings import RatingRow
from storage.people import profiles
from storage.servers.schedules import EVERY_DAY, Schedule
from tests.bot.fitted import Time, nobody
from tests.bot.services.serving import golden
from tests.house import stocked

NOW = datetime(2026, 3, 10, 19, tzinfo=UTC)
GUILD = 77
FIVE_TASTES = ("zombies", "screwball", "anime", "samurai", "gangsters")


def famous(app_or_golden: App | None, tag: str, count: int, first: int = 0) -> list[int]:
    """Returns the ids of the best known films of a taste, after the first few."""
    served = app_or_golden.live.served if app_or_golden else golden.served()
    world = served.model.catalogue
    weights = world.tags[:, [world.tag_names.index(tag)]].toarray().reshape(-1)
    reach = np.where((weights >= 2) & ~world.adult, served.model.popularity.reach, -np.inf)
    rows = np.argsort(-reach, kind="stable")[first : first + count]
    return [int(film) for film in world.films.ids(rows.tolist())]


def rows_of(rated: dict[int, Sequence[int]], stars: float = 5.0) -> list[RatingRow]:
    """Returns ratings: person -> films."""
    return [
        RatingRow(person, film, stars, NOW, "command", GUILD)
        for person, films in rated.items()
        for film in films
    ]


# What counts as a taste ---------------------------------------------------------------------------


def test_one_or_two_people_are_no_server_however_much_they_rate() -> None:
    served, films = golden.served(), famous(None, "zombies", 20)
    for rated in ({1: films}, {1: films, 2: films}):
        taste = server_taste(served, rows_of(dict(rated)))
        assert taste.ratings == {}
        assert taste.named == frozenset()


def test_three_people_who_like_different_films_of_one_kind_are_behind_it() -> None:
    films = famous(None, "zombies", 9)
    taste = server_taste(
        golden.served(),
        rows_of({1: films[:3], 2: films[3:6], 3: films[6:], 4: [film_of_a_loner()]}),
    )
    assert len(set(taste.ratings) & set(films)) >= 6
    assert film_of_a_loner() not in taste.ratings
    assert taste.named == frozenset(), "nobody's rating is named"


def film_of_a_loner() -> int:
    return famous(None, "screwball", 1)[0]


def test_only_films_that_three_people_rated_are_named() -> None:
    films = famous(None, "zombies", 3)
    rated = {person: [films[0]] for person in range(1, MIN_PEOPLE + 1)}
    rated[1] = films
    taste = server_taste(golden.served(), rows_of(dict(rated)))
    assert taste.named == {films[0]}


def test_every_film_kept_has_three_people_behind_it() -> None:
    rng, served = np.random.default_rng(2), golden.served()
    ids = served.model.catalogue.films.ids_array
    rated = {person: rng.choice(ids[:600], 40).tolist() for person in range(1, 6)}
    rows = rows_of(rated)
    taste = server_taste(served, rows)
    assert taste.ratings
    films = served.model.catalogue.films.rows(np.array([row.film_id for row in rows]))
    for film in taste.ratings:
        row = served.model.catalogue.films.row(film)
        alike = served.model.likeness.between(np.array([row]), films)[0] >= SAME_KIND
        behind = {one.person_id for one, like in zip(rows, alike, strict=True) if like}
        assert len(behind | {one.person_id for one in rows if one.film_id == film}) >= MIN_PEOPLE


def test_what_one_person_dislikes_is_not_the_servers_dislike() -> None:
    films = famous(None, "zombies", 6)
    liked = rows_of({1: films[:2], 2: films[2:4], 3: films[4:]})
    disliked = rows_of({4: famous(None, "screwball", 5)}, stars=1.0)
    taste = server_taste(golden.served(), [*liked, *disliked])
    assert not set(taste.ratings) & {row.film_id for row in disliked}


# What is posted -----------------------------------------------------------------------------------


async def rated_server(app: App, rated: dict[int, list[int]]) -> None:
    async with app.db.write() as conn:
        for person, films in rated.items():
            await profiles.ensure(conn, person, now=NOW)
            for film in films:
                await ratings.state(
                    conn,
                    person_id=person,
                    film_id=film,
                    source="command",
                    stars=5.0,
                    at=NOW - timedelta(days=1),
                    scale=SCALE,
                    guild_id=GUILD,
                )


SCHEDULE = Schedule(
    id=1,
    guild_id=GUILD,
    channel_id=5,
    theme="auto",
    staff_id=None,
    language=None,
    post_time="19:00",
    days=EVERY_DAY,
    paused=False,
    disabled_reason=None,
    manager_id=9,
    next_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)


async def posted(folder: Path, tags: Sequence[str]) -> FilmCard:
    """Returns the card for a server whose people, one for each tag, love films of that tag."""
    settings = Settings(data=folder / "data")
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as app:
        people: dict[int, list[int]] = {}
        for at, tag in enumerate(tags):
            people[at + 1] = famous(app, tag, 4, 4 * tags[:at].count(tag))
        await rated_server(app, people)
        return await preview(app, SCHEDULE, NOW, nobody, adult_ok=False)


async def test_a_server_of_one_taste_gets_films_of_that_taste(tmp_path: Path) -> None:
    card = await posted(tmp_path, ["zombies"] * 5)
    lines = (card.headline, *card.further)
    assert card.note is None
    horror = [line for line in lines if "Horror" in line.genres]
    assert len(horror) >= 3, [line.name for line in lines]


async def test_a_server_of_five_tastes_gets_nobodys_and_is_told(tmp_path: Path) -> None:
    card = await posted(tmp_path, FIVE_TASTES)
    assert card.note == NO_TASTE_NOTE
    for line in (card.headline, *card.further):
        assert line.reason.startswith("widely loved"), line


def shown_in_post(film: int, at: datetime) -> NewImpression:
    return NewImpression(
        shown_at=at,
        surface="post",
        film_id=film,
        position=0,
        reason="",
        model_version="v",
        guild_id=GUILD,
    )


async def test_ten_posts_for_five_tastes_are_no_single_persons(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as app:
        loved = {at: famous(app, tag, 5) for at, tag in enumerate(FIVE_TASTES, 1)}
        await rated_server(app, loved)
        world = app.live.served.model.catalogue
        of_taste = {
            tag: world.tags[:, [world.tag_names.index(tag)]].toarray().reshape(-1) >= 2
            for tag in FIVE_TASTES
        }
        shown: list[int] = []
        for day in range(10):
            at = NOW + timedelta(days=day)
            card = await preview(app, SCHEDULE, at, nobody, adult_ok=False)
            films = [card.headline.film_id, *(line.film_id for line in card.further)]
            shown += films
            async with app.db.write() as conn:
                await impressions.record(conn, [shown_in_post(film, at) for film in films])
        counts = Counter(
            tag for film in shown for tag, has in of_taste.items() if has[world.films.row(film)]
        )
    assert len(set(shown)) >= 20
    assert max(counts.values(), default=0) <= 0.4 * len(shown), counts
    print(counts, len(shown), len(set(shown)))
