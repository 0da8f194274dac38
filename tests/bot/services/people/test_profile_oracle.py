"""/profile and /compare tell nothing about a member who did not agree to that, or is no member.

In random worlds, such members live random lives. Whatever somebody asks about them must have the
same answer as if they had done nothing, and so must everything about members who agreed.
"""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.people.compare import compare
from bot.services.people.profile import (
    MAX_TAGS,
    PROMINENT,
    TASTE_FACETS,
    _typical_tags,
    read_profile,
)
from bot.services.picks.consent import MemberNotKnown, ServerMember
from bot.services.scale import SCALE
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.views.profile import comparison_view, profile_view
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.people.profile import picture
from storage.catalogue.films import Film
from storage.feedback import ratings
from storage.people import profiles
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.bot.services.picks.lives import NOTHING, NOW, live, random_life
from tests.house import stocked

WORLDS = 60
FILMS = 60
GUILD, ELSEWHERE, ASKER, OPEN = 7, 8, 1001, 1011
SILENT, SWITCHED_OFF, LEFT, CAME_BACK, UNKNOWN, ABROAD = 1021, 1022, 1023, 1024, 1025, 1026
HIDDEN = (SILENT, SWITCHED_OFF, LEFT, CAME_BACK, UNKNOWN, ABROAD)
ME = Requester(ASKER, GUILD, 1, NOW, private=True)


async def find(person: int) -> ServerMember | None:
    """Discord's answers: one person has left, one came back, and about one it says nothing."""
    if person == UNKNOWN:
        raise MemberNotKnown
    if person == LEFT:
        return None
    since = NOW + timedelta(days=1) if person == CAME_BACK else NOW - timedelta(days=1)
    return ServerMember(person, f"Name{person}", since)


async def agree(app: App) -> None:
    """Stores every consent again. Those of people who left have ended."""
    async with app.db.write() as conn:
        for person in (ASKER, OPEN, *HIDDEN):
            where = ELSEWHERE if person == ABROAD else GUILD
            if person != SILENT:
                await profiles.show_taste(conn, person, where, shown=True, now=NOW)
        await profiles.set_comparable(conn, SWITCHED_OFF, GUILD, comparable=False)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", cooldown_days=0)
    await stocked(settings.database, FILMS)
    async with open_app(settings, Time(NOW)) as app:
        async with app.db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
            for person in (ASKER, OPEN, *HIDDEN):
                await profiles.ensure(conn, person, now=NOW)
        films = list(app.live.served.library.films.values())
        for person in (ASKER, OPEN):
            await live(app, person, random_life(random.Random(person), films))
        await agree(app)
        yield app


async def answer(app: App, person: int, requester: Requester = ME) -> str:
    """Returns everything that the requester sees of a person's profile and of the match."""
    told = []
    try:
        shown = await read_profile(app, requester, person, find)
        view, _ = profile_view(shown, None)
        told += [str(view.to_components()), str(shown.taste and picture(shown.taste))]
    except (Sorry, MemberNotKnown) as reason:
        told.append(said(reason) if isinstance(reason, Sorry) else "silent")
    try:
        found = await compare(app, requester, person, find)
        told.append(str(comparison_view(found).to_components()))
    except (Sorry, MemberNotKnown) as reason:
        told.append(said(reason) if isinstance(reason, Sorry) else "silent")
    return "\n".join(told)


async def test_nothing_is_learned_about_who_did_not_agree_or_is_no_member(app: App) -> None:
    rng = random.Random(21)
    films = list(app.live.served.library.films.values())
    for person in HIDDEN:
        await live(app, person, NOTHING)
    expected = {}
    for person in (OPEN, *HIDDEN):
        await agree(app)
        expected[person] = await answer(app, person)
    refusals = {expected[person] for person in HIDDEN if person != UNKNOWN}
    assert len(refusals) == 1, "who is no member and who did not agree are not told apart"
    assert not any(f"Name{person}" in text for person in HIDDEN for text in expected.values())
    told = 0
    for world in range(WORLDS):
        person = HIDDEN[world % len(HIDDEN)]
        await live(app, person, random_life(rng, films))
        await agree(app)
        told += await answer(app, person) != expected[person]
        told += await answer(app, OPEN) != expected[OPEN]
    assert told == 0, f"{told} of {WORLDS} worlds tell something"


async def test_in_public_nothing_is_told_of_what_the_asker_brought_in(app: App) -> None:
    public = replace(ME, private=False)
    told = [await answer(app, person, public) for person in (ASKER, OPEN)]
    alone = [await answer(app, person) for person in (ASKER, OPEN)]
    async with app.db.read() as conn:
        mine, theirs = [await ratings.of_person(conn, person) for person in (ASKER, OPEN)]
    new = {one.film_id for one in theirs} - {one.film_id for one in mine}
    async with app.db.write() as conn:
        for film in new:
            await ratings.state(
                conn, person_id=ASKER, film_id=film, source="import", stars=5, at=NOW, scale=SCALE
            )
    assert len(new) > 3
    assert [await answer(app, person, public) for person in (ASKER, OPEN)] == told
    again = [await answer(app, person) for person in (ASKER, OPEN)]
    assert all(one != other for one, other in zip(again, alone, strict=True))


async def test_tags_are_typical_by_one_count(app: App) -> None:
    """The expected number of films with a tag counts films as the number of liked ones does."""
    served = app.live.served
    films = [served.library.films[one] for one in served.model.catalogue.films.ids_array.tolist()]

    def share(some: Sequence[Film], slug: str) -> float:
        return sum(dict(film.tags).get(slug, 0) >= PROMINENT for film in some) / len(some)

    def excess(slug: str, liked: Sequence[Film]) -> float:
        here, usual = share(liked, slug), share(films, slug)
        return len(liked) * (here - usual) / max(usual, 1 / len(films)) ** 0.5 if here else -9.0

    slugs = [tag.slug for tag in served.library.tags.values() if tag.facet in TASTE_FACETS]
    for some in range(9):
        liked = films[some::9]
        best = sorted((excess(slug, liked) for slug in slugs), reverse=True)[:MAX_TAGS]
        found = [excess(tag[0], liked) for tag in _typical_tags(served, [x.id for x in liked])]
        assert sorted(found, reverse=True) == pytest.approx(best)


async def test_who_agreed_is_told_of_and_only_here(app: App) -> None:
    """Otherwise the test above would hold for a bot that tells nothing."""
    films = list(app.live.served.library.films.values())
    told = {await answer(app, OPEN)}
    for seed in range(3):
        await live(app, OPEN, random_life(random.Random(seed), films))
        told.add(await answer(app, OPEN))
    assert len(told) == 4
    assert all(f"Name{OPEN}" in text for text in told)
    for guild in (ELSEWHERE, None):
        there = await answer(app, OPEN, Requester(ASKER, guild, 1, NOW, private=True))
        assert f"Name{OPEN}" not in there


async def test_who_does_not_agree_cannot_compare_either(app: App) -> None:
    async with app.db.write() as conn:
        await profiles.set_comparable(conn, ASKER, GUILD, comparable=False)
    with pytest.raises(Sorry, match="own-taste-not-shown"):
        await compare(app, ME, OPEN, find)
    assert "match" not in (await answer(app, OPEN)).replace("match.", "")
