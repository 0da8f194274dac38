"""What people read after they rate or mark a film."""

import pytest

from bot.services.feedback.mark import Marked, Unmarked
from bot.services.feedback.rate import Rated, Unrated
from bot.wording import feedback
from bot.wording.speech import speaking

HOSTILE = "*Amélie* @everyone"
ESCAPED = r"**\*Amélie\* \@everyone**"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            feedback.rated(Rated(HOSTILE, 5.0)),
            f"Got it: ❤️ loved for {ESCAPED}. Your next picks know.",
        ),
        (feedback.rated(Rated("Up", 4.5)), "Got it: ★ 4.5 for **Up**. Your next picks know."),
        (
            feedback.unrated(Unrated("Up", None, None)),
            "You haven't rated **Up**, so there's nothing to take back.",
        ),
        (
            feedback.unrated(Unrated("Up", 4.0, 3.0)),
            "Taken back. For **Up**, 😐 fine counts again, as you said before.",
        ),
        (
            feedback.unrated(Unrated("Up", 4.0, None)),
            "Taken back. You don't have a rating for **Up** now.",
        ),
        (
            feedback.unrated(Unrated("Up", 5.0, None, ("❤️",))),
            "Taken back. You don't have a rating for **Up** now. The ❤️ you left on a "
            "card doesn't count any more. To rate with it again, take it away and add it "
            "again.",
        ),
        (
            feedback.rated(Rated("Up", 4.5, first=True)),
            "Got it: ★ 4.5 for **Up**. That's your first rating, and `/recommend` goes by it "
            "already. Each one makes your picks better.",
        ),
        (
            feedback.first_reaction(Rated("Up", 5.0, first=True)),
            "Got it: ❤️ loved for **Up**. That's your first rating, and `/recommend` goes by it "
            "already. Take your reaction away, and the rating goes too. I won't write each time: "
            "the count on the card shows that I've got it.",
        ),
        (
            feedback.marked(Marked("Up", "seen")),
            "You've seen **Up**, so I won't suggest it again. How was it?",
        ),
        (
            feedback.marked(Marked("Up", "declined")),
            "**Up** isn't for you. Got it, I won't suggest it again.",
        ),
        (feedback.kept("Up"), "I'll keep **Up** for later."),
        (
            feedback.kept_on_list(HOSTILE, "</watchlist:7>"),
            f"I'll keep {ESCAPED} for later. You'll find it in </watchlist:7>.",
        ),
        (feedback.unmarked(Unmarked("Up")), "Done, I've undone that for **Up**."),
        (feedback.legend(), "-# React to rate: ❤️ loved · 👍 liked · 😐 fine · 👎 disliked"),
    ],
)
def test_what_is_said(said: str, text: str) -> None:
    assert said == text


def test_the_film_stays_readable_in_another_language() -> None:
    with speaking("pseudo"):
        assert "**Up**" in feedback.rated(Rated("Up", 5.0))
        assert "loved" not in feedback.rated(Rated("Up", 5.0))
