"""Titles and names do nothing in messages, whatever is in them, and break none."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome
from bot.services.wording import safe
from tests.clock import club_world
from tests.house import FEW_FILMS, House, Visit, running, stocked, until

ALIVE = (
    "<@{id}>", "<#{id}>", "<@&{id}>", "<t:1:R>", "</help:{id}>", "<:a:{id}>", "[x](https://x.org)",
    "https://x.org", "@everyone", "\u202eevil\u202c", "**bold**", "# head", "> quote", "- item",
    "||gone||", "`code`", "two\nlines", "1. one",
)  # fmt: skip
LIVE = re.compile(
    r"(?<!\\)<(?:@|#|t:|/|:)|(?<!\\)\[[^\]]*\]\(|https://x|(?<!\\)@everyone|[\u202a-\u202e]"
)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A bot whose films have such titles, as an earlier version let them in."""
    folder = tmp_path_factory.mktemp("house")
    database = folder / "data" / "matinee.sqlite3"
    await stocked(database, FEW_FILMS)
    _spoil(database)
    async with running(folder, world=club_world()) as house:
        yield house


def _spoil(database: Path) -> None:
    titles = [text.format(id=900000000000000001) for text in ALIVE] + ["", "y" * 5000]
    with closing(sqlite3.connect(database)) as conn, conn:
        ids = [row[0] for row in conn.execute("SELECT id FROM films WHERE retired_at IS NULL")]
        conn.executemany(
            "UPDATE films SET title = ? || ' ' || id, genres = ? WHERE id = ?",
            [
                (titles[at % len(titles)], f'["{titles[at % 6]}", "Drama"]', film_id)
                for at, film_id in enumerate(ids)
            ],
        )
        conn.execute("UPDATE films SET title = '' WHERE title GLOB ' [0-9]*'")


@pytest.fixture
async def visit(house: House) -> AsyncIterator[Visit]:
    found = house.club()
    app = house.app
    await until(lambda: app.shelving.ready(app.live.served) is not None, "the shelves")
    yield found
    found.leave()


async def test_no_title_is_alive_on_any_message(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        choices = await mira.autocomplete("films", "rate", "film", "")
        assert len(choices) == 25
        for choice in choices[:4]:
            await mira.command("films", "rate", film=choice["value"], stars="5.0")
        texts = [outcome.text for outcome in await _everything(mira, choices)]
    for text in texts:
        assert text
        assert "went wrong" not in text
        assert not LIVE.search(text), text
        assert len(text) <= 4000


async def _everything(mira: Person, choices: list[dict[str, str]]) -> list[Outcome]:
    film = {"film": choices[5]["value"]}
    return [
        await mira.command("films", "rate", **film, stars="4.0"),
        await mira.command("films", "unrate", **film),
        await mira.command("films", "similar", **film),
        await mira.command("films", "recommend"),
        await mira.command("films", "recommend", genre="<@1>"),
        await mira.command("films", "recommend", mood="<t:1:R> \u202e"),
        await mira.command("films", "browse", private=True),
        await mira.command("films", "trending", scope="everywhere"),
        await mira.command("films", "settings"),
        await mira.command("films", "rate", film="<@1> [a](https://x.org)", stars="4.0"),
        await mira.command("films", "browse", shelf="<@1>"),
    ]


@pytest.mark.parametrize("text", ALIVE)
def test_a_safe_text_is_inert(text: str) -> None:
    written = safe(text.format(id=1))
    assert not LIVE.search(written)
    assert "\n" not in written
    assert not re.match(r"(?:#|>|-|\d\.)\s", written)


def test_a_plain_text_stays_as_it_is() -> None:
    for text in ("Amélie (2001)", "3.10 to Yuma", "Face/Off", "Spider-Man: No Way Home", "दिल"):
        assert safe(text) == text
