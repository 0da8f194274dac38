"""A film flagged adult is named and shown in age-restricted channels, and nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.search import film_value
from bot.services.feedback import mark, rate
from bot.services.picks import browse, explain, impressions, recommend, similar, trending
from bot.services.posts import digest
from bot.services.posts.claims import DuePost
from bot.services.quiz import film_answers, form, one_film, screens
from bot.services.view_models import FilmCard, Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.posts.digest import week_lines
from storage.people import quiz_answers
from storage.servers import guilds
from storage.servers.schedules import Schedule
from tests.bot.fitted import Time, nobody
from tests.direct import run
from tests.house import stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD, PEOPLE = 7, (1001, 1002, 1003)
TITLE = "Alien"
OPEN_CHANNEL = Requester(PEOPLE[0], GUILD, 1, NOW)
RESTRICTED = replace(OPEN_CHANNEL, adult_ok=True)


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """A bot with one famous film flagged adult, which three members loved."""
    settings = Settings(data=tmp_path_factory.mktemp("adult") / "data", cooldown_days=0)
    await stocked(settings.database)
    clock = Time(NOW)
    async with open_app(settings, clock) as app, app.db.write() as conn:
        await run(conn, "update films set adult = true where title = ?", (TITLE,))
        await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
    async with open_app(settings, clock) as app:
        for person in PEOPLE:
            await rate.rate_by_command(app, replace(RESTRICTED, person_id=person), TITLE, 5.0)
        async with app.db.write() as conn:
            film = str(film_id(app))
            await quiz_answers.add(conn, PEOPLE[0], "shown", [film], screen=1, now=NOW)
            await quiz_answers.add(conn, PEOPLE[0], "loved", [film], screen=1, now=NOW)
        yield app


def film_id(app: App) -> int:
    films = app.live.served.library.films.values()
    return next(film.id for film in films if film.title == TITLE)


def words(card: FilmCard) -> str:
    lines = (card.headline, *card.further)
    return " / ".join([str(card.heading), *(f"{line.name}: {line.reason}" for line in lines)])


async def test_reasons_name_it_in_age_restricted_channels_only(app: App) -> None:
    assert TITLE in words(await recommend.recommend(app, RESTRICTED)), "else this shows nothing"
    assert TITLE not in words(await recommend.recommend(app, OPEN_CHANNEL))
    for where, named in ((RESTRICTED, True), (OPEN_CHANNEL, False)):
        screen = await browse.browse(app, where, nobody)
        told = " / ".join(str(row.reason) for row in screen.rows)
        assert (TITLE in told) == named
        card = await recommend.recommend(app, where)
        why = [
            await explain.explain_film(app, where, line.film_id)
            for line in (card.headline, *card.further)
        ]
        assert any(TITLE in str(one.facts) for one in why) == named


async def test_it_is_in_no_list_elsewhere(app: App) -> None:
    served = app.live.served
    assert next(choice.name for choice in served.library.shown(True).choices(TITLE))[:5] == TITLE
    assert TITLE not in {film.title for film in served.library.shown(False).films.values()}
    assert not any(
        choice.name.startswith(f"{TITLE} (")
        for choice in served.library.shown(False).choices(TITLE)
    )
    asked = await form.read_form(app, RESTRICTED)
    titles = {title for taste in asked.tastes for title in taste.examples.split(" · ")}
    assert TITLE not in titles, "the form is the same everywhere"
    for where, listed in ((RESTRICTED, True), (OPEN_CHANNEL, False)):
        screen = await screens.open_screen(app, where, 1)
        assert (TITLE in {line.title for line in screen.films}) == listed
        answers = await one_film.list_answers(app, where)
        assert (TITLE in {line.title for line in answers.films}) == listed
    found = await trending.recommend_trending(app, OPEN_CHANNEL, scope="server", window="week")
    assert TITLE not in words(found)


async def test_no_button_or_command_reaches_it_elsewhere(app: App) -> None:
    film = film_id(app)
    assert film_answers.ANSWER_STARS  # the quiz asked about it, so only the channel refuses it
    calls = (
        lambda where: impressions.open_film(app, where, film),
        lambda where: explain.explain_film(app, where, film),
        lambda where: mark.mark_later(app, where, film),
        lambda where: mark.unmark(app, where, film, "later"),
        lambda where: rate.rate_by_button(app, where, film, 0),
        lambda where: rate.withdraw_button_rating(app, where, film),
        lambda where: rate.rate_by_command(app, where, film_value(film), 5.0),
        lambda where: similar.recommend_similar(app, where, film_value(film)),
        lambda where: one_film.earlier_question(app, where, film),
        lambda where: one_film.store_answer(app, where, film, "loved"),
    )
    for call in calls:
        await call(RESTRICTED)
        with pytest.raises(Sorry) as refusal:
            await call(OPEN_CHANNEL)
        assert TITLE not in str(refusal.value)


async def test_the_digest_does_not_name_it(app: App) -> None:
    weekly = Schedule(
        id=1,
        guild_id=GUILD,
        channel_id=None,
        theme="digest",
        staff_id=None,
        language=None,
        post_time="10:00",
        days="0",
        paused=False,
        disabled_reason=None,
        manager_id=1,
        next_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
    week = await digest.compose(app, DuePost(weekly, "2026-03-10", NOW, NOW, NOW))
    assert week.people == 3
    assert TITLE not in week_lines(week)


async def test_a_server_that_nobody_set_up_is_family_safe_in_the_quiz_too(app: App) -> None:
    fresh = replace(OPEN_CHANNEL, guild_id=GUILD + 1, person_id=PEOPLE[1])
    alone = replace(fresh, guild_id=None)
    for where, safe in ((fresh, True), (replace(fresh, adult_ok=True), False), (alone, False)):
        card = await recommend.recommend(app, where)
        picked = {line.film_id for line in (card.headline, *card.further)}
        asked = set(await screens.next_films(app, where, (), 100))
        for films in (picked, asked):
            audiences = {app.live.served.library.films[film].audience for film in films}
            assert ("adults" not in audiences) == safe
