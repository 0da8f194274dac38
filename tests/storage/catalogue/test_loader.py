"""The loader accepts good lists and refuses bad ones with file, line and what to do."""

import csv
import io
from importlib import resources

import pytest

from storage.catalogue.csv_rows import FILM_COLUMNS, TAG_COLUMNS
from storage.catalogue.csv_table import MAX_BYTES
from storage.catalogue.loader import load_catalogue
from storage.catalogue.titles import fold
from storage.errors import CatalogueError
from tests.starter import starter_catalogue

TAG_LINES = [
    "slug,facet,name,definition,synonyms",
    "warm,mood,warm,Kind at heart.,cosy|gentle",
    "bleak,mood,bleak,Sees little hope.,",
    "quest,theme,a quest,A long way to a goal.,journey",
]
TAGS = "\n".join(TAG_LINES) + "\n"
FILM = {
    "title": "Alpha",
    "original_title": "Älpha",
    "aliases": "Alfa|First Letter",
    "year": "1999",
    "runtime": "101",
    "countries": "FR|DE",
    "languages": "fr|yue",
    "directors": "Ann One|Bob Two",
    "cast": "Cid Three",
    "genres": "Drama|Science Fiction",
    "audience": "teens",
    "adult": "",
    "tags": "warm:3|quest:1",
    "imdb": "tt0123456",
    "poster": "https://example.org/alpha.jpg",
}


def table(*rows, columns=tuple(FILM_COLUMNS)):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def files(tmp_path):
    """Write films (text, bytes or rows) and tags to files, and load them."""

    def load(films, tags=TAGS):
        films_file, tags_file = tmp_path / "mine.csv", tmp_path / "words.csv"
        for file, content in ((films_file, films), (tags_file, tags)):
            if isinstance(content, bytes):
                file.write_bytes(content)
            else:
                file.write_text(content, encoding="utf-8", newline="")
        return load_catalogue(films_file, tags_file)

    return load


def refusal(files, *args, **kwargs):
    with pytest.raises(CatalogueError) as caught:
        files(*args, **kwargs)
    return caught.value


def test_a_film_is_read_whole(files):
    (film,) = files(table(FILM)).films
    assert film.key == "alpha-1999"
    assert (film.title, film.original_title, film.year, film.runtime) == (
        "Alpha",
        "Älpha",
        1999,
        101,
    )
    assert film.aliases == ("Alfa", "First Letter")
    assert film.countries == ("FR", "DE")
    assert film.languages == ("fr", "yue")
    assert film.directors == ("Ann One", "Bob Two")
    assert film.cast == ("Cid Three",)
    assert film.genres == ("Drama", "Science Fiction")
    assert (film.audience, film.adult) == ("teens", False)
    assert film.tags == (("warm", 3), ("quest", 1))
    assert (film.imdb, film.poster) == ("tt0123456", "https://example.org/alpha.jpg")
    assert film.line == 2


def test_a_tag_is_read_whole(files):
    tags = files(table(FILM)).tags
    assert [tag.slug for tag in tags] == ["warm", "bleak", "quest"]
    assert tags[0].synonyms == ("cosy", "gentle")
    assert tags[1].synonyms == ()
    assert (tags[2].facet, tags[2].name) == ("theme", "a quest")


def test_an_operators_list_may_leave_columns_out(files):
    columns = ("title", "year", "genres", "tags")
    row = {"title": "Alpha", "year": "1999", "genres": "", "tags": ""}
    (film,) = files(table(row, columns=columns)).films
    assert (film.runtime, film.audience, film.countries, film.tags) == (None, None, (), ())


def test_windows_line_ends_a_byte_order_mark_and_blank_lines_do_no_harm(files):
    text = "\r\n".join(table(FILM, FILM | {"title": "Beta"}).splitlines()) + "\r\n\r\n"
    catalogue = files(b"\xef\xbb\xbf" + text.encode())
    assert [film.key for film in catalogue.films] == ["alpha-1999", "beta-1999"]
    assert [film.line for film in catalogue.films] == [2, 3]


