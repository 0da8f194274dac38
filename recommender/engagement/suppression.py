"""Tables of counts from which nobody learns what one or two people did.

Each counted thing, such as a person or a pick, is in exactly one row and has exactly one outcome. A
column counts the things with some of the outcomes. The things of one row whose outcomes are in the
same columns form a block. A table is safe if there is nobody or at least `MIN_PEOPLE` people behind
each block. Every difference or sum of the table's numbers is then a sum of such blocks, so it has
nobody or at least `MIN_PEOPLE` people behind it too.

First, columns are left out until the whole is safe. Then rows that are not safe are put together as
one row, the rest. If the rest is not safe, the smallest other rows join it until it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from recommender.data import MIN_PEOPLE

TOTAL, REST = "total", "rest"


@dataclass(frozen=True)
class Counted:
    """One thing that is counted.

    Attributes:
        rows: its row in each breakdown, by the name of the breakdown.
        outcome: its outcome, a number from 0.
        people: the people behind it.
        waits: for each outcome from 1 on that was reached in turn, the seconds until then.
    """

    rows: Mapping[str, str]
    outcome: int
    people: frozenset[int]
    waits: tuple[float, ...] = ()


@dataclass(frozen=True)
class CountRow:
    """A row that may be shown.

    Attributes:
        name: the row's key; `TOTAL` for all things, `REST` for those of rows that are not shown.
        counts: the count of each column that is shown.
        things: the things that are counted in it, never to be shown.
    """

    name: str
    counts: tuple[int, ...]
    things: tuple[Counted, ...]


def safe_columns(
    things: Sequence[Counted], columns: Mapping[str, frozenset[int]]
) -> tuple[str, ...]:
    """Returns the names of the most columns that make the whole safe; empty if none do.

    columns: the outcomes that each column counts, by its name.
    """
    behind = _behind(things)
    for size in range(len(columns), 0, -1):
        for names in combinations(columns, size):
            if _is_safe(behind, [columns[name] for name in names]):
                return names
    return ()


def safe_rows(
    things: Sequence[Counted], breakdown: str | None, shown: Sequence[frozenset[int]]
) -> tuple[CountRow, ...]:
    """Returns the rows of a breakdown, or the one row of the total, in the order of their keys.

    The rest comes last. breakdown: its name; None for the total. shown: the outcomes of each column
    from `safe_columns`.
    """
    if not shown or not things:
        return ()
    if breakdown is None:
        return (_row(TOTAL, things, shown),)
    by_key: dict[str, list[Counted]] = {}
    for thing in things:
        by_key.setdefault(thing.rows[breakdown], []).append(thing)
    rest = [key for key, own in by_key.items() if not _is_safe(_behind(own), shown)]
    left = sorted(
        (key for key in by_key if key not in rest), key=lambda key: (-len(by_key[key]), key)
    )
    hidden = [thing for key in rest for thing in by_key[key]]
    while hidden and left and not _is_safe(_behind(hidden), shown):
        hidden += by_key[left.pop()]
    rows = [_row(key, by_key[key], shown) for key in sorted(left)]
    return (*rows, _row(REST, hidden, shown)) if hidden else tuple(rows)


def _row(name: str, things: Sequence[Counted], shown: Sequence[frozenset[int]]) -> CountRow:
    counts = tuple(sum(thing.outcome in outcomes for thing in things) for outcomes in shown)
    return CountRow(name, counts, tuple(things))


def _behind(things: Iterable[Counted]) -> dict[int, set[int]]:
    """Returns the people behind the things with each outcome."""
    found: dict[int, set[int]] = {}
    for thing in things:
        found.setdefault(thing.outcome, set()).update(thing.people)
    return found


def _is_safe(behind: Mapping[int, set[int]], shown: Sequence[frozenset[int]]) -> bool:
    """True if nobody or at least `MIN_PEOPLE` people are behind each block.

    behind: the people behind each outcome.
    """
    blocks: dict[tuple[bool, ...], set[int]] = {}
    for outcome, people in behind.items():
        block = tuple(outcome in outcomes for outcomes in shown)
        blocks.setdefault(block, set()).update(people)
    return all(len(people) >= MIN_PEOPLE for people in blocks.values())
