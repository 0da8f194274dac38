"""Exploration: compared with counts by hand on a small data set, with and without tags or times."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.datasets.exploration import explore, gini
from recommender.datasets.exploration_report import exploration_report
from recommender.datasets.folder import read_folder
from recommender.errors import DataError
from recommender.reports import plots
from recommender.reports.report import Report, Section, Table, to_html, to_markdown, write_report
from tests.bot.folders import Film, write_csv, write_dat

FILMS = [
    Film(1, "Zzyzx Lantern (1971)", ("Drama", "War")),
    Film(2, "Qwert (1983)", ("War",)),
    Film(3, "Unseen (1989)", ()),
]
MAY, JULY = 1_620_000_000, 1_625_450_000  # Monday 3 May 2021 0 h; Monday 5 July 2021 1 h, UTC
RATINGS = [(1, 1, 4.0, MAY), (1, 2, 2.0, MAY), (2, 1, 5.0, JULY), (1, 1, 3.0, JULY)]
TAGS = ((1, 1, "Slow"), (2, 1, "slow"), (1, 2, "slow"), (1, 1, "blue"))


def test_everything_is_counted(tmp_path: Path) -> None:
    found = explore(read_folder(write_csv(tmp_path / "set", FILMS, RATINGS, TAGS)))
    assert (found.people, found.films, found.rated_films, found.ratings) == (2, 3, 2, 3)
    assert (found.repeats, found.strays) == (1, 0)
    assert found.density == pytest.approx(0.5)
    assert found.stars == ((2.0, 1), (3.0, 1), (5.0, 1)), "the newer rating counts"
    assert found.mean_stars == pytest.approx(10 / 3)
    assert found.by_person.mean == 1.5
    assert (found.by_film.quantiles[0], found.by_film.quantiles[-1]) == (0, 2)
    assert found.few == 3
    assert found.head[-1] == (0.5, 1)
    assert [(band.least, band.stars) for band in found.bands] == [(1, 2), (2, 4)]
    assert found.bias == pytest.approx(1)
    war, drama = found.genres[0], found.genres[1]
    assert (war.name, war.films, war.ratings) == ("War", pytest.approx(2 / 3), 1)
    assert war.stars == pytest.approx(10 / 3)
    assert (drama.name, drama.stars) == ("Drama", 4)
    assert [tag.name for tag in found.tags] == ["slow", "blue"]
    assert (found.tag_count, found.tagged_films) == (2, 2)
    assert found.decades == (("1970s", 1), ("1980s", 2))
    assert found.months == (("2021-05", 1), ("2021-06", 0), ("2021-07", 2))
    assert found.hours == (1, 2, *[0] * 22)
    assert found.weekdays == (3, 0, 0, 0, 0, 0, 0)
    assert found.known == (("Zzyzx Lantern", 2), ("Qwert", 1))


def test_a_set_without_tags_or_times(tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "set", FILMS, RATINGS[:3])
    (folder / "tags.csv").unlink()
    text = (folder / "ratings.csv").read_text("utf-8")
    bare = "\n".join(line.rpartition(",")[0] for line in text.splitlines())
    (folder / "ratings.csv").write_text(bare + "\n", "utf-8")
    found = explore(read_folder(folder))
    assert (found.tag_count, found.tags, found.months, found.hours) == (0, (), (), ())
    titles = [section.title for section in exploration_report(found).sections]
    assert "Genres" in titles
    assert not {"Tags", "Ratings by month"} & set(titles)


def test_absurd_times_are_left_out(tmp_path: Path) -> None:
    rows = [(1, 1, 4.0, MAY), (1, 2, 4.0, 10**17), (2, 2, 4.0, -5)]
    found = explore(read_folder(write_csv(tmp_path / "set", FILMS, rows)))
    assert found.months == (("2021-05", 1),)
    assert sum(found.hours) == 1


def test_everybody_alike(tmp_path: Path) -> None:
    found = explore(read_folder(write_dat(tmp_path / "set", FILMS, [(1, 1, 4.0, MAY)])))
    assert (found.bias, found.by_person.gini) == (0, 0)
    to_html(exploration_report(found))


def test_a_folder_without_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data-without-ratings|nothing-to-evaluate"):
        read_folder(write_csv(tmp_path / "set", FILMS, []))


def test_the_catalogue_is_the_folders_own(tmp_path: Path) -> None:
    tags = (*TAGS, *((person, 2, "loud") for person in range(9)))
    made = read_folder(write_csv(tmp_path / "set", FILMS, [*RATINGS, (1, 77, 4.0, 5)], tags))
    world = made.catalogue
    assert made.strays == 1
    assert world.films.ids_array.tolist() == [1, 2, 3]
    assert world.genre_names == ("Drama", "War")
    assert world.genres.toarray().tolist() == [[1, 1], [0, 1], [0, 0]]
    assert world.tag_names == ("blue", "loud", "slow")
    assert world.tags.toarray().tolist() == [[1, 0, 2], [0, 3, 1], [0, 0, 0]]


def test_gini_by_hand() -> None:
    assert gini(np.array([3, 3, 3])) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([1, 2, 3])) == pytest.approx(2 / 9)
    assert gini(np.array([])) == gini(np.zeros(4)) == 0


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=50))
def test_gini_keeps_its_bounds(values: list[int]) -> None:
    assert -1e-9 <= gini(np.array(values)) < 1


numbers = st.floats(-1e6, 1e6).map(lambda number: round(number, 6))


@given(st.lists(st.tuples(st.text(max_size=30), numbers), max_size=12))
def test_pictures_can_always_be_drawn(made: list[tuple[str, float]]) -> None:
    labels = ["".join(c for c in label if c.isprintable()) for label, _ in made]
    values = [value for _, value in made]
    reach = [(value - 1, value + 2) for value in values]
    drawn = [
        plots.bars("A <b> & title", labels, values, reach),
        plots.bars("Bare", labels, values),
        plots.columns("Columns", labels, [abs(value) for value in values]),
        plots.lines("Lines", "x", list(range(len(values))), {"one": values, "two": values[::-1]}),
    ]
    for svg in drawn:
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg")
        places = " ".join(value for each in root.iter() for value in each.attrib.values())
        assert not re.search(r"\b(nan|inf)\b", places)


def test_a_bar_is_as_long_as_its_number() -> None:
    root = ElementTree.fromstring(plots.bars("Two", ["one", "two"], [1.0, 2.0]))
    one, two = (float(rect.get("width", "")) for rect in root.iter() if rect.tag.endswith("rect"))
    assert two == pytest.approx(2 * one, rel=1e-3)


REPORT = Report(
    "On <b>",
    "A *lead*.",
    (
        Section("One", "Words | here", Table(("name", "x"), (("a|b", "1"),)), ("<svg>1</svg>",)),
        Section("Two", plots=("<svg>2</svg>", "<svg>3</svg>")),
    ),
)


def test_a_page_is_one_file(tmp_path: Path) -> None:
    (page,) = write_report(tmp_path / "r.html", REPORT)
    text = page.read_text("utf-8")
    assert "<h1>On &lt;b&gt;</h1>" in text
    assert "<td>a|b</td>" in text
    assert text.count("<svg>") == 3
    assert "http" not in text


def test_markdown_has_its_pictures_beside_it(tmp_path: Path) -> None:
    files = write_report(tmp_path / "my report.md", REPORT)
    assert [file.name for file in files] == [
        *("my report.md", "my report-1.svg", "my report-2.svg", "my report-3.svg"),
    ]
    text = files[0].read_text("utf-8")
    assert text == to_markdown(REPORT, [f"my%20report-{n}.svg" for n in (1, 2, 3)])
    assert "| a\\|b | 1 |" in text
    assert "![Two](my%20report-3.svg)" in text
    assert files[3].read_text("utf-8") == "<svg>3</svg>\n"
