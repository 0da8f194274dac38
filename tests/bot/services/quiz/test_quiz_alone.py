"""Without any ratings of other people, the quiz works through tastes and tags.

Fifty simulated members use a fresh installation. Each has hidden weights of the catalogue's moods
(36 of its 352 tags). The true value of a film is the sum of the weights of its moods, scaled to
mean 0 and standard deviation 1 over the films. Stars are 3 + value + noise. Each member chooses at
most two tastes and the genre to avoid that fit the weights, answers the quiz about the films they
know, and asks for two cards. Members are more likely to know well-known films.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.services.app import App
from bot.services.catalogue.arrays import taste_films
from bot.services.catalogue.tastes import OFFERED
from bot.services.picks.recommend import recommend
from bot.services.quiz import screens
from bot.services.quiz.form import FormAnswers, store_form
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from tests.house import stocked

START = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
MEMBERS, PICKS, NOISE, SEED = 50, 10, 0.5, 20_260_501
MIN_LOVED_STARS, MAX_DISLIKED_STARS = 4.0, 2.5
MIN_TASTE_WORTH = 0.5  # a member chooses a taste whose mean film is half a star above 3


class Member:
    """One simulated member.

    Attributes:
        values: (films,) true values, with mean 0 and standard deviation 1.
        stars: (films,) the stars the member would give, 0.5 to 5.
        known: (films,) True for films the member knows.
    """

    def __init__(self, app: App, number: int) -> None:
        rng = np.random.default_rng((SEED, number))
        world = app.live.served.model.catalogue
        tags = world.tags.toarray()
        moods = np.array([facet == "mood" for facet in world.tag_facets])
        raw = tags @ (rng.standard_normal(tags.shape[1]) * moods)
        self.values = (raw - raw.mean()) / raw.std()
        self.stars = np.clip(3 + self.values + NOISE * rng.standard_normal(len(raw)), 0.5, 5)
        reach = app.live.served.model.popularity.reach
        rank = np.argsort(np.argsort(-reach))
        self.known = rng.random(len(raw)) < 0.8 - 0.6 * rank / len(raw)
        self.app, self.world, self.number = app, world, number
        self.now = START

    def requester(self) -> Requester:
        self.now += timedelta(seconds=20)
        return Requester(9_000 + self.number, None, 1, self.now)

    def value(self, film_ids: list[int]) -> float:
        return float(self.values[self.world.films.rows(np.array(film_ids))].mean())

    def form(self) -> FormAnswers:
        worth = {
            taste.key: float(self.values[taste_films(self.world, taste)].mean())
            for taste in OFFERED
        }
        best = sorted(worth, key=lambda key: worth[key])[-2:]
        liked = [key for key in best if worth[key] >= MIN_TASTE_WORTH]
        genres = self.world.genres.toarray()
        mean = (genres * self.values[:, None]).sum(axis=0) / np.maximum(genres.sum(axis=0), 1.0)
        return FormAnswers(tuple(liked), (self.world.genre_names[int(mean.argmin())],), "", None)

    async def quiz(self) -> FormAnswers:
        form = self.form()
        await store_form(self.app, self.requester(), form)
        for number in range(1, screens.MAX_SCREENS + 1):
            screen = await screens.open_screen(self.app, self.requester(), number)
            films = [line.film_id for line in screen.films]
            rows = self.world.films.rows(np.array(films))
            known, stars = self.known[rows], self.stars[rows]
            for menu, chosen in (
                ("loved", stars >= MIN_LOVED_STARS),
                ("disliked", stars <= MAX_DISLIKED_STARS),
            ):
                picked = [film for film, yes in zip(films, chosen & known, strict=True) if yes]
                await screens.store_choice(self.app, self.requester(), number, menu, picked)  # type: ignore[arg-type]
        return form

    async def picks(self) -> list[int]:
        found: list[int] = []
        while len(found) < PICKS:
            card = await recommend(self.app, self.requester())
            found += [line.film_id for line in (card.headline, *card.further)]
        return found[:PICKS]


@dataclass(frozen=True)
class Outcome:
    """What the picks of all members are worth.

    Attributes:
        popular: mean true value of the popular picks.
        own: mean true value of the members' own picks.
        best: mean true value of each member's ten best films.
        declined: number of picks of a genre that the member declined in the form.
        first: each member's first pick.
    """

    popular: float
    own: float
    best: float
    declined: int
    first: tuple[int, ...]

    @property
    def way(self) -> float:
        """Position of the own picks between the popular picks (0) and the best (1)."""
        return (self.own - self.popular) / (self.best - self.popular)


async def simulate(folder: Path) -> Outcome:
    values, declined, first = [], 0, []
    async with open_app(Settings(data=folder), lambda: START) as app:
        library = app.live.served.library
        popular = await Member(app, MEMBERS).picks()
        for number in range(MEMBERS):
            member = Member(app, number)
            form = await member.quiz()
            own = await member.picks()
            best = float(np.sort(member.values)[-PICKS:].mean())
            values.append((member.value(popular), member.value(own), best))
            declined += sum(form.never[0] in library.films[film].genres for film in own)
            first.append(own[0])
    found = Outcome(*np.array(values).mean(axis=0).tolist(), declined, tuple(first))
    print(f"\n{found.way:.2f} of the way; {found}")
    return found


@pytest.mark.soak  # takes long
def test_ten_picks_are_half_way_from_popular_to_best(tmp_path: Path) -> None:
    asyncio.run(stocked(tmp_path / "matinee.sqlite3"))
    found = asyncio.run(simulate(tmp_path))
    assert found.way >= 0.5
    assert found.declined == 0
    assert len(set(found.first)) > MEMBERS / 4
