"""The order of day and month is found from all dates of a file, or such dates are left out."""

from datetime import UTC, date, datetime

import pytest

from storage.imports.dates import HistoryDates


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["3/4/24", "3/13/24"], [date(2024, 3, 4), date(2024, 3, 13)]),
        (["3/4/24", "13/3/24"], [date(2024, 4, 3), date(2024, 3, 13)]),
        (["3/4/24", "5/5/24"], [None, date(2024, 5, 5)]),
        (["3/4/24", "3/13/24", "13/3/24"], [None, None, None]),
        (["3.4.24", "03.04.2024"], [date(2024, 4, 3), date(2024, 4, 3)]),
        (["3/14/24", "4.3.24"], [date(2024, 3, 14), date(2024, 3, 4)]),
        (
            ["23. 9. 9.", "23. 10. 1.", "23. 10. 31.", "24. 1. 2.", "23. 10. 3."],
            [
                date(2023, 9, 9),
                date(2023, 10, 1),
                date(2023, 10, 31),
                date(2024, 1, 2),
                date(2023, 10, 3),
            ],
        ),
        (["2024-03-04", "2024/3/4", "2024. 3. 4."], [date(2024, 3, 4)] * 3),
        (["2023-02-30", "0000-01-01", "soon", "1/2"], [None] * 4),
        (
            ["Wed Feb 22 00:00:00 2012", "Apr 23 2017, 08:18"],
            [date(2012, 2, 22), date(2017, 4, 23)],
        ),
        (["23 April 2017", "March 1, 2024"], [date(2017, 4, 23), date(2024, 3, 1)]),
    ],
)
def test_days(texts: list[str], days: list[date | None]) -> None:
    dates = HistoryDates(texts)
    assert [dates.day(text) for text in texts] == days
    assert dates.unclear == days.count(None)
    assert dates.day("") is None
    assert dates.unclear == days.count(None)


def test_a_time_is_kept_only_with_a_zone() -> None:
    dates = HistoryDates(())
    at = datetime(2024, 3, 2, 4, tzinfo=UTC)
    assert dates.moment("2024-03-01T23:00:00-05:00") == (at.date(), at)
    assert dates.moment("2024-03-02T04:00:00.000Z") == (at.date(), at)
    assert dates.moment("2024-03-02 04:00:00 UTC") == (at.date(), at)
    assert dates.moment("2024-03-02 04:00:00") == (at.date(), None)
    assert dates.moment("2024-03-02") == (at.date(), None)
