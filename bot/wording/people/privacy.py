"""Texts about the data that are stored about a person: seeing, exporting and deleting them."""

from bot.services.people.privacy import Keeping, Summary
from bot.wording.speech import N_, Sentence, _, ngettext, pgettext, translated

REFUSALS: dict[str, Sentence] = {
    "deletion-noted": N_(
        "I've noted that you want everything about you deleted, but I can't write to my database "
        "right now. I'll delete it as soon as I can. You don't have to ask again."
    ),
    "deletion-not-noted": N_(
        "I couldn't delete anything, because I can't write to my disk. Nothing has "
        "changed. Try again later, or tell whoever runs this bot."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

KINDS = {
    "people": N_("Your profile: {n}"),
    "ratings": N_("Your ratings: {n}"),
    "standing_acts": N_("Ratings you gave by reaction, button or command: {n}"),
    "rating_events": N_("Changes to your ratings: {n}"),
    "answers": N_("Quiz answers, and films the quiz asked about: {n}"),
    "film_marks": N_("Films you've seen, kept for later, turned down, or said you don't know: {n}"),
    "preferences": N_("Settings: {n}"),
    "taste_consents": N_("Servers that may see your taste: {n}"),
    "impressions": N_("Films I've shown you: {n}"),
    "cards": N_("Cards you asked for: {n}"),
    "card_acts": N_("Buttons you pressed on cards: {n}"),
    "exposures": N_("Experiments you were part of: {n}"),
    "imports": N_("Film histories you imported: {n}"),
    "import_films": N_("Films in your film histories that I know: {n}"),
    "import_questions": N_("Films in your film histories that I don't know: {n}"),
    "schedules": N_("Posts you set up, or that show your favourites: {n}"),
    "manager_messages": N_("Messages about your posts that I still have to send you: {n}"),
    "nights": N_("Movie nights you planned: {n}"),
    "night_members": N_("Movie nights you were invited to or came to: {n}"),
    "night_presences": N_("Times you joined the voice channel of a movie night that's on now: {n}"),
    "night_questions": N_("Servers where I asked whether I can use your taste: {n}"),
}
"""What the rows of each table about people are, in words, by the table's name."""


def summary(told: Summary) -> str:
    """Returns what `/privacy` shows."""
    if not told.counts:
        return _("I don't know anything about you yet, so there's nothing to delete.")
    rows = [f"• {translated(KINDS[name], n=count)}" for name, count in told.counts.items()]
    shaping = (
        _("Your ratings shape what I show to others, but I never show your name.")
        if told.shapes_others
        else _(
            "Your ratings only shape your own picks. I leave them out of trends, and out of "
            "everything I learn from now on."
        )
    )
    return "\n".join(
        [
            _("**What I know about you**"),
            *rows,
            keeping(told.keeping),
            _("-# Only you can see this. {shaping}", shaping=shaping),
        ]
    )


def keeping(times: Keeping) -> str:
    """Returns a text that says how long data about a person are kept."""
    return "\n".join(
        [
            _("**How long I keep your data**"),
            _(
                "I keep what you tell me until you take it back or delete it here. I "
                "forget what I've shown you after {shown} days. After a year, I forget "
                "which picks were wild cards, what you took back, and which buttons you "
                "pressed. Backups keep everything for up to {days} days after that. If I "
                "leave a server, I forget what I know about it after {left} days.",
                shown=times.shown_days,
                days=times.copy_days,
                left=times.left_days,
            ),
        ]
    )


def erasure_warning(times: Keeping) -> str:
    """Returns what a person reads before they delete all their data."""
    return _(
        "This deletes your ratings, your quiz answers, your settings and what I've shown "
        "you, right away and for good. I won't use any of it the next time I train. Your "
        "reactions on my old messages stay on Discord, but I won't count them any more. "
        "Backups keep everything for up to {days} days. If somebody restores one, I'll "
        "delete you from it again. For that, I keep a scrambled version of your ID and the "
        "time you asked.",
        days=times.copy_days,
    )


def erased(count: int) -> str:
    """Returns the answer to a deletion.

    count: the number of deleted rows.
    """
    if not count:
        return _("There was nothing to delete. I don't know anything about you.")
    return ngettext(
        "I've deleted {n} entry. I don't know anything about you any more.",
        "I've deleted {n} entries. I don't know anything about you any more.",
        count,
    )


def exported(letterboxd: bool, rounded: int) -> str:
    """Returns the text above the files with everything about a person.

    letterboxd: True if there are files for Letterboxd.
    rounded: number of ratings that these round to half stars.
    """
    lines = [_("Here's everything I know about you, and your ratings as a table.")]
    if letterboxd:
        lines.append(
            _("You can import the other files into Letterboxd, or back here with `/import`.")
        )
    if rounded:
        lines.append(rounded_stars(rounded))
    return "\n".join(lines)


def rounded_stars(count: int) -> str:
    """Returns what is said about ratings that an export rounds to half stars."""
    return ngettext(
        "I rounded {n} rating to half stars, because that's all Letterboxd has.",
        "I rounded {n} ratings to half stars, because that's all Letterboxd has.",
        count,
    )


def export_button() -> str:
    """Returns the label of the button that exports everything about a person."""
    return pgettext("button", "Export")


def shaping_button(shapes_others: bool) -> str:
    """Returns the label of the switch that decides whether the person's ratings shape others'
    picks.
    """
    if shapes_others:
        return pgettext("button", "Keep my ratings out of others' picks")
    return pgettext("button", "Let my ratings shape others' picks")


def erase_button() -> str:
    """Returns the label of the button that asks whether everything should be deleted."""
    return pgettext("button", "Delete everything")


def confirm_button() -> str:
    """Returns the label of the button that deletes everything."""
    return pgettext("button", "Yes, delete everything")
