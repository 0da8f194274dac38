"""Says what concerns a person's settings and what is known about them."""

from datetime import datetime

from bot.services.people.preferences import SettingsPanel
from bot.services.people.privacy import Keeping, Summary
from bot.services.wording import safe
from bot.wording.speech import N_, Sentence, _, listed, ngettext, pgettext, translated
from bot.wording.zones import zone_now

REFUSALS: dict[str, Sentence] = {
    "deletion-noted": N_(
        "I've noted that you want everything about you deleted, but I can't write to my database "
        "right now. I'll delete it as soon as I can. You don't have to ask again."
    ),
    "deletion-not-noted": N_(
        "I couldn't delete anything: my disk isn't taking any data, and nothing has changed. Try "
        "again later, or tell whoever runs this bot."
    ),
    "no-such-dial": N_("Pick one of the choices in the list."),
    "nobody-to-show-taste-to": N_(
        "There's nobody here to show your taste to. Use `/settings` in a server."
    ),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

DIALS = {
    "crowd-pleasers": N_("Crowd-pleasers", "menu option"),
    "well-liked": N_("Well-liked", "menu option"),
    "balanced": N_("Balanced", "menu option"),
    "off the path": N_("Off the path", "menu option"),
    "deep cuts": N_("Deep cuts", "menu option"),
}
"""How adventurous picks are -> its name."""

DIAL_MEANINGS = {
    "crowd-pleasers": N_("Films that lots of people love", "menu option description"),
    "well-liked": N_("Mostly films that lots of people love", "menu option description"),
    "balanced": N_("A bit of both", "menu option description"),
    "off the path": N_("Now and then one that few people know", "menu option description"),
    "deep cuts": N_("Films that few people know", "menu option description"),
}
"""How adventurous picks are -> what that means."""

SWITCHED = {
    ("clock", True): N_("Your picks follow the time of day and the weekday again."),
    ("clock", False): N_("Your picks don't depend on the time of day or the weekday any more."),
    ("taste", False): N_("Nobody in this server can see your taste any more."),
    ("quiet", True): N_("I won't ask you about films any more."),
    ("quiet", False): N_("I'll ask you about one more film now and then."),
}
"""(switch, whether it is on now) -> what happens from now on."""

KINDS = {
    "people": N_("Your profile: {n}"),
    "ratings": N_("Your ratings: {n}"),
    "standing_acts": N_("Reactions, buttons and commands you rated with: {n}"),
    "rating_events": N_("Changes of your ratings: {n}"),
    "answers": N_("Quiz answers, and films the quiz asked about: {n}"),
    "film_marks": N_("Films you've seen, kept for later, turned down or don't know: {n}"),
    "preferences": N_("Settings: {n}"),
    "taste_consents": N_("Servers that may see your taste: {n}"),
    "impressions": N_("Films I've shown you: {n}"),
    "cards": N_("Cards you asked for: {n}"),
    "card_acts": N_("Buttons you pressed on cards: {n}"),
    "exposures": N_("Experiments you were part of: {n}"),
    "schedules": N_("Posts you set up, or that show your favourites: {n}"),
    "manager_messages": N_("Messages about those posts that I still have to send you: {n}"),
}
"""For each table with rows about people, what its rows are."""


def dial(name: str) -> str:
    """Returns the name of a degree of adventurousness, with a first capital."""
    return translated(DIALS[name], "menu option")


def dial_meaning(name: str) -> str:
    """Returns what a degree of adventurousness means."""
    return translated(DIAL_MEANINGS[name], "menu option description")


def zone_chosen(zone: str | None, now: datetime) -> str:
    """Returns the answer to a time zone.

    zone: its IANA name; None if the person chose none.
    now: the present time, aware.
    """
    if zone is None:
        return _("Done. I'm back on this server's time zone.")
    return _("Your time zone is now {zone}.", zone=zone_now(zone, now))


def dial_chosen(name: str) -> str:
    """Returns the answer to how adventurous picks should be."""
    return _("From now on: {dial}. {meaning}.", dial=dial(name), meaning=dial_meaning(name))


def genres_left_out(genres: tuple[str, ...]) -> str:
    """Returns the answer to a choice of all genres to leave out."""
    if not genres:
        return _("Done. I don't leave out any genre now.")
    return _("Got it. I'll leave out {genres}.", genres=safe(listed(genres)))


def genre_switched(genre: str, left_out: bool) -> str:
    """Returns the answer to a change about one genre."""
    if left_out:
        return _("Got it. I'll leave out {genres}.", genres=safe(genre))
    return _("{genre} is back in your picks.", genre=safe(genre))


def taste_shown() -> str:
    """Returns what happens from now on because a person shows their taste in a server."""
    return _(
        "Members of this server can see your taste now, with your name: your favourites as a shelf "
        "in `/browse` and in posts, and picks together with you in `/recommend with:`. That counts "
        "everything I know about your taste: your ratings and quiz answers, films you've seen, "
        "turned down, kept for later or that look good to you, genres you never want, and how "
        "adventurous your picks are. Nobody sees your stars. It ends when you leave the server."
    )


def taste_hidden() -> str:
    """Returns what a person reads who does not show their taste in a server."""
    return _("Nobody here can see your taste, until you say so.")


def switched(switch: str, on: bool) -> str:
    """Returns what happens from now on because a switch of `/settings` was pressed."""
    if (switch, on) == ("taste", True):
        return taste_shown()
    return translated(SWITCHED[switch, on])


def settings_lines(panel: SettingsPanel, now: datetime) -> list[str]:
    """Returns the lines of `/settings`.

    now: the present time, aware.
    """
    on_off = {True: _("on"), False: _("off")}
    zone = zone_now(panel.zone or panel.default_zone, now)
    lines = [
        _("## Your settings"),
        _("Time zone: **{zone}**", zone=zone)
        if panel.zone
        else _("Time zone: **{zone}**, the usual one here", zone=zone),
        _(
            "How adventurous: **{dial}** ({meaning})",
            dial=dial(panel.dial),
            meaning=dial_meaning(panel.dial),
        ),
        _("Genres I leave out: **{genres}**", genres=safe(listed(panel.never)))
        if panel.never
        else _("Genres I leave out: **none**"),
        _(
            "Picks follow the time of day and the weekday: **{state}**",
            state=on_off[panel.by_clock],
        ),
    ]
    if panel.taste is not None:
        lines.append(_("Show my taste in this server: **{state}**", state=on_off[panel.taste]))
    lines.append(
        _("Ask me about one more film now and then: **{state}**", state=on_off[not panel.quiet])
    )
    if panel.more_genres:
        lines.append(_("-# The menu has the biggest genres. `/settings never:` knows all of them."))
    return lines


def settings_done(note: str) -> str:
    """Returns the line above the settings that says what has just changed."""
    return f"✓ {note}"


def dial_menu() -> str:
    """Returns the text of the menu for how adventurous picks are."""
    return pgettext("menu", "How adventurous")


def genre_menu() -> str:
    """Returns the text of the menu for genres to leave out."""
    return pgettext("menu", "Genres to leave out")


def zone_button() -> str:
    """Returns the label of the button that opens the form for the time zone."""
    return pgettext("button", "Time zone …")


def clock_button(by_clock: bool) -> str:
    """Returns the label of the switch for the time of day, from how it is now."""
    if by_clock:
        return pgettext("button", "Ignore the clock")
    return pgettext("button", "Follow the clock")


def taste_button(shown: bool) -> str:
    """Returns the label of the switch for showing one's taste, from how it is now."""
    if shown:
        return pgettext("button", "Hide my taste here")
    return pgettext("button", "Show my taste here")


def quiet_button(quiet: bool) -> str:
    """Returns the label of the switch for questions about films, from how it is now."""
    if quiet:
        return pgettext("button", "Ask me now and then")
    return pgettext("button", "Don't ask me")


def zone_form() -> str:
    """Returns the title of the form for the time zone."""
    return pgettext("form title", "Your time zone")


def zone_field() -> str:
    """Returns the label of the field for the time zone."""
    return pgettext("form label", "A city, a country or an offset")


def zone_hint() -> str:
    """Returns what is said under the label of the field for the time zone."""
    return pgettext(
        "form description", "Like Tokyo, India or UTC+1. Leave it empty for the server's."
    )


def summary(told: Summary) -> str:
    """Returns what `/privacy` shows."""
    if not told.counts:
        return _("I don't know anything about you yet, so there's nothing to delete.")
    rows = [f"• {translated(KINDS[name], n=count)}" for name, count in told.counts.items()]
    shaping = (
        _("Your ratings shape what others are shown, never by name.")
        if told.shapes_others
        else _(
            "Your ratings only shape your own picks. Trends leave them out, and so does everything "
            "I learn from now on."
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
            _("**How long I keep it**"),
            _(
                "What you tell me stays until you take it back or delete it here. What I showed "
                "you goes after {shown} days. Wild cards, what you took back and the buttons you "
                "pressed go after a year. Backups keep everything for up to {days} days more. When "
                "I leave a server, what I know about it goes after {left} days.",
                shown=times.shown_days,
                days=times.copy_days,
                left=times.left_days,
            ),
        ]
    )


def erasure_warning(times: Keeping) -> str:
    """Returns what a person reads before they delete all their data."""
    return _(
        "This deletes your ratings, your quiz answers, your settings and what I showed you, right "
        "now and for good. The next time I learn, I won't know them. Your reactions on my old "
        "messages stay on Discord, but I don't count them any more. Backups keep it all for up to "
        "{days} days. If one of them is restored, I delete it again: for that I keep a scrambled "
        "form of your id, and the time.",
        days=times.copy_days,
    )


def erased(count: int) -> str:
    """Returns the answer to a deletion.

    count: the number of deleted rows.
    """
    if not count:
        return _("There was nothing to delete. I don't know anything about you.")
    return ngettext(
        "Deleted: {n} entry. I don't know anything about you any more.",
        "Deleted: {n} entries. I don't know anything about you any more.",
        count,
    )


def exported() -> str:
    """Returns the text above the files with everything about a person."""
    return _("Here's everything I know about you, and your ratings as a table.")


def export_button() -> str:
    """Returns the label of the button that exports everything about a person."""
    return pgettext("button", "Export")


def shaping_button(shapes_others: bool) -> str:
    """Returns the label of the switch for shaping others' picks, from how it is now."""
    if shapes_others:
        return pgettext("button", "Keep my ratings out of others' picks")
    return pgettext("button", "Let my ratings shape others' picks")


def erase_button() -> str:
    """Returns the label of the button that asks whether everything should be deleted."""
    return pgettext("button", "Delete everything")


def confirm_button() -> str:
    """Returns the label of the button that deletes everything."""
    return pgettext("button", "Yes, delete everything")
