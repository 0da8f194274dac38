"""The export of `/privacy` has sentences where the database has keys and data."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.services.notes import from_text
from bot.services.people import privacy
from bot.services.picks import recommend
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from tests.bot.fitted import Time, rate
from tests.house import FEW_FILMS, stocked

MIRA = Requester(1001, 7, 1, datetime(2026, 3, 10, 20, tzinfo=UTC))


async def test_reasons_are_sentences(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, Time(MIRA.now)) as app:
        await rate(app, MIRA.person_id, 8, stars=5.0)
        card = await recommend.recommend(app, MIRA)
        export = await privacy.export(app, MIRA, lambda text: said(from_text(text)))
    rows = json.loads(export.everything)["impressions"]
    shown = {said(line.reason) for line in (card.headline, *card.further) if line.reason}
    assert shown
    assert shown <= {row["reason"] for row in rows}
