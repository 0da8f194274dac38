"""Rewards, the credit for showings, and ratings whose times are no evidence."""

import numpy as np
import pytest

from recommender.errors import DataError
from recommender.feedback import (
    CREDIT_WINDOW,
    DAY,
    NAMES,
    NO_OUTCOME,
    OUTCOMES,
    CreditedOutcomes,
    FeedbackActs,
    Shown,
    bulk,
    credit,
    credited_to,
    one_day_share,
    rewards,
)

ADA, BEN, BOT = 11, 12, 99
CARD, POST = 501, 502


def shown(*rows: tuple[int, int, int, float]) -> Shown:
    """Returns showings from rows of (film, person, message, at)."""
    film, person, message, at = np.array(rows, np.float64).reshape(-1, 4).T
    return Shown(film.astype(np.int64), person.astype(np.int64), message.astype(np.int64), at)


def acts(*rows: tuple[int, int, int, str, float | None, float]) -> FeedbackActs:
    """Returns acts from rows of (film, person, message, outcome, stars, at). Only BOT is a bot."""
    film, person, message, outcome, stars, at = zip(*rows, strict=True) if rows else ((),) * 6
    return FeedbackActs(
        np.array(film, np.int64),
        np.array(person, np.int64),
        np.array(message, np.int64),
        np.array([NAMES.index(name) for name in outcome], np.int64),
        np.array([np.nan if each is None else each for each in stars], np.float64),
        np.array(at, np.float64),
        np.array(person) == BOT,
    )


def rows_of(found: CreditedOutcomes) -> list[tuple[int, int, str, float]]:
    """Returns a (showing, person, outcome, reward) for each row."""
    names = [*NAMES, "nothing"]
    return [
        (int(row), int(person), names[outcome], float(reward))
        for row, person, outcome, reward in zip(
            found.shown, found.person, found.outcome, found.reward, strict=True
        )
    ]


def test_the_table_is_whole() -> None:
    wanted = {"opened", "reacted", "rated", "seen", "refused", "later", "another", "watched"}
    assert set(OUTCOMES) == wanted
    every = rewards(np.arange(len(NAMES)), np.full(len(NAMES), 3.0))
    assert every.min() >= 0
    assert every.max() == every[NAMES.index("watched")] == 1
    assert every[NAMES.index("rated")] == 0.5
    assert rewards(np.array([NAMES.index("rated")]), np.array([0.5]))[0] == 0
    with pytest.raises(DataError, match="rating-without-stars"):
        rewards(np.array([NAMES.index("reacted")]), np.array([np.nan]))


def test_what_follows_a_showing_is_credited_to_it() -> None:
    seen = shown((1, ADA, CARD, 100.0), (2, ADA, CARD, 100.0))
    done = acts((1, ADA, CARD, "opened", None, 110.0), (1, ADA, 0, "rated", 5.0, 5 * DAY))
    assert rows_of(credit(seen, done)) == [(0, ADA, "rated", 1.0), (1, ADA, "nothing", 0.0)]
    assert credit(seen, done).at.tolist() == [5 * DAY, 100.0]


def test_the_weightiest_act_decides_and_of_equal_ones_the_newest() -> None:
    seen = shown((1, ADA, CARD, 0.0), (2, ADA, CARD, 0.0))
    done = acts(
        (1, ADA, CARD, "refused", None, 5.0),
        (1, ADA, CARD, "opened", None, 9.0),
        (2, ADA, CARD, "reacted", 2.0, 5.0),
        (2, ADA, CARD, "reacted", 5.0, 9.0),
    )
    assert rows_of(credit(seen, done)) == [(0, ADA, "refused", 0.0), (1, ADA, "reacted", 1.0)]


