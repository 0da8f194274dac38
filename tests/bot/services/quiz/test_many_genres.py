"""A catalogue of a hundred genres: the menus offer those of most films, and words find the rest."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.services.people import preferences
from bot.services.posts.wishes import Wish, parse_wish
from bot.services.quiz import form
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from tests.direct import direct
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
MIRA = Requester(1001, 7, 1, NOW)
MENU = 25  # options of a menu, at most


async def test_the_menus_offer_the_genres_of_most_films(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    with direct(settings.database) as conn:
        films = conn.execute("select id from films where retired_at is null limit 100")
        for number, (film,) in enumerate(films):
            genres = json.dumps([f"Aa {number:02}"])  # before all others in the alphabet
            conn.execute("update films set genres = ? where id = ?", genres, film)
    async with open_app(settings, lambda: NOW) as app:
        assert len(app.live.served.library.genres) > 100
        panel = await preferences.read_panel(app, MIRA)
        for offered in (panel.genres, (await form.read_form(app, MIRA)).genres):
            assert len(offered) == MENU
            assert {"Horror", "Drama", "Science Fiction"} <= set(offered)
        wish = Wish(channel_id=1, language="french")
        assert parse_wish(wish, app.live.served.library, NOW).language == "fr"
        korean = Wish(channel_id=1, language="Korean")
        assert parse_wish(korean, app.live.served.library, NOW).language == "ko"