def test_adult_content_is_flagged(files):
    assert files(table(FILM | {"adult": "yes"})).films[0].adult is True


def test_a_whole_last_line_without_an_end_is_read(files):
    assert len(files(table(FILM).rstrip("\n")).films) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "title-empty"),
        ({"year": ""}, "no-year"),
        ({"year": "1887"}, "cell-no-whole-number (column=year"),
        ({"year": "2101"}, "cell-no-whole-number (column=year"),
        ({"year": "nineteen"}, "cell-no-whole-number"),
        ({"year": "١٩٩٩"}, "cell-no-whole-number"),
        ({"year": "9" * 5000}, "cell-no-whole-number"),
        ({"runtime": "0"}, "column=runtime"),
        ({"runtime": "98.5"}, "cell-no-whole-number"),
        ({"genres": "Dramma"}, "genre-unknown (genre=Dramma, near=Drama)"),
        ({"genres": "Drama|Crime|War|Music"}, "many-genres (count=4, most=3)"),
        ({"genres": "Drama|Drama"}, "value-twice"),
        ({"cast": "a|b|c|d|e|f"}, "long-cast (count=6, most=5)"),
        ({"audience": "kids"}, "unknown-audience (audience=kids, choices=everyone; teens; adults)"),
        ({"adult": "no"}, "no-adult-flag"),
        ({"countries": "France"}, "cell-no-code (column=countries, given=France, written=FR)"),
        ({"countries": "fr"}, "example=FR|JP"),
        ({"languages": "FR"}, "example=fr|ja"),
        ({"directors": "Ann One||Bob Two"}, "empty-value"),
        ({"tags": "warn:3"}, "tag-not-listed (tag=warn, file=words.csv, near=warm)"),
        ({"tags": "warm"}, "no-weight"),
        ({"tags": "warm:4"}, "weight=4"),
        ({"tags": "warm:0"}, "weight=0"),
        ({"tags": "warm:1|warm:2"}, "tag-given-twice"),
        ({"imdb": "0123456"}, "no-imdb-id"),
        ({"poster": "http://example.org/a.jpg"}, "no-poster-address"),
        ({"title": "=1+1"}, "cell-formula"),
        ({"title": "+Alpha"}, "cell-formula"),
        ({"original_title": "-Alpha"}, "cell-formula"),
        ({"cast": "@Cid"}, "cell-formula"),
        ({"title": "Al\tpha"}, "cell-control-character"),
        ({"title": "Al\npha"}, "cell-over-line"),
    ],
)
def test_a_bad_cell_is_named_by_file_and_line(files, change, words):
    error = refusal(files, table(FILM | {"title": "Beta"}, FILM | change))
    assert (error.file, error.line) == ("mine.csv", 3)
    assert words in str(error)


def test_one_film_stands_once(files):
    error = refusal(files, table(FILM, FILM | {"title": "The Alpha", "runtime": "90"}))
    assert error.line == 3
    assert "film-listed-before" in str(error.problem)
    assert "line=2" in str(error.problem)


def test_films_of_one_title_and_year_are_told_apart_by_director_in_any_order(files):
    one, two = FILM | {"directors": "Zoë Ash"}, FILM | {"directors": "Ann One"}
    there = {film.directors: film.key for film in files(table(one, two)).films}
    back = {film.directors: film.key for film in files(table(two, one)).films}
    assert there == back
    assert there == {("Zoë Ash",): "alpha-1999-zoe-ash", ("Ann One",): "alpha-1999-ann-one"}


def test_a_key_that_would_be_given_twice_is_refused(files):
    error = refusal(
        files,
        table(
            FILM | {"title": "Alpha 1999", "directors": "Cid"},
            FILM | {"directors": "1999"},
            FILM | {"directors": "Ann"},
        ),
    )
    assert error.line == 3
    assert "films-alike" in str(error.problem)


