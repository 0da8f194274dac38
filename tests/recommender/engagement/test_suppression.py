"""No number in the report, and nothing that follows from several, is about one or two people."""

from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.engagement.figures import FAMILIES, CountTable, tables
from recommender.engagement.suppression import REST, TOTAL, Counted, safe_columns, safe_rows

MOST_SETS = 400  # that the attacker goes on from
groups = st.lists(
    st.tuples(
        st.sampled_from("ABC"), st.sampled_from("789"), st.integers(0, 11), st.integers(1, 8)
    ),
    max_size=14,
)


def told(found: Iterable[CountTable], counted: Sequence[Counted]) -> set[frozenset[int]]:
    """Returns, for each number of the tables, the numbers of the things that it counts."""
    sets = set()
    for table in found:
        by, names = table.breakdown or "", {row.name for row in table.rows}
        for row in table.rows:
            for name, count in zip(table.columns, row.counts, strict=True):
                own = frozenset(
                    at
                    for at, one in enumerate(counted)
                    if one.outcome in FAMILIES[table.family][name]
                    and (
                        row.name == TOTAL
                        or one.rows[by] == row.name
                        or (row.name == REST and one.rows[by] not in names)
                    )
                )
                assert len(own) == count, (table, row.name, name)
                sets.add(own)
    return sets


def followed(sets: set[frozenset[int]]) -> set[frozenset[int]]:
    """Returns everything that follows from the sets by taking one from another, and so on."""
    known, grown = set(sets), True
    while grown and len(known) < MOST_SETS:
        new = {big - small for big in known for small in known if small < big} - known
        known |= new
        grown = bool(new)
    return known


@settings(max_examples=80, deadline=None, derandomize=True)
@given(groups, st.sampled_from(("newcomers", "picks", "long tail")))
def test_nothing_follows_about_one_or_two_people(
    made: list[tuple[str, str, int, int]], family: str
) -> None:
    outcomes = len(frozenset().union(*FAMILIES[family].values()))
    counted: list[Counted] = []
    for week, server, outcome, size in made:
        rows = {"week": week, "server": server, "arm": "none"}
        for _ in range(size):  # every fifth thing is somebody's second one
            who = len(counted) - (len(counted) % 5 == 4)
            counted.append(Counted(rows, outcome % outcomes, frozenset((who,))))
    found = tables({family: counted})
    for breakdown in ("week", "server"):
        some = [table for table in found if table.breakdown in (None, breakdown)]
        for own in followed(told(some, counted)):
            people = frozenset().union(*(counted[at].people for at in own))
            assert len(people) not in (1, 2), (breakdown, own)


def people(outcomes: str, server: str, start: int) -> tuple[Counted, ...]:
    """Returns one person for each digit, which is their outcome."""
    return tuple(
        Counted({"server": server}, int(outcome), frozenset((start + at,)))
        for at, outcome in enumerate(outcomes)
    )


def test_a_small_row_takes_another_with_it() -> None:
    counted = people("000", "7", 0) + people("0000", "8", 10) + people("0", "9", 20)
    rows = safe_rows(counted, "server", [frozenset({0})])
    assert [(row.name, row.counts) for row in rows] == [("8", (4,)), (REST, (4,))]


def test_a_column_that_leaves_one_person_out_is_left_out() -> None:
    columns = {"came": frozenset({0, 1, 2}), "pick": frozenset({1, 2}), "rating": frozenset({2})}
    assert safe_columns(people("0001222", "7", 0), columns) == ("came", "pick")
    assert safe_columns(people("0111222", "7", 0), columns) == ("came", "rating")
    assert safe_columns(people("12", "7", 0), columns) == ()
