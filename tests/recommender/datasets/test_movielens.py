"""MovieLens folders of every layout, whole and damaged, and the corpus file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import interactions
from recommender.datasets.corpus import read_corpus, write_corpus
from recommender.datasets.movielens import background_ratings, read_movielens
from recommender.datasets.movielens_films import parse_title
from recommender.errors import DatasetError

MOVIES = (
    "movieId,title,genres\n"
    '7,"Long Road, The (1999)",Drama|War\n'
    '8,"City, The (Ville, La) (a.k.a. Town) (1995)",Comedy|Drama\n'
    "9,No Year,(no genres listed)\n"
)
RATINGS = (
    "userId,movieId,rating,timestamp\n1,7,4.0,900000001\n1,8,0.5,900000002\n2,7,5.0,900000003\n"
)
TAGS = (
    "userId,movieId,tag,timestamp\n"
    "1,7,Slow,1\n2,7,slow ,2\n1,7,slow,3\n1,7,War  story,4\n1,8,funny,5\n"
)
LINKS = "movieId,imdbId,tmdbId\n7,0123456,42\n8,99,\n"


@pytest.fixture
def csv_folder(tmp_path: Path) -> Path:
    for name, text in {
        "movies.csv": MOVIES,
        "ratings.csv": RATINGS,
        "tags.csv": TAGS,
        "links.csv": LINKS,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_csv_layout(csv_folder: Path) -> None:
    data = read_movielens(csv_folder)
    first, second, third = data.films
    assert (first.id, first.title, first.year) == (7, "The Long Road", 1999)
    assert first.genres == ("Drama", "War")
    assert first.tags == (("slow", 2), ("war story", 1))
    assert (first.imdb, first.tmdb) == ("tt0123456", "42")
    assert (second.title, second.aliases, second.year) == ("The City", ("La Ville", "Town"), 1995)
    assert (second.imdb, second.tmdb) == ("tt0000099", None)
    assert (third.title, third.year, third.genres) == ("No Year", None, ())
    assert data.person.tolist() == [1, 1, 2]
    assert data.film.tolist() == [7, 8, 7]
    assert data.stars.tolist() == [4.0, 0.5, 5.0]
    assert data.when.tolist() == [900000001, 900000002, 900000003]


def test_tags_links_and_times_may_be_missing(csv_folder: Path) -> None:
    (csv_folder / "tags.csv").unlink()
    (csv_folder / "links.csv").unlink()
    (csv_folder / "ratings.csv").write_text("movieId,userId,rating\r\n7,1,4\r\n8,2,3\r\n")
    data = read_movielens(csv_folder)
    assert data.films[0].tags == ()
    assert data.film.tolist() == [7, 8]
    assert np.isnan(data.when).all()


def test_a_last_line_without_an_end_is_fine_if_whole(csv_folder: Path) -> None:
    (csv_folder / "ratings.csv").write_text(RATINGS.rstrip("\n"))
    assert len(read_movielens(csv_folder).stars) == 3


def test_ml_1m_layout(tmp_path: Path) -> None:
    (tmp_path / "movies.dat").write_text(
        "1::Étude, L' (1960)::Drama\n2::Men: A Tale (1970)::Children's|Sci-Fi\n",
        encoding="latin-1",
    )
    (tmp_path / "ratings.dat").write_text("1::2::5::978300760\n2::1::3::978300761\n")
    data = read_movielens(tmp_path)
    assert data.films[0].title == "L'Étude"
    assert data.films[1].title == "Men: A Tale"
    assert data.films[1].genres == ("Children's", "Sci-Fi")
    assert data.film.tolist() == [2, 1]
    assert data.when[0] == 978300760


TEN_POINTS = "1::0133093::10::1365029107\n1::0816692::0::1365029108\n2::0133093::7::1365029109\n"


@pytest.fixture
def tweets(tmp_path: Path) -> Path:
    """A folder like MovieTweetings: numbers of IMDb as ids, UTF-8, ratings from 1 to 10."""
    text = "0133093::The Matrix (1999)::Action|Sci-Fi\n0816692::Zürich (2014)::\n"
    (tmp_path / "movies.dat").write_text(text, encoding="utf-8")
    (tmp_path / "ratings.dat").write_text(TEN_POINTS)
    return tmp_path


def test_ten_points_are_halved_and_a_zero_is_no_rating(tweets: Path) -> None:
    data = read_movielens(tweets, 10)
    assert data.stars.tolist() == [5.0, 3.5]
    assert data.person.tolist() == [1, 2]
    assert data.film.tolist() == [133093, 133093]
    assert data.when.tolist() == [1365029107, 1365029109]
    assert [film.title for film in data.films] == ["The Matrix", "Zürich"]
    assert [film.imdb for film in data.films] == ["tt0133093", "tt0816692"]


def test_ten_points_are_read_in_every_layout(csv_folder: Path) -> None:
    (csv_folder / "ratings.csv").write_text("userId,movieId,rating\n1,7,9\n1,8,0\n2,8,1\n")
    data = read_movielens(csv_folder, 10)
    assert data.stars.tolist() == [4.5, 0.5]
    assert np.isnan(data.when).all()


def test_ten_points_without_the_scale_say_what_to_add(tweets: Path) -> None:
    with pytest.raises(DatasetError, match=r"line=1, problem=stars-or-points .given=10,"):
        read_movielens(tweets)
    (tweets / "ratings.dat").write_text("1::0133093::0::1365029107\n")
    with pytest.raises(DatasetError, match=r"line=1, problem=stars-or-points .given=0,"):
        read_movielens(tweets)


@pytest.mark.parametrize("value", ["11", "-1", "0.5", "nan"])
def test_values_outside_ten_points_are_errors(tweets: Path, value: str) -> None:
    (tweets / "ratings.dat").write_text(TEN_POINTS + f"2::0816692::{value}::1365029110\n")
    with pytest.raises(DatasetError, match=f"line=4, .*points-out-of-range .given={value},"):
        read_movielens(tweets, 10)


def test_there_are_two_scales(tweets: Path) -> None:
    with pytest.raises(DatasetError, match=r"unknown-scale .scale=7"):
        read_movielens(tweets, 7)


def test_ml_100k_layout(tmp_path: Path) -> None:
    (tmp_path / "u.genre").write_text("unknown|0\nAction|1\nDrama|2\n\n")
    (tmp_path / "u.item").write_text(
        "1|Café Day (1995)|01-Jan-1995||http://x|0|0|1\n2|unknown||||1|0|0\n", encoding="latin-1"
    )
    (tmp_path / "u.data").write_text("5\t1\t3\t881250949\n6\t2\t1\t881250950\n")
    data = read_movielens(tmp_path)
    assert data.films[0].title == "Café Day"
    assert data.films[0].genres == ("Drama",)
    assert data.films[1].genres == ()
    assert data.person.tolist() == [5, 6]


@pytest.mark.parametrize(
    ("name", "text", "key", "data"),
    [
        ("ratings.csv", RATINGS + "2,8,3.5", "columns-torn", {"have": 3, "need": 4}),
        ("ratings.csv", RATINGS + "2,8,3.5,9000", "ratings-cut-off", {}),
        ("ratings.csv", RATINGS + "2,8,3.5,", "no-number", {"given": ""}),
        ("ratings.csv", RATINGS + "2,8,eleven,5\n", "no-number", {"given": "eleven"}),
        ("ratings.csv", RATINGS + "2,8,11,900000000\n", "stars-out-of-range", {"given": "11"}),
        ("ratings.csv", RATINGS + "2,8,-1,900000000\n", "stars-out-of-range", {"given": "-1"}),
        ("ratings.csv", RATINGS + "2,8,nan,900000000\n", "stars-out-of-range", {"given": "nan"}),
        (
            "ratings.csv",
            RATINGS + "x,8,3,900000000\n",
            "no-whole-number",
            {"given": "x"},
        ),
        ("ratings.csv", "userId,movieId\n1,7\n", "ratings-column-missing", {"column": "rating"}),
        ("movies.csv", MOVIES + "10,Torn", "line-torn", {"have": 2, "need": 3}),
        ("movies.csv", MOVIES + "10,Torn (1990),Com", "films-cut-off", {}),
        ("movies.csv", MOVIES + "ten,Word (1990),War\n", "no-whole-number", {"given": "ten"}),
        ("movies.csv", MOVIES + "7,Again (1990),War\n", "film-twice", {"id": "7"}),
        ("movies.csv", MOVIES + '10,"Open (1990),War\n', "csv-damaged", {"line": "5"}),
        ("movies.csv", "id,name\n1,x\n", "heading-column-missing", {"column": "movieId"}),
        ("tags.csv", TAGS + "1,7", "line-torn", {"have": 2, "need": 4}),
        ("links.csv", LINKS + "9,1", "line-torn", {"have": 2, "need": 3}),
    ],
)
def test_errors_name_file_and_line(
    csv_folder: Path, name: str, text: str, key: str, data: dict[str, object]
) -> None:
    (csv_folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_movielens(csv_folder)
    error = caught.value
    lines = text.splitlines()
    if (inner := error.data.get("problem")) is not None:
        assert (error.data["file"], error.data["line"]) == (name, str(len(lines)))
        error = inner
    elif "line" in error.data:
        assert error.data["line"] == str(len(lines))
    assert error.key == key
    assert data.items() <= error.data.items()


def test_missing_files_and_folders_are_errors(csv_folder: Path) -> None:
    (csv_folder / "movies.csv").unlink()
    with pytest.raises(DatasetError, match=r"movielens-file-missing .file=movies.csv"):
        read_movielens(csv_folder)
    (csv_folder / "ratings.csv").unlink()
    with pytest.raises(DatasetError, match="no-ratings-file"):
        read_movielens(csv_folder)
    with pytest.raises(DatasetError, match="no-movielens-folder"):
        read_movielens(csv_folder / "elsewhere")


def test_text_in_utf16_is_an_error(csv_folder: Path) -> None:
    for name in ("movies.csv", "ratings.csv"):
        path = csv_folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-16")
        with pytest.raises(DatasetError, match=f"utf16 .file={name}"):
            read_movielens(csv_folder)
        path.write_text(text, encoding="utf-8")


def test_no_ratings_are_no_error(csv_folder: Path) -> None:
    (csv_folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n")
    assert len(read_movielens(csv_folder).stars) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Matrix, The (1999)", ("The Matrix", 1999, ())),
        ("Alone  (1999) ", ("Alone", 1999, ())),
        ("Walk, A", ("A Walk", None, ())),
        ("Night (Nuit, La) (1961)", ("Night", 1961, ("La Nuit",))),
        ("Show (2006–2007)", ("Show", 2006, ())),
        ("(500) Days (2009)", ("(500) Days", 2009, ())),
        ("Me, Myself, and I", ("Me, Myself, and I", None, ())),
        ("2001 (1968)", ("2001", 1968, ())),
        ("", ("", None, ())),
    ],
)
def test_titles(text: str, expected: tuple) -> None:
    assert parse_title(text) == expected


@given(st.text(max_size=40))
def test_any_title_parses(text: str) -> None:
    title, year, aliases = parse_title(text)
    assert isinstance(title, str)
    assert year is None or 0 <= year <= 9999
    assert all(aliases)


def test_background_people_never_share_an_id_with_members(csv_folder: Path) -> None:
    data = read_movielens(csv_folder)
    corpus = background_ratings(data, {7: 501})
    assert corpus.people.ids(corpus.person).tolist() == [-1, -2]
    assert corpus.films.ids(corpus.film).tolist() == [501, 501]
    assert len(background_ratings(data, {})) == 0
    assert (background_ratings(data, {7: 1}, offset=1000).people.ids_array < -1000).all()


def test_the_corpus_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.npz", tmp_path / "sub" / "b.npz"
    some = interactions([-1, -2, -1], [5, 4, 4], [3, 4, 5], [1, np.nan, 3])
    turned = interactions([-1, -2, -1], [4, 4, 5], [5, 4, 3], [3, np.nan, 1])
    write_corpus(first, some)
    write_corpus(second, turned)
    assert first.read_bytes() == second.read_bytes()
    back = read_corpus(first)
    assert np.array_equal(back.utility_matrix().toarray(), some.utility_matrix().toarray())
    assert [path.name for path in second.parent.iterdir()] == ["b.npz"]


def test_a_corpus_that_is_missing_is_empty_and_a_damaged_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus.npz"
    assert len(read_corpus(path)) == 0
    write_corpus(path, interactions([-1], [5], [3]))
    whole = path.read_bytes()
    for damaged in (b"", b"nonsense", whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(DatasetError, match="corpus-damaged"):
            read_corpus(path)
    np.savez(path, format=np.array([9]))
    with pytest.raises(DatasetError, match=r"corpus-format .*found=9"):
        read_corpus(path)
    with pytest.raises(DatasetError, match="corpus-not-written"):
        write_corpus(path / "below", interactions([-1], [5], [3]))