def test_titles_in_other_alphabets_have_stable_ascii_keys(files):
    rows = [FILM | {"title": title} for title in ("羅生門", "生きる", "Ночь 2", "Утро 2", "!!!")]
    keys = [film.key for film in files(table(*rows)).films]
    assert keys == [film.key for film in files(table(*rows)).films]
    assert len(set(keys)) == len(keys)
    assert all(key.isascii() for key in keys)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "list-empty"),
        ("title,year,tags\nAlpha,1999,\n", 1, "heading-lacks-column (column=genres"),
        ("title;year;genres;tags\n", 1, "separator=semicolons"),
        ("title,year,genres,tags,mood\n", 1, "heading-unknown-column (column=mood"),
        ("title,year,genres,tags,tags\n", 1, "heading-column-twice"),
        ("title,year,genres,tags\nAlpha,1999\nBeta,1999,,\n", 2, "cells-differ (have=2, need=4)"),
        ("title,year,genres,tags\nGood, Bad,1999,,\n", 2, "cells-differ"),
        ("title,year,genres,tags\nAlpha,1999,,\nBet", 3, "last-line-torn"),
        ('title,year,genres,tags\nAlpha,1999,,\n"Bet', 3, "line-no-csv"),
        ('title,year,genres,tags\n"Alpha,1999,,\nBeta,1999,,\n', 2, "line-no-csv"),
        ('title,year,genres,tags\n"Al"pha,1999,,\n', 2, "line-no-csv"),
        ("title,year,genres,tags\nAlpha,1999,,\n" + "x" * 200_000 + ",1999,,\n", 3, "line-no-csv"),
    ],
)
def test_a_broken_file_is_refused(files, text, line, words):
    error = refusal(files, text)
    assert (error.file, error.line) == ("mine.csv", line)
    assert words in str(error.problem)


def test_another_encoding_is_refused_with_its_line(files):
    error = refusal(files, table(FILM, FILM | {"title": "Bêta"}).encode("latin-1", "replace"))
    assert (error.file, error.line) == ("mine.csv", 2)
    assert error.problem.key == "list-not-utf8"
    assert refusal(files, table(FILM).encode("utf-16")).problem.key == "list-not-utf8"


def test_a_zero_byte_is_refused(files):
    error = refusal(files, table(FILM).encode() + b"\x00")
    assert error.line == 3
    assert error.problem.key == "list-zero-byte"


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(CatalogueError, match=r"line=1, problem=list-too-large .megabytes=20"):
        load_catalogue(large)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(CatalogueError, match=r"file=none\.csv, problem=list-missing"):
        load_catalogue(tmp_path / "none.csv")
    with pytest.raises(CatalogueError, match="list-unreadable"):
        load_catalogue(tmp_path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("warm,mood,warmth,Again.,", "tag-listed-before"),
        ("Warm One,mood,warm one,Kind.,", "no-slug"),
        ("kind,feeling,kind,Kind.,", "no-facet"),
        ("kind,mood,,Kind.,", "tag-lacks-column (tag=kind, column=name)"),
        ("kind,mood,kind,,", "tag-lacks-column (tag=kind, column=definition)"),
        ("kind,mood,kind,Kind.,Cosy", "word-taken (word=cosy, tag=warm"),
        ("kind,mood,Bleak,Kind.,", "word-taken (word=bleak, tag=bleak"),
        ("kind,mood,kind,Kind.", "last-line-torn"),
    ],
)
def test_a_bad_tag_is_named_by_file_and_line(files, line, words):
    end = "" if words == "last-line-torn" else "\n"
    error = refusal(files, table(FILM), "\n".join([*TAG_LINES, line]) + end)
    assert (error.file, error.line) == ("words.csv", 5)
    assert words in str(error.problem)


