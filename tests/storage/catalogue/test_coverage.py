"""The starter catalogue has the films that people rate most in two data sets.

Nothing of the data sets is stored here. `pytest -s` prints the figures.
"""

from collections import Counter
from pathlib import Path

import pytest

from recommender.datasets.movielens import STARS, TEN_POINTS, MovieLens, read_movielens
from tests.movielens import FOLDER, needs_movielens
from tests.starter import starter

TWEETS = FOLDER.parent / "movietweetings-50k"
needs_tweets = pytest.mark.skipif(
    not (TWEETS / "movies.dat").is_file(), reason=f"no MovieTweetings data in {TWEETS}"
)


def coverage(data: MovieLens, most: int) -> tuple[float, float]:
    """Returns the share of the `most` most rated films that the catalogue has, and the share of all
    ratings that are of films that it has.
    """
    given = Counter(data.film.tolist())
    have = starter().matches(data)
    ranked = sorted(given, key=lambda film: (-given[film], film))[:most]
    of_ratings = sum(given[film] for film in have) / given.total()
    return sum(film in have for film in ranked) / most, of_ratings


def shown(folder: Path, scale: int, most: int) -> tuple[float, float]:
    """Returns the shares of a data set, and prints them."""
    found = coverage(read_movielens(folder, scale), most)
    print(
        f"{folder.name}: {found[0]:.1%} of the {most} most rated films, {found[1]:.1%} of ratings"
    )
    return found


@needs_movielens
def test_the_most_rated_films_of_movielens_are_there() -> None:
    films, ratings = shown(FOLDER, STARS, 1_000)
    assert films >= 0.85
    assert ratings >= 0.7
    assert shown(FOLDER, STARS, 300)[0] >= 0.97


@needs_tweets
def test_the_films_of_recent_years_that_people_rate_are_there() -> None:
    """A catalogue of 3,687 films had 43 of 100."""
    films, _ = shown(TWEETS, TEN_POINTS, 500)
    assert films >= 0.43 + 0.25
