"""Texts of `/movienight history`."""

from bot.services.nights.view_models import PastNight
from bot.wording.nights.messages import film, instant
from bot.wording.speech import _, number


def history_heading() -> str:
    """Returns the heading of the list of past nights."""
    return _("## Movie nights here")


def no_history() -> str:
    """Returns the list of past nights of a server that has had no night."""
    return _("There hasn't been a movie night here yet. Plan one with `/movienight plan`.")


def past_night(found: PastNight) -> str:
    """Returns a night as a line of the list of past nights."""
    when = instant(found.starts_at, "D")
    if found.film:
        name = film(found.film)
    else:
        name = _("a film I can't name here") if found.chosen_by else _("no film yet")
    line = _("{when} · {film}", when=when, film=name)
    if found.stars is not None:
        given = number(found.stars, 1)
        return _("{evening} · you gave it ★ {half_stars}", evening=line, half_stars=given)
    return _("{evening} · you were there", evening=line) if found.was_there else line
