"""What people type finds the film they mean, and a film that is not there is no other film.

The inputs in `typed.csv` were written before the search was tried on them. A film that is not in
the catalogue has no title there.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.errors import Sorry
from bot.services.catalogue.index import TextIndex
from bot.services.catalogue.numerals import with_digits
from bot.services.catalogue.search import MAX_CHOICES, MIN_TYPO_SCORE, TitleSearch
from storage.catalogue.titles import bare_title
from tests.bot.services.catalogue.slips import mistyped
from tests.starter import starter_library

MIN_FIRST, MIN_AMONG_FIVE = 0.95, 0.99
COMPARED, MIN_SAME, SEED = 200, 0.99, 11


@dataclass(frozen=True)
class Typed:
    """A text that people type.

    Attributes:
        text: the text.
        film: title and year of the film they mean; None for a film that is not in the catalogue.
    """

    text: str
    film: tuple[str, int] | None


def typed_inputs() -> list[Typed]:
    with Path(__file__).with_name("typed.csv").open(encoding="utf-8", newline="") as file:
        return [
            Typed(row["typed"], (row["title"], int(row["year"])) if row["title"] else None)
            for row in csv.DictReader(file)
        ]


INPUTS = typed_inputs()


def test_what_people_type_comes_first_or_among_five() -> None:
    library = starter_library()
    places = {}
    for typed in INPUTS:
        if typed.film is not None:
            found = [library.film(at) for at in library.titles.suggest(typed.text, 5)]
            names = [(film.title, film.year) for film in found]
            places[typed.text] = names.index(typed.film) if typed.film in names else None
    first = sum(place == 0 for place in places.values())
    among = sum(place is not None for place in places.values())
    late = {text: place for text, place in places.items() if place != 0}
    assert len(INPUTS) == 150
    assert first >= MIN_FIRST * len(places), late
    assert among >= MIN_AMONG_FIVE * len(places), late


def test_no_film_is_taken_for_another() -> None:
    """A text is understood as the film meant, as one of exactly this title, or not at all."""
    library = starter_library()
    taken = {}
    for typed in INPUTS:
        try:
            film = library.find(typed.text)
        except Sorry:
            continue
        exact = bare_title(film.title) == bare_title(typed.text)
        if (film.title, film.year) != typed.film and not exact:
            taken[typed.text] = film.title
    assert taken == {}


def test_the_index_leaves_out_nothing_that_a_comparison_with_all_titles_finds() -> None:
    """The first film is the same, save where only the index lets the film meant come first."""
    library = starter_library()
    rng = random.Random(SEED)
    other = {}
    for film in rng.sample(list(library.films.values()), COMPARED):
        text = film.title
        for _ in range(rng.choice((1, 2))):
            text = mistyped(text, rng) if any(map(str.isalpha, text)) else text
        expected = next(_slow(library.titles, text), None)
        found = next(iter(library.titles.suggest(text)), None)
        if found not in (expected, film.id):
            other[text] = (film.title, expected, found)
            assert expected != film.id, other
    assert len(other) <= (1 - MIN_SAME) * COMPARED, other


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("rocky four", "rocky 4"), ("rocky iv", "rocky 4"), ("rocky part iv", "rocky 4"),
        ("twenty eight days later", "28 days later"), ("four hundred blows", "400 blows"),
        ("malcolm x", "malcolm 10"), ("x", "x"), ("i robot", "i robot"), ("part two", "part 2"),
        ("ten thousand ways", "10000 ways"), ("seven", "7"), ("2001 space odyssey",) * 2,
    ],
)  # fmt: skip
def test_numbers_of_titles_are_written_in_one_way(typed: str, written: str) -> None:
    assert with_digits(typed) == written


def test_short_texts_and_other_scripts_are_found_in_the_middle_of_titles() -> None:
    index = TextIndex(("in the mood for love", "花樣年華", "año", "oz", "wizard of oz"))
    for part, numbers in (("oz", [3, 4]), ("年", [1]), ("年華", [1]), ("mood f", [0]), ("q", [])):
        assert list(index.containing(part)) == numbers
    assert index.beginning("o").tolist() == [3]
    assert set(index.within("zo", 1).tolist()) >= {3}
    assert TextIndex(()).sharing("any", 9).tolist() == []
    assert list(TextIndex(()).containing("an")) == TextIndex(()).within("a", 2).tolist() == []


def _slow(titles: TitleSearch, typed: str) -> Iterator[int]:
    """Yields the films that fit a text, the best first; the text is compared with every title."""
    bare, rank = titles.tables.bare, titles.tables.rank
    wanted = bare_title(typed)
    fits = (
        lambda key: key == wanted,
        lambda key: key.startswith(wanted),
        lambda key: len(wanted) > 2 and OSA.distance(wanted, key, score_cutoff=1) <= 1,
        lambda key: wanted in key,
    )
    for fit in fits:
        yield from sorted({film for key in bare if fit(key) for film in bare[key]}, key=rank)
    if len(wanted) > 2:
        hits = process.extract(
            wanted, list(bare), scorer=fuzz.WRatio, limit=MAX_CHOICES, score_cutoff=MIN_TYPO_SCORE
        )
        for key, _, _ in sorted(hits, key=lambda hit: -fuzz.ratio(wanted, hit[0])):
            yield from bare[key]
