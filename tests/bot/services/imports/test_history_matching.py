"""Films of histories from elsewhere are recognised, and none is taken for another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.services.imports.person.matching import FilmMatch, HistoryMatcher
from bot.settings import Settings
from storage.database.engine import reading
from storage.histories.known_films import KnownFilm, known_films
from storage.imports.history import HistoryRow
from tests.bot.conftest import Evening
from tests.bot.services.imports.elsewhere import written
from tests.movielens import FOLDER, needs_movielens


def film(number: int, title: str, year: int | None, *more: str, **ids: str) -> KnownFilm:
    """Returns a film. more: other titles. ids: by source; "by" is the director."""
    directors = (ids.pop("by"),) if "by" in ids else ()
    return KnownFilm(number, title, (title, *more), year, directors, tuple(ids.items()))


FILMS = (
    film(1, "The Glass Orchard", 1998, "Der gläserne Obstgarten", by="Ana Example", imdb="tt1"),
    film(2, "The Glass Orchard", 2011, by="Bo Example"),
    film(3, "Été perdu", 1967, "Lost Summer", by="Luc Exemple", tmdb="33", movielens="7"),
    film(4, "Rain, Then Salt", 2011),
    film(5, "Harbour Lights", 1990, by="A. B. Example"),
    film(6, "Harbour Lights", 1990, by="Cy Example"),
    film(7, "Saw", 2004),
    film(8, "Old Boy 2", 2003),
    film(9, "Twice Told", 2000),
    film(10, "Twice Told", 2001),
)


def matched(title: str, year: int | None = None, **facts: object) -> tuple[int | None, str]:
    row = HistoryRow("a.csv", 1, title, year, **facts)  # type: ignore[arg-type]
    found = HistoryMatcher(FILMS).match(row)
    return found.film_id, found.certainty


def test_a_title_in_another_country_counts_less_than_a_films_own() -> None:
    """IMDb's tables give films such titles."""
    others = (film(2, "Brand", 1995, by="Bo Example"), film(3, "Ernte", 1996))
    matcher = HistoryMatcher(
        [film(1, "Harvest", 1995), *(replace(one, more_titles=("Harvest",)) for one in others)]
    )
    for year, expected in ((1995, (1, "year")), (1996, (1, "near")), (None, (1, "likely"))):
        found = matcher.match(HistoryRow("a.csv", 1, "Harvest", year))
        assert (found.film_id, found.certainty) == expected
    told = HistoryRow("a.csv", 1, "Harvest", 1995, directors=("Bo Example",))
    assert matcher.match(told).film_id == 2
    assert matcher.match(HistoryRow("a.csv", 1, "Harvest", 1997)).film_id == 3


@pytest.mark.parametrize(
    ("title", "year", "facts", "expected"),
    [
        # by id, whatever the title says
        ("Whatever", 1900, {"imdb": "tt1"}, (1, "id")),
        ("", None, {"tmdb": 33}, (3, "id")),
        ("", None, {"movielens": 7}, (3, "id")),
        # ids of two films: the title decides, or nothing does
        ("Lost Summer", 1967, {"imdb": "tt1", "tmdb": 33}, (3, "id")),
        ("Whatever", 1967, {"imdb": "tt1", "tmdb": 33}, (None, "none")),
        # an unknown id, and a film with another one
        ("The Glass Orchard", 1998, {"imdb": "tt99"}, (None, "none")),
        ("Rain, Then Salt", 2011, {"imdb": "tt99"}, (4, "year")),
        # title and year
        ("Glass Orchard, The", 1998, {}, (1, "year")),
        ("the glass orchard", 2012, {}, (2, "near")),
        ("The Glass Orchard", 2005, {}, (None, "none")),
        ("Ete Perdu", 1967, {}, (3, "year")),
        ("Unknown", 1967, {"original_title": "Été perdu"}, (3, "year")),
        ("Der gläserne Obstgarten", 1998, {}, (1, "year")),
        ("Oldboy II", 2003, {}, (8, "year")),
        ("Oldboy II", 2004, {}, (None, "none")),
        # two films of one title and year, or as near to the year
        ("Harbour Lights", 1990, {}, (None, "none")),
        ("Harbour Lights", 1990, {"directors": ("Cy Example", "Dee")}, (6, "year")),
        ("Twice Told", 2002, {}, (10, "near")),
        ("Twice Told", 1999, {}, (9, "near")),
        # a director says that it is another film
        ("Rain, Then Salt", 2012, {"directors": ("Anybody",)}, (4, "near")),
        ("Été perdu", 1967, {"directors": ("Somebody Else",)}, (None, "none")),
        # a short title and another year, or no year: only a guess
        ("Saw", 2003, {}, (7, "likely")),
        ("Saw", 2004, {}, (7, "year")),
        ("Rain, Then Salt", None, {}, (4, "likely")),
        ("The Glass Orchard", None, {}, (None, "none")),
        ("The Glass Orchard", None, {"directors": ("Bo Example",)}, (2, "year")),
        ("Nothing Like It", 2004, {}, (None, "none")),
    ],
)
def test_a_row(
    title: str, year: int | None, facts: dict[str, object], expected: tuple[int | None, str]
) -> None:
    assert matched(title, year, **facts) == expected


