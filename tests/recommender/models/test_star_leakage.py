"""Nothing about a held-out rating reaches its prediction: not its stars, not the fact that it was
given, and not what the person wrote about the film."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from recommender.data import Interactions
from recommender.datasets.folder import Folder, read_folder
from recommender.evaluation.splits import Fold, ratings_at_random
from recommender.models.item_features import ItemFeatures, item_features
from recommender.models.star_features import star_side
from recommender.models.star_fit import StarConfig, fit_stars
from recommender.models.stars import StarModel

QUICK = StarConfig(factors=3, sweeps=20, people_width=6, film_width=6)
GENRES = ("Action", "Comedy", "Drama", "Western")
WORDS = ("awful", "boring", "fine", "loved it", "masterpiece")


@dataclass(frozen=True)
class Rows:
    """The lines of a data set as tuples. Its tags say what the person thought of the film."""

    ratings: list[tuple[int, int, float, int]]
    tags: list[tuple[int, int, str]]

    def write(self, folder: Path) -> Folder:
        """Returns the data set after writing it as a MovieLens folder of CSV files and reading
        it."""
        folder.mkdir()
        films = [
            f"{film},Film {film} ({1950 + film}),{GENRES[film % 4]}|{GENRES[film % 3]}"
            for film in range(1, 41)
        ]
        (folder / "movies.csv").write_text("\n".join(["movieId,title,genres", *films]) + "\n")
        stars = [",".join(map(str, row)) for row in self.ratings]
        (folder / "ratings.csv").write_text(
            "\n".join(["userId,movieId,rating,timestamp", *stars]) + "\n"
        )
        words = [f"{person},{film},{tag},0" for person, film, tag in self.tags]
        (folder / "tags.csv").write_text("\n".join(["userId,movieId,tag,timestamp", *words]) + "\n")
        return read_folder(folder)


def rows() -> Rows:
    rng = np.random.default_rng(3)
    ratings, tags = [], []
    for person in range(1, 36):
        for film in rng.permutation(np.arange(1, 41))[: rng.integers(2, 25)]:
            stars = int(rng.integers(1, 11)) / 2
            ratings.append((person, int(film), stars, int(rng.integers(1, 10**9))))
            if rng.random() < 0.5:
                tags.append((person, int(film), WORDS[int(stars - 0.5)]))
    return Rows(ratings, tags)


def pairs(ratings: Interactions) -> list[tuple[int, int]]:
    people, films = ratings.people.ids(ratings.person), ratings.films.ids(ratings.film)
    return list(zip(people.tolist(), films.tolist(), strict=True))


def predicted(model: StarModel, ratings: Interactions, wanted: list[tuple[int, int]]) -> np.ndarray:
    people, films = np.array(wanted).T
    return model.predict(ratings.people.rows(people), ratings.films.rows(films))


def fitted(ratings: Interactions, side: ItemFeatures) -> StarModel:
    return fit_stars(ratings, QUICK, np.random.default_rng(0), side=side)


@pytest.fixture(scope="module")
def held_out_data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Folder, Fold]:
    given = rows()
    folder = given.write(tmp_path_factory.mktemp("held_out_data") / "set")
    return given, folder, next(iter(ratings_at_random(folder.ratings)))


def test_other_held_out_stars_give_the_same_predictions(
    held_out_data: tuple[Rows, Folder, Fold], tmp_path: Path
) -> None:
    given, folder, fold = held_out_data
    held = set(pairs(fold.test))
    at = [place for place, row in enumerate(given.ratings) if row[:2] in held]
    ratings = list(given.ratings)
    for place, source in zip(at, np.roll(at, 7), strict=True):
        person, film, _, when = ratings[place]
        ratings[place] = (person, film, given.ratings[source][2], 10**9 - when)
    other = replace(given, ratings=ratings).write(tmp_path / "set")
    again = next(iter(ratings_at_random(other.ratings)))
    assert pairs(again.test) == pairs(fold.test)
    assert (again.test.stars != fold.test.stars).any()
    stars = predicted(fitted(fold.train, star_side(folder.catalogue)), fold.train, pairs(fold.test))
    more = predicted(fitted(again.train, star_side(other.catalogue)), again.train, pairs(fold.test))
    assert np.array_equal(stars, more)


def test_without_the_held_out_rows_the_predictions_are_the_same(
    held_out_data: tuple[Rows, Folder, Fold], tmp_path: Path
) -> None:
    given, folder, fold = held_out_data
    held = set(pairs(fold.test))
    less = Rows(
        [row for row in given.ratings if row[:2] not in held],
        [row for row in given.tags if row[:2] not in held],
    )
    assert len(less.tags) < len(given.tags)
    other = less.write(tmp_path / "set")
    assert len(other.ratings) == len(fold.train)
    stars = predicted(fitted(fold.train, star_side(folder.catalogue)), fold.train, pairs(fold.test))
    never = fitted(other.ratings, star_side(other.catalogue))
    assert np.allclose(stars, predicted(never, other.ratings, pairs(fold.test)), atol=1e-9)
    # The check works: with people's own tags, held-out pairs do reach the model.
    leaking = predicted(fitted(fold.train, item_features(folder.catalogue)), fold.train, list(held))
    dry = predicted(
        fitted(other.ratings, item_features(other.catalogue)), other.ratings, list(held)
    )
    assert np.abs(leaking - dry).max() > 1e-3


def test_times_say_nothing(held_out_data: tuple[Rows, Folder, Fold]) -> None:
    _, folder, fold = held_out_data
    side = star_side(folder.catalogue)
    later = replace(fold.train, when=fold.train.when[::-1].copy())
    stars = predicted(fitted(fold.train, side), fold.train, pairs(fold.test))
    assert np.array_equal(stars, predicted(fitted(later, side), fold.train, pairs(fold.test)))


def test_editors_tags_are_kept(held_out_data: tuple[Rows, Folder, Fold]) -> None:
    """Only tags that people wrote are left out, and words of titles, which add nothing."""
    world = held_out_data[1].catalogue
    assert star_side(world).blocks["tags"] == 0
    curated = replace(world, tag_facets=("mood",) * len(world.tag_names))
    assert star_side(curated).blocks["tags"] == item_features(curated).blocks["tags"] > 0
    assert "words" not in star_side(curated).blocks
