"""Texts of `/watchlist`: the films that a person keeps for later, and what several people keep."""

from bot.services.picks.watchlist import Watchlist
from bot.wording.feedback import film
from bot.wording.speech import N_, Sentence, _, ngettext, pgettext

REFUSALS: dict[str, Sentence] = {
    "not-kept": N_("{title} isn't on your list. Use `/watchlist` to see what is."),
    "nothing-kept": N_(
        "You haven't kept anything for later that I can show here. Press *Later* on a "
        "card, or use `/watchlist add:`."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "from-your-list": N_("From your list"),
    "tonight-from-your-list": N_("Tonight, from your list"),
}
"""The heading of a film from the list, by the note's key."""


def heading() -> str:
    """Returns the heading of the films that a person keeps for later."""
    return _("## For later")


def summary(found: Watchlist) -> list[str]:
    """Returns the lines under the heading: how many films there are, in which order."""
    if not found.count:
        return [
            _(
                "You haven't kept anything for later yet. Press *Later* on a card, or use "
                "`/watchlist add:`."
            )
        ]
    lines = [
        ngettext(
            "-# {n} film for later.",
            "-# {n} films for later. The best ones for right now come first.",
            found.count,
        )
        if found.by_clock
        else ngettext(
            "-# {n} film for later.",
            "-# {n} films for later. The best ones for you come first.",
            found.count,
        )
    ]
    if found.pages > 1:
        lines.append(_("-# Page {page} of {pages}", page=found.page + 1, pages=found.pages))
    return lines


def footer(found: Watchlist) -> list[str]:
    """Returns the lines below the films."""
    lines = []
    if found.hidden:
        lines.append(
            ngettext(
                "-# There's {n} more film that I can't show here.",
                "-# There are {n} more films that I can't show here.",
                found.hidden,
            )
        )
    if found.count:
        lines.append(_("-# When you rate a film or press *Seen it*, I'll take it off the list."))
    return lines


def removed(name: str) -> str:
    """Returns the line above the list after a film was taken off it. name: not escaped."""
    return _("{film} is off your list.", film=film(name))


def restored(name: str) -> str:
    """Returns the line above the list after a film was put back on it. name: not escaped."""
    return _("{film} is back on your list.", film=film(name))


def shared_heading() -> str:
    """Returns the heading of the films that several members of a server keep for later."""
    return _("## What several of us keep for later")


def shared_rule(found: bool) -> str:
    """Returns the line that says which films several members keep, and who counts.

    found: True if there are such films.
    """
    if found:
        return _(
            "-# At least three others here keep each of these films for later. I only "
            "count members who show their taste here, and I never say who they are."
        )
    return _(
        "There's nothing here yet. Once at least three others keep a film for later that's new to "
        "you, I'll show it here. I only count members who show their taste here, and I never say "
        "who they are."
    )


def remove_menu() -> str:
    """Returns the words in the menu that takes a film off the list."""
    return pgettext("menu", "Take a film off the list")


def pick_button() -> str:
    """Returns the label of the button that picks one of the kept films."""
    return pgettext("button", "Pick one for tonight")


def shared_button() -> str:
    """Returns the label of the button that shows what several members keep."""
    return pgettext("button", "What several of us keep")


def earlier_button() -> str:
    """Returns the label of the button that shows the page before."""
    return pgettext("button", "Previous page")


def later_button() -> str:
    """Returns the label of the button that shows the next page."""
    return pgettext("button", "Next page")


def undo_button() -> str:
    """Returns the label of the button that puts a film back."""
    return pgettext("button", "Undo")
