"""Posters over the wire: no answer waits for TMDB, and later ones show what it said."""

import asyncio
from pathlib import Path
from typing import Any

from bot.playground.testing import text_of, walk
from bot.services.catalogue.tmdb import TIMEOUT_SECONDS
from storage.catalogue.films import Film
from tests.house import FEWEST_FILMS, running, until
from tests.tmdb import POSTER, good, listening

TITLE = "Casablanca (1942)"


def posters_of(message: Any) -> list[str]:
    return [one["media"]["url"] for one in walk(message["components"]) if one.get("media")]


async def test_no_answer_waits_and_later_ones_have_the_poster(tmp_path: Path) -> None:
    answer = asyncio.Event()

    async def slow(film: Film) -> Any:
        await answer.wait()
        return good(film)

    async with listening() as tmdb:
        tmdb.answer = slow
        chosen = {"tmdb_token": "a.token", "tmdb_url": tmdb.url, "zone": "Europe/Berlin"}
        async with running(tmp_path, max_films=FEWEST_FILMS, **chosen) as house:
            films = house.app.live.served.library.films.values()
            tmdb.films |= {str(film.id): film for film in films}
            imdb = "select external_id, film_id from external_ids where source = 'imdb'"
            by_id = {film.id: film for film in films}
            for external, film_id in house.rows(imdb):
                if film_id in by_id:
                    tmdb.films[external] = by_id[film_id]
            async with house.member("mira") as mira, house.member("june") as june:
                began = asyncio.get_running_loop().time()
                page = await mira.command("films", "film", title=TITLE)
                card = await mira.command("films", "recommend")
                assert asyncio.get_running_loop().time() - began < TIMEOUT_SECONDS
                for message in (page.message, card.message):
                    assert posters_of(message) == []
                    assert "TMDB" not in text_of(message or {})
                await until(lambda: tmdb.asked != [], "TMDB is asked")
                answer.set()
                now, film = house.world.clock.now, house.app.live.served.library.find(TITLE).id
                await until(lambda: bool(house.app.posters.poster(film, now())), "fetched")
                again = await june.command("films", "film", title=TITLE)
                assert posters_of(again.message) == [POSTER]
                assert "**Where to watch (Germany):** Netflix · rent or buy: Apple TV" in again.text
                assert "Poster and where to watch: TMDB and JustWatch" in again.text
                assert tmdb.keys == {"Bearer a.token"}
                said = await mira.command("films", "help")
                assert "not endorsed or certified by TMDB" in said.text
        assert (house.settings.data / "posters.json").stat().st_mode & 0o077 == 0
