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
            f"Got it: {ESCAPED}, ❤️ loved. I'll keep that in mind for your next picks.",
        ),
        (
            feedback.rated(Rated("Up", 4.5)),
            "Got it: **Up**, ★ 4.5. I'll keep that in mind for your next picks.",
        ),
        (
            feedback.unrated(Unrated("Up", None, None)),
            "You haven't rated **Up**, so there's nothing to take back.",
        ),
        (
            feedback.unrated(Unrated("Up", 4.0, 3.0)),
            "Done. I've taken that back, so your earlier rating of **Up** counts again: 😐 fine.",
        ),
        (
            feedback.unrated(Unrated("Up", 4.0, None)),
            "Done. I've taken back your rating of **Up**.",
        ),
        (
            feedback.unrated(Unrated("Up", 5.0, None, ("❤️",))),
            "Done. I've taken back your rating of **Up**. The ❤️ you left on a "
            "card doesn't count any more. To rate with it again, remove it and add it "
            "back.",
        ),
        (
            feedback.unrated(Unrated("Up", 5.0, None, ("❤️", "👍"))),
            "Done. I've taken back your rating of **Up**. The reactions you left on cards (❤️ 👍) "
            "don't count any more. To rate with one again, remove it and add it back.",
        ),
        (
            feedback.rated(Rated("Up", 4.5, first=True)),
            "Got it: **Up**, ★ 4.5. That's your first rating, and `/recommend` already "
            "uses it. Each rating makes your picks better.",
        ),
        (
            feedback.first_reaction(Rated("Up", 5.0, first=True)),
            "Got it: **Up**, ❤️ loved. That's your first rating, and `/recommend` "
            "already uses it. If you remove your reaction, I'll remove the rating too. I "
            "won't message you every time, but the count on the card shows that I've got "
            "it.",
        ),
        (
            feedback.marked(Marked("Up", "seen")),
            "You've seen **Up**, so I won't suggest it again. How was it?",
        ),
        (
            feedback.marked(Marked("Up", "declined")),
            "Got it, **Up** isn't for you. I won't suggest it again.",
        ),
        (feedback.kept("Up"), "I'll keep **Up** for later."),
        (
            feedback.kept_on_list(HOSTILE, "</watchlist:7>"),
            f"I'll keep {ESCAPED} for later. You'll find it in </watchlist:7>.",
        ),
        (feedback.unmarked(Unmarked("Up", "seen")), "Done. **Up** isn't marked as seen any more."),
        (feedback.unmarked(Unmarked("Up", "declined")), "Done. I may suggest **Up** again."),
        (
            feedback.unmarked(Unmarked("Up", "later")),
            "Done. I'm not keeping **Up** for later any more.",
        ),
        (feedback.legend(), "-# React to rate: ❤️ loved · 👍 liked · 😐 fine · 👎 disliked"),
    ],
)
def test_what_is_said(said: str, text: str) -> None:
    assert said == text


def test_the_film_stays_readable_in_another_language() -> None:
    with speaking("pseudo"):
        assert "**Up**" in feedback.rated(Rated("Up", 5.0))
        assert "loved" not in feedback.rated(Rated("Up", 5.0))
