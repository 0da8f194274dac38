"""What a manager types to choose the emoji that rate."""

import pytest

from bot.errors import Sorry
from bot.services.feedback.scales import MAX_SHOWN_CHARACTERS, parse

OWN = 1234567890123456789


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("🔥 5 👍 4 👎 1.5", [("🔥", 5.0), ("👍", 4.0), ("👎", 1.5)]),
        ("👎=1,5, 🔥: 5 stars; ❤️ is 4", [("🔥", 5.0), ("❤️", 4.0), ("👎", 1.5)]),
        ("5️⃣ 5 4️⃣ 4", [("5️⃣", 5.0), ("4️⃣", 4.0)]),
        ("🇰🇷5🇫🇷½", None),
        ("🇰🇷5🇫🇷0½", [("🇰🇷", 5.0), ("🇫🇷", 0.5)]),
        ("👩🏽‍🚀 3 👨‍👩‍👧 3½", [("👨‍👩‍👧", 3.5), ("👩🏽‍🚀", 3.0)]),
        (f"<a:dance:{OWN}> 5 ★ · 💤 1", [(f"<a:dance:{OWN}>", 5.0), ("💤", 1.0)]),
    ],
)
def test_emoji_are_read_with_their_stars(typed: str, steps: list[tuple[str, float]] | None) -> None:
    if steps is None:
        with pytest.raises(Sorry, match="emoji-without-stars"):
            parse(typed, ())
        return
    assert [(step.emoji, step.stars) for step in parse(typed, {OWN})] == steps


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("🔥 5", "number-of-emoji"),
        ("", "number-of-emoji"),
        ("🍎1🍏2🍐3🍊4🍋5🍌1🍉2🍇3🍓4", "number-of-emoji"),
        ("🔥 5 🔥 4", "emoji-twice"),
        ("👍 5 👍🏽 4", "emoji-twice"),
        ("❤ 5 ❤️ 4", "emoji-twice"),
        (f"<:one:{OWN}> 5 <:renamed:{OWN}> 4", "emoji-twice"),
        ("🔥 5 👍", "emoji-without-stars"),
        ("🔥 6 👍 4", "no-such-emoji-stars"),
        ("🔥 4.3 👍 4", "no-such-emoji-stars"),
        ("🔥 0 👍 4", "no-such-emoji-stars"),
        ("🔥 999999999999999999999999 👍 4", "no-such-emoji-stars"),
        ("🔥 5 👍 5", "emoji-all-alike"),
        ("great 5 👍 5", "no-emoji"),
        ("5 🔥 4 👍", "no-emoji"),
        ("@everyone 5", "no-emoji"),
        ("<:other:1111111111111111111> 5 👍 1", "foreign-emoji"),
    ],
)
def test_what_cannot_be_used_is_refused(typed: str, why: str) -> None:
    with pytest.raises(Sorry, match=why):
        parse(typed, {OWN})


@pytest.mark.parametrize("typed", ["🔥 " + "9" * 5_900, "🔥" + "\u200d🔥" * 2_900, "x" * 6_000])
def test_a_refusal_never_repeats_a_long_text(typed: str) -> None:
    """Discord refuses messages that are too long."""
    with pytest.raises(Sorry) as refused:
        parse(typed, ())
    assert all(len(str(said)) <= MAX_SHOWN_CHARACTERS for said in refused.value.data.values())
