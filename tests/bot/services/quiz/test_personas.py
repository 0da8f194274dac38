"""With MovieLens imported, the quiz's screens and first picks follow the person's taste.

`personas.csv` holds, for five people, forty films that each knows. It was written before anything
was tuned on it. Each person chooses their tastes in the form, chooses on two screens every film of
their list as loved, and gets five picks. Some films of the lists are not in the catalogue.
"""

import csv
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.imports import movielens
from bot.services.quiz.form import FormAnswers, first_picks, store_form
from bot.services.quiz.screens import open_screen, store_choice
from bot.services.serving import live_model
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from recommender.datasets.corpus import read_corpus
from recommender.hybrid.config import RankingConfig
from recommender.pipeline.recommender import Config
from recommender.training import fit
from storage.catalogue import films
from storage.catalogue.films import Film
from storage.catalogue.titles import normalise_title
from tests.house import stocked
from tests.movielens import FOLDER, needs_movielens

LISTS = Path(__file__).with_name("personas.csv")
START = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
INDIAN = ("hi", "ta", "te", "ml", "bn", "mr", "ur", "pa")
SMALL = Config(ranking=RankingConfig(sizes=(16,)))  # quicker to fit


@dataclass(frozen=True)
class Persona:
    """One of the five people.

    Attributes:
        name: as in `personas.csv`.
        tastes: what they choose in the form.
        likes: says whether a film is of their taste.
    """

    name: str
    tastes: tuple[str, ...]
    likes: Callable[[Film], bool]


def foreign_or_arthouse(film: Film) -> bool:
    slugs = {slug for slug, _ in film.tags}
    return film.languages[:1] != ("en",) or bool(slugs & {"auteur", "film-club", "experimental"})


PERSONAS = (
    Persona("horror", ("scary",), lambda film: "Horror" in film.genres),
    Persona("arthouse", ("world",), foreign_or_arthouse),
    Persona("anime", ("animated",), lambda film: "anime" in {slug for slug, _ in film.tags}),
    Persona("parent", ("animated", "warm"), lambda film: "Family" in film.genres),
    Persona("Bollywood", ("asian",), lambda film: film.languages[0] in INDIAN),
)


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """The application after MovieLens was imported and learned from."""
    folder = tmp_path_factory.mktemp("imported")
    await stocked(folder / "matinee.sqlite3")
    async with open_app(Settings(data=folder), lambda: START) as opened:
        await movielens.import_folder(opened, FOLDER)
        async with opened.db.read() as conn:
            known, tags = await films.all_films(conn), await films.all_tags(conn)
        world = arrays.catalogue(known, tags)
        model = fit.fit(world, read_corpus(opened.settings.corpus), SMALL, 1, START)
        opened.live.swap(live_model.serve(model, known, tags))
        yield opened


def listed(persona: str, app: App) -> set[int]:
    """Returns the ids of the films of a person's list that the catalogue has."""
    titles: dict[tuple[str, int | None], int] = {}
    for film in app.live.served.library.films.values():
        for title in (film.title, film.original_title, *film.aliases):
            if title:
                titles[normalise_title(title), film.year] = film.id
    with LISTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["persona"] == persona]
    assert len(rows) == 40
    found = {titles.get((normalise_title(row["title"]), int(row["year"]))) for row in rows}
    return {film for film in found if film is not None}


@needs_movielens
@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
async def test_two_screens_hold_eight_known_films_and_the_picks_are_of_the_taste(
    app: App, persona: Persona
) -> None:
    requester = Requester(7_000 + PERSONAS.index(persona), None, 1, START)
    known = listed(persona.name, app)
    assert len(known) >= 30
    await store_form(app, requester, FormAnswers(persona.tastes, (), ""))
    hits: list[int] = []
    for number in (1, 2):
        screen = await open_screen(app, requester, number)
        films_shown = {line.film_id for line in screen.films}
        assert len(films_shown) == 25
        loved = sorted(films_shown & known)
        await store_choice(app, requester, number, "loved", loved)
        hits.append(len(loved))
    card = await first_picks(app, requester)
    library = app.live.served.library
    picks = [library.films[line.film_id] for line in (card.headline, *card.further)][:5]
    print(f"\n{persona.name}: {hits} of {len(known)} known; {[film.title for film in picks]}")
    assert sum(hits) >= 8
    assert all(persona.likes(film) for film in picks), [film.title for film in picks]


@needs_movielens
async def test_a_horror_fan_is_asked_about_horror_films_only(app: App) -> None:
    requester = Requester(7_100, None, 1, START)
    await store_form(app, requester, FormAnswers(("scary",), (), ""))
    screen = await open_screen(app, requester, 1)
    library = app.live.served.library
    others = [
        line.name for line in screen.films if "Horror" not in library.film(line.film_id).genres
    ]
    assert not others
