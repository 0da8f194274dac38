"""The stars that *Why?* predicts: with their doubt, and never where the doubt is wide."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.playground.testing import text_of
from bot.services.app import App
from bot.services.picks.explain import explain_film
from bot.services.scale import SCALE
from bot.services.serving.predicted_stars import WIDEST
from bot.services.view_models import FilmReasons, Requester
from bot.views.answers import film_answer_view
from storage.feedback import ratings
from storage.people import profiles
from tests.bot.fitted import Time, learn_stars, opened
from tests.house import FEW_FILMS, stocked

ANN, BEN = 1001, 1002
LOVED, DISLIKED = 5.0, 1.5


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """The application, with a rating model fitted to ninety people with tastes."""
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    async with opened(tmp_path, Time()) as app:
        await learn_stars(app)
        yield app


async def rate(app: App, person: int, given: dict[int, float]) -> None:
    async with app.db.write() as conn:
        await profiles.ensure(conn, person, now=app.clock())
        for film, stars in given.items():
            await ratings.state(
                conn,
                person_id=person,
                film_id=film,
                source="command",
                stars=stars,
                at=app.clock(),
                scale=SCALE,
            )


def first_genre(app: App) -> dict[str, list[int]]:
    """Returns each first genre's films, the genre with most films first."""
    found: dict[str, list[int]] = {}
    for film in app.live.served.library.films.values():
        found.setdefault(film.genres[0] if film.genres else "", []).append(film.id)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


async def answer(app: App, person: int, film: int) -> FilmReasons:
    return await explain_film(app, Requester(person, None, 0, app.clock()), film)


async def test_stars_are_said_with_their_doubt_and_follow_the_taste(app: App) -> None:
    (_, one), (_, other), *_ = first_genre(app).items()
    given = dict.fromkeys(one[:8], LOVED) | dict.fromkeys(other[:8], DISLIKED)
    await rate(app, ANN, given)
    means = []
    for films in (one, other):
        answers = [await answer(app, ANN, film) for film in films[:30]]
        said = [each for each in answers if each.predicted is not None]
        assert not {each.film_id for each in said} & set(given), "what they gave needs no guess"
        means.append(np.mean([each.predicted.stars for each in said if each.predicted]))
        for each in said:
            assert each.predicted is not None
            assert 0.5 <= each.predicted.stars <= 5
            assert 0 < each.predicted.give_or_take <= WIDEST
            stars, by = each.predicted.stars, each.predicted.give_or_take
            text = text_of({"components": film_answer_view(each).to_components()})
            assert f"You'd probably give it ★ {stars:.1f}, give or take {by:.1f}." in text
    assert means[0] > means[1] + 1


async def test_where_the_doubt_is_wide_nothing_is_said(app: App) -> None:
    (_, films), *_ = first_genre(app).items()
    nobody = [await answer(app, BEN, film) for film in films[:10]]
    assert {each.predicted for each in nobody} == {None}, "nothing is known of them"
    assert all(each.newcomer for each in nobody)
    await rate(app, ANN, dict.fromkeys(films[:8], LOVED))
    assert (await answer(app, ANN, films[9])).predicted is not None
    served = app.live.served
    stars = served.model.stars
    assert stars is not None
    assert stars.draws is not None
    loud = replace(stars.draws, typical_precision=stars.draws.typical_precision / 9)
    for other in (None, replace(stars, draws=loud)):
        app.live.swap(replace(served, model=replace(served.model, stars=other)))
        found = await answer(app, ANN, films[9])
        assert found.predicted is None
        text = text_of({"components": film_answer_view(found).to_components()})
        assert "what counted most" in text
        assert "give or take" not in text
