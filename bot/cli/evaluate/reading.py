"""Reads the data set of an evaluation."""

from pathlib import Path

from rich.console import Console

from bot.cli.evaluate.starter import starter
from recommender.datasets.folder import Folder, folder_of, read_folder
from recommender.datasets.movielens import STARS, read_movielens


def read_data(folder: Path, out: Console, scale: int = STARS, catalogue: bool = False) -> Folder:
    """Returns the data set in a folder of any MovieLens layout.

    scale: the highest rating, 5 or 10. catalogue: True to join the films with the starter
    catalogue, as an import does, and to print how many are in it. Raises DatasetError if the folder
    cannot be read, DataError if it has no films or no ratings.
    """
    with out.status("Reading the data …"):
        if not catalogue:
            return read_folder(folder, scale)
        data = read_movielens(folder, scale)
        films, matched = starter().joined(data)
        joined = folder_of(data, films)
    out.print(
        f"{matched} of {len(films)} films are in the starter catalogue and have its tags and "
        "facts; the other films have only title, year and genres.",
        highlight=False,
    )
    return joined