def test_two_rows_of_neighbouring_years_are_two_films() -> None:
    rows = [HistoryRow("a.csv", at, "Rain, Then Salt", year) for at, year in ((1, 2011), (2, 2012))]
    found = HistoryMatcher(FILMS).match_all(rows)
    assert [one.film_id for one in found] == [4, None]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # the years on both sides of the film's
        (((2010, {}), (2012, {})), [None, None]),
        # two films of one title and year, as their ids say
        (((2011, {"letterboxd": "a"}), (2011, {"letterboxd": "b"})), [None, None]),
        (((2011, {"tmdb": 5}), (2011, {"tmdb": 6})), [None, None]),
        (((2011, {"movielens": 5}), (2011, {"imdb": "tt9"})), [4, 4]),
        # an id tells which of them it is
        (((2011, {"imdb": "tt4"}), (2011, {"imdb": "tt9"})), [4, None]),
        # the same film in two spellings
        (((2011, {}), (2011, {})), [4, 4]),
    ],
)
def test_rows_of_two_films_are_not_taken_for_one(
    rows: tuple[tuple[int, dict[str, object]], ...], expected: list[int | None]
) -> None:
    known = [
        replace(film, ids=(("imdb", "tt4"),)) if film.id == 4 and "imdb" in rows[0][1] else film
        for film in FILMS
    ]
    given = [
        HistoryRow("a.csv", at, "Rain, Then Salt", year, **facts)  # type: ignore[arg-type]
        for at, (year, facts) in enumerate(rows)
    ]
    assert [one.film_id for one in HistoryMatcher(known).match_all(given)] == expected


def without_ids(films: Sequence[KnownFilm], *sources: str) -> tuple[KnownFilm, ...]:
    return tuple(
        replace(one, ids=tuple(pair for pair in one.ids if pair[0] not in sources)) for one in films
    )


@needs_movielens
async def test_real_titles_are_recognised_and_none_is_taken_for_another(imported: Evening) -> None:
    """Also where MovieLens's films are not in the catalogue, so that most rows have no film."""
    async with reading(Settings(data=imported.folder / "data").database) as conn:
        films = await known_films(conn)
    truth = {name: one.id for one in films for source, name in one.ids if source == "movielens"}
    every = {one.id: one for one in films}
    starter = {one.id for one in films if one.directors}  # MovieLens knows no directors
    rows = list(written(FOLDER, 1000))
    hidden = without_ids(films, "movielens")
    for known, bare in ((hidden, False), (without_ids(hidden, "imdb", "tmdb"), True)):
        for some in (known, tuple(one for one in known if one.id in starter)):
            given = [replace(one.row, imdb=None) if bare else one.row for one in rows]
            found = HistoryMatcher(some).match_all(given)
            here = {one.id: one for one in some}
            tally = Counter(
                verdict(match, truth[one.movielens], here, every)
                for one, match in zip(rows, found, strict=True)
            )
            assert tally["wrong"] == 0, tally
            assert tally["right"] >= 0.97 * (tally["right"] + tally["missed"]), tally


def verdict(
    match: FilmMatch, true_id: int, here: dict[int, KnownFilm], every: dict[int, KnownFilm]
) -> str:
    """Returns "right", "wrong", "missed" or "absent".

    here: the films of the catalogue. every: these, and those that MovieLens added. A film that
    MovieLens has added a second time under another spelling counts as the same.
    """
    found = match.film_id if match.certainty != "likely" else None
    if found is None:
        return "missed" if true_id in here else "absent"
    true, taken = every[true_id], every[found]
    start = taken.title.split(":")[0].casefold()
    same = found == true_id or (
        true_id not in here and true.year == taken.year and true.title.casefold().startswith(start)
    )
    return "right" if same else "wrong"
