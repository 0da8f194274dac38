"""A card for several members tells nothing about a member who did not agree to show their taste,
and neither does the page of a film.

A requester narrows `/recommend with:` in every way that the options allow, down to single films, in
many random worlds: two for each of a hundred choices of options, and a thousand in the long tests.
The answer must be the same whatever the member rated, saw, declined or
excluded. Neither the model nor anything about the requester changes.
"""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.search import film_value
from bot.services.picks import film_page
from bot.services.picks.consent import ServerMember
from bot.services.picks.group import recommend_for_group
from bot.services.view_models import Filters, Requester
from bot.settings import Settings
from bot.views.film import content_view, page_view
from bot.wiring import open_app
from bot.wording.errors.said import said
from storage.catalogue.films import Film
from storage.people import profiles
from storage.servers import guilds
from tests.bot.fitted import Time
from tests.bot.services.picks.lives import NOTHING, NOW, Life, live, random_life
from tests.house import stocked
from tests.soak.process import scaled

OPTIONS = 100
WORLDS = (2 * OPTIONS, pytest.param(scaled(1000, at_least=100), marks=pytest.mark.soak))
PAGE_WORLDS = 200
FILMS = 60
GUILD, ASKER, SILENT, OPEN = 7, 1001, 1002, 1003
NAMES = {SILENT: "Sil", OPEN: "Ola"}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", cooldown_days=0)
    await stocked(settings.database, FILMS)
    async with open_app(settings, Time(NOW)) as app:
        async with app.db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, family_safe=False)
            await profiles.show_taste(conn, OPEN, GUILD, shown=True, now=NOW)
            await profiles.ensure(conn, SILENT, now=NOW)
        films = list(app.live.served.library.films.values())
        await live(app, ASKER, random_life(random.Random(0), films))
        yield app


def narrowed(rng: random.Random, aim: Film) -> tuple[Filters, bool]:
    """Returns random options, often just wide enough for the film `aim`."""
    genre = rng.choice((None, *aim.genres))
    runtime = rng.choice((None, aim.runtime, rng.randint(70, 200)))
    mood = rng.choice((None, "tense", "funny", "moving"))
    others = rng.choice(((SILENT,), (SILENT, OPEN), (OPEN, SILENT)))
    return Filters(genre, mood, runtime, others), rng.random() < 0.5


def known(life: Life, film: int) -> tuple[tuple[int, str], ...]:
    """Returns the mark that the member saw a film, unless they marked it already."""
    return () if film in dict(life.marked) else ((film, "seen"),)


async def answer(app: App, filters: Filters, private: bool) -> object:
    """Returns everything that people see of the answer."""
    requester = Requester(ASKER, GUILD, 1, NOW, private=private)
    members = [ServerMember(one, NAMES[one], NOW) for one in filters.others]
    try:
        card = await recommend_for_group(app, requester, members, filters)
    except Sorry as reason:
        return said(reason)
    lines = (card.headline, *card.further)
    reasons = [(line.name, str(card.reason(line))) for line in lines]
    return str(card.heading), str(card.notes), card.moods, reasons


@pytest.mark.parametrize("worlds", WORLDS)
async def test_nothing_is_learned_about_a_member_who_did_not_agree(app: App, worlds: int) -> None:
    rng = random.Random(16)
    films = list(app.live.served.library.films.values())
    aims = [rng.choice(films) for _ in range(OPTIONS)]
    options = [narrowed(rng, aim) for aim in aims]
    expected = []
    for filters, private in options:
        await live(app, SILENT, NOTHING)
        expected.append(await answer(app, filters, private))
    told = 0
    for world in range(worlds):
        life, at = random_life(rng, films), world % OPTIONS
        aim = aims[at]
        if (world + world // OPTIONS) % 2:
            life.rated[aim.id] = rng.choice((0.5, 5.0))
        else:
            life = replace(life, marked=(*life.marked, *known(life, aim.id)))
        await live(app, SILENT, life)
        told += await answer(app, *options[at]) != expected[at]
    assert told == 0, f"{told} of {worlds} worlds tell something"


async def test_a_member_who_agreed_counts(app: App) -> None:
    """Otherwise the test above would hold for a bot that ignores everybody."""
    rng = random.Random(17)
    films = list(app.live.served.library.films.values())
    changed = 0
    for _ in range(20):
        life = random_life(rng, films)
        filters = Filters(others=(OPEN,))
        await live(app, OPEN, NOTHING)
        before = await answer(app, filters, False)
        await live(app, OPEN, life)
        changed += await answer(app, filters, False) != before
    assert changed >= 10


async def test_the_hint_names_only_the_requesters_filters(app: App) -> None:
    genres = {genre for film in app.live.served.library.films.values() for genre in film.genres}
    await live(app, OPEN, Life({}, (), tuple(sorted(genres)), (), True))
    alone = await answer(app, Filters(others=(OPEN,)), False)
    assert str(alone).startswith("I've run out of films for all of you.")
    narrow = await answer(app, Filters(max_runtime=1, others=(OPEN,)), False)
    assert "the maximum length" in str(narrow)
    assert "leave out" not in str(narrow)


async def page(app: App, film: Film, alone: bool) -> object:
    """Returns everything that people see of a film's page and of its content warnings."""
    requester = Requester(ASKER, GUILD, 1, NOW, private=alone)

    async def find(person: int) -> ServerMember:
        return ServerMember(person, NAMES.get(person, "Ann"), NOW)

    typed = film_value(film.id)
    found = await film_page.read_page(app, requester, typed, find, alone=alone)
    content = await film_page.read_content(app, requester, film.id)
    shown = (page_view(found, reactable=not alone), content_view(content))
    return [view.to_components() for view in shown]


async def test_the_page_of_a_film_tells_nothing_either(app: App) -> None:
    rng = random.Random(18)
    films = list(app.live.served.library.films.values())
    await live(app, SILENT, NOTHING)
    expected = {(film.id, alone): await page(app, film, alone)
                for film in films for alone in (True, False)}  # fmt: skip
    told = 0
    for world in range(PAGE_WORLDS):
        aim, alone = rng.choice(films), bool(world % 2)
        life = random_life(rng, films)
        life.rated[aim.id] = rng.choice((0.5, 5.0))
        await live(app, SILENT, life)
        told += await page(app, aim, alone) != expected[aim.id, alone]
    assert told == 0, f"{told} of {PAGE_WORLDS} worlds tell something"
    await live(app, OPEN, replace(NOTHING, rated={aim.id: 5.0}))
    assert "Loved here by Ola." in str(await page(app, aim, False)), "whoever agreed is named"
