"""Lists, numbers, durations and dates as texts in the present language, by the rules of CLDR.

CLDR is a public collection of such rules. The library Babel, which has the rules, is imported at
first use, so that commands of the command line start quickly. The running bot calls `load_rules`
before its first answer.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from bot.wording.speech.language import language_codes, speaking, spoken


def load_rules() -> None:
    """Imports Babel and reads the rules of every language of the bot.

    This takes about 20 ms of processor time, which an answer need not wait for afterwards.
    """
    for code in language_codes():
        with speaking(code):
            example = datetime(2026, 3, 13, 20, 30, tzinfo=UTC)
            listed(("a", "b"))
            number(1.5)
            country("FR")
            percent(0.5)
            minutes(90)
            ago(timedelta(hours=1))
            day(example)
            month(example)
            clock_time(example)


def listed(words: Iterable[str], *, joined_by: Literal["and", "or", "comma"] = "and") -> str:
    """Returns the words as a list: "a", "a and b", "a, b, and c". With `joined_by` "or": "a or
    b". With "comma": "a, b".
    """
    found = list(words)
    language = spoken()
    if len(found) < 2:
        return "".join(found)
    # The words are put in afterwards, so that the pseudo-locale changes only what joins them.
    return language.dress(_list_of(len(found), joined_by, language.cldr)).format(*found)


@lru_cache(maxsize=512)
def _list_of(count: int, joined_by: Literal["and", "or", "comma"], cldr: str) -> str:
    """Returns a list of places for words, such as "{0}, {1}, and {2}"."""
    from babel.lists import format_list

    styles: Mapping[str, Literal["standard", "or", "unit"]]
    styles = {"and": "standard", "or": "or", "comma": "unit"}
    return format_list([f"{{{at}}}" for at in range(count)], styles[joined_by], cldr)


def number(value: float, digits: int | None = None) -> str:
    """Returns a number in the form of the present language, such as "1,234" or "4.5".

    digits: the exact number of digits after the point; None for as many as needed, at most three.
    """
    return _number(float(value) if isinstance(value, float) else value, digits, spoken().cldr)


@lru_cache(maxsize=4096)
def _number(value: float, digits: int | None, cldr: str) -> str:
    from babel.numbers import format_decimal

    form = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, form, cldr)


@lru_cache(maxsize=512)
def _percent(value: float, cldr: str) -> str:
    from babel.numbers import format_percent

    return format_percent(value, None, cldr)


def percent(share: float) -> str:
    """Returns a share as whole percent: 0.31 as "31%"."""
    return _percent(round(share, 2), spoken().cldr)


def duration(span: timedelta, *, narrow: bool = False) -> str:
    """Returns a length of time in its largest fitting unit, rounded: "2 hours", "3 days".

    narrow: True for the short form, such as "2h".
    """
    from babel.dates import format_timedelta

    language = spoken()
    form: Literal["narrow", "long"] = "narrow" if narrow else "long"
    return language.dress(format_timedelta(span, format=form, threshold=1.0, locale=language.cldr))


def minutes(count: int) -> str:
    """Returns a film's length in minutes, short: "110 min"."""
    language = spoken()
    return language.dress(_minutes(count, language.cldr))


@lru_cache(maxsize=512)
def _minutes(count: int, cldr: str) -> str:
    from babel.units import format_unit

    return format_unit(count, "duration-minute", "short", locale=cldr)


def ago(span: timedelta) -> str:
    """Returns how long ago something was: "2 hours ago"."""
    from babel.dates import format_timedelta

    language = spoken()
    text = format_timedelta(-span, add_direction=True, threshold=1.0, locale=language.cldr)
    return language.dress(text)


def day(when: date | datetime) -> str:
    """Returns a day with its weekday: "Friday, March 13"."""
    return _skeleton(when, "MMMMEEEEd")


def month(when: date | datetime) -> str:
    """Returns a month with its year: "March 2026"."""
    return _skeleton(when, "yMMMM")


def full_date(when: date | datetime) -> str:
    """Returns a date with its year: "March 13, 2026"."""
    from babel.dates import format_date

    language = spoken()
    return language.dress(format_date(when, "long", language.cldr))


def clock_time(when: time | datetime) -> str:
    """Returns a time of day: "8:30 PM"."""
    from babel.dates import format_time

    language = spoken()
    found = format_time(when.replace(tzinfo=None), "short", locale=language.cldr)
    return found.replace("\u202f", " ")  # a narrow space, which some fonts lack


def country(code: str) -> str:
    """Returns the name of a country; the code itself if CLDR does not know it.

    code: an ISO 3166 code, such as "GB".
    """
    return _named("territories", code)


def tongue(code: str) -> str:
    """Returns the name of a language; the code itself if CLDR does not know it.

    code: an ISO 639 code, such as "yue".
    """
    return _named("languages", code)


def _named(kind: Literal["territories", "languages"], code: str) -> str:
    from babel import Locale

    language = spoken()
    names: Mapping[str, str] = getattr(Locale.parse(language.cldr), kind)
    return language.dress(names[code]) if code in names else code


def weekday(number: int) -> str:
    """Returns the name of a day of the week; 0 is Monday."""
    from babel import Locale

    language = spoken()
    return language.dress(Locale.parse(language.cldr).days["stand-alone"]["wide"][number])


def _skeleton(when: date | datetime, form: str) -> str:
    from babel.dates import format_date

    language = spoken()
    return language.dress(format_date(when, _pattern(form, language.cldr), language.cldr))


@lru_cache(maxsize=64)
def _pattern(form: str, cldr: str) -> str:
    """Returns CLDR's pattern for a date with certain fields.

    Results are cached, because finding one takes a tenth of a millisecond.

    form: the fields.
    cldr: the CLDR name of the language.
    """
    from babel import Locale
    from babel.dates import match_skeleton

    locale = Locale.parse(cldr)
    known = locale.datetime_skeletons
    best = form if form in known else match_skeleton(form, known)
    if best is None:
        raise ValueError(f"CLDR has no pattern {form} in {cldr}")
    return str(known[best].pattern)
