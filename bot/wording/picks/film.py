"""Texts of `/film`, of the menus on cards (messages about a film), and of content warnings."""

from collections.abc import Iterable
from itertools import islice
from typing import Literal

from bot.services.picks.film_page import FilmContent, FilmPage, ForYou, RatingQuestion
from bot.services.wording import safe, shorten
from bot.wording import feedback
from bot.wording.people import content
from bot.wording.picks import cards
from bot.wording.picks.shelves import tag
from bot.wording.speech import N_, _, country, listed, pgettext, tongue, translated

MAX_NAMES = 6  # names of people, countries, languages or genres in a line
NO_LANGUAGE = "zxx"  # ISO 639's code for a film in which nobody speaks
MAX_NAME = 60  # characters of a name in a line

TAG_LINES = {
    "mood": ("moods", N_("**Mood:** {moods}")),
    "theme": ("themes", N_("**Themes:** {themes}")),
    "style": ("styles", N_("**Style:** {styles}")),
    "setting": ("settings", N_("**Setting:** {settings}")),
    "source": ("sources", N_("**Source:** {sources}")),
    "praise": ("awards", N_("**Acclaim:** {awards}")),
    "occasion": ("occasions", N_("**Good for:** {occasions}")),
}
"""A line of a film's page with its tags of one kind, after the name of its placeholder; by the
kind.
"""

AUDIENCES = {
    "everyone": N_("for everyone"),
    "teens": N_("for teens and up"),
    "adults": N_("for adults"),
}
"""Whom a film is for."""


def facts_lines(page: FilmPage) -> list[str]:
    """Returns what is known about a film, in lines of markdown below its title."""
    film = page.film
    found = [] if film.runtime is None else [cards.length(film.runtime)]
    found += map(safe, film.genres[:MAX_NAMES])
    found += [translated(AUDIENCES[film.audience])] if film.audience in AUDIENCES else []
    lines = [" · ".join(found)]
    places = _names(map(country, film.countries))
    spoken = _names(tongue(code) for code in film.languages if code != NO_LANGUAGE)
    if places and spoken:
        # Without "from", which would need "the" before some countries.
        lines.append(_("{countries} · in {spoken}", countries=places, spoken=spoken))
    elif places:
        lines.append(places)
    elif spoken:
        lines.append(_("In {spoken}", spoken=spoken))
    if film.directors:
        lines.append(_("**Directed by** {directors}", directors=_names(film.directors)))
    if film.cast:
        lines.append(_("**With** {actors}", actors=_names(film.cast)))
    return [line for line in lines if line]


def _names(names: Iterable[str], joined_by: Literal["and", "comma"] = "and") -> str:
    """Returns at most MAX_NAMES names as a list, each escaped and cut if it is long."""
    shown = [safe(shorten(name, MAX_NAME)) for name in islice(names, MAX_NAMES)]
    return listed(shown, joined_by=joined_by)


def tag_lines(page: FilmPage) -> list[str]:
    """Returns a film's tags, a line for each kind."""
    lines = []
    for group in page.tags:
        placeholder, line = TAG_LINES[group.facet]
        tags = _names((tag(*one) for one in group.tags), "comma")
        lines.append(translated(line, **{placeholder: tags}))
    return lines


def offers(page: FilmPage) -> str | None:
    """Returns where a film can be watched in a country; None if that is not known."""
    found = page.offers
    if found is None or page.country is None:
        return None
    place, stream, rent = country(page.country), _names(found.stream), _names(found.rent)
    if stream and rent:
        return _(
            "**Where to watch ({country}):** {services} · rent or buy: {shops}",
            country=place,
            services=stream,
            shops=rent,
        )
    if stream:
        return _("**Where to watch ({country}):** {services}", country=place, services=stream)
    return _("**Where to rent or buy ({country}):** {shops}", country=place, shops=rent)


def source(page: FilmPage) -> str | None:
    """Returns where a page's poster and offers are from; None if it has neither."""
    if offers(page) is not None:
        return _("-# Poster and where to watch: TMDB and JustWatch")
    return cards.poster_source(page.film.poster)


def loved_by(names: tuple[str, ...]) -> str:
    """Returns who here loved a film."""
    return _("Loved here by {names}.", names=_names(names))


def for_you(found: ForYou) -> str | None:
    """Returns what a page says to the person alone; None if there is nothing to say."""
    if found.stars is not None:
        return _("Your rating: {stars}", stars=feedback.stars(found.stars))
    return None if found.predicted is None else cards.predicted_stars(found.predicted)


def rating_question(question: RatingQuestion) -> str:
    """Returns the question above the buttons and the menu that rate a film."""
    name = feedback.film(question.name)
    if question.stars is None:
        return _("How was {film}?", film=name)
    return _(
        "Your rating of {film} is {stars}. What would you say now?",
        film=name,
        stars=feedback.stars(question.stars),
    )


def content_lines(found: FilmContent) -> list[str]:
    """Returns what a film warns of, in lines. What the person leaves out is marked."""
    name = feedback.film(found.name)
    if not found.warnings:
        if found.described:
            return [_("I don't know of anything to warn you about in {film}.", film=name)]
        return [
            _(
                "Nobody's told me what's in {film}, so I can't say whether there's anything to "
                "warn you about.",
                film=name,
            )
        ]
    lines = [_("What to know before you watch {film}:", film=name)]
    for one in found.warnings:
        what, meaning = (
            safe(shorten(content.kind(one), MAX_NAME)),
            safe(shorten(content.meaning(one))),
        )
        lines.append(
            _(
                "- **{content}**, which you asked me to leave out. {shown_there}",
                content=what,
                shown_there=meaning,
            )
            if one.left_out
            else _("- **{content}**. {shown_there}", content=what, shown_there=meaning)
        )
    return lines


def for_you_button() -> str:
    """Returns the label of the button that says how well a film suits the person who presses."""
    return pgettext("button", "Good for me?")


def rate_button() -> str:
    """Returns the label of the button that asks how a film was."""
    return pgettext("button", "Rate it")


def similar_button() -> str:
    """Returns the label of the button that shows films like a film."""
    return pgettext("button", "More like this")


def content_button() -> str:
    """Returns the label of the button that shows what a film warns of."""
    return pgettext("button", "Content warnings")


def imdb_button() -> str:
    """Returns the label of the link to a film's page at IMDb."""
    return pgettext("button", "IMDb")


def letterboxd_button() -> str:
    """Returns the label of the link to a film's page at Letterboxd."""
    return pgettext("button", "Letterboxd")


def stars_menu() -> str:
    """Returns the words in the menu that rates a film in half stars."""
    return pgettext("menu", "Or rate in half stars")
