"""Texts about what a person asked for, and what to do if no film fits it."""

from bot.wording.speech import N_, Sentence, _, listed, minutes, ngettext, translated

FILTERS = {
    "genre": N_("the genre"),
    "mood": N_("the mood"),
    "language": N_("the language"),
    "years": N_("the decade"),
    "max-runtime": N_("the maximum length"),
    "never": N_("the list of genres you leave out (see `/settings`)"),
    "never-tags": N_("the content filter (see `/settings`)"),
    "family-safe": N_("the family-safe setting"),
    "excluded": N_("the rule that hides films you know or that I've just shown you"),
}
"""What each filter is called, by its name with hyphens."""


def filter_name(name: str) -> str:
    """Returns what a filter is called. name: its name in `FILTERS`."""
    return translated(FILTERS[name])


def filters_to_drop(filters: list[str], films: int) -> str:
    """Returns a way to get films: which filters to drop, and how many films would then fit."""
    return ngettext(
        "Without {filters}, I'd have {n} film for you.",
        "Without {filters}, I'd have {n} films for you.",
        films,
        filters=listed(filters),
    )


def nothing_fits(ways: list[str]) -> str:
    """Returns the answer if no film fits what was asked for.

    ways: ways to get films, the one that gives up least first.
    """
    first = _("No film fits everything you asked for. Here's what would help:")
    return "\n".join([first, *(f"- {way}" for way in ways)])


def content_left_out(here: bool) -> str:
    """Returns the sentence under a list from which films are left out for their content.

    here: True in a server, which may leave out content too.
    """
    if here:
        return _("I left out films with content that you or this server don't want to see.")
    return _("I left out films with content that you don't want to see.")


def up_to(runtime: int) -> str:
    """Returns what a person asked for: a film of at most this many minutes."""
    return _("up to {length}", length=minutes(runtime))


REFUSALS: dict[str, Sentence] = {
    "no-film-for-all": N_(
        "I've run out of films for all of you. Try fewer filters or fewer people, or ask just "
        "for yourself."
    ),
    "no-film-left": N_(
        "I'm out of films to show you. Bring one back with *What's hidden* in `/settings`, or "
        "come back tomorrow."
    ),
    "nothing-fits": nothing_fits,
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "content-left-out": content_left_out,
    "declined-left-out": N_("I left out films that you've said aren't for you."),
    "filter": filter_name,
    "filters-to-drop": filters_to_drop,
    "genres-left-out": N_("I left out {genres}, as you asked."),
    "unknown-lengths": N_(
        "I couldn't find any films of a known length that fit, so I don't know how long these are."
    ),
    "unsafe-left-out": N_(
        "I left out films that may not be family-safe, because this server only wants "
        "family-safe ones."
    ),
    "up-to": up_to,
}
"""A line below the picks that says what was left out, by the note's key."""
