"""The time of a search among 100,000 films with aliases, for what people type.

`pytest -m benchmark_run -s tests/benchmarks/test_search.py` prints it: processor time of one
thread, and how often the film that people mean is found. The films are the starter catalogue and
made-up ones, whose titles have the words of its titles. The inputs are those of
`tests/bot/services/catalogue/typed.csv`, and titles with typos.
"""

import random
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bot.errors import Sorry
from bot.services.catalogue.index import TextIndex
from bot.services.catalogue.library import Library
from storage.catalogue.titles import bare_title
from tests.bot.services.catalogue.slips import mistyped
from tests.bot.services.catalogue.test_typed import INPUTS
from tests.starter import starter_library

pytestmark = pytest.mark.benchmark_run
FILMS, MISTYPED, SEED = 100_000, 300, 3


def made_library(rng: random.Random) -> Library:
    """Returns a library of 100,000 films. Every second made-up film has an alias."""
    films = dict(starter_library().films)
    known = list(films.values())
    words = [word for film in known for word in film.title.split()]
    for film_id in range(len(films) + 1, FILMS + 1):
        titles = [" ".join(rng.choices(words, k=rng.randint(1, 5))) for _ in range(2)]
        films[film_id] = replace(
            rng.choice(known),
            id=film_id,
            key=f"made-{film_id}",
            title=titles[0],
            original_title=None,
            aliases=tuple(titles[1 : 1 + film_id % 2]),
        )
    return Library(films, {}, {film_id: 1.0 / film_id for film_id in films})


def test_search_among_a_hundred_thousand_films() -> None:
    rng = random.Random(SEED)
    library = made_library(rng)
    prepared = timed_ms(library.prepare)
    again = Library(library.films, {}, library.fame)
    quick = timed_ms(again.prepare)
    small = timed_ms(Library(starter_library().films, {}, {}).prepare)
    print(f"\nprepared in {prepared:.0f} ms, with known keys {quick:.0f} ms", end="")
    print(f"; the starter catalogue in {small:.0f} ms")
    print(accuracy("the starter catalogue", starter_library()))
    print(accuracy(f"{FILMS:,} films", library))
    index = TextIndex(library.titles.tables.bare_index.texts)
    tracemalloc.start()
    built = timed_ms(index.prepare)
    kept = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    print(f"index of {len(index.texts):,} texts: {kept:.1f} MiB, {built:.0f} ms while traced")
    typed = [each.text for each in INPUTS]
    films = rng.sample(list(library.films.values()), MISTYPED)
    slips = [mistyped(film.title, rng) for film in films if any(map(str.isalpha, film.title))]
    short = sorted({text[:size] for text in typed for size in (1, 2, 3)})
    for name, texts in (("typed", typed), ("with a typo", slips), ("begun", short)):
        for work in (library.choices, library.find):
            took = [timed_ms(lambda text=text, work=work: tried(work, text)) for text in texts]
            p50, p99 = np.percentile(took, (50, 99))
            print(f"{name}, {work.__name__}: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def accuracy(name: str, library: Library) -> str:
    """Returns how often the film that people mean is found, and which other film is taken for it.

    A film with exactly the typed title or alias is not another film.
    """
    first = among = meant = 0
    others = []
    for typed in INPUTS:
        found = [library.film(film) for film in library.titles.suggest(typed.text, 5)]
        places = [(film.title, film.year) for film in found]
        meant += typed.film is not None
        first += typed.film is not None and typed.film in places[:1]
        among += typed.film is not None and typed.film in places
        try:
            film = library.find(typed.text)
        except Sorry:
            continue
        own = {bare_title(each) for each in (film.title, *film.aliases)}
        if (film.title, film.year) != typed.film and bare_title(typed.text) not in own:
            others.append(f"{typed.text}: {film.title}")
    return (
        f"{name}: first {first} of {meant} ({first / meant:.1%}), among five {among} "
        f"({among / meant:.1%}), taken for another: {', '.join(others) or 'none'}"
    )


def tried(work: Callable[[str], object], text: str) -> None:
    """Searches for a text; it is no matter whether it fits one film."""
    try:
        work(text)
    except Sorry:
        return


def timed_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return 1000 * (time.process_time() - begun)
