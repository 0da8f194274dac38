"""Texts of the form that the quiz begins with."""

from datetime import datetime, time

from bot.services.quiz.form import ZoneNote
from bot.services.zones import shown
from bot.wording.errors.said import said
from bot.wording.people.zones import zone_now
from bot.wording.speech import N_, _, clock_time, pgettext, translated

DAYPARTS = {
    "morning": N_("Morning", "menu option"),
    "afternoon": N_("Afternoon", "menu option"),
    "evening": N_("Evening", "menu option"),
    "late night": N_("Late night", "menu option"),
}
"""The name of each part of the day."""

FIRST_HOURS = {"morning": 5, "afternoon": 12, "evening": 17, "late night": 23}
"""The hour at which each part of the day begins."""


def title() -> str:
    """Returns the title of the form."""
    return pgettext("form title", "Let's find your taste")


def tastes_field() -> str:
    """Returns the label of the field for tastes."""
    return pgettext("form label", "What do you love to watch?")


def tastes_hint() -> str:
    """Returns the hint under the label of the field for tastes."""
    return pgettext(
        "form description",
        "Choose as many as you like, or none. Next, I'll ask about films like these.",
    )


def never_field() -> str:
    """Returns the label of the field for genres to leave out."""
    return pgettext("form label", "What should I leave out?")


def never_hint() -> str:
    """Returns the hint under the label of the field for genres to leave out."""
    return pgettext(
        "form description",
        "Genres you never want to see. There's more you can leave out in /settings.",
    )


def dial_field() -> str:
    """Returns the label of the field for how adventurous picks are."""
    return pgettext("form label", "How adventurous should I be?")


def when_field() -> str:
    """Returns the label of the field for the parts of the day."""
    return pgettext("form label", "When do you usually watch?")


def when_hint() -> str:
    """Returns the hint under the label of the field for the parts of the day."""
    return pgettext(
        "form description",
        "If you ask at another time, I'll pick for whichever of these comes next.",
    )


def daypart(name: str) -> str:
    """Returns the name of a part of the day, beginning with a capital letter."""
    return translated(DAYPARTS[name], "menu option")


def daypart_hours(name: str) -> str:
    """Returns from when a part of the day is: "From 5:00 PM"."""
    start = clock_time(time(FIRST_HOURS[name]))
    if name == "late night":
        end = clock_time(time(FIRST_HOURS["morning"]))
        return pgettext("menu option description", "From {start} to {end}", start=start, end=end)
    return pgettext("menu option description", "From {start}", start=start)


def zone_field() -> str:
    """Returns the label of the field for the time zone."""
    return pgettext("form label", "Your time zone")


def zone_hint(here: str) -> str:
    """Returns the hint under the label of the field for the time zone.

    here: the IANA name of the zone that counts if the field is left empty.
    """
    return pgettext(
        "form description",
        "So I know when it's evening for you. Leave it empty for {zone_name}.",
        zone_name=shown(here),
    )


def zone_placeholder(here: str) -> str:
    """Returns the text in the empty field for the time zone.

    here: the IANA name of the zone that counts if the field is left empty.
    """
    return pgettext("form placeholder", "Leave empty for {zone_name}", zone_name=shown(here))


def zone_note(note: ZoneNote, now: datetime) -> str | None:
    """Returns what the person reads about the time zone that they typed; None if they typed none.

    now: the present time, aware.
    """
    if note.problem is not None:
        kept = _("I've saved everything else in the form.")
        return " ".join([said(note.problem, markdown=True), kept])
    if note.zone is not None:
        return _("Your time zone is now {zone}.", zone=zone_now(note.zone, now))
    return None
