"""The whole product in the pseudo-locale: no plain English is left, and nothing is cut on a phone.

The pictures of the second test are kept in build/screenshots/pseudo-*.png.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.client import deferral, reply
from bot.playground import World
from bot.services.catalogue.library import Library
from tests.bot.cogs.pseudo_walk import (
    TYPED,
    Walk,
    history,
    lists,
    manage,
    nights,
    own,
    picks,
    plain_words,
    posts,
    profile,
    quiz,
    sent_texts,
)
from tests.browser import CHROMIUM, SCREENSHOTS, open_page
from tests.clock import PATIENCE_SECONDS, club_world
from tests.house import FEW_FILMS, running

LOOKS = (
    "newcomer",
    "quiz-zone",
    "quiz-one",
    "quiz-answers",
    "first-picks",
    "card",
    "why",
    "seen",
    "rated",
    "filtered",
    "similar",
    "trending",
    "film",
    "watchlist",
    "profile",
    "compare",
    "browse",
    "shelf",
    "settings",
    "privacy",
    "erase",
    "import",
    "import-questions",
    "import-applied",
    "setup-post",
    "setup-show",
    "status",
    "help",
    "night-list",
    "night-there",
    "night-history",
    "post-lounge",
    "digest",
    "no-such-film",
    "wrong-zone",
)
"""The messages that people see most."""

PHONE, TALL = 390, 2400

SAME = frozenset(
    {"UTC", "AM", "Matinee", "*file*", "*film*", "*film stars*", "*member*", "*title*"}
)
"""Words that are the same in every language, and names of options."""


@pytest.fixture(scope="module")
def shown_by(request: pytest.FixtureRequest) -> Browser | None:
    """The browser; None if it is not installed, so that only its test is skipped."""
    found: Browser | None = request.getfixturevalue("browser") if CHROMIUM.is_file() else None
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walked(
    shown_by: Browser | None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Walk]:
    """A bot in the pseudo-locale after Mira and June have used everything."""
    folder = tmp_path_factory.mktemp("pseudo")
    world = club_world()
    world.application.owner_id = next(x.id for x in world.people() if x.username == "mira")
    with pytest.MonkeyPatch.context() as patch:
        for module in (deferral, reply):  # after a deferral, an edited message comes later
            patch.setattr(module, "DEFER_AFTER_SECONDS", PATIENCE_SECONDS / 2)
        async with _walk(shown_by, folder, world) as walk:
            yield walk


@asynccontextmanager
async def _walk(shown_by: Browser | None, folder: Path, world: World) -> AsyncIterator[Walk]:
    async with (
        running(folder, world=world, max_films=FEW_FILMS, locale="pseudo", zone="UTC") as house,
        house.member("mira") as mira,
        house.member("june") as june,
        AsyncExitStack() as stack,
    ):
        page = None
        if shown_by is not None:
            phone = open_page(
                shown_by, house.local.page_url, width=PHONE, height=TALL, member="mira"
            )
            page = await stack.enter_async_context(phone)
        walk = Walk(house, folder / "traffic.jsonl", page)
        await quiz(walk, mira)
        await picks(walk, mira, june)
        await lists(walk, mira)
        await profile(walk, mira, june)
        await own(walk, mira)
        await history(walk, mira)
        await manage(walk, mira, june)
        await posts(walk, mira)
        await nights(walk, mira, june)
        yield walk


def data(library: Library) -> set[str]:
    """Returns titles, names and genres, which are the same in every language."""
    films = library.films.values()
    found = {film.title for film in films} | {library.name(film) for film in library.films}
    found |= {genre for film in films for genre in film.genres}
    found |= {name for film in films for name in (*film.directors, *film.cast)}
    people = {"The Matinee Club", "lounge", "Mira", "June"}
    return found | people | set(available_timezones()) | SAME | {*TYPED}


def test_a_plain_word_between_the_marks_is_found() -> None:
    text = "⟦Ĝôţ íţ: loved for **Heat**. `/settings` áñď <@5> ōōō⟧ PM · Heat's"
    assert plain_words(text, {"Heat"}) == ["loved", "for"]


@pytest.mark.asyncio(loop_scope="session")
async def test_no_plain_english_is_left(walked: Walk) -> None:
    known = data(walked.house.app.live.served.library)
    shown = {*sent_texts(walked.log), *walked.choices}
    found = {text: words for text in shown if (words := plain_words(text, known))}
    assert not found, "\n".join(f"{words} in: {text}" for text, words in found.items())
    assert len(shown) > 500


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_nothing_is_cut_on_a_phone(walked: Walk) -> None:
    page = walked.page
    if page is None:
        pytest.skip(f"{CHROMIUM} is missing")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(LOOKS, 1):
        message = walked.seen[name]
        article = page.by_id(message["id"])
        if not await article.count():
            await page.open_channel(channel_name(walked, message))
        await article.scroll_into_view_if_needed()
        await article.screenshot(path=SCREENSHOTS / f"pseudo-{number:02}-{name}.png")
        assert await page.cut(article) == [], name
        assert await page.overflow() == 0, name


def channel_name(walked: Walk, message: dict[str, str]) -> str:
    """Returns the shown name of a message's channel."""
    channel = walked.house.world.channels[int(message["channel_id"])]
    return channel.name or "Matinee"
