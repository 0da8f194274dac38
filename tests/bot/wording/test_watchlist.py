"""What people read on the list for later, and on the list of what is hidden."""

import pytest

from bot.services.notes import note, quoted
from bot.services.people.hidden import HiddenItem, HiddenPage
from bot.services.picks.watchlist import Watchlist
from bot.wording.errors.said import said
from bot.wording.people import hidden
from bot.wording.picks import watchlist

HOSTILE, ESCAPED = "**Up**", r"**\*\*Up\*\***"
SEEN = HiddenItem("seen", "1", HOSTILE)


@pytest.mark.parametrize(
    ("found", "above", "below"),
    [
        (
            Watchlist((), 0, 0, 0, 0, True),
            [
                "You haven't kept anything for later yet. Press *Later* on a card, or use "
                "`/watchlist add:`."
            ],
            [],
        ),
        (
            Watchlist((), 0, 1, 1, 1, True),
            ["-# 1 film for later."],
            [
                "-# There's 1 more film that I can't show here.",
                "-# When you rate a film or press *Seen it*, I'll take it off the list.",
            ],
        ),
        (
            Watchlist((), 1, 3, 1200, 2, False),
            [
                "-# 1,200 films for later. The best ones for you come first.",
                "-# Page 2 of 3",
            ],
            [
                "-# There are 2 more films that I can't show here.",
                "-# When you rate a film or press *Seen it*, I'll take it off the list.",
            ],
        ),
    ],
)
def test_above_and_below_the_list(found: Watchlist, above: list[str], below: list[str]) -> None:
    assert watchlist.summary(found) == above
    assert watchlist.footer(found) == below


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (watchlist.removed(HOSTILE), f"{ESCAPED} is off your list."),
        (watchlist.restored(HOSTILE), f"{ESCAPED} is back on your list."),
        (
            said(note("not-kept", title="Up")),
            "Up isn't on your list. Use `/watchlist` to see what is.",
        ),
        (said(note("tonight-from-your-list")), "Tonight, from your list"),
        (said(note("decade", decade=1920)), "Before 1930"),
        (said(note("all-time-reason", people=3)), "3 people here rated it"),
        (
            said(note("usual-shelves-left-out", shelves=[quoted("A"), quoted("B")])),
            "To surprise you, I left out your usual shelves, like “A” and “B”.",
        ),
        (hidden.hidden_line(SEEN), f"{ESCAPED} · you've seen it"),
        (
            hidden.hidden_line(HiddenItem("genre", "x", "Horror")),
            "**Horror** · a genre you never want to see",
        ),
        (hidden.brought_back(SEEN), f"Got it, you haven't seen {ESCAPED}. I may suggest it again."),
        (
            hidden.brought_back(HiddenItem("unwanted", "1", "Up")),
            "Got it. I may suggest **Up** again.",
        ),
        (
            hidden.brought_back(HiddenItem("genre", "x", "Horror")),
            "Horror is back in your picks.",
        ),
        (hidden.hidden_again(SEEN), f"{ESCAPED} is hidden again."),
        (
            hidden.hidden_again(HiddenItem("genre", "x", "Horror")),
            "Got it. I'll leave out Horror.",
        ),
    ],
)
def test_sentences(text: str, expected: str) -> None:
    assert text == expected


def test_the_list_of_what_is_hidden() -> None:
    assert hidden.heading(HiddenPage((), 0, 0, 0, 0))[1].startswith("You haven't hidden anything.")
    assert hidden.heading(HiddenPage((SEEN,), 1, 2, 11, 0)) == [
        "## Hidden from your picks",
        "-# Page 2 of 2",
    ]
    assert hidden.footer(HiddenPage((), 0, 0, 0, 1))[0] == (
        "-# There's 1 more film that I can't name here."
    )
