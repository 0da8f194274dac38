"""Texts about content that people and servers leave out, such as gore."""

from collections.abc import Sequence

from bot.services.catalogue.content import ContentOption
from bot.services.wording import safe
from bot.wording.picks.shelves import tag
from bot.wording.speech import _, listed, pgettext, translated


def content_chosen(options: Sequence[ContentOption]) -> str:
    """Returns the answer to somebody who chose which content is left out. options: all kinds."""
    names = _left_out(options)
    if not names:
        return _("Done. I won't leave out films because of their content any more.")
    return _(
        "Got it. I'll leave out films that I know have {content} in them.",
        content=names,
    )


def content_line(options: Sequence[ContentOption]) -> str:
    """Returns the line of the settings with the content that is left out. options: all kinds."""
    names = _left_out(options)
    if not names:
        return _("Content I leave out: **none**")
    return _("Content I leave out: **{content}**", content=names)


def _left_out(options: Sequence[ContentOption]) -> str:
    return safe(listed(kind(one) for one in options if one.left_out))


def kind(option: ContentOption) -> str:
    """Returns the name of a kind of content within a sentence."""
    return tag(option.slug, option.name)


def meaning(option: ContentOption) -> str:
    """Returns what a kind of content means, in one sentence; "" if nobody wrote it.

    The catalogues have the sentences of the starter catalogue. Those that an operator wrote are the
    same in every language.
    """
    return translated(option.definition, "menu option description")


def content_menu() -> str:
    """Returns the words in the menu for content to leave out."""
    return pgettext("menu", "Content to leave out")


def back_button() -> str:
    """Returns the label of the button after which no content is left out."""
    return pgettext("button", "Allow all content")
