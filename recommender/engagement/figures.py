"""The figures of the report on engagement, and the three of them that `/status` shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from recommender.data import MIN_PEOPLE
from recommender.engagement import history as past
from recommender.engagement.history import EngagementHistory
from recommender.engagement.suppression import Counted, CountRow, safe_columns, safe_rows
from recommender.feedback import DAY

BREAKDOWNS = (None, "week", "server", "arm")
"""None is the total."""

_FAR = range(3)  # came, reached a first pick, gave a first rating
FAMILIES: Mapping[str, Mapping[str, frozenset[int]]] = {
    "newcomers": {
        name: frozenset(
            far * past.STAYS + stayed for far in _FAR[least:] for stayed in range(past.STAYS)
        )
        for least, name in enumerate(("came", "got a pick", "rated"))
    }
    | {
        f"back {days} d": frozenset(
            far * past.STAYS + stayed for far in _FAR for stayed in range(at + 1, past.STAYS)
        )
        for at, days in enumerate(past.RETURN_DAYS)
    },
    "picks": {
        "picks": frozenset(range(7)),
        "opened": frozenset({past.OPENED}),
        "kept": frozenset({past.KEPT}),
        "refused": frozenset({past.REFUSED}),
        "rated": frozenset({past.RATED, past.RATED_WELL, past.RATED_LOVED}),
        "rated well": frozenset({past.RATED_WELL, past.RATED_LOVED}),
        "loved": frozenset({past.RATED_LOVED}),
    },
    "long tail": {"discovered": frozenset({0, 1}), "loved": frozenset({1})},
}
"""Columns of each family of tables: the outcomes that each counts, by its name."""


@dataclass(frozen=True)
class CountTable:
    """A table that may be shown.

    Attributes:
        family: what it counts: "newcomers", "picks" or "long tail".
        breakdown: "week", "server" or "arm"; None for the total.
        columns: the names of its columns.
        rows: its rows.
    """

    family: str
    breakdown: str | None
    columns: tuple[str, ...]
    rows: tuple[CountRow, ...]


@dataclass(frozen=True)
class Heart:
    """What the last days came to.

    Attributes:
        first_ratings: newcomers of these days who gave a first rating in them; None if they are one
            or two.
        came_back: people who did something in these days, a day or more after they first did
            something; None if they are one or two.
        rated_well: picks of these days that were rated well; None if one or two people rated them.
    """

    first_ratings: int | None
    came_back: int | None
    rated_well: int | None


def things(history: EngagementHistory) -> dict[str, tuple[Counted, ...]]:
    """Returns what each family of tables counts, by its name."""
    made = past.picks(history)
    counted = (past.newcomers(history), past.taken_up(history, made))
    return dict(zip(FAMILIES, (*counted, past.discoveries(history, made)), strict=True))


def tables(every: Mapping[str, Sequence[Counted]]) -> tuple[CountTable, ...]:
    """Returns each table of the report that tells more than the total, and the total.

    every: the result of `things`.
    """
    found = []
    for family, counted in every.items():
        columns = FAMILIES[family]
        names = safe_columns(counted, columns)
        for breakdown in BREAKDOWNS:
            rows = safe_rows(counted, breakdown, [columns[name] for name in names])
            if rows and [row.name for row in rows] != [past.NOWHERE]:
                found.append(CountTable(family, breakdown, names, rows))
    return tuple(found)


def median_wait(row: CountRow, step: int) -> float | None:
    """Returns the median seconds from the arrival to a step, of the people who got there.

    None if fewer than `MIN_PEOPLE` did. row: a row of the family "newcomers". step: 0 for the first
    pick, 1 for the first rating.
    """
    waits = [thing.waits[step] for thing in row.things if len(thing.waits) > step]
    return median(waits) if len(waits) >= MIN_PEOPLE else None


def heart(history: EngagementHistory, known_since: Mapping[int, float], since: float) -> Heart:
    """Returns the three figures for `/status`.

    history: what happened at `since` or later. known_since: Unix seconds at which each person first
    did something, by their id; who is missing counts in nothing. since: Unix seconds.
    """
    counted = things(history)
    rated = [one for one in counted["newcomers"] if len(one.waits) == 2]
    good = [one for one in counted["picks"] if one.outcome >= past.RATED_WELL]
    shown, acts = history.shown, history.acts
    did = [
        *zip(shown.person.tolist(), shown.at.tolist(), strict=True),
        *zip(acts.person.tolist(), acts.at.tolist(), strict=True),
    ]
    back = {
        person
        for person, at in did
        if person in known_since and at >= since and at - known_since[person] >= DAY
    }
    returned = [Counted({}, 0, frozenset((person,))) for person in back]
    return Heart(_few(rated), _few(returned), _few(good))


def _few(counted: Sequence[Counted]) -> int | None:
    """Returns how many there are; None if there are one or two people behind them."""
    people = {person for one in counted for person in one.people}
    return None if 0 < len(people) < MIN_PEOPLE else len(counted)
