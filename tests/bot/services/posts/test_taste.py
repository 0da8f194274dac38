"""A server's post follows a taste only if three people share it, and else says so."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.services.app import App
from bot.services.posts.claims import claim
from bot.services.posts.post import NO_TASTE_NOTE, compose
from bot.services.posts.taste import server_taste
from bot.services.scale import SCALE
from bot.services.view_models import FilmCard
from bot.settings import Settings
from bot.wiring import open_app
from recommender.data import MIN_PEOPLE, Query
from recommender.evaluation.taste.people import TastePerson, people_of
from recommender.evaluation.taste.tastes import taste_films, tastes
from storage.feedback import ratings
from storage.feedback.ratings import RatingRow
from storage.people import profiles
from storage.servers import guilds, schedules
from storage.servers.schedules import EVERY_DAY
from tests.bot.fitted import Time, nobody
from tests.bot.services.serving import golden
from tests.house import stocked

NOW = datetime(2026, 3, 10, 19, tzinfo=UTC)
GUILD = 77


def famous(tag: str, count: int) -> list[int]:
    """Returns the ids of the best known films of a tag."""
    served = golden.served()
    world = served.model.catalogue
    weights = world.tags[:, [world.tag_names.index(tag)]].toarray().reshape(-1)
    reach = np.where((weights >= 2) & ~world.adult, served.model.popularity.reach, -np.inf)
    rows = np.argsort(-reach, kind="stable")[:count]
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
    served, films = golden.served(), famous("zombies", 20)
    for rated in ({1: films}, {1: films, 2: films}):
        taste = server_taste(served, rows_of(dict(rated)))
        assert taste.ratings == {}
        assert taste.named == frozenset()


def test_three_people_who_like_different_films_of_one_kind_are_behind_it() -> None:
    films = famous("zombies", 9)
    taste = server_taste(
        golden.served(),
        rows_of({1: films[:3], 2: films[3:6], 3: films[6:], 4: [film_of_a_loner()]}),
    )
    assert len(set(taste.ratings) & set(films)) >= 6
    assert film_of_a_loner() not in taste.ratings
    assert taste.named == frozenset(), "nobody's rating is named"


def film_of_a_loner() -> int:
    return famous("screwball", 1)[0]


def test_only_films_that_three_people_rated_are_named() -> None:
    films = famous("zombies", 3)
    rated = {person: [films[0]] for person in range(1, MIN_PEOPLE + 1)}
    rated[1] = films
    taste = server_taste(golden.served(), rows_of(dict(rated)))
    assert taste.named == {films[0]}


def test_every_film_kept_has_three_people_behind_it() -> None:
    rng, served = np.random.default_rng(2), golden.served()
    world = served.model.catalogue
    rated = {
        person: rng.choice(famous("zombies", 30), 8, replace=False).tolist()
        + rng.choice(world.films.ids_array, 4, replace=False).tolist()
        for person in range(1, 6)
    }
    taste = server_taste(served, rows_of(rated))
    assert taste.ratings
    wants = {}
    for person, films in rated.items():
        query = Query(films=world.films.rows(np.array(films)), stars=np.full(len(films), 5.0))
        scores = served.model.ranking.content.score(query)
        wants[person] = dict(
            zip(world.films.ids_array.tolist(), (scores > np.quantile(scores, 0.85)), strict=True)
        )
    loners = 0
    for film in {film for films in rated.values() for film in films}:
        behind = {person for person, films in rated.items() if film in films or wants[person][film]}
        assert film not in taste.ratings or len(behind) >= MIN_PEOPLE
        loners += len(behind) < MIN_PEOPLE
    assert loners >= 10, "most of what only one person likes is left out"


def test_what_one_person_dislikes_is_not_the_servers_dislike() -> None:
    films = famous("zombies", 6)
    liked = rows_of({1: films[:2], 2: films[2:4], 3: films[4:]})
    disliked = rows_of({4: famous("screwball", 5)}, stars=1.0)
    taste = server_taste(golden.served(), [*liked, *disliked])
    assert not set(taste.ratings) & {row.film_id for row in disliked}


# What is posted -----------------------------------------------------------------------------------


ONE_TASTE = ("films of the 1970s", "horror", "British comedies")
FIVE_TASTES = (
    ("war films", "African lives", "drawn adventures for the family", "silent films", "heists"),
    ("musicals", "martial arts", "stop-motion", "Spanish-language films", "vampires"),
    ("horror", "westerns", "anime", "courtrooms", "lives in music"),
)


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """The application on the starter catalogue. Each test has servers of its own."""
    settings = Settings(data=tmp_path_factory.mktemp("posts") / "data", post_spread_minutes=0)
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as opened:
        yield opened


def crowd(app: App, seed: int) -> dict[str, list[TastePerson]]:
    """Returns simulated people of the taste test by the name of their taste."""
    known = tastes()
    people = people_of(app.live.served.model.catalogue, known, seed, 12, of_two=0)
    return {
        taste.name: [person for person in people if person.tastes == (at,)]
        for at, taste in enumerate(known)
    }


async def server_of(app: App, guild_id: int, people: Sequence[TastePerson]) -> None:
    """Stores a server with the ratings that its people gave there."""
    async with app.db.write() as conn:
        await guilds.setup(conn, guild_id, now=NOW, family_safe=False)
        for at, person in enumerate(people):
            person_id = 100 * guild_id + at
            await profiles.ensure(conn, person_id, now=NOW)
            for film, stars in zip(person.films.tolist(), person.stars.tolist(), strict=True):
                await ratings.state(
                    conn,
                    person_id=person_id,
                    film_id=film,
                    source="command",
                    stars=stars,
                    at=NOW - timedelta(days=1),
                    scale=SCALE,
                    guild_id=guild_id,
                )


async def ten_posts(app: App, guild_id: int) -> list[FilmCard]:
    """Claims and composes the posts of ten days, as the bot does."""
    async with app.db.write() as conn:
        schedule = await schedules.create(
            conn,
            guild_id=guild_id,
            channel_id=5,
            theme="auto",
            staff_id=None,
            language=None,
            post_time="19:00",
            days=EVERY_DAY,
            manager_id=9,
            next_at=NOW,
            now=NOW,
        )
    cards = []
    clock = app.clock
    assert isinstance(clock, Time)
    for day in range(10):
        clock.now = NOW + timedelta(days=day)
        due = await claim(app, schedule.id, app.clock())
        assert due is not None
        cards.append(await compose(app, due, nobody, adult_ok=False))
    clock.now = NOW
    return cards


def films_of(cards: Sequence[FilmCard]) -> list[int]:
    return [line.film_id for card in cards for line in (card.headline, *card.further)]


def share(app: App, films: Sequence[int], name: str) -> float:
    """Returns the share of films that are of a taste of the taste test."""
    world = app.live.served.model.catalogue
    taste = next(taste for taste in tastes() if taste.name == name)
    return float(taste_films(taste, world).members[world.films.rows(np.array(films))].mean())


@pytest.mark.parametrize(("guild_id", "name"), list(enumerate(ONE_TASTE, 1000)))
async def test_posts_for_five_raters_of_one_taste_are_of_it(
    app: App, guild_id: int, name: str
) -> None:
    await server_of(app, guild_id, crowd(app, 7)[name][-5:])
    cards = await ten_posts(app, guild_id)
    assert not any(NO_TASTE_NOTE in card.notes for card in cards)
    assert share(app, films_of(cards[:3]), name) >= 0.75
    assert share(app, films_of(cards), name) >= 0.7
    assert len(set(films_of(cards))) == 40


@pytest.mark.parametrize(("guild_id", "names"), list(enumerate(FIVE_TASTES, 2000)))
async def test_posts_for_five_raters_of_five_tastes_are_no_single_ones(
    app: App, guild_id: int, names: Sequence[str]
) -> None:
    people = crowd(app, 7)
    await server_of(app, guild_id, [people[name][at] for at, name in enumerate(names)])
    cards = await ten_posts(app, guild_id)
    films = films_of(cards)
    shares = {name: share(app, films, name) for name in names}
    assert max(shares.values()) <= 0.4, shares
    assert len(set(films)) == 40
    assert all(NO_TASTE_NOTE in card.notes for card in cards)
    first = (cards[0].headline, *cards[0].further)
    assert all("widely-loved" in str(line.reason) for line in first)
