"""/recommend with a language, a decade and a surprise; /trending of all time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.words import named_languages
from bot.services.notes import Note, note
from bot.services.picks import recommend, trending
from bot.services.picks.consent import ServerMember
from bot.services.picks.group import recommend_for_group
from bot.services.scale import SCALE
from bot.services.view_models import FilmCard, Filters, Requester, shelf_note
from bot.settings import Settings
from bot.views.buttons import filter_arguments, read_filters, short_wishes
from bot.views.custom_ids import parse
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.picks.headings import DECADES as DECADE_NAMES
from storage.feedback import ratings
from storage.people import profiles, quiz_answers
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.house import stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD, OTHER_GUILD = 7, 8
people = iter(range(1001, 2000))
HORROR = ("The Exorcist", "Halloween", "Hereditary", "Suspiria", "The Shining", "Ring")


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path_factory.mktemp("wishes") / "data", cooldown_days=0)
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as app:
        async with app.db.write() as conn:
            for guild in (GUILD, OTHER_GUILD):
                await guilds.setup(conn, guild, now=NOW, family_safe=False)
        yield app


@pytest.fixture
def somebody() -> Requester:
    return Requester(next(people), GUILD, 1, NOW)


async def love(
    app: App, person: int, titles: tuple[str, ...], guild: int = GUILD, stars: float = 5.0
) -> set[int]:
    """Makes a person rate films in a server. Returns the films' ids."""
    library = app.live.served.library
    films = {film.title: film.id for film in library.films.values() if film.title in titles}
    async with app.db.write() as conn:
        await profiles.ensure(conn, person, now=NOW)
        for film in films.values():
            await ratings.state(
                conn, person_id=person, film_id=film, source="command", stars=stars, at=NOW,
                scale=SCALE, guild_id=guild,
            )  # fmt: skip
    return set(films.values())


def shown(card: FilmCard) -> list[int]:
    return [line.film_id for line in (card.headline, *card.further)]


def keys(notes: tuple[Note, ...]) -> list[str]:
    return [each.key for each in notes]


@pytest.mark.parametrize("typed", ["Korean", "korean", "ko", "Koraen", "South Korea"])
async def test_a_language_is_named_and_leads(app: App, somebody: Requester, typed: str) -> None:
    card = await recommend.recommend(app, somebody, Filters(language=typed))
    films = app.live.served.library.films
    assert [films[film].languages[0] for film in shown(card)] == ["ko"] * 5
    assert card.filters.language == "ko"
    assert [said(each) for each in card.asked] == ["Korean"]


