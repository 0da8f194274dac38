"""Lists and data sets are merged into the catalogue once, and a film never changes its id."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from storage.catalogue import films
from storage.catalogue.films import ExternalFilm, MergeCount
from storage.catalogue.matching import Named, match, spellings
from storage.database.engine import Database
from storage.schema import external_ids
from tests.storage.samples import NOW, VOCABULARY, Row, changes, later

ROWS = (
    Row("amelie-2001", "Amélie", 2001, aliases=("Amelie Poulain",), tags=(("warm", 3),)),
    Row(
        "rififi-1955", "Rififi", 1955, "Du rififi chez les hommes", tags=(("heist", 3), ("warm", 1))
    ),
    Row("matrix-1999", "The Matrix", 1999, imdb="0133093", runtime=None),
)


def external(number: int, title: str, year: int | None, **more: object) -> ExternalFilm:
    return ExternalFilm("movielens", str(number), title, year, **more)  # type: ignore[arg-type]


async def merged(db: Database, *rows: Row, minutes: float = 0) -> MergeCount:
    async with db.write() as conn:
        return await films.merge(conn, rows, source="starter", now=later(minutes), tags=VOCABULARY)


async def merged_external(db: Database, *rows: ExternalFilm) -> films.ExternalMerge:
    async with db.write() as conn:
        return await films.merge_external(conn, rows, NOW)


async def catalogue(db: Database) -> dict[str, films.Film]:
    async with db.read() as conn:
        return {film.title: film for film in await films.all_films(conn)}


AWKWARD = ('say "so", she said', "comma, [bracket]", "back\\slash", "Ōsaka", "null")


@pytest.mark.parametrize("count", [0, 1, 2, 5])
async def test_films_have_the_lists_and_tags_that_were_stored(db: Database, count: int) -> None:
    slugs = [f"tag-{at}" for at in range(6)]
    vocabulary = [films.Tag(slug, "theme", slug, slug, ()) for slug in slugs]
    rows = [
        Row(
            f"film-{at}",
            f"Film {at}",
            aliases=AWKWARD[:at],
            cast=AWKWARD[at:],
            genres=AWKWARD[at : at + 2],
            tags=tuple((slug, 1 + (at + place) % 3) for place, slug in enumerate(slugs[at:])),
        )
        for at in range(count)
    ]
    async with db.write() as conn:
        await films.merge(conn, rows, source="starter", now=NOW, tags=vocabulary)
    found = await catalogue(db)
    assert len(found) == count
    for row in rows:
        film = found[row.title]
        assert (film.aliases, film.cast, film.genres) == (row.aliases, row.cast, row.genres)
        assert film.tags == tuple(sorted(row.tags, key=lambda tag: (-tag[1], tag[0])))


async def test_a_list_is_kept_whole(db: Database) -> None:
    assert await merged(db, *ROWS) == MergeCount(3, 0, 0)
    found = await catalogue(db)
    rififi = found["Rififi"]
    assert rififi == films.Film(
        id=rififi.id,
        key="rififi-1955",
        title="Rififi",
        original_title="Du rififi chez les hommes",
        aliases=(),
        year=1955,
        runtime=100,
        countries=("FR",),
        languages=("fr",),
        directors=("Somebody",),
        cast=(),
        genres=("Drama",),
        audience="everyone",
        adult=False,
        poster=None,
        source="starter",
        added_at=NOW,
        retired_at=None,
        tags=(("heist", 3), ("warm", 1)),
    )
    async with db.read() as conn:
        assert await films.all_tags(conn) == tuple(sorted(VOCABULARY, key=lambda tag: tag.slug))
        assert await films.get(conn, rififi.id) == rififi
        assert await films.get(conn, 12_345) is None
        assert await films.imdb_id(conn, 12_345) is None


async def test_the_same_list_again_writes_nothing(db: Database) -> None:
    await merged(db, *ROWS)
    async with db.write() as conn:
        before = await changes(conn)
        again = await films.merge(conn, ROWS, source="starter", now=later(9), tags=VOCABULARY)
        after = await changes(conn)
    assert (again, after - before) == (MergeCount(0, 0, 3), 0)


@pytest.mark.parametrize(
    "change",
    [
        {"runtime": 122},
        {"genres": ("Comedy",)},
        {"adult": True},
        {"tags": (("warm", 2),)},
        {"tags": ()},
        {"poster": "https://example.org/a.jpg"},
    ],
)
async def test_a_changed_line_changes_its_film_only(
    db: Database, change: dict[str, object]
) -> None:
    await merged(db, *ROWS)
    before = await catalogue(db)
    assert await merged(db, replace(ROWS[0], **change), *ROWS[1:], minutes=5) == MergeCount(0, 1, 2)
    after = await catalogue(db)
    assert after == before | {"Amélie": replace(before["Amélie"], **change)}


async def test_a_changed_word_and_a_new_external_id_are_taken_in(db: Database) -> None:
    await merged(db, *ROWS)
    async with db.write() as conn:
        word = replace(VOCABULARY[0], definition="kind to the viewer")
        await films.merge(
            conn, [replace(ROWS[0], imdb="0211915")], source="starter", now=NOW, tags=[word]
        )
        assert word in await films.all_tags(conn)
        known = (await conn.execute(select(external_ids.c.external_id))).scalars().all()
    assert sorted(known) == ["0133093", "0211915"]


async def test_an_unknown_tag_keeps_the_whole_list_out(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await merged(db, ROWS[0], replace(ROWS[1], tags=(("no-such-tag", 1),)))
    assert await catalogue(db) == {}


async def test_a_data_set_is_matched_and_the_rest_added(db: Database) -> None:
    await merged(db, *ROWS)
    before = await catalogue(db)
    result = await merged_external(
        db,
        external(1, "Amelie", 2002),
        external(2, "Something Else", 1955, genres=("War",), tags=(("heist", 2),), tmdb="77"),
        external(3, "Rififi (Du rififi chez les hommes)", 1955, imdb="0048021"),
        external(4, "Matrix, The", 2003, imdb="0133093"),
        external(5, "Rififi", None),
    )
    assert result.count == MergeCount(added=2, changed=3, unchanged=0)
    after = await catalogue(db)
    assert result.film_ids["1"] == before["Amélie"].id
    assert result.film_ids["3"] == before["Rififi"].id
    assert result.film_ids["4"] == before["The Matrix"].id
    async with db.read() as conn:
        ours = [film for film in await films.all_films(conn) if film.source == "starter"]
    assert ours == list(before.values())  # our own facts do not change
    added = after["Something Else"]
    assert (added.key, added.source, added.genres, added.tags, added.runtime) == (
        "movielens:2",
        "movielens",
        ("War",),
        (("heist", 2),),
        None,
    )
    assert result.film_ids["5"] not in {film.id for film in before.values()}


async def test_a_data_set_again_changes_nothing(db: Database) -> None:
    await merged(db, *ROWS)
    rows = [
        external(1, "Amelie", 2001, imdb="0211915", tmdb="194"),
        external(2, "New", 1960, genres=("War",), tags=(("warm", 1),), imdb="9", tmdb="9"),
        external(
            3, "No Year", None, tmdb="9"
        ),  # two films of the data set share an id of another one
    ]
    first = await merged_external(db, *rows)
    async with db.write() as conn:
        before = await changes(conn)
        again = await films.merge_external(conn, rows, later(5))
        after = await changes(conn)
    assert again.film_ids == first.film_ids
    assert len(set(again.film_ids.values())) == 3
    assert (again.count, after - before) == (MergeCount(0, 0, 3), 0)
    changed = await merged_external(
        db, rows[0], replace(rows[1], genres=("Drama",), tags=()), rows[2]
    )
    assert changed.count == MergeCount(0, 1, 2)
    assert (await catalogue(db))["New"].tags == ()


async def test_two_ids_of_a_data_set_are_two_films(db: Database) -> None:
    await merged(db, *ROWS)
    result = await merged_external(db, external(1, "Rififi", 1955), external(2, "Rififi", 1955))
    assert result.count == MergeCount(1, 1, 0)
    assert len(set(result.film_ids.values())) == 2


async def test_rows_of_two_data_sets_or_one_id_twice_are_refused(db: Database) -> None:
    one = external(1, "A", 1990)
    for rows in ((one, replace(one, external_source="other")), (one, one)):
        with pytest.raises(ValueError, match="data set"):
            await merged_external(db, *rows)
    assert (await merged_external(db)).count == MergeCount(0, 0, 0)


async def test_a_list_takes_over_a_film_known_from_a_data_set(db: Database) -> None:
    imported = await merged_external(db, external(7, "Rififi", 1954), external(8, "Other", 1955))
    assert await merged(db, *ROWS) == MergeCount(2, 1, 0)
    found = await catalogue(db)
    assert found["Rififi"].id == imported.film_ids["7"]
    assert (found["Rififi"].source, found["Rififi"].year) == ("starter", 1955)
    assert await merged(db, *ROWS) == MergeCount(0, 0, 3)
    again = await merged_external(db, external(7, "Rififi", 1954), external(8, "Other", 1955))
    assert (again.count, again.film_ids) == (MergeCount(0, 0, 2), imported.film_ids)


async def test_another_lists_key_is_left_to_it(db: Database) -> None:
    await merged(db, *ROWS)
    before = await catalogue(db)
    async with db.write() as conn:
        mine = [replace(ROWS[0], title="Mine"), Row("own-2020", "Own", 2020)]
        assert await films.merge(conn, mine, source="own list", now=NOW) == MergeCount(1, 0, 1)
    after = await catalogue(db)
    assert set(after) == set(before) | {"Own"}


async def test_ten_thousand_films_are_merged_in_one_go(db: Database) -> None:
    rows = [external(at, f"Film {at}", 1950 + at % 70, tags=()) for at in range(10_000)]
    assert (await merged_external(db, *rows)).count.added == 10_000
    assert (await merged_external(db, *rows)).count.unchanged == 10_000
    async with db.read() as conn:
        links = (await conn.execute(select(func.count()).select_from(external_ids))).scalar_one()
    assert links == 10_000


def test_the_same_year_goes_before_the_next() -> None:
    wanted = [Named(1, ("Hamlet",), 1991), Named(2, ("Hamlet",), 1990)]
    ours = [Named(10, ("Hamlet",), 1990), Named(20, ("Gamlet", "Hamlet"), 1964)]
    assert match(wanted, ours) == {2: 10}


def test_a_year_apart_only_where_one_film_fits() -> None:
    ours = [Named(10, ("Emma",), 1995), Named(20, ("Emma",), 1997)]
    assert match([Named(1, ("Emma",), 1996)], ours) == {}
    assert match([Named(1, ("Emma",), 1996)], ours[:1]) == {1: 10}
    assert match([Named(1, ("Emma",), None)], ours[:1]) == {}


def test_spellings() -> None:
    assert spellings("Seven (a.k.a. Se7en)") == ("Seven (a.k.a. Se7en)", "Seven", "Se7en")
    assert spellings("Heat") == ("Heat",)


titled = st.lists(
    st.tuples(
        st.sampled_from(["A Film", "Film", "Other", "Third (Film)", "?"]), st.integers(1990, 1993)
    ),
    max_size=8,
)


@given(wanted=titled, ours=titled)
def test_matching_is_one_to_one_and_never_further_than_a_year(
    wanted: list[tuple[str, int]], ours: list[tuple[str, int]]
) -> None:
    left = [Named(at, spellings(title), year) for at, (title, year) in enumerate(wanted)]
    right = [Named(at, spellings(title), year) for at, (title, year) in enumerate(ours)]
    found = match(left, right)
    assert len(set(found.values())) == len(found)
    assert all(abs(wanted[at][1] - ours[film][1]) <= 1 for at, film in found.items())
    exact = {(title, year) for title, year in wanted} & {(title, year) for title, year in ours}
    assert len(found) >= len({year for title, year in exact if title == "Other"})


def test_a_gap_or_the_name_of_a_series_keeps_no_film_apart() -> None:
    ours = [
        Named(1, ("Oldboy",), 2003), Named(2, ("Oldboy",), 2013),
        Named(3, ("Return of the Jedi",), 1983), Named(4, ("The Movie",), 1983),
    ]  # fmt: skip
    theirs = [
        Named(10, ("Old Boy",), 2003),
        Named(20, ("Star Wars: Episode VI - Return of the Jedi",), 1983),
        Named(30, ("Something: The Movie",), 1983),
        Named(40, ("Old Boy",), 2012),
    ]
    assert match(theirs, ours) == {10: 1, 20: 3}


def test_films_with_different_ids_at_imdb_never_match() -> None:
    ours = [Named(1, ("The Bubble",), 2006, "tt0476643"), Named(2, ("Ran",), 1985)]
    assert match([Named(10, ("Bubble",), 2005, "tt0454792")], ours) == {}
    assert match([Named(10, ("Ran",), 1985, "tt0089881")], ours) == {10: 2}


async def test_other_titles_of_a_data_set_are_kept_and_matched(db: Database) -> None:
    await merged(db, *ROWS)
    result = await merged_external(
        db,
        external(1, "Of Riffs", 1955, aliases=("Du rififi chez les hommes",)),
        external(2, "New", 1960, aliases=("Nouveau",)),
    )
    found = await catalogue(db)
    assert result.film_ids["1"] == found["Rififi"].id
    assert found["New"].aliases == ("Nouveau",)


async def test_a_data_set_again_marks_a_film_adult(db: Database) -> None:
    """An earlier version stored the film without the mark, and kept it so."""
    row = external(1, "Shown", 1990)
    await merged_external(db, row)
    again = await merged_external(db, replace(row, adult=True))
    assert again.count == MergeCount(0, 1, 0)
    assert (await catalogue(db))["Shown"].adult


async def test_a_film_whose_id_at_imdb_differs_stays_a_film_of_its_own(db: Database) -> None:
    """A list may have a mistyped id; the data set is then imported twice like once."""
    await merged(db, *ROWS)
    known = external(1, "Amélie", 2001, imdb="0211915")
    other = external(7, "Amélie", 2002, imdb="77")
    first = await merged_external(db, known, other)
    assert len(set(first.film_ids.values())) == 2
    for _ in range(2):
        again = await merged_external(db, known, other)
        assert (again.film_ids, again.count) == (first.film_ids, MergeCount(0, 0, 2))
