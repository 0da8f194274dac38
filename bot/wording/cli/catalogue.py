"""Says what `matinee catalogue check` and the commands of `matinee import` print."""

from bot.wording.catalogue import balance_name
from bot.wording.speech import _, listed, ngettext


def whole_list(problem: str) -> str:
    """Returns a problem that the whole list has, and no single line."""
    return _("About the list as a whole: {problem}", problem=problem)


def balance_headings(title: str) -> tuple[str, str, str]:
    """Returns the headings of a table of counts.

    title: the key of what is counted.
    """
    return balance_name(title), _("number"), _("share")


def checked(films: int, problems: int) -> str:
    """Returns how many problems a list of films has."""
    if not problems:
        return ngettext(
            "I've checked {n} film. There's nothing to fix.",
            "I've checked {n} films. There's nothing to fix.",
            films,
        )
    return _(
        "I've checked {films_counted} and found {problems_counted}.",
        films_counted=_films(films),
        problems_counted=ngettext("{n} thing to fix", "{n} things to fix", problems),
    )


def no_value() -> str:
    """Returns the word for an empty value."""
    return _("nothing")


def left_alone(title: str) -> str:
    """Returns a line about a film that belongs to another list."""
    return _("= {title} stays as it is, because it's from another list", title=title)


def more(count: int) -> str:
    """Returns how many lines are not shown."""
    return ngettext("… and {n} more", "… and {n} more", count)


def imported(*, added: int, changed: int, same: int, left: int, tags: int, rehearsed: bool) -> str:
    """Returns what an import of an operator's list has changed, and what comes next.

    added, changed, same, left: numbers of films. `left` belong to another list.
    tags: number of new tags.
    rehearsed: True if nothing was changed, and the numbers are what an import would do.
    """
    counts = listed(
        [
            ngettext("{n} film added", "{n} films added", added),
            ngettext("{n} changed", "{n} changed", changed),
            ngettext("{n} unchanged", "{n} unchanged", same),
            ngettext("{n} skipped", "{n} skipped", left),
            ngettext("{n} new tag", "{n} new tags", tags),
        ]
    )
    if rehearsed:
        return _(
            "If you import this list, here's what you'll get: {counts}. I haven't changed "
            "anything yet. To import it, run this again without --dry-run.",
            counts=counts,
        )
    return _(
        "I've imported your list: {counts}. I'll use it once I've trained again. Run `matinee "
        "train` now, or wait until I train tonight.",
        counts=counts,
    )


def _films(count: int) -> str:
    return ngettext("{n} film", "{n} films", count)
