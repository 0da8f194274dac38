"""Time zones as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Sorry
from bot.services import zone_tables
from bot.services.zones import choices, in_words, known_zone, shown

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
        ("GMT+1", "19:14", "UTC+1"), ("UTC+2", "20:14", "UTC+2"), ("utc -3", "15:14", "UTC-3"),
        ("+05:30", "23:44", "Asia/Kolkata"), ("GMT+5.5", "23:44", "Asia/Kolkata"),
        ("−8", "10:14", "UTC-8"), ("UTC+0545", "23:59", "Asia/Kathmandu"),
        ("gmt+14", "08:14", "UTC+14"),
    ],
)  # fmt: skip
def test_an_offset_means_what_people_mean(typed: str, there: str, name: str) -> None:
    found = known_zone(typed, NOW)
    assert in_words(found, NOW) == f"{name} (it is {there} there)"
    assert known_zone(shown(found), NOW) == found, "what is shown can be typed"


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("IST", ["Asia/Kolkata (it is 23:44 there)", "Asia/Jerusalem", "Europe/Dublin"]),
        ("USA", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
        ("cst", ["America/Chicago", "Asia/Shanghai"]),
        ("Spain", ["Europe/Madrid", "Atlantic/Canary"]),
    ],
)
def test_what_may_be_several_zones_is_asked_back(typed: str, places: list[str]) -> None:
    with pytest.raises(Sorry, match="may be several time zones") as asked:
        known_zone(typed, NOW)
    for place in places:
        assert place in str(asked.value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Europe/Berln", "Did you mean Europe/Berlin"), ("Germny", "Did you mean Europe/Berlin"),
        ("Etc/GMT+1", "the other way round.*UTC.1"), ("UTC+25", "no time zone I know"),
        ("evening", "no time zone I know"), ("", "no time zone I know"),
        ("+", "no time zone I know"),
    ],
)  # fmt: skip
def test_what_is_unknown_gets_a_hint(typed: str, sentence: str) -> None:
    with pytest.raises(Sorry, match=sentence):
        known_zone(typed, NOW)


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
    assert value in [name for _, name in found]
    assert len(found) <= 25
    for text, name in found:
        assert known_zone(name, NOW), "each can be chosen"
        assert text.startswith(f"{name} · ")
        assert text.endswith(" there now")


def test_every_offset_and_every_zone_that_is_offered_is_taken() -> None:
    for place, _ in zone_tables.places():
        assert in_words(known_zone(place, NOW), NOW).startswith(place)
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
