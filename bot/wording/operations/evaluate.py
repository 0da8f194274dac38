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
    return _("I've saved {file}.", file=file)


def day_number(day: int) -> str:
    """Returns the name of a day of a simulation; the first is day 1."""
    return _("day {count}", count=day)


def joined_with_starter(matched: int, films: int) -> str:
    """Returns how many films of a data set are in the starter catalogue.

    films: number of all films of the data set.
    """
    return _(
        "The data set has {films_counted}. I know {count} of them from the starter catalogue, with "
        "tags and other details. For the others, I just know the title, year and genres.",
        films_counted=ngettext("{n} film", "{n} films", films),
        count=matched,
    )


def shelf_sizes(shelves: int, films: int, ratings: int, people: int) -> str:
    """Returns how many shelves, films, ratings and people were measured, and how."""
    return _(
        "I've tested {shelves_counted} of {films_counted} on {ratings} from {raters}. For "
        "nDCG@10, a shelf gets a point for each film on it that the person went on to like.",
        shelves_counted=ngettext("{n} shelf", "{n} shelves", shelves),
        films_counted=ngettext("{n} film", "{n} films", films),
        ratings=ngettext("{n} rating", "{n} ratings", ratings),
        raters=ngettext("{n} person", "{n} people", people),
    )


def order_headings(orders: Sequence[str]) -> list[str]:
    """Returns the headings of the table of orders. Each order is a column."""
    return [_("ratings I can see"), _("people"), *orders]


def gain_headings(orders: Sequence[str]) -> list[str]:
    """Returns the headings of the table of gains: by how much groupings are better than each of
    the orders.
    """
    return [
        _("ratings I can see"),
        *(_("gain over sorting by {order_name}", order_name=order) for order in orders),
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
    "no-names": N_("I need at least one name in this list. Put commas between names."),
    "no-seed": N_(
        "“{given}” doesn't work as a seed. Use whole numbers from 0, with commas between them."
    ),
    "output-folder-missing": N_("I can't find the folder “{folder}”. Create it first."),
    "output-is-folder": N_("{file} is a folder. Give me the name of a file instead."),
    "output-not-written": N_(
        "I couldn't save {file} ({cause}). Check the path and the disk's free space."
    ),
    "report-form": N_("I can't save {file} in that format. Give it a name that ends in {choices}."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""
