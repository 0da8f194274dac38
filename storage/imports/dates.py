"""Reads the dates of a file, whose order of day and month is found from all of its dates.

"3/4/24" is a day in March or in April. One date with a number above 12 settles it for all dates
with the same separator. If none settles it, or if they contradict each other, such dates are left
out. Dates with points are read as day, month and year where that is possible, because people write
no other order with points.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Literal

_Order = Literal["dmy", "mdy", "ymd"]

_ISO = re.compile(r"(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)(.*)", re.DOTALL)
_SHORT = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:,? |,)(.*)", re.DOTALL)
_DAY_FIRST = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})\.? ([a-z]{3,9})\.?,? (\d{4})(?!\d)")
_FOUR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_TIME = re.compile(r"[T ]\d\d:\d\d")
_MONTHS = {
    name: index + 1
    for index, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
}
_MANY_DAYS = 5
_FIRST_YEAR, _LAST_YEAR = 1900, 2150


class HistoryDates:
    """Reads the dates of one file.

    Attributes:
        unclear: how many dates were left out because the order of day and month is not clear, or
            because they are no dates.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Looks at dates to find their order. texts: all cells of the file with dates."""
        self.unclear = 0
        self._orders = _orders(texts)
        self._read: dict[str, tuple[date | None, datetime | None]] = {}

    def day(self, text: str) -> date | None:
        """Returns the day of a date or time (in UTC if it has a zone); None if it is not clear."""
        return self.moment(text)[0]

    def moment(self, text: str) -> tuple[date | None, datetime | None]:
        """Returns (day, time) of a text. The time is None without a zone; both may be None."""
        if not text:
            return None, None
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self._moment(text)
        if found[0] is None:
            self.unclear += 1
        return found

    def _moment(self, text: str) -> tuple[date | None, datetime | None]:
        iso = _ISO.match(text)
        if iso is None:
            return self._day(text), None
        if iso[2] == "-" and _TIME.match(iso[5]) and (at := _aware(text)) is not None:
            return at.date(), at
        return _date(int(iso[1]), int(iso[3]), int(iso[4])), None

    def _day(self, text: str) -> date | None:
        if short := _SHORT.match(text):
            parts = int(short[1]), int(short[3]), int(short[4])
            orders = self._orders.get(short[2], ())
            days = {_ordered(parts, len(short[4]) == 4, order) for order in orders}
            return days.pop() if len(days) == 1 else None
        return _in_words(text.casefold())


def _orders(texts: Iterable[str]) -> dict[str, tuple[_Order, ...]]:
    """Returns the orders in which the dates with a separator are read, by the separator."""
    found: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    lengths: dict[str, set[int]] = defaultdict(set)  # digits of the last numbers
    for text in set(texts):
        if short := _SHORT.match(text):
            found[short[2]].add((int(short[1]), int(short[3]), int(short[4])))
            lengths[short[2]].add(len(short[4]))
    return {
        separator: _likely(separator, _possible(parts, lengths[separator]), parts)
        for separator, parts in found.items()
    }


def _possible(dates: set[tuple[int, int, int]], lengths: set[int]) -> set[_Order]:
    """Returns the orders in which all dates are possible.

    lengths: how many digits the last numbers have: a year has four or two.
    """
    first, second, third = (max(numbers) for numbers in zip(*dates, strict=True))
    orders: set[_Order] = set()
    if first <= 31 and second <= 12 and 1 not in lengths:
        orders.add("dmy")
    if first <= 12 and second <= 31 and 1 not in lengths:
        orders.add("mdy")
    if 4 not in lengths and second <= 12 and third <= 31:
        orders.add("ymd")
    return orders


def _likely(
    separator: str, orders: set[_Order], dates: set[tuple[int, int, int]]
) -> tuple[_Order, ...]:
    """Returns the orders that remain if several are possible.

    The first numbers are years if they differ far less than the last ones.
    """
    if len(orders) > 1 and "ymd" in orders:
        firsts, _, lasts = (len(set(numbers)) for numbers in zip(*dates, strict=True))
        if lasts >= max(_MANY_DAYS, 2 * firsts):
            return ("ymd",)
        orders = orders - {"ymd"}
    if separator == "." and "dmy" in orders:
        return ("dmy",)
    return tuple(sorted(orders))


def _ordered(parts: tuple[int, int, int], long: bool, order: _Order) -> date | None:
    first, second, third = parts
    if order == "ymd":
        return _date(2000 + first, second, third)
    whole = third if long else 2000 + third
    return _date(whole, second, first) if order == "dmy" else _date(whole, first, second)


def _in_words(text: str) -> date | None:
    """Returns the day of "apr 23 2017, 08:18", "wed feb 22 00:00:00 2012" or "23 april 2017"."""
    if found := _DAY_FIRST.match(text):
        return _date(int(found[3]), _MONTHS.get(found[2][:3], 0), int(found[1]))
    if (found := _MONTH_FIRST.match(text)) and (whole := _FOUR.search(found[3])):
        return _date(int(whole[1]), _MONTHS.get(found[1][:3], 0), int(found[2]))
    return None


def _date(whole: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= whole <= _LAST_YEAR:
        return None
    try:
        return date(whole, month, day)
    except ValueError:
        return None


def _aware(text: str) -> datetime | None:
    """Returns a time with a zone, in UTC; None if it has no zone or is no time."""
    text = text.removesuffix(" UTC") + "Z" if text.endswith(" UTC") else text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or not _FIRST_YEAR < at.year < _LAST_YEAR:
        return None
    return at.astimezone(UTC)
