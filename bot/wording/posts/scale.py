"""Texts of `/setup reactions`: which emoji give how many stars on a server's cards."""

from bot.services.feedback.scales import ScaleChoice
from bot.services.scale import RatingScale
from bot.wording.feedback import legend, scale_steps
from bot.wording.speech import N_, Sentence, _, pgettext

REFUSALS: dict[str, Sentence] = {
    "emoji-all-alike": N_(
        "All of these emoji give the same number of stars, so nobody could show what they liked "
        "best. Give them different stars."
    ),
    "emoji-twice": N_("You've used {emoji} twice. Use each emoji just once."),
    "emoji-without-stars": N_("How many stars is {emoji} worth? Write it like 🔥 5 👍 4 👎 1."),
    "foreign-emoji": N_(
        "I can't use {emoji} here. Choose one of this server's own emoji that everyone here can "
        "use, or a standard one."
    ),
    "no-emoji": N_("“{typed}” doesn't start with an emoji. Write it like 🔥 5 👍 4 👎 1."),
    "no-such-emoji-stars": N_(
        "{emoji} can't be worth {typed} stars. Stars go from half a star to five, in half steps."
    ),
    "no-such-scale": N_("Those emoji aren't set up any more. Try `/setup reactions` again."),
    "number-of-emoji": N_("Use {least} to {most} emoji, each with its stars, like 🔥 5 👍 4 👎 1."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""


def scale_line(scale: RatingScale) -> str:
    """Returns the emoji that rate in a server, as a line of `/setup`."""
    return _("Reactions: {steps}", steps=scale_steps(scale))


def scale_now(choice: ScaleChoice) -> str:
    """Returns which emoji rate in a server, and how to change them."""
    return "\n".join(
        [
            scale_line(choice.now),
            _(
                "To use other emoji, write each one with its stars, like `/setup reactions "
                "emoji:🔥 5 👍 4 👎 1`. You can use this server's own emoji too."
            ),
        ]
    )


def scale_draft(scale: RatingScale) -> str:
    """Returns what cards would look like with other emoji. scale: the other emoji."""
    return "\n".join(
        [
            _("New cards and posts here would say:"),
            legend(scale),
            _("Cards that are already here keep their emoji, and all ratings stay as they are."),
        ]
    )


def scale_chosen(scale: RatingScale) -> str:
    """Returns the answer to a manager who chose the emoji that rate."""
    return "\n".join(
        [
            _("Got it. New cards and posts here say:"),
            legend(scale),
            _("Cards that are already here keep their emoji, and all ratings stay as they are."),
        ]
    )


def use_scale_button() -> str:
    """Returns the label of the button that chooses the emoji."""
    return pgettext("button", "Use these emoji")


def usual_scale_button() -> str:
    """Returns the label of the button that goes back to the usual emoji."""
    return pgettext("button", "Use the usual emoji")