def test_the_columns_are_those_of_the_starter_catalogue():
    for name, columns in (("films.csv", FILM_COLUMNS), ("tags.csv", TAG_COLUMNS)):
        text = (resources.files("storage.catalogue") / name).read_text(encoding="utf-8")
        assert text.splitlines()[0].split(",") == list(columns)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("slasher", "slasher"),
        ("cyberpunk", "cyberpunk"),
        ("steampunk", "steampunk"),
        ("folk horror", "folk-horror"),
        ("giallo", "giallo"),
        ("kaiju", "kaiju"),
        ("true crime", "true-crime"),
        ("body swap", "body-swap"),
        ("blaxploitation", "blaxploitation"),
        ("found footage", "found-footage"),
        ("heist", "heist"),
        ("isekai", "portal-fantasy"),
        ("wuxia", "wuxia"),
        ("screwball", "screwball"),
        ("mockumentary", "mockumentary"),
        ("spaghetti western", "spaghetti-western"),
        ("haunted house", "haunted-house"),
        ("exorcism", "possession"),
        ("time loop", "time-loop"),
        ("mecha", "mecha"),
        ("self-harm", "self-harm"),
        ("ukraine", "ukraine"),
        ("georgia", "caucasus"),
        ("taiwan", "taiwan"),
        ("pakistan", "south-asia"),
        ("holland", "low-countries"),
    ],
)
def test_words_that_people_type_lead_to_a_tag(typed, slug):
    words = {
        fold(word): tag.slug
        for tag in starter_catalogue().tags
        for word in (tag.slug, tag.name, *tag.synonyms)
    }
    assert words[fold(typed)] == slug
    assert sum(slug in dict(film.tags) for film in starter_catalogue().films) >= 2


def test_headings_of_spreadsheets_are_read(files):
    found = files("Title,YEAR,Genres,tags,,\nAlpha,1999,Drama,warm:3,,\n").films
    assert [(film.title, film.year) for film in found] == [("Alpha", 1999)]
    with pytest.raises(CatalogueError, match=r"cells-differ .have=5, need=4"):
        files("title,year,genres,tags,\nAlpha,1999,Drama,warm:3,more\n")


@pytest.mark.parametrize(
    ("heading", "cause"),
    [
        ("title;year;genres;tags", "separator=semicolons"),
        ("title\tyear\tgenres\ttags", "separator=tabs"),
        ("Date,Name,Year,Letterboxd URI,Rating", "export=Letterboxd"),
        ("Const,Your Rating,Date Rated,Title,URL,Title Type", "export=IMDb"),
        ("rated_at,type,title,year,trakt_rating,trakt_id", "export=Trakt"),
        ("TMDb ID,IMDb ID,Type,Name,Release Date,Your Rating", "export=TMDB"),
        ("Title,Date", "export=Netflix"),
        ("movieId,title,genres", "list-is-movielens"),
        ('[{"rated_at": "2024"}]', "list-is-json"),
    ],
)
def test_a_file_of_another_kind_is_named(files, heading, cause):
    with pytest.raises(CatalogueError, match="line=1") as refused:
        files(f"{heading}\na,b,c,d\n")
    assert cause in str(refused.value)


@pytest.mark.parametrize(
    ("cells", "next_step"),
    [
        ({"genres": "Sci-Fi"}, "written=Science Fiction"),
        ({"genres": "sf"}, "written=Science Fiction"),
        ({"genres": "Action, Crime"}, "written=Action|Crime"),
        ({"genres": "Drama/War"}, "written=Drama|War"),
        ({"genres": "comdy"}, "near=Comedy"),
        ({"languages": "Korean"}, "written=ko"),
        ({"countries": "South Korea"}, "written=KR"),
        (
            {"countries": "Narnia"},
            "cell-not-like-a-code (column=countries, given=Narnia, example=FR|JP)",
        ),
    ],
)
def test_names_as_people_type_them_are_answered_with_what_to_write(files, cells, next_step):
    with pytest.raises(CatalogueError) as refused:
        files(table(FILM | cells))
    assert next_step in str(refused.value)
