"""The labels of the buttons of `/import`."""

from bot.wording.speech import pgettext


def apply_button() -> str:
    """Returns the label of the button that applies a file."""
    return pgettext("button", "Import")


def ask_button() -> str:
    """Returns the label of the button that asks which films were meant."""
    return pgettext("button", "Which ones?")


def likely_button() -> str:
    """Returns the label of the button that takes all likely films."""
    return pgettext("button", "Use the guesses")


def file_button() -> str:
    """Returns the label of the button that sends the films that were not recognised."""
    return pgettext("button", "Get these as a file")


def forget_button() -> str:
    """Returns the label of the button that forgets a file that waits."""
    return pgettext("button", "Forget this file")


def back_button() -> str:
    """Returns the label of the button that goes from the questions to the preview."""
    return pgettext("button", "Back")


def next_button() -> str:
    """Returns the label of the button that shows the next questions."""
    return pgettext("button", "Next")


def undo_button() -> str:
    """Returns the label of the button that undoes a file."""
    return pgettext("button", "Undo")


def sharing_button(shares: bool) -> str:
    """Returns the label of the switch that lets imported ratings count for other people.

    shares: True if others do now.
    """
    if shares:
        return pgettext("button", "Keep my imports out of others' picks")
    return pgettext("button", "Let my imports shape others' picks")
