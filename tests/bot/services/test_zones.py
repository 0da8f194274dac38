"""Time zones as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Sorry
from bot.services import zone_tables
from bot.services.zones import choices, known_zone, shown
from bot.wording.errors.said import said
from bot.wording.people.zones import zone_choice, zone_now

NOW = datetime(2026, 3, 11, 18, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("europe/paris", "Europe/Paris"), ("Tokyo", "Asia/Tokyo"), ("New York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"), ("zurich", "Europe/Zurich"),
        ("Paris, France", "Europe/Paris"),
        ("india", "Asia/Kolkata"), ("Germany", "Europe/Berlin"), ("UK", "Europe/London"),
        ("South Korea", "Asia/Seoul"), ("Côte d'Ivoire", "Africa/Abidjan"), ("jp", "Asia/Tokyo"),
        ("Turkey", "Europe/Istanbul"), ("england", "Europe/London"), ("Calcutta", "Asia/Calcutta"),
        ("PST", "America/Los_Angeles"), ("est", "America/New_York"), ("CET", "Europe/Brussels"),
        ("Eastern Time", "America/New_York"), ("JST", "Asia/Tokyo"), ("utc", "UTC"), ("GMT", "UTC"),
        ("Etc/UTC", "UTC"), ("GMT+0", "UTC"),
    ],
)  # fmt: skip
def test_names_of_cities_and_countries_and_abbreviations(typed: str, zone: str) -> None:
    found = known_zone(typed, NOW)
    assert found == zone or ZoneInfo(found).utcoffset(NOW) == ZoneInfo(zone).utcoffset(NOW)


@pytest.mark.parametrize(
    ("typed", "there", "name"),
    [
        ("GMT+1", "7:14 PM", "UTC+1"), ("UTC+2", "8:14 PM", "UTC+2"),
        ("utc -3", "3:14 PM", "UTC-3"),
        ("+05:30", "11:44 PM", "Asia/Kolkata"), ("GMT+5.5", "11:44 PM", "Asia/Kolkata"),
        ("−8", "10:14 AM", "UTC-8"), ("UTC+0545", "11:59 PM", "Asia/Kathmandu"),
        ("gmt+14", "8:14 AM", "UTC+14"),
    ],
)  # fmt: skip
def test_an_offset_means_what_people_mean(typed: str, there: str, name: str) -> None:
    found = known_zone(typed, NOW)
    assert zone_now(found, NOW) == f"{name} (it's {there} there)"
    assert known_zone(shown(found), NOW) == found, "what is shown can be typed"


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("IST", ["Asia/Kolkata (it's 11:44 PM there)", "Asia/Jerusalem", "Europe/Dublin"]),
        ("USA", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
        ("cst", ["America/Chicago", "Asia/Shanghai"]),
        ("Spain", ["Europe/Madrid", "Atlantic/Canary"]),
    ],
)
def test_what_may_be_several_zones_is_asked_back(typed: str, places: list[str]) -> None:
    with pytest.raises(Sorry, match="several-zones") as asked:
        known_zone(typed, NOW)
    for place in places:
        assert place in said(asked.value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Europe/Berln", "Did you mean Europe/Berlin (it's 7:14 PM there)"),
        ("Germny", "Did you mean Europe/Berlin"), ("Etc/GMT+1", "Type UTC+1 if your clock"),
        ("UTC+25", "I don't know the time zone “UTC+25”"), ("evening", "offset like UTC+1"),
        ("", "Try a country"), ("+", "Try a country"),
    ],
)  # fmt: skip
def test_what_is_unknown_gets_a_hint(typed: str, sentence: str) -> None:
    with pytest.raises(Sorry) as refused:
        known_zone(typed, NOW)
    assert sentence in said(refused.value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("par", "Europe/Paris"), ("ind", "Asia/Kolkata"), ("germ", "Europe/Berlin"),
        ("gmt+1", "UTC+1"), ("IST", "Europe/Dublin"), ("pst", "America/Los_Angeles"),
        ("kolk", "Asia/Kolkata"), ("são", "America/Sao_Paulo"),
    ],
)  # fmt: skip
def test_the_list_finds_what_is_being_typed(typed: str, value: str) -> None:
    found = choices(typed, NOW)
    assert value in [shown(zone) for zone in found]
    assert len(found) <= 25
    for zone in found:
        assert known_zone(shown(zone), NOW), "each can be chosen"
        text = zone_choice(zone, NOW)
        assert text.startswith(f"{shown(zone)} · ")
        assert text.endswith(" there now")


def test_every_offset_and_every_zone_that_is_offered_is_taken() -> None:
    for place, _ in zone_tables.places():
        assert shown(known_zone(place, NOW)).startswith(place)
    for hours in range(-12, 15):
        zone = known_zone(f"UTC{hours:+d}", NOW)
        offset = NOW.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None
        assert offset.total_seconds() == hours * 3600


def test_without_the_tables_cities_are_still_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_tables, "_table", lambda name: [])
    caches = (zone_tables.places, zone_tables.country_names, zone_tables.plain_zones)
    for cached in caches:
        cached.cache_clear()
    try:
        assert known_zone("Tokyo", NOW) == "Asia/Tokyo"
        with pytest.raises(Sorry):
            known_zone("Germany", NOW)
    finally:
        for cached in caches:
            cached.cache_clear()
