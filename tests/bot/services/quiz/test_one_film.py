"""Films that the quiz asks about one at a time follow the tastes just chosen."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.quiz import one_film
from bot.services.quiz.form import FormAnswers, store_form
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from tests.bot.fitted import Time
from tests.house import stocked

NOW = datetime(2026, 5, 1, 18, tzinfo=UTC)
QUESTIONS = 8


@pytest.mark.parametrize("answer", ["unseen", "loved"])
async def test_a_horror_fan_is_asked_about_horror(tmp_path: Path, answer: str) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database)
    requester = Requester(1001, None, 1, NOW)
    async with open_app(settings, Time(NOW)) as app:
        await store_form(app, requester, FormAnswers(("scary",), (), ""))
        for _ in range(QUESTIONS):
            question = await one_film.next_question(app, requester)
            assert question is not None
            film = app.live.served.library.films[question.film.film_id]
            assert "Horror" in film.genres, film.title
            await one_film.store_answer(app, requester, film.id, answer)
