"""Says what `matinee evaluate` and `matinee explore` do. Their reports are documents in English."""

from collections.abc import Sequence

from bot.wording.speech import N_, Sentence, _, ngettext, number


def reading_data() -> str:
    """Returns what is shown while the bot reads a data set."""
    return _("Reading the data …")


def measuring() -> str:
    """Returns what is shown while the bot reads a data set and measures on it."""
    return _("Reading and measuring …")


def written(file: str) -> str:
    """Returns which file was written."""
    return _("I've written {file}.", file=file)


def day_number(day: int) -> str:
    """Returns the name of a day of a simulation; the first is day 1."""
    return _("day {count}", count=day)


def joined_with_starter(matched: int, films: int) -> str:
    """Returns how many films of a data set are in the starter catalogue.

    films: number of all films of the data set.
    """
    return ngettext(
        "I know {count} of {n} film from the starter catalogue, with tags and facts. "
        "Others just have a title, a year and genres.",
        "I know {count} of {n} films from the starter catalogue, with tags and facts. "
        "The others just have a title, a year and genres.",
        films,
        count=number(matched),
    )


def shelf_sizes(shelves: int, films: int, ratings: int, people: int) -> str:
    """Returns how many shelves, films, ratings and people were measured, and how."""
    return _(
        "I've measured {shelves} of {films_counted} with {ratings} from {raters}. In "
        "nDCG@10, a shelf gets a point for each of its films that the person liked "
        "later.",
        shelves=ngettext("{n} shelf", "{n} shelves", shelves),
        films_counted=ngettext("{n} film", "{n} films", films),
        ratings=ngettext("{n} rating", "{n} ratings", ratings),
        raters=ngettext("{n} person", "{n} people", people),
    )


def order_headings(orders: Sequence[str]) -> list[str]:
    """Returns the headings of the table of orders. Each order is a column."""
    return [_("ratings shown"), _("people"), *orders]


def gain_headings(orders: Sequence[str]) -> list[str]:
    """Returns the headings of the table of gains: by how much groupings are better than each of
    the orders.
    """
    return [
        _("ratings shown"),
        *(_("groupings, compared with {name}", name=order) for order in orders),
    ]


def interval(mean: float, low: float, high: float) -> str:
    """Returns a mean with its interval: "0.431 (0.420 to 0.442)"."""
    return _(
        "{figure} ({low} to {high})",
        figure=number(mean, 3),
        low=number(low, 3),
        high=number(high, 3),
    )


REFUSALS: dict[str, Sentence] = {
    "no-names": N_("Name at least one. Put commas between them."),
    "no-seed": N_(
        "“{given}” doesn't work as a seed. Use whole numbers from 0, with commas between them."
    ),
    "output-folder-missing": N_("I can't find the folder {folder}. Make it first."),
    "output-is-folder": N_("{file} is a folder. Name a file for me to write."),
    "output-not-written": N_("I couldn't write {file} ({cause})."),
    "report-form": N_("{file} should end in {choices}."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""
