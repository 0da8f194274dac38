"""Texts of `/profile`: somebody's taste as a picture and in words, and the list of own ratings."""

from bot.services.feedback.rate import Rated
from bot.services.people.own_ratings import RatedFilm, RatingsPage
from bot.services.people.profile import TasteFacts, TasteProfile
from bot.services.pictures.sheet import Chart, Sheet
from bot.services.view_models import Line
from bot.services.wording import safe, shorten
from bot.wording.feedback import film, stars
from bot.wording.picks.shelves import tag
from bot.wording.speech import (
    N_,
    Sentence,
    _,
    country,
    full_date,
    listed,
    ngettext,
    number,
    pgettext,
)

REFUSALS: dict[str, Sentence] = {
    "profiles-in-servers": N_("I can only do that in a server I'm in. Try it there."),
    "profile-not-shown": N_(
        "I can't show you that person's taste. Either they aren't a member here, or they don't let "
        "members see it. They can change that in `/settings`."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

MAX_NAMES = 3  # names of tags and countries in a line
MAX_DESCRIPTION = 1024  # characters of an attachment's description
HOURS_APART = 6  # of the hours that have a name under their column


def heading(found: TasteProfile) -> str:
    """Returns the heading of a profile."""
    if found.name is None:
        return _("## Your taste")
    return _("## {member}'s taste", member=safe(found.name))


def summary(found: TasteProfile) -> list[str]:
    """Returns what a profile says in words, in lines."""
    if not found.count:
        if found.name is None:
            return [_("You haven't rated anything yet. Try `/start`. It only takes a minute.")]
        return [_("There are no ratings to show here yet.")]
    lines = [
        ngettext(
            "{n} rating, ★ {stars} on average.",
            "{n} ratings, ★ {stars} on average.",
            found.count,
            stars=number(round(found.mean, 1), 1),
        )
    ]
    taste = found.taste
    if taste is not None and taste.tags:
        names = [safe(tag(slug, name)) for slug, name, _count in taste.tags[:MAX_NAMES]]
        lines.append(_("**Often loved:** {tags}", tags=listed(names, joined_by="comma")))
    if found.loved:
        names = [safe(shorten(name)) for name in found.loved]
        lines.append(_("**Loved lately:** {films}", films=listed(names, joined_by="comma")))
    return lines


def knowing(found: TasteProfile, question: Line | None) -> list[str]:
    """Returns how sure the bot is of somebody's taste, and what it would ask them next.

    question: the film that it would ask about; None for no film.
    """
    lines = []
    if found.sureness is not None:
        lines.append(
            _(
                "**How sure I am:** my guesses for you are off by about ★ {mine}. For somebody I "
                "don't know, they're off by about ★ {stranger}.",
                mine=number(round(found.sureness.here, 1), 1),
                stranger=number(round(found.sureness.stranger, 1), 1),
            )
        )
    elif found.count:
        lines.append(
            _(
                "**How sure I am:** not very. I can't predict your stars yet, so keep rating what "
                "you've seen."
            )
        )
    if question is not None:
        lines.append(_("**What I'd ask you next:** how was {film}?", film=film(question.name)))
    return lines


def not_drawn() -> str:
    """Returns the line in place of a picture that could not be drawn."""
    return _("-# I couldn't draw the picture just now. Try again in a minute.")


def picture(taste: TasteFacts) -> Sheet:
    """Returns the texts and numbers of the picture of a taste."""
    bars = [
        Chart(
            pgettext("picture", "Often loved"),
            tuple(_capital(tag(slug, name)) for slug, name, _count in taste.tags),
            tuple(float(count) for _slug, _name, count in taste.tags),
        ),
        Chart(
            pgettext("picture", "Countries"),
            tuple(country(code) for code, _count in taste.countries),
            tuple(float(count) for _code, count in taste.countries),
        ),
    ]
    columns = [
        Chart(
            pgettext("picture", "Decades"),
            tuple(decade(first) for first, _count in taste.decades),
            tuple(float(count) for _first, count in taste.decades),
        ),
        Chart(
            pgettext("picture", "Time of day"),
            tuple(str(hour) if hour % HOURS_APART == 0 else "" for hour in range(24)),
            tuple(map(float, taste.hours)),
        ),
    ]
    return Sheet(
        tuple(chart for chart in bars if chart.values),
        tuple(chart for chart in columns if chart.values),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def decade(first: int) -> str:
    """Returns the short name of a decade, such as "80s". first: its first year."""
    return pgettext("picture", "{decade}s", decade=f"{first % 100:02}")


def description(found: TasteProfile) -> str:
    """Returns what the picture shows, for people who do not see it. Not markdown."""
    taste = found.taste
    if taste is None:
        return ""
    parts = []
    if taste.tags:
        names = [tag(slug, name) for slug, name, _count in taste.tags]
        parts.append(_("Often loved: {tags}.", tags=listed(names, joined_by="comma")))
    if taste.countries:
        names = [f"{country(code)} {number(count)}" for code, count in taste.countries]
        parts.append(_("Films by country: {names}.", names=listed(names, joined_by="comma")))
    if taste.decades:
        names = [f"{decade(first)} {number(count)}" for first, count in taste.decades]
        parts.append(_("Films by decade: {names}.", names=listed(names, joined_by="comma")))
    if taste.hours:
        most = max(range(24), key=lambda hour: taste.hours[hour])
        parts.append(_("The busiest hour for ratings starts at {hour}:00.", hour=number(most)))
    return shorten(" ".join(parts), MAX_DESCRIPTION)


def ratings_heading(found: RatingsPage) -> list[str]:
    """Returns the lines above a page of a person's own ratings."""
    lines = [_("## Your ratings")]
    if not found.count:
        return [
            *lines,
            _("There's nothing here yet. To rate a film, react to a card or use `/rate`."),
        ]
    lines.append(ngettext("-# {n} film, newest first.", "-# {n} films, newest first.", found.count))
    if found.pages > 1:
        lines.append(_("-# Page {page} of {pages}", page=found.page + 1, pages=found.pages))
    return lines


def rating_line(one: RatedFilm) -> str:
    """Returns the line of one rated film."""
    return f"{film(shorten(one.name))} · {stars(one.stars)} · {full_date(one.at)}"


def ratings_footer(found: RatingsPage) -> list[str]:
    """Returns the lines below a page of a person's own ratings."""
    if not found.unnamed:
        return []
    return [
        ngettext(
            "-# There's {n} more film that I can't show here.",
            "-# There are {n} more films that I can't show here.",
            found.unnamed,
        )
    ]


def put_back(result: Rated) -> str:
    """Returns the line above the list after a rating was put back."""
    return _(
        "I've put back your rating of {film}: {stars}.",
        film=film(result.film),
        stars=stars(result.stars),
    )


def take_back_menu() -> str:
    """Returns the words in the menu that takes a rating back."""
    return pgettext("menu", "Take a rating back")


def ratings_button() -> str:
    """Returns the label of the button that shows the person's own ratings."""
    return pgettext("button", "My ratings")
