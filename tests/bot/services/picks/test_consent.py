"""Whoever is named is a member now, and has been one without a break since they agreed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.people import preferences
from bot.services.picks.consent import MemberNotKnown, ServerMember, agreed, named_member
from bot.services.posts import post
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.people import preferences as words
from storage.people import profiles
from storage.servers.schedules import Schedule
from tests.bot.fitted import Time, rate
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
DAY = timedelta(days=1)
GUILD, JUNE = 7, 1001
STAFF = Schedule(
    id=1,
    guild_id=GUILD,
    channel_id=2,
    theme="staff",
    staff_id=JUNE,
    language=None,
    post_time="19:00",
    days="0123456",
    paused=False,
    disabled_reason=None,
    manager_id=None,
    next_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, Time(NOW)) as app:
        await rate(app, JUNE, 8, stars=5.0)
        async with app.db.write() as conn:
            await profiles.show_taste(conn, JUNE, GUILD, shown=True, now=NOW)
        yield app


async def consents(app: App) -> list[int]:
    async with app.db.read() as conn:
        return list(await profiles.showing_taste(conn, GUILD))


async def test_a_member_who_stayed_is_named(app: App) -> None:
    async def find(person: int) -> ServerMember:
        return ServerMember(person, "June", NOW - DAY)

    assert await named_member(app, GUILD, JUNE, find) == ServerMember(JUNE, "June", NOW - DAY)
    card = await post.preview(app, STAFF, NOW, find, adult_ok=True)
    assert said(card.heading) == f"A favourite of <@{JUNE}>"


async def test_without_a_favourite_left_the_manager_reads_so(app: App) -> None:
    """Hints about filters would be for the person who set some, and take several lines."""

    async def find(person: int) -> ServerMember:
        return ServerMember(person, "June", NOW - DAY)

    await rate(app, JUNE, 8, stars=1.0)
    with pytest.raises(Sorry, match="favourites-used-up") as used_up:
        await post.preview(app, STAFF, NOW, find, adult_ok=True)
    assert said(used_up.value) == "I don't have any of that member's favourites left to post here."


async def test_a_member_who_left_is_not_named_and_has_to_agree_again(app: App) -> None:
    async def find(_: int) -> None:
        return None

    with pytest.raises(Sorry, match="favourites-hidden"):
        await post.preview(app, STAFF, NOW, find, adult_ok=True)
    assert await consents(app) == []


async def test_a_member_who_came_back_has_to_agree_again(app: App) -> None:
    back = ServerMember(JUNE, "June", NOW + DAY)
    panel = await preferences.read_panel(
        app, Requester(JUNE, GUILD, 1, NOW + DAY, member_since=back.since)
    )
    assert panel.taste is False
    assert await agreed(app, GUILD, [back]) == frozenset()
    assert await consents(app) == []
    assert await agreed(app, None, [back]) == frozenset(), "there is nobody in direct messages"


async def test_a_member_who_came_back_can_agree_again_at_once(app: App) -> None:
    back = ServerMember(JUNE, "June", NOW + DAY)
    requester = Requester(JUNE, GUILD, 1, NOW + 2 * DAY, member_since=back.since)
    await preferences.set_switch(app, requester, "taste", True)
    assert (await preferences.read_panel(app, requester)).taste is True
    assert await agreed(app, GUILD, [back]) == {JUNE}


async def test_if_discord_does_not_say_nothing_ends(app: App) -> None:
    async def find(_: int) -> ServerMember:
        raise MemberNotKnown

    with pytest.raises(MemberNotKnown):
        await post.preview(app, STAFF, NOW, find, adult_ok=True)
    assert await consents(app) == [JUNE]


def test_whoever_agrees_reads_all_that_counts() -> None:
    """A card of a group counts the companion's facts; `RequesterFacts` lists them."""
    for part in ("ratings", "quiz answers", "seen", "turned down", "kept for later",
                  "genres and content you never want", "liked the look of",
                  "how adventurous", "in posts",
                  "`/film`", "`/profile`", "`/compare`", "stars"):  # fmt: skip
        assert part in words.taste_shown()
