"""Texts of the list in `/settings` of what is hidden from a person's picks."""

from bot.services.people.hidden import HiddenItem, HiddenPage
from bot.services.wording import safe
from bot.wording.feedback import film
from bot.wording.people.preferences import genre_switched
from bot.wording.speech import N_, _, ngettext, pgettext, translated

REASONS = {
    "genre": N_("a genre you never want to see", "menu option description"),
    "declined": N_("not for you", "menu option description"),
    "seen": N_("you've seen it", "menu option description"),
    "unwanted": N_("not for you, from what you said in the quiz", "menu option description"),
}
"""Why something is hidden, by its kind."""


def hidden_button() -> str:
    """Returns the label of the button that shows what is hidden."""
    return pgettext("button", "What's hidden")


def heading(found: HiddenPage) -> list[str]:
    """Returns the lines above what is hidden."""
    lines = [_("## Hidden from your picks")]
    if not found.count:
        lines.append(
            _(
                "You haven't hidden anything. To hide a film, press *Not for me* or *Seen it* on a "
                "card."
            )
        )
    if found.pages > 1:
        lines.append(_("-# Page {page} of {pages}", page=found.page + 1, pages=found.pages))
    return lines


def hidden_line(item: HiddenItem) -> str:
    """Returns a hidden genre or film as a line: its name, and why it is hidden."""
    name = film(item.name) if item.kind != "genre" else f"**{safe(item.name)}**"
    return f"{name} · {reason(item)}"


def reason(item: HiddenItem) -> str:
    """Returns why a genre or film is hidden."""
    return translated(REASONS[item.kind], "menu option description")


def footer(found: HiddenPage) -> list[str]:
    """Returns the lines below what is hidden."""
    lines = []
    if found.unnamed:
        lines.append(
            ngettext(
                "-# There's {n} more film that I can't name here.",
                "-# There are {n} more films that I can't name here.",
                found.unnamed,
            )
        )
    lines.append(_("-# I won't suggest films you've already rated, either."))
    return lines


def brought_back(item: HiddenItem) -> str:
    """Returns the line above the list after something was brought back."""
    if item.kind == "genre":
        return genre_switched(item.name, False)
    if item.kind == "seen":
        return _("Got it, you haven't seen {film}. I may suggest it again.", film=film(item.name))
    return _("Got it. I may suggest {film} again.", film=film(item.name))


def hidden_again(item: HiddenItem) -> str:
    """Returns the line above the list after something was hidden again."""
    if item.kind == "genre":
        return genre_switched(item.name, True)
    return _("{film} is hidden again.", film=film(item.name))


def bring_back_menu() -> str:
    """Returns the words in the menu that brings something back."""
    return pgettext("menu", "Bring one back")
