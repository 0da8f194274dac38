"""What the operator reads about the results of experiments."""

from datetime import UTC, datetime

import pytest

from bot.services.notes import note, of_error
from bot.wording.errors.said import said
from recommender.remarks import Remark, remark

DAY, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 12, tzinfo=UTC)
CHANGE = {"mean": 0.12, "low": 0.034, "high": 0.22, "relative": True}
UNKNOWN = {"mean": None, "low": None, "high": None, "relative": False}
WON = {"share": 0.6, "low": 0.55, "high": 0.654}


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (
            remark("arm-better", arm="bolder", metric="taken", **CHANGE),
            "“bolder” is better. It changes “taken” by +12.0% (probably between +3.4% and +22.0%).",
        ),
        (
            remark("no-difference-yet", arm="bolder", metric="taken", **UNKNOWN),
            "As far as I can tell, “bolder” doesn't change “taken”.",
        ),
        (
            remark(
                "guardrail-broken",
                arm="bolder",
                guardrail="seconds",
                **{**CHANGE, "relative": False},
            ),
            "Watch out, “bolder” makes things worse. It changes “seconds” by +0.12 (probably "
            "between +0.034 and +0.22).",
        ),
        (
            remark("arm-too-small", arm="b", unit="server", n=20, smallest_arm="a", units=0),
            "It's too early to tell how “b” is doing. I need 20 servers for each variant, but “a” "
            "only has 0 so far.",
        ),
        (
            remark("first-arm-wins", first_arm="a", second_arm="b", total=1, **WON),
            "“a” is better than “b”, which only won 60% of 1 card. Its true share is probably "
            "between 55% and 65%. I don't count cards without a winner.",
        ),
        (
            remark("second-arm-wins", first_arm="a", second_arm="b", total=300, **WON),
            "“b” is better than “a”. It won 60% of 300 cards, and its true share is probably "
            "between 55% and 65%. I don't count cards without a winner.",
        ),
        (
            remark("units-moved", n=1, unit="person"),
            "1 person saw two variants, because you changed the experiment while it was running. I "
            "only count what they did with their first one.",
        ),
        (remark("experiment-running", start=None, until=None), "running"),
        (
            remark("experiment-running", start=DAY, until=LATER),
            "running since January 1, 2026, 12:00 AM UTC, until February 1, 2026, 12:00 PM UTC",
        ),
        (
            remark("experiment-running", start=None, until=LATER),
            "running until February 1, 2026, 12:00 PM UTC",
        ),
    ],
)
def test_a_result_is_said(seen: Remark, text: str) -> None:
    assert said(seen) == text


def test_results_follow_one_another_on_a_line() -> None:
    seen = [of_error(remark("units-moved", n=2, unit="server")), note("experiment-over")]
    assert said(note("small-print", text=note("verdict", reasons=seen)), markdown=True) == (
        "-# 2 servers saw two variants, because you changed the experiment while it was "
        "running. I only count what happened with each server's first one. The experiment "
        "is over."
    )
