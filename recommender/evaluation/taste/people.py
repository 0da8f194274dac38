"""The simulated people of the taste test, which measures how models serve narrow tastes.

Each person loves a few films of one taste, such as Korean films. Half of them also liked one or two
famous films outside it and disliked one. Their films are drawn from the films with tags, in the
order of film ids. The people are therefore the same for every model and in a catalogue with more
films without tags.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recommender.data import Catalogue, Query
from recommender.evaluation.taste.tastes import NarrowTaste, taste_films
from recommender.models.popularity import praise_units
from recommender.numeric.arrays import Bools, Floats, Ints

LOVED_COUNTS = (3, 5, 8)
PEOPLE_OF_A_TASTE = 60
FAMOUS_FILMS = 40  # of the best-known films outside a taste, mixed people rated some
LOVED_STARS = (3.5, 4.0, 4.5, 5.0)
LIKED_STARS, DISLIKED_STARS = (4.0, 4.5), (1.0, 2.0)
LOVED_OF_EACH = 4  # films of each taste that a person of two tastes loves
PEOPLE_OF_TWO = 4  # people for each pair of neighbouring tastes


@dataclass(frozen=True, eq=False)
class TastePerson:
    """A simulated person of the taste test, who loves films of one narrow taste or two.

    Attributes:
        tastes: the position of each of their tastes (one or two) in the list of all tastes.
        loved: the number of films that they loved of each of their tastes.
        mixed: True if they also rated famous films outside the taste.
        films: (n,) ids of the films that they rated.
        stars: (n,) stars.
    """

    tastes: tuple[int, ...]
    loved: int
    mixed: bool
    films: Ints
    stars: Floats

    def query(self, catalogue: Catalogue) -> Query:
        """Returns the person's request for films, with their ratings.

        The catalogue must have all films that they rated.
        """
        return Query(films=catalogue.films.rows(self.films), stars=self.stars)


def famous_films(catalogue: Catalogue, among: Bools, count: int = FAMOUS_FILMS) -> Ints:
    """Returns the rows of the most famous films, the most famous first.

    Fame is measured by the tags that praise a film. among: (films,) True for the films to choose
    from. count: number of films.
    """
    fame = np.where(among, praise_units(catalogue), -1.0)
    order = np.lexsort((catalogue.films.ids_array, -fame))
    return order[:count][fame[order[:count]] > 0]


def people_of(
    catalogue: Catalogue,
    tastes: Sequence[NarrowTaste],
    seed: int,
    each: int = PEOPLE_OF_A_TASTE,
    of_two: int = PEOPLE_OF_TWO,
) -> tuple[TastePerson, ...]:
    """Returns simulated people for all tastes that have enough films in the catalogue.

    Each taste has equally many people for each number of loved films in `LOVED_COUNTS`. Half of
    these people also rated famous films outside the taste. If two tastes that follow each other in
    the list both have enough films, there are also people of both tastes. All rated films have
    tags.

    Args:
        catalogue: the films.
        tastes: all tastes.
        seed: seed of the draws.
        each: number of people of a taste. A smaller number gives the first of the same people.
        of_two: number of people for each pair of tastes.
    """
    tagged = np.diff(catalogue.tags.indptr) > 0
    tagged &= ~catalogue.adult
    members = [taste_films(taste, catalogue).members & tagged for taste in tastes]
    enough = [at for at, films in enumerate(members) if films.sum() >= 2 * max(LOVED_COUNTS)]
    people: list[TastePerson] = []
    for at in enough:
        rng = np.random.default_rng((seed, at))
        famous = famous_films(catalogue, tagged & ~members[at])
        own = _by_id(catalogue, members[at])
        for number in range(each):
            loved = LOVED_COUNTS[number // 2 % len(LOVED_COUNTS)]
            mixed = number % 2 == 1
            films = rng.choice(own, loved, replace=False)
            stars = rng.choice(LOVED_STARS, loved)
            if mixed and len(famous):
                count = min(2 + number % 4 // 2, len(famous))
                outside = rng.choice(famous, count, replace=False)
                films = np.concatenate([films, outside])
                others = rng.choice(LIKED_STARS, len(outside))
                others[-1:] = rng.choice(DISLIKED_STARS)
                stars = np.concatenate([stars, others])
            people.append(TastePerson((at,), loved, mixed, catalogue.films.ids(films), stars))
    for one, other in pairwise(enough):
        rng = np.random.default_rng((seed, one, other))
        apart = [
            _by_id(catalogue, members[a] & ~members[b]) for a, b in ((one, other), (other, one))
        ]
        if min(map(len, apart)) < 2 * LOVED_OF_EACH:
            continue
        for _ in range(of_two):
            films = np.concatenate([rng.choice(own, LOVED_OF_EACH, replace=False) for own in apart])
            stars = rng.choice(LOVED_STARS, len(films))
            people.append(
                TastePerson((one, other), LOVED_OF_EACH, False, catalogue.films.ids(films), stars)
            )
    return tuple(people)


def _by_id(catalogue: Catalogue, among: Bools) -> Ints:
    """Returns the rows of some films, in ascending order of the films' ids.

    among: (films,) True for the films to return.
    """
    order = catalogue.films.by_id
    return order[among[order]]
