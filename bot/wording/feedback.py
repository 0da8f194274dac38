"""Texts about ratings and marks: the answers to *Seen it*, *Not for me*, *Later* and ratings."""

from bot.services.feedback.mark import Marked, Unmarked
from bot.services.feedback.rate import Rated, Unrated
from bot.services.scale import LEGEND, USUAL_SCALE, RatingScale, usual_stars
from bot.services.wording import safe
from bot.wording.speech import N_, Sentence, _, ngettext, number, pgettext, translated

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

REFUSALS: dict[str, Sentence] = {
    "erased-meanwhile": N_(
        "You deleted your data in the meantime, so I didn't save your answer. Rate a film "
        "to start over."
    ),
    "no-film-chosen": N_("Pick a film from the list."),
    "no-such-stars": N_(
        "You can give anything from half a star to five stars, in half-star steps. Pick a rating "
        "from the list."
    ),
}

STEPS = {
    "loved": N_("loved"),
    "liked": N_("liked"),
    "fine": N_("fine"),
    "disliked": N_("disliked"),
}
"""The word for each step of the rating scale in a sentence, by the step's name."""

RATING_BUTTONS = {
    "loved": N_("Loved", "button"),
    "liked": N_("Liked", "button"),
    "fine": N_("Fine", "button"),
    "disliked": N_("Disliked", "button"),
}


def stars(value: float, emoji: str | None = None) -> str:
    """Returns a rating in words: "❤️ loved" if one of the usual rating emoji gives these stars,
    else "★ 4.5".

    emoji: the emoji that gave the stars; None if there was none. If it does not usually give these
        stars, the text starts with it: "🔥 ★ 5".
    """
    if emoji is not None and usual_stars(emoji) != value:
        return f"{emoji} ★ {number(value)}"
    for step in LEGEND:
        if step.stars == value:
            return f"{step.emoji} {translated(STEPS[step.name])}"
    return f"★ {number(value)}"


def legend(scale: RatingScale = USUAL_SCALE) -> str:
    """Returns the line under a card (a message about a film) that says what each rating emoji
    means.

    scale: the emoji that rate on this card.
    """
    return _("-# React to rate: {steps}", steps=scale_steps(scale))


def scale_steps(scale: RatingScale) -> str:
    """Returns what each emoji of a scale means, such as "❤️ loved · 👍 liked" or "🔥 ★ 5"."""
    if scale.id is None:
        return " · ".join(stars(step.stars) for step in scale.steps)
    return " · ".join(f"{step.emoji} ★ {number(step.stars)}" for step in scale.steps)


def rating_button(name: str) -> str:
    """Returns the label of a button that rates.

    name: the name of a step of the rating scale.
    """
    return translated(RATING_BUTTONS[name], "button")


def film(name: str) -> str:
    """Returns a film's name as messages have it: bold, and escaped."""
    return f"**{safe(name)}**"


def rated(result: Rated) -> str:
    """Returns the answer to a rating."""
    if result.first:
        return _(
            "Got it: {film}, {stars}. That's your first rating, and `/recommend` already "
            "uses it. Each rating makes your picks better.",
            stars=stars(result.stars),
            film=film(result.film),
        )
    return _(
        "Got it: {film}, {stars}. I'll keep that in mind for your next picks.",
        stars=stars(result.stars),
        film=film(result.film),
    )


def first_reaction(result: Rated) -> str:
    """Returns what a person reads once, after their first reaction to a card."""
    return _(
        "Got it: {film}, {stars}. That's your first rating, and `/recommend` already uses "
        "it. If you remove your reaction, I'll remove the rating too. I won't message you "
        "every time, but the count on the card shows that I've got it.",
        stars=stars(result.stars, result.emoji),
        film=film(result.film),
    )


def unrated(result: Unrated) -> str:
    """Returns the answer to a rating that was taken back."""
    name = film(result.film)
    if result.before is not None and result.lit:
        return ngettext(
            "Done. I've taken back your rating of {film}. The {emoji} you left on a card doesn't "
            "count any more. To rate with it again, remove it and add it back.",
            "Done. I've taken back your rating of {film}. The reactions you left on cards "
            "({reactions}) don't count any more. To rate with one again, remove it and add it "
            "back.",
            len(result.lit),
            film=name,
            emoji=" ".join(result.lit),
            reactions=" ".join(result.lit),
        )
    if result.before is None:
        return _("You haven't rated {film}, so there's nothing to take back.", film=name)
    if result.after is not None:
        return _(
            "Done. I've taken that back, so your earlier rating of {film} counts again: {stars}.",
            film=name,
            stars=stars(result.after),
        )
    return _("Done. I've taken back your rating of {film}.", film=name)


def marked(result: Marked) -> str:
    """Returns the answer to *Seen it* or *Not for me*."""
    name = film(result.film)
    if result.kind == "seen":
        return _("You've seen {film}, so I won't suggest it again. How was it?", film=name)
    return _("Got it, {film} isn't for you. I won't suggest it again.", film=name)


def kept(name: str) -> str:
    """Returns the sentence that a film is kept for later. name: the film's name, not escaped."""
    return _("I'll keep {film} for later.", film=film(name))


def kept_on_list(name: str, command: str) -> str:
    """Returns the answer to *Later*, which says where the list is.

    name: the film's name, not escaped.
    command: the command that shows the list, in markdown.
    """
    return _(
        "I'll keep {film} for later. You'll find it in {command}.", film=film(name), command=command
    )


def unmarked(result: Unmarked) -> str:
    """Returns the answer to a mark that was taken back."""
    name = film(result.film)
    if result.kind == "seen":
        return _("Done. {film} isn't marked as seen any more.", film=name)
    if result.kind == "later":
        return _("Done. I'm not keeping {film} for later any more.", film=name)
    return _("Done. I may suggest {film} again.", film=name)


def take_back_button(kind: str) -> str:
    """Returns the label of the button that undoes a rating or a mark.

    kind: "rated", or the kind of the mark.
    """
    if kind == "rated":
        return pgettext("button", "Take it back")
    return pgettext("button", "Haven't seen it") if kind == "seen" else pgettext("button", "Undo")