@pytest.mark.parametrize("decade", [1920, 1950, 2010])
async def test_a_decade_holds(app: App, somebody: Requester, decade: int) -> None:
    card = await recommend.recommend(app, somebody, Filters(decade=decade))
    years = [app.live.served.library.films[film].year or 0 for film in shown(card)]
    assert all(year // 10 * 10 == decade or decade == 1920 > year for year in years)
    assert card.asked == (note("decade", decade=decade),)


async def test_what_is_unknown_is_refused_with_the_nearest(app: App, somebody: Requester) -> None:
    with pytest.raises(Sorry, match="no-such-language-near") as refused:
        await recommend.recommend(app, somebody, Filters(language="Korean films, please"))
    assert note("film-language", code="ko") in refused.value.data["near"]
    assert "Did you mean Korean" in said(refused.value)
    with pytest.raises(Sorry, match="unknown-button"):
        await recommend.recommend(app, somebody, Filters(decade=2250))
    with pytest.raises(Sorry, match="nothing-fits") as narrow:
        await recommend.recommend(app, somebody, Filters(language="Korean", decade=1920))
    assert "decade" not in str(narrow.value.data)
    assert {"years", "language"} <= set(str(narrow.value.data).replace("'", " ").split())


def test_suggestions_of_languages(app: App) -> None:
    library = app.live.served.library
    assert library.language_choices("")[0].name == "English"
    assert [choice.name for choice in library.language_choices("kor")] == ["Korean"]
    assert "Korean" in [choice.name for choice in library.language_choices("koraen")]
    assert library.language_choices("klingon") == []


def test_languages_without_a_name_are_not_suggested(app: App) -> None:
    """Some films list a language by a code alone, and nobody knows it by that."""
    library = app.live.served.library
    codes = set(library.languages) - set(named_languages(library.languages))
    assert codes, "else this shows nothing"
    for typed in (*codes, *(f"{code}l" for code in codes)):
        assert {choice.name.lower() for choice in library.language_choices(typed)}.isdisjoint(codes)
        try:
            library.language(typed)
        except Sorry as refused:
            near = refused.data.get("near", refused.data.get("choices"))
            assert {said(name).lower() for name in near}.isdisjoint(codes)


async def test_a_surprise_is_on_none_of_the_usual_shelves(app: App, somebody: Requester) -> None:
    loved = await love(app, somebody.person_id, HORROR)
    usual = await recommend.recommend(app, somebody)
    card = await recommend.recommend(app, somebody, Filters(surprise=True))
    shelving = await app.shelving.get(app.db, app.live, app.settings.corpus)
    rows = app.live.served.model.catalogue.films

    def shelves(film: int) -> set[int]:
        return {
            at for at, one in enumerate(shelving.shelves.shelves) if rows.row(film) in one.films
        }

    own = set().union(*map(shelves, loved))
    assert not any(shelves(film) & own for film in shown(card))
    assert any(shelves(film) & own for film in shown(usual)), "else this shows nothing"
    assert "outside-your-shelves" in keys(card.asked)
    (told,) = (each for each in card.notes if each.key == "usual-shelves-left-out")
    names = [shelf_note(shelving.shelves.shelves[at]) for at in own]
    assert all(each.data["text"] in names for each in told.data["shelves"])
    lines = (card.headline, *card.further)
    assert not any(line.wild or "Horror" in line.genres for line in lines)
    about_taste = ("you-", "your-", "near-your", "wild-card")
    assert not any(word in str(line.reason) for line in lines for word in about_taste)


async def test_many_loved_films_leave_room_for_a_surprise(app: App, somebody: Requester) -> None:
    films = sorted(app.live.served.library.films.values(), key=lambda film: film.id)
    await love(app, somebody.person_id, tuple({film.title for film in films[::12]}))
    card = await recommend.recommend(app, somebody, Filters(surprise=True))
    assert len(shown(card)) == 5
    assert "usual-shelves-left-out" in keys(card.notes)
    narrow = await recommend.recommend(app, somebody, Filters(surprise=True, language="ko"))
    assert shown(narrow)


async def test_a_surprise_within_a_kind_that_was_chosen_in_the_quiz(
    app: App, somebody: Requester
) -> None:
    async with app.db.write() as conn:
        await quiz_answers.add(conn, somebody.person_id, "shelf", ["scary"], now=NOW)
    library = app.live.served.library
    card = await recommend.recommend(app, somebody, Filters(genre="Horror", surprise=True))
    assert all("Horror" in library.films[film].genres for film in shown(card))
    assert "no-usual-shelves" in keys(card.notes)
    await love(app, somebody.person_id, HORROR)
    card = await recommend.recommend(app, somebody, Filters(genre="Horror", surprise=True))
    assert "usual-shelves-left-out" in keys(card.notes)


async def test_if_nothing_fits_a_surprise_is_told_why_as_anybody_is(
    app: App, somebody: Requester
) -> None:
    await love(app, somebody.person_id, HORROR)
    sentences = []
    for surprising in (False, True):
        wishes = Filters(genre="Western", decade=1920, language="ko", surprise=surprising)
        with pytest.raises(Sorry) as refusal:
            await recommend.recommend(app, somebody, wishes)
        sentences.append(said(refusal.value))
    assert sentences[0] == sentences[1]


async def test_without_a_known_taste_a_surprise_says_so(app: App, somebody: Requester) -> None:
    card = await recommend.recommend(app, somebody, Filters(surprise=True))
    assert "no-usual-shelves" in keys(card.notes)
    assert card.asked == ()


async def test_wishes_hold_for_several_people(app: App, somebody: Requester) -> None:
    other = next(people)
    await love(app, somebody.person_id, HORROR)
    await love(app, other, HORROR[:3])
    async with app.db.write() as conn:
        await profiles.show_taste(conn, other, GUILD, shown=True, now=NOW)
    member = ServerMember(other, "June", NOW)
    filters = Filters(others=(other,), language="French", decade=1960, surprise=True)
    card = await recommend_for_group(app, somebody, [member], filters)
    films = [app.live.served.library.films[film] for film in shown(card)]
    assert {(film.languages[0], (film.year or 0) // 10) for film in films} == {("fr", 196)}
    assert "usual-shelves-left-out" in keys(card.notes)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(language="ko"),
        Filters(decade=2020),
        Filters(decade=1920, surprise=True, language="yue"),
        Filters(surprise=True),
    ],
)
def test_buttons_keep_the_wishes(filters: Filters) -> None:
    wishes = short_wishes(filters)
    middle = ":".join("" if value is None else str(value) for value in filter_arguments(filters))
    for text in (
        f"mt1:another:{middle}:0:17::{wishes or ''}",
        f"mt1:mood:{middle}:0:17::2:{wishes or ''}",
    ):
        pressed = parse(text)
        assert pressed is not None
        assert read_filters(pressed) == (filters, False)


def test_buttons_of_earlier_versions_still_work() -> None:
    for text in ("mt1:another:Drama:::0:17:", "mt1:mood:Drama:light::0:17::light"):
        pressed = parse(text)
        assert pressed is not None
        found, _ = read_filters(pressed)
        assert (found.genre, found.language, found.decade, found.surprise) == (
            "Drama", None, None, False,
        )  # fmt: skip


def test_every_decade_has_a_name() -> None:
    assert tuple(DECADE_NAMES) == recommend.DECADES


async def test_the_chart_of_all_time_has_what_three_people_here_rated(app: App) -> None:
    server, raters = OTHER_GUILD, [next(people) for _ in range(3)]
    me = Requester(raters[0], server, 1, NOW)
    for person in raters[:2]:
        loved = await love(app, person, HORROR[:2], server)
    early = await trending.recommend_trending(app, me, scope=None, window="all-time")
    assert early.heading == note("all-time-favourites")
    assert "nothing-trends" in keys(early.notes)
    await love(app, raters[2], HORROR[:1], server)
    card = await trending.recommend_trending(app, me, scope=None, window="all-time")
    assert card.heading == note("trending", here=True, window="all-time")
    assert len(shown(card)) == 1
    assert set(shown(card)) <= loved, "one's own ratings belong to the chart"
    reason = card.headline.reason
    assert reason is not None
    assert "all-time-reason" in str(reason)
    elsewhere = await trending.recommend_trending(
        app, Requester(raters[0], None, 1, NOW), scope=None, window="all-time"
    )
    assert (elsewhere.heading, elsewhere.notes) == (note("all-time-favourites"), ())
    with pytest.raises(Sorry, match="nothing-rises-ever"):
        await trending.recommend_trending(app, me, scope="rising", window="all-time")
