"""The machine's clock is wrong: answers have the time that Discord says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.services.picks import film_page
from bot.services.scale import USUAL_SCALE
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.feedback.engagement import newcomers
from tests.bot.fitted import Time
from tests.house import FEWEST_FILMS, stocked

ASKED_AT = datetime(2026, 3, 10, 20, tzinfo=UTC)
MIRA = Requester(1001, 7, 1, ASKED_AT)


async def test_who_asks_for_a_films_page_comes_when_discord_says(tmp_path: Path) -> None:
    """Otherwise `matinee report` counts them as back after a day, which they were not."""
    settings, behind = Settings(data=tmp_path), ASKED_AT - timedelta(hours=25)
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, Time(behind)) as app:
        film = next(iter(app.live.served.library.films))
        await film_page.record_page(app, MIRA, film, 50, 1, USUAL_SCALE)
        async with app.db.read() as conn:
            came = await newcomers(conn, behind - timedelta(days=1))
        assert came == {MIRA.person_id: ASKED_AT}
