"""The simulated people of a growing server: what they love, what they rate, and their requests.

Each person has one narrow taste of the taste test (`recommender.evaluation.taste`), such as Korean
films. They love its films, with noise. Of other films they like famous ones fairly well and dislike
many. When they join they rate a few films that they know. Later they request films on some days and
rate some of those that they are shown. On other days they rate a famous film that they saw
elsewhere. A few films that they would love are held out: they are never shown, and a model is
judged by whether it would recommend them.
"""

from dataclasses import dataclass, field

import numpy as np

from recommender.data import Catalogue, Query
from recommender.errors import DataError
from recommender.evaluation.taste.people import famous_films
from recommender.evaluation.taste.tastes import NarrowTaste, taste_films, tastes
from recommender.models.popularity import praise_units
from recommender.numeric.arrays import Array64, Bools, Ints, Rows
from recommender.pipeline.recommend import recommended_films
from recommender.pipeline.recommender import Recommender

TASTES = (
    *("Korean films", "anime", "French-language films", "Spanish-language films"),
    *("horror", "musicals", "documentaries", "war films"),
    *("films of the 1940s", "heists", "quirky romantic comedies", "frightening science fiction"),
)
MIN_TASTE_FILMS = 24  # in a catalogue with fewer films of a taste, nobody has it
FIRST_OWN, FIRST_FAMOUS = 4, 2  # films of their taste, and famous ones, that a person rates at once
HELD_OUT = 8  # films of a person's taste that are never shown to them
FAMOUS = 150  # famous films that people know from elsewhere
ASKS, SEES_FAMOUS = 0.25, 0.1  # chance a day that a person asks for films, or sees a famous one
SHOWN = 5  # films of a card
KNOWS_OWN, KNOWS_FAMOUS, KNOWS_OTHER = 0.6, 0.5, 0.2  # chance that they rate a film shown to them
OWN_STARS, FAMOUS_STARS, OTHER_STARS = (4.3, 0.6), (3.5, 0.9), (2.4, 0.9)  # mean and spread
COOLDOWN_DAYS = 14  # a film shown to a person is not shown to them again for this many days


@dataclass(eq=False)
class Rater:
    """A simulated person.

    Attributes:
        number: their number, from 0.
        taste: the name of their taste.
        joined: the day on which they joined, from 0.
        own: (films,) True for the films of their taste.
        stars: (films,) the stars that they would give to each film.
        held_out: rows of the films that are never shown to them.
        rated: for the row of each rated film, the time at which they rated it, in days from the
            first day.
        shown: for the row of each film shown, the day on which it was last shown to them.
        random: their random generator.
    """

    number: int
    taste: str
    joined: int
    own: Bools
    stars: Array64
    held_out: Rows
    random: np.random.Generator
    rated: dict[int, float] = field(default_factory=dict)
    shown: dict[int, int] = field(default_factory=dict)

    def query(self, day: int, held_out: bool = False) -> Query:
        """Returns the person's request for films on a day, in the form in which the bot makes it.

        held_out: True if the held-out films, and films that were shown lately, may be recommended
        too.
        """
        films = np.array(list(self.rated), np.int64)
        lately = [film for film, at in self.shown.items() if day - at < COOLDOWN_DAYS]
        excluded = [] if held_out else [*lately, *self.held_out.tolist()]
        return Query(
            films=films, stars=self.stars[films], excluded=np.array(sorted(excluded), np.int64)
        )

    def live(self, model: Recommender, day: int, famous: Ints) -> None:
        """Simulates one day of the person's life: they rate recommended films, or a famous film.

        model: the model in use, which recommends the films. day: number of the day. famous: rows of
        the famous films that people see elsewhere.
        """
        if self.random.random() < ASKS:
            chance = np.where(self.own, KNOWS_OWN, KNOWS_OTHER)
            chance[famous] = np.maximum(chance[famous], KNOWS_FAMOUS)
            for film in recommended_films(model, self.query(day), SHOWN).tolist():
                self.shown[film] = day
                if self.random.random() < chance[film]:
                    self.rate(film, day)
        if self.random.random() < SEES_FAMOUS:
            left = np.setdiff1d(famous, [*self.rated, *self.held_out.tolist()])
            if len(left):
                self.rate(int(self.random.choice(left)), day)

    def rate(self, film: int, day: int) -> None:
        """Records a rating of a film at a random time of a day, unless the person rated it before.

        film: row of the film. day: number of the day.
        """
        self.rated.setdefault(film, day + float(self.random.random()))


def known_tastes(catalogue: Catalogue) -> tuple[NarrowTaste, ...]:
    """Returns the narrow tastes of `TASTES` to which enough films of the catalogue belong.

    Raises DataError if there is no such taste.
    """
    found = tuple(
        taste
        for taste in tastes()
        if taste.name in TASTES and _members(taste, catalogue).sum() >= MIN_TASTE_FILMS
    )
    if not found:
        raise DataError("tastes-too-small")
    return found


def known_from_elsewhere(catalogue: Catalogue) -> Ints:
    """Returns the rows of the famous films that people see without the bot's recommendation."""
    return famous_films(catalogue, ~catalogue.adult, FAMOUS)


def everybody(catalogue: Catalogue, first: int, each: int, days: int, seed: int) -> list[Rater]:
    """Returns the simulated people who join within some days, with their first ratings.

    Tastes are given out in turn. The person with a given number is the same for any number of days.

    catalogue: the films. first: how many join on the first day. each: how many join on each later
    day. days: number of days. seed: seed of all random choices.
    """
    among, famous = known_tastes(catalogue), known_from_elsewhere(catalogue)
    fame = np.exp(praise_units(catalogue))
    raters = []
    for number in range(first + each * (days - 1)):
        rng = np.random.default_rng((seed, number))
        taste = among[number % len(among)]
        own = _members(taste, catalogue)
        means = np.full(len(catalogue), OTHER_STARS[0])
        spreads = np.full(len(catalogue), OTHER_STARS[1])
        means[famous], spreads[famous] = FAMOUS_STARS
        means[own], spreads[own] = OWN_STARS
        stars = np.clip(np.round(rng.normal(means, spreads) * 2) / 2, 0.5, 5.0)
        films = np.flatnonzero(own)
        odds = fame[films] / fame[films].sum()
        drawn = rng.choice(films, FIRST_OWN + HELD_OUT, replace=False, p=odds)
        joined = 0 if number < first else 1 + (number - first) // each
        person = Rater(number, taste.name, joined, own, stars, np.sort(drawn[FIRST_OWN:]), rng)
        others = np.setdiff1d(famous, person.held_out)
        for film in [*drawn[:FIRST_OWN], *rng.choice(others, FIRST_FAMOUS, replace=False)]:
            person.rate(int(film), joined)
        raters.append(person)
    return raters


def _members(taste: NarrowTaste, catalogue: Catalogue) -> Bools:
    """Returns (films,) True for the films of a taste, except adult films."""
    return taste_films(taste, catalogue).members & ~catalogue.adult
