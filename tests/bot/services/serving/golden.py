"""Makes pairs (loved films -> pick, reason) from the starter catalogue, always the same ones.

`python -m tests.bot.services.serving.golden` prints them as CSV, to be judged by hand. The verdicts
are kept in `golden_reasons.csv`.
"""

import csv
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np

from bot.services.catalogue.arrays import Facts, query
from bot.services.notes import Note
from bot.services.serving.live_model import Served, serve
from bot.services.serving.reasons import reason
from bot.wording.errors.said import said
from recommender.data import Pick
from recommender.pipeline.recommend import explain_one, recommend
from recommender.pipeline.recommender import Config
from recommender.training import fit
from tests.starter import starter

PAIRS = 120
FILMS_LOVED = (3, 5, 8)
TELLING = ("theme", "style", "setting", "mood")
MIN_FILMS = 15  # of a tag that a person's taste is made of


@dataclass(frozen=True)
class Pair:
    """One pick with its reason, for a person who loved some films.

    Attributes:
        stars: film id -> stars.
        pick: the film and the parts of its score.
        why: the reason, as a key and data.
    """

    stars: dict[int, float]
    pick: Pick
    why: Note

    @property
    def reason(self) -> str:
        """The reason as the person reads it."""
        return said(self.why)


@cache
def served() -> Served:
    """Returns the model that a new installation serves."""
    read, now = starter(), datetime(2026, 3, 10, tzinfo=UTC)
    return serve(fit.fit(read.world, None, Config(), seed=1, now=now), read.films, read.tags)


def name(film_id: int) -> str:
    return served().library.name(film_id)


@cache
def films_of(tag: int) -> np.ndarray:
    """Returns the rows of the films that a tag describes."""
    return np.flatnonzero(served().model.catalogue.tags[:, [tag]].toarray().reshape(-1) >= 2)


@cache
def telling_tags() -> list[int]:
    """Returns the tags that a person's taste may be made of."""
    return [
        tag
        for tag, facet in enumerate(served().model.catalogue.tag_facets)
        if facet in TELLING and len(films_of(tag)) >= MIN_FILMS
    ]


def person(rng: np.random.Generator) -> dict[int, float]:
    """Returns the ratings of a person of one taste, of two, or of well-known films of any kind.

    A taste is a tag. Half of the people dislike one well-known film.
    """
    world = served().model.catalogue
    fame = np.exp(1.2 * served().model.ranking.reach)
    fame[world.adult] = 0
    kind = rng.choice(["one", "two", "any"], p=[0.6, 0.25, 0.15])
    count = int(rng.choice(FILMS_LOVED))
    chosen = rng.choice(telling_tags(), 2 if kind == "two" else 1, replace=False)
    pools = [films_of(int(tag)) for tag in chosen] if kind != "any" else [np.arange(len(world))]
    loved: list[int] = []
    for at in range(count):
        pool = np.setdiff1d(pools[at % len(pools)], loved)
        loved.append(int(rng.choice(pool, p=fame[pool] / fame[pool].sum())))
    ratings = {
        film: float(rng.choice([3.5, 4.0, 4.5, 5.0], p=[0.1, 0.2, 0.3, 0.4])) for film in loved
    }
    if rng.random() < 0.5:
        rest = np.setdiff1d(np.arange(len(world)), loved)
        ratings[int(rng.choice(rest, p=fame[rest] / fame[rest].sum()))] = 1.5
    ids = world.films.ids_array
    return {int(ids[film]): stars for film, stars in ratings.items()}


def explained(stars: dict[int, float], film: int) -> Pair:
    """Returns one film, given by its row, with its reason for a person."""
    model = served().model
    pick = explain_one(model, query(model.catalogue, Facts(ratings=stars)), film)
    return Pair(stars, pick, reason(served(), pick, stars))


def pairs(seed: int = 0, count: int = PAIRS) -> list[Pair]:
    """Returns the pairs of a seed: for each person one film of the five on their card."""
    model, found = served().model, []
    for at in range(count):
        rng = np.random.default_rng([seed, at])
        stars = person(rng)
        picks = recommend(model, query(model.catalogue, Facts(ratings=stars)), 5).picks
        found.append(explained(stars, picks[int(rng.integers(5))].film))
    return found


def loved_text(stars: dict[int, float]) -> str:
    """Returns a person's ratings as text, such as "Alien (1979) 5; Heat (1995) 1.5"."""
    return "; ".join(f"{name(film)} {given:g}" for film, given in stars.items())


if __name__ == "__main__":
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["loved", "pick", "reason", "verdict"])
    for one in pairs(int(sys.argv[1]) if len(sys.argv) > 1 else 0):
        pick_id = int(served().model.catalogue.films.ids([one.pick.film])[0])
        table.writerow([loved_text(one.stars), name(pick_id), one.reason, ""])
