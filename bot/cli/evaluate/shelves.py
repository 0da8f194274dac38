"""`matinee evaluate shelves`: compares ways of ordering shelves (named sets of films)."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.cli.evaluate.files import not_written
from bot.cli.evaluate.starter import starter
from bot.wording.operations import evaluate as words
from recommender.datasets.movielens import STARS, read_movielens
from recommender.evaluation.ranking.shelf_order import (
    EVERYBODY,
    GROUPINGS,
    LIKES,
    SIZE,
    TAGS,
    Orders,
    measure_orders,
)
from recommender.evaluation.significance import Estimate

ORDERS = (GROUPINGS, EVERYBODY, SIZE, TAGS, LIKES)


def evaluate(data: Path, seed: int, path: Path | None, out: Console, *, scale: int = STARS) -> None:
    """Compares five ways of ordering shelves (named sets of films) for a person.

    Prints the nDCG@10 of each way, with 95% intervals over people. The gain of a shelf is the
    number of its films that the person liked among their hidden ratings. There is one line for each
    number of ratings that the ways may use.

    data: the folder of a data set.
    seed: the seed of the folds and of the choice of known ratings.
    path: the file for the figures as JSON; None to write no file.
    scale: the highest rating of the folder, 5 or 10.

    Raises DatasetError if the data cannot be read, DataError if they do not allow the evaluation or
    the file cannot be written.
    """
    home = starter()
    with out.status(words.measuring()):
        ratings = home.ratings(read_movielens(data, scale))
        found = measure_orders(ratings, home.shelves(), home.words(), seed=seed)
    sizes = words.shelf_sizes(found.shelves, len(home.films), len(ratings), len(ratings.people))
    out.print(sizes, highlight=False)
    table = Table(*words.order_headings(ORDERS))
    for shown, samples in found.samples.items():
        if samples:
            people = str(len(samples[GROUPINGS].people))
            table.add_row(
                str(shown), people, *(_interval(found.mean(shown, order)) for order in ORDERS)
            )
    out.print(table)
    gains = Table(*words.gain_headings(ORDERS[1:]))
    for shown, samples in found.samples.items():
        if samples:
            gains.add_row(
                str(shown), *(_interval(found.gain(shown, order)) for order in ORDERS[1:])
            )
    out.print(gains)
    if path is not None:
        _write(path, found)


def _interval(found: Estimate) -> str:
    return words.interval(found.mean, found.low, found.high)


def _write(path: Path, found: Orders) -> None:
    figures = {
        str(shown): {
            order: {
                "mean": (one := found.mean(shown, order)).mean,
                "low": one.low,
                "high": one.high,
                "people": one.people,
            }
            for order in samples
        }
        for shown, samples in found.samples.items()
    }
    try:
        path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise not_written(error) from error
