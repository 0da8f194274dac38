"""Messages, numbers, lists and dates in the language that is spoken."""

import asyncio
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from bot.wording.speech import (
    _,
    ago,
    clock_time,
    day,
    duration,
    full_date,
    language,
    listed,
    minutes,
    month,
    ngettext,
    number,
    percent,
    pgettext,
    speak,
    speaking,
    speaks,
    spoken,
    weekday,
)
from bot.wording.speech.language import ENGLISH, compiled, language_codes
from bot.wording.speech.places import PLACES
from bot.wording.speech.pseudo import CLOSE, OPEN, PSEUDO, pseudo


@pytest.fixture
def polish(tmp_path: Path) -> Path:
    """Returns a folder of catalogues with a language of three plural forms."""
    catalogue = Catalog(locale="pl")
    catalogue.add(("{n} film", "{n} films"), ("{n} film", "{n} filmy", "{n} filmów"))
    catalogue.add("Later", "Później", context="button")
    path = compiled("pl", tmp_path)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return tmp_path


def test_values_go_into_placeholders_as_the_language_writes_them() -> None:
    assert _("{film}: {n} of {share}.", film="Amélie", n=1234, share=4.5) == "Amélie: 1,234 of 4.5."
    assert ngettext("{n} film", "{n} films", 1) == "1 film"
    assert ngettext("{n} film", "{n} films", 2000) == "2,000 films"


def test_lists_numbers_and_dates_are_those_of_cldr() -> None:
    assert [listed([]), listed(["a"]), listed("ab"), listed("abc")] == [
        "",
        "a",
        "a and b",
        "a, b, and c",
    ]
    assert listed(["one {odd} title", "b"], joined_by="or") == "one {odd} title or b"
    assert number(1234567) == "1,234,567"
    assert number(4.04, 1) == "4.0"
    assert percent(0.314) == "31%"
    assert minutes(110) == "110 min"
    assert duration(timedelta(hours=26)) == "1 day"
    assert ago(timedelta(hours=2)) == "2 hours ago"
    assert day(date(2026, 3, 13)) == "Fri, March 13"
    assert month(date(2026, 3, 13)) == "March 2026"
    assert full_date(date(2026, 3, 13)) == "March 13, 2026"
    assert clock_time(time(20, 30)) == "8:30 PM"
    assert weekday(4) == "Friday"


def test_another_language_has_its_own_plurals(polish: Path) -> None:
    found = language("pl", polish)
    forms = [found.translations.ngettext("{n} film", "{n} films", n) for n in (1, 2, 5, 22)]
    assert forms == ["{n} film", "{n} filmy", "{n} filmów", "{n} filmy"]
    assert found.translations.pgettext("button", "Later") == "Później"
    assert language_codes(polish) == ("en", "pl")
    assert language("pl-PL", polish).code == "pl"


def test_a_language_that_is_not_spoken_becomes_english() -> None:
    assert language("xx") is ENGLISH
    assert language("en-GB") is ENGLISH
    assert speaks("en-GB")
    assert not speaks("xx-YY")


async def test_two_answers_at_once_are_in_two_languages() -> None:
    met = asyncio.Barrier(2)

    async def answer(code: str) -> str:
        speak(code)
        await met.wait()
        return pgettext("button", "Later")

    plain, marked = await asyncio.gather(answer("en"), answer(PSEUDO))
    assert plain == "Later"
    assert marked.startswith(OPEN)
    assert spoken() is ENGLISH


def test_speaking_ends_with_its_block() -> None:
    with speaking(PSEUDO):
        assert spoken().code == PSEUDO
    assert spoken() is ENGLISH


def test_the_pseudo_locale_keeps_what_is_no_prose() -> None:
    text = pseudo("## Rate {film}\n-# `/rate` <@1> <t:2:R> [more](http://a.b)")
    heading, small = text.split("\n")
    assert heading.startswith(f"## {OPEN}")
    assert heading.endswith(CLOSE)
    assert "{film}" in heading
    assert all(kept in small for kept in ("`/rate`", "<@1>", "<t:2:R>", "](http://a.b)"))
    assert "Rate" not in heading
    assert len(heading) > len("## Rate {film}") * 4 / 3
    assert pseudo("★ {stars}") == "★ {stars}"


def test_the_pseudo_locale_marks_lists_and_dates() -> None:
    with speaking(PSEUDO):
        assert listed(["Ann", "Bo"]).startswith(f"{OPEN}Ann áñď Bo")
        assert month(date(2026, 3, 1)).startswith(f"{OPEN}Máŕçĥ")


def test_the_pseudo_locale_stays_within_the_limit_of_a_place() -> None:
    with speaking(PSEUDO):
        for place, limit in PLACES.items():
            assert len(pgettext(place, "x" * (limit - 2))) == limit
