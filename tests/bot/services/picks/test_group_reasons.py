"""A group's card names a reason only if it is true for everybody in the group."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.services.notes import note
from bot.services.picks.group import above_all, group_reason
from bot.services.view_models import FilmCard, Line
from bot.views.cards import film_card
from bot.wording.errors.said import said
from recommender.pipeline.groups.group import GroupPick
from tests.bot.services.serving.golden import served


def told(
    percentiles: Sequence[float],
    known: Sequence[bool],
    spoilt: tuple[int, ...] = (),
    *,
    loved: bool = True,
) -> str:
    """Returns the reason for a film that is widely loved or not, for Mira and two others."""
    model = served().model
    film = int(np.flatnonzero(model.well_loved == loved)[0])
    pick = GroupPick(film, 1.0, tuple(percentiles), tuple(percentiles), spoilt)
    return said(group_reason(served(), int(model.catalogue.films.ids([film])[0]), pick, known))


def test_it_suits_all_of_them_only_if_everybodys_taste_is_known() -> None:
    assert told((0.95, 0.99), (True, True)).startswith("suits you both")
    assert told((0.95, 0.97, 0.99), (True,) * 3).startswith("suits all of you")
    assert told((0.7, 0.99), (True, True)).startswith("a middle ground for you both")
    assert told((0.1, 0.99), (True, True), (0,)).startswith("the best compromise I could find")


@pytest.mark.parametrize("known", [(True, False), (False, True), (False, False)])
def test_nothing_is_said_about_an_unknown_taste(known: tuple[bool, bool]) -> None:
    text = told((0.8, 0.99), known)
    assert "both" not in text
    assert "middle ground" not in text


def test_what_is_known_is_said() -> None:
    assert told((0.95, 0.2), (True, False)).startswith("suits everyone whose taste I know")
    assert told((0.5, 0.2), (True, False)).startswith("lots of people love it")
    assert "love" not in told((0.5, 0.2), (False, False), loved=False)


def test_whom_a_film_suits_best_is_an_id_until_it_is_drawn() -> None:
    lead = GroupPick(1, 1.0, (0.7, 0.99), (0.7, 0.99), ())
    assert above_all(lead, (True, True), [None, 7]) == 7
    assert above_all(lead, (True, False), [None, 7]) is None
    own = GroupPick(1, 1.0, (0.99, 0.7), (0.99, 0.7), ())
    assert above_all(own, (True, True), [None, 7]) is None, "the requester"
    close = GroupPick(1, 1.0, (0.96, 0.99), (0.96, 0.99), ())
    assert above_all(close, (True, True), [None, 7]) is None


def test_the_name_is_put_in_when_the_card_is_drawn() -> None:
    lines = tuple(Line(at, "M", 1931, 110, (), note("suits-both"), above_all=at) for at in (7, 8))
    card = FilmCard(
        "recommend",
        note("picks-for-you", time="any"),
        lines[0],
        lines[1:],
        (),
        "v",
        names={7: "June"},
    )
    assert [said(why) for line in lines if (why := card.reason(line))] == [
        "suits you both · especially for June",
        "suits you both",
    ]
    drawn = str(film_card(card, reactable=True).to_components())
    assert "especially for June" in drawn
    assert lines[0].reason == note("suits-both"), "what is stored names nobody"
