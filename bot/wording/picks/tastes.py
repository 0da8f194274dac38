"""The names of tastes (the kinds of films that the quiz offers) and of moods."""

from bot.wording.speech import N_, Sentence, _, translated

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""

TASTES = {
    "warm": N_("Warm and funny", "menu option"),
    "tense": N_("Thrillers and crime", "menu option"),
    "scary": N_("Horror", "menu option"),
    "wonder": N_("Science fiction and fantasy", "menu option"),
    "love": N_("Love, won and lost", "menu option"),
    "big": N_("Action, big and loud", "menu option"),
    "animated": N_("Animation and anime", "menu option"),
    "asian": N_("Korean and Indian cinema", "menu option"),
    "world": N_("World cinema and arthouse", "menu option"),
    "documentaries": N_("Documentaries", "menu option"),
    "moving": N_("Quietly devastating", "menu option"),
    "strange": N_("Strange and dreamlike", "menu option"),
    "true": N_("True stories", "menu option"),
}
"""The name of each taste, by its key."""

MOOD_BUTTONS = {
    "light": N_("Light", "button"),
    "gripping": N_("Gripping", "button"),
    "moving": N_("Moving", "button"),
    "strange": N_("Strange", "button"),
}
"""The label of each button for a mood, by the mood's key."""

MOODS = {
    "light": N_("light"),
    "gripping": N_("gripping"),
    "moving": N_("moving"),
    "strange": N_("strange"),
}
"""The word for each mood that has a button, by the mood's key."""


def taste_option(key: str) -> str:
    """Returns the name of a taste, as the quiz offers it."""
    return translated(TASTES[key], "menu option")


def quoted_taste(taste: str) -> str:
    """Returns the name of a taste in quotation marks.

    taste: its key.
    """
    return _("“{text}”", text=taste_option(taste))


def mood_button(key: str) -> str:
    """Returns the label of a button for a mood."""
    return translated(MOOD_BUTTONS[key], "button")


def mood(mood: str) -> str:
    """Returns the word for a mood that has a button.

    mood: its key.
    """
    return translated(MOODS[mood])


NOTES: dict[str, Sentence] = {
    "mood": mood,
    "taste": quoted_taste,
}
"""The sentence of each note, by the note's key."""