def test_the_message_then_the_person_and_only_afterwards() -> None:
    seen = shown((1, ADA, CARD, 10.0), (1, ADA, CARD + 9, 50.0), (1, BEN, 700, 20.0))
    done = acts(
        (1, ADA, CARD, "reacted", 4.0, 60.0),  # on the older card
        (1, ADA, 0, "later", None, 70.0),  # on no message: the newest showing to her
        (1, ADA, 0, "later", None, 5.0),  # before any
        (1, BEN, 0, "rated", 4.0, 20.0 + CREDIT_WINDOW + 1),  # too late
        (2, BEN, 700, "opened", None, 30.0),  # a film that was not shown
        (1, BEN, 700, "opened", None, 20.0),  # at the same moment
    )
    assert credited_to(seen, done).tolist() == [0, 1, -1, -1, -1, 2]


def test_a_wrong_clock_takes_no_act_from_its_message() -> None:
    """Nobody can act on a message that is not there yet."""
    seen = shown((1, ADA, CARD, 50.0), (1, ADA, CARD, 90.0), (1, BEN, 700, 10.0))
    done = acts(
        (1, BEN, CARD, "reacted", 4.0, 40.0),  # not the card that he was shown
        (1, ADA, CARD, "reacted", 4.0, 50.0 - CREDIT_WINDOW - 1),  # a clock is not that wrong
    )
    assert credited_to(seen, done).tolist() == [0, -1]


def test_others_answer_too_and_a_posts_silence_is_nobodys() -> None:
    seen = shown((1, ADA, CARD, 0.0), (2, 0, POST, 0.0), (3, 0, POST, 0.0))
    done = acts((1, BEN, CARD, "reacted", 5.0, 9.0), (2, BEN, POST, "later", None, 9.0))
    assert rows_of(credit(seen, done)) == [
        (0, ADA, "nothing", 0.0),
        (0, BEN, "reacted", 1.0),
        (1, BEN, "later", 0.7),
    ]


def test_bots_and_opening_again_do_not_count() -> None:
    seen = shown((1, ADA, CARD, 0.0), (1, ADA, CARD + 1, 2 * DAY))
    done = acts(
        (1, BOT, CARD, "reacted", 5.0, 1.0),
        (1, ADA, CARD, "opened", None, 2.0),
        (1, ADA, CARD, "opened", None, 3.0),
        (1, ADA, CARD + 1, "opened", None, 2 * DAY + 1),
    )
    assert rows_of(credit(seen, done)) == [(0, ADA, "opened", 0.2), (1, ADA, "nothing", 0.0)]
    assert credit(seen, acts()).outcome.tolist() == [NO_OUTCOME, NO_OUTCOME]
    assert not len(credit(shown(), done).shown)


def test_bulk_is_many_within_minutes() -> None:
    def found(*when: float, person: int = 1) -> list[bool]:
        return bulk(np.full(len(when), person), np.array(when)).tolist()

    assert found(0, 100, 200, 300, 400) == [True] * 5
    assert found(0, 100, 200, 300) == [False] * 4
    assert found(0, 150, 300, 450, 601) == [False] * 5
    assert found(9e4, 0, 600, 300, 100, 200, 9.1e4) == [False, True, True, True, True, True, False]
    assert found(np.nan, 5) == [True, False], "an unknown time is no evidence"
    two = bulk(np.array([1, 2, 1, 2, 1]), np.zeros(5))
    assert not two.any(), "several people are no bulk"
    assert bulk(np.zeros(0, int), np.zeros(0)).tolist() == []


def test_the_rule_agrees_with_looking_at_every_window() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        person, when = rng.integers(0, 4, 60), np.round(rng.uniform(0, 6000, 60))
        plain = np.zeros(60, bool)
        for row in range(60):
            inside = (person == person[row]) & (when >= when[row]) & (when <= when[row] + 600)
            if inside.sum() >= 5:
                plain |= inside
        assert bulk(person, when).tolist() == plain.tolist()


def test_a_history_in_one_go() -> None:
    person = np.repeat([1, 2, 3], [6, 6, 2])
    when = np.concatenate([np.arange(6) * 3000.0, np.arange(6) * 2 * DAY, [0.0, 1.0]])
    assert one_day_share(person, when) == 0.5, "a person with too few ratings does not count"
    assert one_day_share(person[:0], when[:0]) == 0
