"""Texts about a person's settings and the data that are stored about them."""

from datetime import datetime

from bot.services.people.preferences import SettingsPanel
from bot.services.wording import safe
from bot.wording.people.content import content_line
from bot.wording.people.languages import language_line
from bot.wording.people.zones import zone_now
from bot.wording.speech import N_, Sentence, _, listed, pgettext, translated

REFUSALS: dict[str, Sentence] = {
    "no-such-dial": N_("I don't know that choice. Pick one from the list."),
    "nobody-to-show-taste-to": N_(
        "There's nobody here to show your taste to. Use `/settings` in a server."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

DIALS = {
    "crowd-pleasers": N_("Crowd-pleasers", "menu option"),
    "well-liked": N_("Well-liked", "menu option"),
    "balanced": N_("Balanced", "menu option"),
    "off the path": N_("Lesser-known", "menu option"),
    "deep cuts": N_("Deep cuts", "menu option"),
}
"""The name of each degree of adventurousness of the picks, by its key."""

DIAL_MEANINGS = {
    "crowd-pleasers": N_("Films that lots of people love", "menu option description"),
    "well-liked": N_("Mostly films that lots of people love", "menu option description"),
    "balanced": N_(
        "A mix of films that lots of people love and films that few people know",
        "menu option description",
    ),
    "off the path": N_(
        "Fewer films that lots of people love, and more that few people know",
        "menu option description",
    ),
    "deep cuts": N_("Films that few people know", "menu option description"),
}
"""What each degree of adventurousness of the picks means, by its key."""

SWITCHED = {
    ("clock", True): N_("Your picks depend on the time of day and the day of the week again."),
    ("clock", False): N_(
        "Your picks don't depend on the time of day or the day of the week any more."
    ),
    ("taste", False): N_("Nobody in this server can see your taste any more."),
    ("quiet", True): N_("I won't ask you about films any more."),
    ("quiet", False): N_("I'll ask you about another film now and then."),
}
"""What happens from now on, by the switch that was pressed and whether it is on now."""


def dial(name: str) -> str:
    """Returns the name of a degree of adventurousness of the picks, beginning with a capital
    letter.
    """
    return translated(DIALS[name], "menu option")


def dial_meaning(name: str) -> str:
    """Returns what a degree of adventurousness of the picks means."""
    return translated(DIAL_MEANINGS[name], "menu option description")


def zone_chosen(zone: str | None, now: datetime) -> str:
    """Returns the answer to a person who changed their time zone.

    zone: the IANA name of the zone; None if they no longer have a zone of their own.
    now: the present time, aware.
    """
    if zone is None:
        return _("Done. I'll use this server's time zone again.")
    return _("Your time zone is now {zone}.", zone=zone_now(zone, now))


def dial_chosen(name: str) -> str:
    """Returns the answer to a person who chose how adventurous their picks are.

    name: the key of the degree that they chose.
    """
    return _(
        "I've set your picks to **{dial}** ({meaning}).",
        dial=dial(name),
        meaning=dial_meaning(name),
    )


def genres_left_out(genres: tuple[str, ...]) -> str:
    """Returns the answer to a person who chose which genres are never shown.

    genres: the names of all these genres.
    """
    if not genres:
        return _("Done. I won't leave out any genres any more.")
    return _("Got it. I'll leave out {genres}.", genres=safe(listed(genres)))


def genre_switched(genre: str, left_out: bool) -> str:
    """Returns the answer to a person who changed whether one genre is shown.

    genre: its name.
    left_out: True if it is never shown from now on.
    """
    if left_out:
        return _("Got it. I'll leave out {genres}.", genres=safe(genre))
    return _("{genre} is back in your picks.", genre=safe(genre))


def taste_shown(compared: bool = True) -> str:
    """Returns the answer to a person who lets the members of a server see their taste.

    compared: True if members may also see their profile and compare tastes with them.
    """
    if compared:
        return _(
            "Members of this server can now see your taste, with your name. Here's what they get:\n"
            "- your favourites, as a shelf in `/browse`, in posts and on `/film`\n"
            "- a picture of your taste in `/profile`\n"
            "- how well your tastes match in `/compare`, with films you both love and where your "
            "stars differ most\n"
            "- picks that suit you too, with `/recommend with:`\n"
            "- how well the films of a movie night should suit you\n\n"
            "`/watchlist` counts you, without your name, for films that several members keep for "
            "later. For all of this, I use everything I know about your taste: your ratings and "
            "quiz answers, films you've seen, turned down, kept for later or liked the look of, "
            "genres and content you never want, and how adventurous your picks are. You can turn "
            "off just the comparing in `/privacy`. It all ends when you leave the server."
        )
    return _(
        "Members of this server can now see your taste, with your name. Here's what they get:\n"
        "- your favourites, as a shelf in `/browse`, in posts and on `/film`\n"
        "- picks that suit you too, with `/recommend with:`\n"
        "- how well the films of a movie night should suit you\n\n"
        "`/watchlist` counts you, without your name, for films that several members keep for "
        "later. For all of this, I use everything I know about your taste: your ratings and quiz "
        "answers, films you've seen, turned down, kept for later or liked the look of, genres and "
        "content you never want, and how adventurous your picks are. Nobody sees your stars or "
        "your profile, and nobody compares tastes with you. It all ends when you leave the server."
    )


def taste_hidden() -> str:
    """Returns the answer to a person whose taste the members of a server cannot see."""
    return _("Nobody here can see your taste unless you let them.")


def switched(switch: str, on: bool) -> str:
    """Returns the answer to a person who pressed a switch of `/settings`.

    switch: its name.
    on: True if it is on now.
    """
    if (switch, on) == ("taste", True):
        return taste_shown()
    return translated(SWITCHED[switch, on])


def settings_lines(panel: SettingsPanel, now: datetime) -> list[str]:
    """Returns a person's settings as lines of text, for `/settings`.

    panel: the settings.
    now: the present time, aware.
    """
    on_off = {True: _("on"), False: _("off")}
    zone = zone_now(panel.zone or panel.default_zone, now)
    lines = [
        _("## Your settings"),
        _("Time zone: **{zone}**", zone=zone)
        if panel.zone
        else _("Time zone: **{zone}**, the default here", zone=zone),
        language_line(panel.language),
        _(
            "How adventurous: **{dial}** ({meaning})",
            dial=dial(panel.dial),
            meaning=dial_meaning(panel.dial),
        ),
        _("Genres I leave out: **{genres}**", genres=safe(listed(panel.never)))
        if panel.never
        else _("Genres I leave out: **none**"),
        content_line(panel.content),
        _(
            "Picks depend on the time of day and the day of the week: **{state}**",
            state=on_off[panel.by_clock],
        ),
    ]
    if panel.taste is not None:
        lines.append(_("Show my taste in this server: **{state}**", state=on_off[panel.taste]))
    lines.append(
        _("Ask me about another film now and then: **{state}**", state=on_off[not panel.quiet])
    )
    if panel.more_genres:
        lines.append(
            _(
                "-# The menu only has the most common genres. Use `/settings never:` for "
                "all of them."
            )
        )
    return lines


def settings_done(note: str) -> str:
    """Returns the line above the settings that says what has just changed."""
    return f"✓ {note}"


def dial_menu() -> str:
    """Returns the text of the menu for how adventurous picks are."""
    return pgettext("menu", "How adventurous your picks are")


def genre_menu() -> str:
    """Returns the text of the menu for genres to leave out."""
    return pgettext("menu", "Genres to leave out")


def zone_button() -> str:
    """Returns the label of the button that opens the form for the time zone."""
    return pgettext("button", "Time zone …")


def clock_button(by_clock: bool) -> str:
    """Returns the label of the switch that decides whether picks depend on the time of day."""
    if by_clock:
        return pgettext("button", "Ignore the time of day")
    return pgettext("button", "Use the time of day")


def taste_button(shown: bool) -> str:
    """Returns the label of the switch that decides whether a server may see the person's taste."""
    if shown:
        return pgettext("button", "Hide my taste here")
    return pgettext("button", "Show my taste here")


def quiet_button(quiet: bool) -> str:
    """Returns the label of the switch that decides whether the bot asks about one more film."""
    if quiet:
        return pgettext("button", "Ask me now and then")
    return pgettext("button", "Don't ask me")


def zone_form() -> str:
    """Returns the title of the form for the time zone."""
    return pgettext("form title", "Your time zone")


def zone_field() -> str:
    """Returns the label of the field for the time zone."""
    return pgettext("form label", "A city, a country or a UTC offset")


def zone_hint() -> str:
    """Returns the hint under the label of the field for the time zone."""
    return pgettext(
        "form description", "Like Tokyo, India or UTC+1. Leave it empty to use the server's."
    )
