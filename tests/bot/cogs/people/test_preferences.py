"""/settings through the playground: it shows every setting, changes it, and survives restarts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import Outcome, buttons_of, selects_of, text_of
from tests.clock import at
from tests.house import Visit

pytestmark = pytest.mark.clock

USUAL_ZONE = "**, the default here"


@pytest.fixture
async def mira(visit: Visit) -> AsyncIterator[Person]:
    async with visit.member("mira") as person:
        yield person


def chosen(message: Any, menu: int) -> list[str]:
    options = selects_of(message)[menu]["options"]
    return [option["value"] for option in options if option.get("default")]


def preferences(visit: Visit, person_id: int) -> list[tuple[str, str]]:
    """Returns the stored preferences of a person as (kind, value), by kind."""
    statement = "select kind, value from preferences where person_id = ? order by kind, value"
    return visit.rows(statement, person_id)


async def change(person: Person, panel: Any, label: str) -> Any:
    """Presses one of the panel's buttons. Returns the changed panel."""
    outcome = await person.click(panel, label)
    assert outcome.error is None
    assert outcome.message is not None
    assert outcome.message["id"] == panel["id"], "the panel itself changes"
    return outcome.message


async def zone(person: Person, panel: Any, typed: str) -> Outcome:
    opened = await person.click(panel, "Time zone …")
    return await person.submit(opened.modal, {"zone": typed})


async def test_the_panel_shows_and_keeps_everything(visit: Visit, mira: Person) -> None:
    panel = (await mira.command("films", "settings")).message
    assert panel is not None
    assert panel["flags"] & 64, "for her alone"
    text = text_of(panel)
    for words in (
        USUAL_ZONE,
        "**Balanced** (A mix of films that lots of people love and films that few people know)",
        "leave out: **none**",
        "day of the week: **on**",
    ):
        assert words in text
    assert "this server: **off**" in text
    assert "now and then: **on**" in text
    assert chosen(panel, 0) == ["balanced"]
    assert len(selects_of(panel)[0]["options"]) == 5
    panel = (await mira.select(panel, 0, ["off the path"])).message
    panel = (await mira.select(panel, 1, ["Horror", "Western"])).message
    assert "I'll leave out Horror and Western." in text_of(panel or {})
    for label in ("Ignore the time of day", "Show my taste here", "Don't ask me"):
        panel = await change(mira, panel, label)
    done = await zone(mira, panel, "tokyo")
    assert done.error is None
    assert "Asia/Tokyo" in done.text
    old = panel
    await visit.house.restart()
    panel = (await mira.command("films", "settings")).message
    text = text_of(panel or {})
    for words in (
        "**Asia/Tokyo (it's ",
        "**Lesser-known** (",
        "**Horror and Western**",
        "day of the week: **off**",
        "this server: **on**",
        "now and then: **off**",
    ):
        assert words in text
    assert chosen(panel, 0) == ["off the path"]
    assert chosen(panel, 1) == ["Horror", "Western"]
    panel = old  # from before the restart
    for label in ("Use the time of day", "Hide my taste here", "Ask me now and then"):
        panel = await change(mira, panel, label)
    panel = (await mira.select(panel, 1, [])).message
    assert "I won't leave out any genres any more." in text_of(panel or {})
    me = int(mira.id)
    assert preferences(visit, me) == [("dial", "off the path"), ("zone", "Asia/Tokyo")]
    assert visit.rows("select * from taste_consents where person_id = ?", me) == []
    assert visit.rows("select question from answers where person_id = ?", me) == []


async def test_an_unknown_zone_is_answered_with_the_nearest(visit: Visit, mira: Person) -> None:
    panel = (await mira.command("films", "settings", zone="Europe/Berlin")).message
    assert "Your time zone is now Europe/Berlin (it's " in text_of(panel or {})
    wrong = await zone(mira, panel, "Europe/Pari")
    assert "I don't know the time zone “Europe/Pari”" in wrong.text
    assert "Did you mean Europe/Paris" in wrong.text
    typed = await mira.command("films", "settings", zone="IST")
    assert "“IST” could mean Asia/Kolkata" in typed.text
    me = int(mira.id)
    assert preferences(visit, me) == [("zone", "Europe/Berlin")]
    offered = await mira.autocomplete("films", "settings", "zone", "par")
    assert "Europe/Paris" in [choice["value"] for choice in offered]
    panel = (await mira.command("films", "settings", zone="GMT+1")).message
    assert "Your time zone is now UTC+1 (it's " in text_of(panel or {})
    assert preferences(visit, me) == [("zone", "Etc/GMT-1")]
    again = await zone(mira, panel, "UTC+1")
    assert "Your time zone is now UTC+1" in again.text
    back = await zone(mira, panel, "")
    assert USUAL_ZONE in back.text


async def test_alone_with_the_bot_there_is_nobody_to_show_taste_to(mira: Person) -> None:
    panel = (await mira.command("dm", "settings")).message
    assert "this server" not in text_of(panel or {})
    assert "Show my taste here" not in buttons_of(panel or {})


async def test_a_genre_never_wanted_is_never_shown(visit: Visit, mira: Person) -> None:
    panel = (await mira.command("films", "settings")).message
    await mira.select(panel, 1, ["Drama"])
    for _ in range(2):
        await mira.command("films", "recommend")
    shown = visit.rows(
        "select films.genres from impressions join films on films.id = film_id where person_id = ?",
        int(mira.id),
    )
    assert shown
    assert not any("Drama" in genres for (genres,) in shown)
    form = (await mira.command("films", "start")).modal
    boxes = [x for part in (form or {})["components"] for x in [part.get("component") or {}]]
    (never,) = [box for box in boxes if box.get("custom_id") == "never"]
    assert [o["value"] for o in never["options"] if o.get("default")] == ["Drama"], "one answer"


async def test_a_genre_beyond_the_menu_can_be_left_out(visit: Visit, mira: Person) -> None:
    """The menu holds 25 genres. Typing reaches all, by other words and with suggestions too."""
    (choice, *_) = await mira.autocomplete("films", "settings", "never", "sci-fi")
    assert choice["value"] == "Science Fiction"
    text = (await mira.command("films", "settings", never="scifi")).text
    assert "I'll leave out Science Fiction." in text
    panel = (await mira.command("films", "settings", never="horror")).message
    assert chosen(panel, 1) == ["Horror", "Science Fiction"]
    text = (await mira.command("films", "settings", never="Horror")).text
    assert "Horror is back in your picks." in text
    assert preferences(visit, int(mira.id)) == [("never", "Science Fiction")]
    wrong = await mira.command("films", "settings", never="polka")
    assert "I don't know a genre called “polka”. Try Drama" in wrong.text


async def test_with_the_clock_off_nothing_changes_with_the_hour(visit: Visit, mira: Person) -> None:
    async def card(days: int, local: str) -> str:
        visit.house.world.clock.set(at(days, local))
        return (await mira.command("films", "recommend", private=True)).text

    # Weeks apart, so that all films are free again.
    moments = ((20, "08:00"), (72, "22:00"), (115, "03:00"))
    with_ = [await card(days, local) for days, local in moments]
    assert len(set(with_)) > 1
    visit.house.world.clock.set(at(160))
    panel = (await mira.command("films", "settings")).message
    await mira.click(panel, "Ignore the time of day")
    without = {await card(days + 180, local) for days, local in moments}
    assert len(without) == 1
