"""Rows for a person: personal, varied, without a film twice, each with its reason."""

import numpy as np

from recommender.data import Query
from recommender.models.tags import fit_tags
from recommender.shelves.rows import RowConfig, rows_for_person
from tests.starter import starter


def titled(*titles: str) -> np.ndarray:
    world = starter().world
    return np.array([world.titles.index(title) for title in titles])


def rows_of(query: Query, **more):
    home = starter()
    scores = np.nan_to_num(fit_tags(home.world).score(query))
    allowed = np.ones(len(home.films), bool)
    allowed[query.films] = False
    return rows_for_person(
        scores, home.shelves(), query, allowed, tag_names=home.world.tag_names, **more
    )


HORROR = ("The Exorcist", "Halloween", "Hereditary", "Suspiria")


def test_no_film_twice_and_no_rated_one() -> None:
    films = titled(*HORROR)
    rows = rows_of(Query(films=films, stars=np.full(4, 5.0)), config=RowConfig(rows=12))
    shown = [film for row in rows for film in row.films]
    assert len(rows) == 12
    assert len(shown) == len(set(shown))
    assert not set(shown) & set(films.tolist())
    assert all(3 <= len(row.films) <= 5 for row in rows)


def test_the_reason_names_what_was_loved_on_that_very_shelf() -> None:
    films = titled(*HORROR)
    shelves = starter().shelves().shelves
    for row in rows_of(Query(films=films, stars=np.full(4, 5.0))):
        assert row.why in ("loved", "everybody")
        if row.why == "loved":
            assert set(row.because) <= set(films.tolist()) & set(shelves[row.shelf].films)
    disliked = rows_of(Query(films=films, stars=np.full(4, 1.0)))
    assert all(row.why == "everybody" for row in disliked)


def test_the_quizs_tags_are_a_reason() -> None:
    names = starter().world.tag_names
    rows = rows_of(Query(liked_tags=[names.index("eerie"), names.index("ghosts")]))
    assert any(row.why == "chosen" for row in rows)


def test_rows_are_varied_and_another_taste_sees_other_rows() -> None:
    shelves = starter().shelves().shelves
    fear = rows_of(Query(films=titled(*HORROR), stars=np.full(4, 5.0)))
    words = [word.key for row in fear for word in shelves[row.shelf].words]
    assert len(set(words)) >= len(words) - 2
    quiet = titled("Tokyo Story", "A Separation", "Ida", "Amour")
    other = rows_of(Query(films=quiet, stars=np.full(4, 5.0)))
    assert not {row.shelf for row in fear} & {row.shelf for row in other}


def test_affinity_moves_a_shelf_up() -> None:
    shelves = starter().shelves()
    query = Query(films=titled("Alien"), stars=np.array([5.0]))
    plain = [row.shelf for row in rows_of(query, config=RowConfig(rows=3))]
    usual = np.full(len(shelves), 0.05)
    drawn = usual.copy()
    wanted = next(
        at for at, shelf in enumerate(shelves.shelves) if at not in plain and len(shelf.films) >= 8
    )
    drawn[wanted] += 0.5
    moved = rows_of(query, affinity=drawn, usual=usual, config=RowConfig(rows=3))
    assert wanted == moved[0].shelf
    assert moved[0].why in ("people", "loved")


def test_without_allowed_films_there_are_no_rows() -> None:
    home = starter()
    nothing = np.zeros(len(home.films), bool)
    assert rows_for_person(np.zeros(len(home.films)), home.shelves(), Query(), nothing) == ()
