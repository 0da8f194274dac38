"""`matinee evaluate growth`: a server grows for a few days, through real fits and the judge."""

from dataclasses import replace
from pathlib import Path

from bot.cli.evaluate.growth import grow
from bot.cli.evaluate.starter import Starter
from bot.services.catalogue import arrays
from recommender.evaluation.growth.days import BEFORE, MAX_BELOW_TAGS, NOW, TAGS_ALONE
from tests.bot.command import matinee
from tests.recommender.servers import small_catalogue
from tests.starter import starter


def few_films() -> Starter:
    """Returns a part of the starter catalogue."""
    whole = starter()
    rows = small_catalogue().films.ids_array.tolist()
    films = tuple(replace(whole.films[row], id=at) for at, row in enumerate(rows))
    return Starter(films, whole.tags, arrays.catalogue(films, whole.tags))


def test_a_server_of_two_days_is_fitted_and_judged_each_night() -> None:
    one, two = grow(few_films(), days=2, people=4, seed=1)
    assert (one.people, two.people) == (12, 16)
    assert one.ratings < two.ratings
    assert one.taste[BEFORE] == one.taste[TAGS_ALONE], "the first day begins without a fit"
    assert one.promoted, one.why
    assert two.promoted, two.why
    assert "sanity-and-tastes-decide" in repr(one.why)
    for day in (one, two):
        assert day.taste[NOW] > day.taste[TAGS_ALONE] - MAX_BELOW_TAGS
        assert 0 < day.hits[NOW] < 1


def test_files_are_checked_before_the_work(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "evaluate", "growth", "--plot", tmp_path / "none" / "days.svg")
    assert f"I can't find the folder “{tmp_path / 'none'}”." in ended.sentence
