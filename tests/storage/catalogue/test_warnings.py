"""The starter catalogue's content warnings find the films that are known for them.

`known_warnings.csv` was written by people who had not seen the tags, before the films were read for
warnings. It holds certain cases only, each with the scene.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.starter import starter_catalogue

KNOWN = Path(__file__).parent / "known_warnings.csv"
WARNINGS = (
    "animal-harm",
    "child-harm",
    "drug-use",
    "homophobia-shown",
    "racism-shown",
    "self-harm",
    "sexual-violence",
    "suicide",
    "torture",
)
MIN_CASES = 40
MIN_RECALL = 0.95


def known_films() -> dict[str, list[tuple[str, int]]]:
    """Returns warning -> (title, year) of the films known for it."""
    films = defaultdict(list)
    with KNOWN.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            films[row["warning"]].append((row["title"], int(row["year"])))
    return films


@pytest.mark.parametrize("warning", WARNINGS)
def test_most_known_cases_are_warned_of(warning: str) -> None:
    tagged = {
        (film.title, film.year) for film in starter_catalogue().films if warning in dict(film.tags)
    }
    known = known_films()[warning]
    missed = [film for film in known if film not in tagged]
    print(f"{warning}: {len(known) - len(missed)} of {len(known)}; missed: {missed}")
    assert len(known) >= MIN_CASES
    assert len(missed) <= (1 - MIN_RECALL) * len(known)


def test_every_warning_is_sensitive_and_in_use() -> None:
    catalogue = starter_catalogue()
    facets = {tag.slug: tag.facet for tag in catalogue.tags}
    assert {facets[warning] for warning in WARNINGS} == {"sensitive"}
    assert set(known_films()) == set(WARNINGS)
