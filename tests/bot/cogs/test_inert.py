"""Titles and names do nothing in messages, whatever is in them, and break none."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of
from bot.services.wording import safe
from storage.people import film_marks, profiles
from tests.clock import NOW, club_world
from tests.house import FEW_FILMS, House, Visit, running, stocked, until

ALIVE = (
    "<@{id}>", "<#{id}>", "<@&{id}>", "<t:1:R>", "</help:{id}>", "<:a:{id}>", "[x](https://x.org)",
    "https://x.org", "@everyone", "\u202eevil\u202c", "**bold**", "# head", "> quote", "- item",
    "||gone||", "`code`", "two\nlines", "1. one",
)  # fmt: skip
LIVE = re.compile(
    r"(?<!\\)<(?:@|#|t:|/|:)|(?<!\\)\[[^\]]*\]\(|https://x|(?<!\\)@everyone|[\u202a-\u202e]"
)

TIMES = re.compile(r"<t:\d{9,}:[A-Z]>")
"""Times that the bot itself writes."""


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
    await app.shelving.get(app.db, app.live, app.settings.corpus)
    yield found
    found.leave()


async def test_no_title_is_alive_on_any_message(visit: Visit) -> None:
    async with visit.member("mira") as mira:
        choices = await mira.autocomplete("films", "rate", "film", "")
        assert len(choices) == 25
        for choice in choices[:4]:
            await mira.command("films", "rate", film=choice["value"], stars="5.0")
        outcomes = await _everything(mira, choices) + await _lists(visit, mira)
        outcomes += await _tastes(visit, mira, choices)
        texts = [outcome.text for outcome in outcomes]
    for text in texts:
        assert text
        assert "went wrong" not in text
        assert not LIVE.search(text), text
        assert len(text) <= 4000


async def test_no_title_is_alive_in_a_movie_night(visit: Visit) -> None:
    house = visit.house
    async with visit.member("mira") as mira, visit.member("june") as june:
        films = sorted(visit.app.live.served.library.films)
        for first in range(0, 20, 5):  # the shortlist has films that nobody has seen
            async with visit.app.db.write() as conn:
                for film in films[20:]:
                    await film_marks.mark(conn, int(mira.id), film, "seen", now=NOW)
                for film in films[:first]:
                    await film_marks.mark(conn, int(mira.id), film, "seen", now=NOW)
                await profiles.show_taste(conn, int(mira.id), visit.guild.id, shown=True, now=NOW)
            options = {"when": "in 3 hours", "members": f"<@{june.id}>"}
            planned = await mira.command("films", "movienight plan", **options)
            outcomes = [planned]
            if not first:
                outcomes.append(await mira.click(planned.message, "Start a poll"))
                outcomes.append(await mira.click(outcomes[-1].message, "Cancel"))
                planned = await mira.command("films", "movienight plan", **options)
            outcomes.append(await mira.click(planned.message, "Take the first film"))
            for outcome in outcomes:
                text = TIMES.sub("", outcome.text)
                assert "Movie night" in text
                assert not LIVE.search(text), text
                assert len(text) <= 4000

        def sent() -> bool:
            kinds = "select kind, count(message_id), count(outcome) from night_messages group by 1"
            found = {kind: (came, gone) for kind, came, gone in house.rows(kinds)}
            return found.get("winner") == (4, 0)

        await until(sent, "all announcements came")
        for message in await mira.messages("films", 100):
            assert not LIVE.search(TIMES.sub("", text_of(message)))


async def _everything(mira: Person, choices: list[dict[str, str]]) -> list[Outcome]:
    film = {"film": choices[5]["value"]}
    return [
        await mira.command("films", "rate", **film, stars="4.0"),
        await mira.command("films", "unrate", **film),
        await mira.command("films", "similar", **film),
        await mira.command("films", "film", title=film["film"]),
        await mira.command("films", "recommend"),
        await mira.command("films", "recommend", genre="<@1>"),
        await mira.command("films", "recommend", mood="<t:1:R> \u202e"),
        await mira.command("films", "browse", private=True),
        await mira.command("films", "trending", scope="everywhere"),
        await mira.command("films", "settings"),
        await mira.command("films", "setup show"),
        await mira.command("films", "setup reactions", emoji="<@1> [a](https://x.org) @everyone"),
        await mira.command("films", "setup reactions", emoji="🔥 <t:1:R> 👍 4"),
        await mira.command("films", "rate", film="<@1> [a](https://x.org)", stars="4.0"),
        await mira.command("films", "browse", shelf="<@1>"),
    ]


async def _tastes(visit: Visit, mira: Person, choices: list[dict[str, str]]) -> list[Outcome]:
    """Returns two profiles and a match, of people who rated films with every kind of title."""
    async with visit.member("june") as june:
        for person in (mira, june):
            for at, choice in enumerate(choices[:8]):
                stars = 5.0 if at % 2 or person is mira else 1.0
                await person.command("films", "rate", film=choice["value"], stars=stars)
            panel = (await person.command("films", "settings")).message
            await person.click(panel, "Show my taste here")
        found = [await mira.command("films", "profile")]
        found.append(await mira.click(found[0].message, "My ratings"))
        found.append(await mira.command("films", "profile", member=june.id))
        found.append(await mira.command("films", "compare", member=june.id))
        assert "Where you differ" in found[-1].text
    return found


async def _lists(visit: Visit, mira: Person) -> list[Outcome]:
    """Returns the lists of kept and of hidden films, with films of every kind of title."""
    films = sorted(visit.app.live.served.library.films)
    async with visit.app.db.write() as conn:
        for film in films[: 2 * len(ALIVE)]:
            await film_marks.mark(conn, int(mira.id), film, "later", now=NOW)
        for film in films[-len(ALIVE) - 3 :]:
            await film_marks.mark(conn, int(mira.id), film, "seen", now=NOW)
    found = [await mira.command("films", "watchlist")]
    while "Next page" in buttons_of(found[-1].message or {}):
        found.append(await mira.click(found[-1].message, "Next page"))
    found.append(await mira.click(found[-1].message, "Pick one for tonight"))
    page = found[-2].message or {}
    option = selects_of(page)[1]["options"][0]
    found.append(await mira.select(page, 1, [option["value"]]))
    panel = (await mira.command("films", "settings")).message
    found.append(await mira.click(panel, "What's hidden"))
    while "Next page" in buttons_of(found[-1].message or {}):
        found.append(await mira.click(found[-1].message, "Next page"))
    option = selects_of(found[-1].message or {})[0]["options"][0]
    found.append(await mira.select(found[-1].message, 0, [option["value"]]))
    assert len(found) >= 7
    return found


@pytest.mark.parametrize("text", ALIVE)
def test_a_safe_text_is_inert(text: str) -> None:
    written = safe(text.format(id=1))
    assert not LIVE.search(written)
    assert "\n" not in written
    assert not re.match(r"(?:#|>|-|\d\.)\s", written)


def test_a_plain_text_stays_as_it_is() -> None:
    for text in ("Amélie (2001)", "3.10 to Yuma", "Face/Off", "Spider-Man: No Way Home", "दिल"):
        assert safe(text) == text
