"""Every film of the starter catalogue is found by what people type, and by nothing else."""

import random
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.errors import Sorry
from bot.services.catalogue.library import Library
from storage.catalogue.films import Film
from storage.catalogue.titles import normalise_title
from tests.bot.services.catalogue.slips import mistyped
from tests.starter import starter_library

SEQUELS = (
    "Iron Man 2", "Iron Man 3", "Rocky V", "Rocky II", "Jaws 2", "Jaws 3-D", "Toy Story 5",
    "The Godfather Part III", "Shrek the Third", "Gremlins 2", "Predator 2", "Predators",
    "RoboCop 3", "Saw II", "Ocean's Twelve", "Ocean's Thirteen", "Ghostbusters II",
    "Back to the Future Part IV", "Die Hard 4", "Scream 4", "Scream VI", "Halloween II",
    "Kill Bill: Vol. 3", "Alien 4", "Men in Black II", "Men in Black 3", "The Hangover Part II",
    "Kung Fu Panda 4", "Despicable Me 2", "Finding Nemo 2", "Inside Out 3", "Deadpool 2",
    "Gladiator II", "Lethal Weapon 2", "Mission: Impossible III", "Spider-Man 3", "Blade II",
    "Jurassic Park III", "Superman III", "Home Alone 2", "Paddington 3", "The Conjuring 2",
    "It Chapter Two", "John Wick 5", "Zoolander 2", "Dumb and Dumber To", "T2 Trainspotting",
    "28 Days Later 2", "Trainspotting (2017)", "Halloween (2007)", "iron man2", "Rocky 5",
)  # fmt: skip
"""Films whose forerunners the starter catalogue has. It has some of them too."""


@pytest.fixture(scope="module")
def library() -> Library:
    """Returns the starter catalogue, whose films are equally famous."""
    return starter_library()


def test_every_film_is_found_by_its_title_without_a_question(library: Library) -> None:
    same = Counter(normalise_title(film.title) for film in library.films.values())
    dated = Counter((normalise_title(film.title), film.year) for film in library.films.values())
    for film in library.films.values():
        if dated[normalise_title(film.title), film.year] == 1:
            assert library.find(f"{film.title} ({film.year})") is film
        if same[normalise_title(film.title)] == 1:
            assert library.find(film.title) is film
            assert library.find(film.title.lower()) is film
            assert library.find(_without_accents(film.title)) is film


def test_every_film_is_found_by_its_other_titles(library: Library) -> None:
    bearers = Counter(
        key for film in library.films.values() for key in {*map(normalise_title, _titles(film))}
    )
    for film in library.films.values():
        for title in _titles(film):
            if bearers[normalise_title(title)] == 1:
                assert library.find(title) is film


def test_the_film_that_a_title_means_is_suggested_first(library: Library) -> None:
    """The title "Heat" is one film's own, and that of *The Heat* without its article."""
    for film in library.films.values():
        if (meant := _meant(library, film.title)) is not None:
            assert library.titles.suggest(film.title, 3)[0] == meant, film.title


def test_a_title_with_a_typo_is_among_the_first_three(library: Library) -> None:
    rng = random.Random(7)
    films = [film for film in library.films.values() if sum(map(str.isalpha, film.title)) > 1]
    found = sum(
        film.id in library.titles.suggest(mistyped(film.title, rng), 3)
        for film in rng.sample(films, 400)
    )
    assert found >= 0.98 * 400


@pytest.fixture(scope="module")
def forerunners(library: Library) -> Library:
    """Returns the starter catalogue without the films of `SEQUELS`."""
    gone = {_joined(sequel) for sequel in SEQUELS}
    kept = {
        at: film
        for at, film in library.films.items()
        if gone.isdisjoint({*map(_joined, _titles(film)), _joined(f"{film.title} ({film.year})")})
    }
    return Library(kept, {}, {})


@pytest.mark.parametrize("sequel", SEQUELS)
def test_a_sequel_that_is_not_there_is_no_other_film(forerunners: Library, sequel: str) -> None:
    with pytest.raises(Sorry, match=r"^unknown-title-near"):
        forerunners.find(sequel)


def test_no_film_is_taken_for_another_once_it_is_gone(library: Library) -> None:
    """A quarter of the films is taken out, and some of them are asked for by title and year."""
    gone = random.Random(1).sample(list(library.films.values()), len(library.films) // 4)
    ids = {film.id for film in gone}
    rest = Library({at: film for at, film in library.films.items() if at not in ids}, {}, {})
    for film in gone[:250]:
        key = normalise_title(film.title)
        try:
            other = rest.find(f"{film.title} ({film.year})")
        except Sorry:
            continue
        assert key in map(normalise_title, _titles(other)), (film.title, other.title)


def _meant(library: Library, typed: str) -> int | None:
    """Returns the id of the film that a typed title means; None if several films have it."""
    try:
        return library.titles.meant(typed)
    except Sorry:
        return None


def _titles(film: Film) -> Iterator[str]:
    yield from (title for title in (film.title, film.original_title, *film.aliases) if title)


def _joined(title: str) -> str:
    return normalise_title(title).replace(" ", "")


def _without_accents(title: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFD", title) if not unicodedata.combining(sign)
    )
