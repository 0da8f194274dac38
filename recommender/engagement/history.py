"""What happened, as arrays, and the things of it that the report counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from recommender.engagement.suppression import Counted
from recommender.feedback import DAY, NAMES, NO_OUTCOME, FeedbackActs, Shown, credit
from recommender.numeric.arrays import Bools

NOWHERE = "none"  # the row of what happened in no server, or under no experiment
RETURN_DAYS = (1, 7, 28)
STAYS = len(RETURN_DAYS) + 1
WELL, LOVED = 4.0, 4.5  # stars from which a film is rated well, and loved
UNTAKEN, OPENED, KEPT, REFUSED, RATED, RATED_WELL, RATED_LOVED = range(7)
_DISCOVERED = frozenset({OPENED, KEPT, RATED_WELL, RATED_LOVED})
_PICK_OUTCOMES = {
    "opened": OPENED,
    "another": UNTAKEN,
    "seen": UNTAKEN,
    "later": KEPT,
    "watched": KEPT,
    "reacted": RATED,
    "rated": RATED,
    "refused": REFUSED,
}


@dataclass(frozen=True, eq=False)
class EngagementHistory:
    """What happened in the time of a report. Nobody who opted out is in it.

    Attributes:
        arrived: Unix seconds at which each newcomer first did something, by their id.
        shown: the n films that were shown.
        servers: (n,) the server of each; None for a direct message.
        arms: (n,) the label of the experiment's arm that chose it; None without one.
        acts: the m acts on films.
        holds: (m,) False for ratings that were taken back or replaced.
        rare: ids of the films of the long tail, which few people have rated.
    """

    arrived: dict[int, float]
    shown: Shown
    servers: Sequence[int | None]
    arms: Sequence[str | None]
    acts: FeedbackActs
    holds: Bools
    rare: frozenset[int]


@dataclass(frozen=True)
class CreditedPick:
    """A pick, and what the person did about it.

    Attributes:
        showing: row of the film in the history's `shown`.
        person: the person.
        outcome: `UNTAKEN`, `OPENED`, `KEPT` or `REFUSED`; for a rating `RATED_LOVED`, `RATED_WELL`
            without being loved, or `RATED` lower.
        at: Unix seconds of the act, or of the showing without one.
    """

    showing: int
    person: int
    outcome: int
    at: float


def picks(history: EngagementHistory) -> tuple[CreditedPick, ...]:
    """Returns every pick with the strongest thing that the person did about it.

    The rules are those of `recommender/feedback.py`. Ratings that were taken back do not count. A
    post counts once for each person who answered it.
    """
    acts = history.acts
    kept = FeedbackActs(
        *(getattr(acts, name)[history.holds] for name in FeedbackActs.__dataclass_fields__)
    )
    found = credit(history.shown, kept)
    made = []
    for row, person, outcome, reward, at in zip(
        found.shown.tolist(),
        found.person.tolist(),
        found.outcome.tolist(),
        found.reward.tolist(),
        found.at.tolist(),
        strict=True,
    ):
        what = UNTAKEN if outcome == NO_OUTCOME else _PICK_OUTCOMES[NAMES[outcome]]
        if what == RATED:
            stars = 1 + 4 * reward
            what += int(stars >= WELL) + int(stars >= LOVED)
        made.append(CreditedPick(row, person, what, at))
    return tuple(made)


def week_of(at: float) -> str:
    """Returns the Monday (UTC) of a time's week, such as "2026-03-09". at: Unix seconds."""
    day = datetime.fromtimestamp(at, UTC).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def newcomers(history: EngagementHistory) -> tuple[Counted, ...]:
    """Returns the newcomers by how far they got and how long they stayed.

    How far: 0 came, 1 reached a first pick, 2 gave a first rating after that. Somebody who rates a
    post has reached a pick with it. How long: how many of the numbers of days `RETURN_DAYS` passed
    between their arrival and the last thing they did. The outcome is `how far * STAYS + how long`.
    The rows are the week of the arrival, and the server and the arm of the first pick.
    """
    shown, acts = history.shown, history.acts
    first: dict[int, tuple[float, int]] = {}
    last = dict(history.arrived)
    for row, (person, at) in enumerate(zip(shown.person.tolist(), shown.at.tolist(), strict=True)):
        if person in last:
            first[person] = min(first.get(person, (at, row)), (at, row))
            last[person] = max(last[person], at)
    server_of = {message: row for row, message in enumerate(shown.message.tolist()) if message}
    rated: dict[int, float] = {}
    ratings = {NAMES.index("rated"), NAMES.index("reacted")}
    for person, outcome, message, at in zip(
        acts.person.tolist(),
        acts.outcome.tolist(),
        acts.message.tolist(),
        acts.at.tolist(),
        strict=True,
    ):
        if person in last:
            last[person] = max(last[person], at)
            if outcome in ratings:
                rated[person] = min(rated.get(person, at), at)
                if person not in first or at < first[person][0]:
                    first[person] = (at, server_of.get(message, -1))
    found = []
    for person, arrived in history.arrived.items():
        waits = [max(0.0, first[person][0] - arrived)] if person in first else []
        if person in rated:
            waits.append(max(0.0, rated[person] - arrived))
        row = first[person][1] if person in first else -1
        rows = {"week": week_of(arrived), **_place(history, row)}
        stayed = sum(last[person] - arrived >= days * DAY for days in RETURN_DAYS)
        outcome = len(waits) * STAYS + stayed
        found.append(Counted(rows, outcome, frozenset((person,)), tuple(waits)))
    return tuple(found)


def taken_up(history: EngagementHistory, made: Sequence[CreditedPick]) -> tuple[Counted, ...]:
    """Returns the picks by what people did about them.

    The rows are the week in which the film was shown, the server, and the arm. made: the picks of
    the history.
    """
    return tuple(
        Counted(
            _pick_rows(history, pick.showing, float(history.shown.at[pick.showing])),
            pick.outcome,
            frozenset((pick.person,)),
        )
        for pick in made
    )


def discoveries(history: EngagementHistory, made: Sequence[CreditedPick]) -> tuple[Counted, ...]:
    """Returns the films of the long tail that a pick led somebody to, and whether one loved them.

    A film is discovered when somebody first opens, keeps or rates it well; its rows are those of
    that pick, by the week of that act. 0 discovered, 1 loved. made: the picks of the history.
    """
    by_film: dict[int, list[CreditedPick]] = {}
    for pick in made:
        film = int(history.shown.film[pick.showing])
        if film in history.rare and pick.outcome in _DISCOVERED:
            by_film.setdefault(film, []).append(pick)
    found = []
    for own in by_film.values():
        first = min(own, key=lambda pick: (pick.at, pick.showing, pick.person))
        loved = int(any(pick.outcome == RATED_LOVED for pick in own))
        rows = _pick_rows(history, first.showing, first.at)
        found.append(Counted(rows, loved, frozenset(pick.person for pick in own)))
    return tuple(found)


def _pick_rows(history: EngagementHistory, row: int, at: float) -> dict[str, str]:
    return {"week": week_of(at), **_place(history, row)}


def _place(history: EngagementHistory, row: int) -> dict[str, str]:
    """Returns the server and the arm of a showing. row: its row; -1 if unknown."""
    server, arm = (history.servers[row], history.arms[row]) if row >= 0 else (None, None)
    return {"server": str(server or NOWHERE), "arm": arm or NOWHERE}
