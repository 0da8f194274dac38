"""Writes tables in the form of those that IMDb publishes, with made-up rows.

    python -m tests.bot.imdb_tables FOLDER ROWS SEED [--packed]

Nothing in them comes from IMDb. Three of four rows of title.basics are episodes, as in the real
tables, and some lines are damaged.
"""

import argparse
import gzip
import random
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, TextIO

from recommender.datasets.imdb import AKAS, BASICS, CREW, RATINGS

HEADINGS = {
    BASICS: "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes"
    " genres",
    RATINGS: "tconst averageRating numVotes",
    AKAS: "titleId ordering title region language types attributes isOriginalTitle",
    CREW: "tconst directors writers",
}
KINDS = ("tvEpisode",) * 15 + ("short", "short", "movie", "movie", "tvMovie", "videoGame")
REGIONS = ("DE", "FR", "US", "JP", "GB", "BR")
GENRES = ("Drama", "Comedy", "Horror", "Sci-Fi", "Biography", "Short", "Film-Noir", "Talk-Show")
FIRST_NUMBER = 60_000_000  # no film has such an id
WORDS = (
    *("Salt", "Orchard", "Lantern", "Harbour", "Wolf", "Paper", "Glass", "Winter", "Été", "Ночь"),
    *("雨", "Quiet", "Seven", "Iron", "Distant", '"Red"', "Mr.", "Ødeland", "Night", "Under"),
    *("Return", "House", "Girl", "Last", "Ocean", "Fire", "&", "Mirror", "Train", "Summer"),
)


class Row(NamedTuple):
    """A film with its rows in all tables. Cells have the form in which they are written.

    Attributes:
        imdb: its id.
        title, original, kind, adult, year, runtime, genres: its cells in title.basics.
        votes: its votes; None to leave it out of title.ratings.
        akas: (title, region, types, isOriginalTitle) of each of its rows in title.akas.
        directors: its cell in title.crew.
    """

    imdb: str
    title: str
    original: str = ""
    kind: str = "movie"
    adult: str = "0"
    year: str = "1999"
    runtime: str = "100"
    genres: str = "Drama"
    votes: int | None = 5_000
    akas: Sequence[tuple[str, str, str, str]] = ()
    directors: str = "\\N"


def write_tables(
    folder: Path,
    rows: Iterable[Row],
    *,
    packed: bool = False,
    without: Sequence[str] = (),
    damaged: Sequence[str] = (),
) -> Path:
    """Writes the tables; returns their folder.

    packed: True for files packed with gzip.
    without: tables that are left out.
    damaged: lines that title.basics gets unchanged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files: dict[str, TextIO] = {}
        for name, heading in HEADINGS.items():
            path = folder / f"{name}.tsv{'.gz' if packed else ''}"
            files[name] = stack.enter_context(_opened(path))
            files[name].write("\t".join(heading.split()) + "\n")
        for row in rows:
            files[BASICS].write(
                f"{row.imdb}\t{row.kind}\t{row.title}\t{row.original or row.title}\t{row.adult}"
                f"\t{row.year}\t\\N\t{row.runtime}\t{row.genres}\n"
            )
            if row.votes is not None:
                files[RATINGS].write(f"{row.imdb}\t6.5\t{row.votes}\n")
            for order, (title, region, types, own) in enumerate(row.akas, start=1):
                files[AKAS].write(
                    f"{row.imdb}\t{order}\t{title}\t{region}\t\\N\t{types}\t\\N\t{own}\n"
                )
            files[CREW].write(f"{row.imdb}\t{row.directors}\t\\N\n")
        for line in damaged:
            files[BASICS].write(f"{line}\n")
    for name in without:
        (folder / f"{name}.tsv{'.gz' if packed else ''}").unlink()
    return folder


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", 1, encoding="utf-8", newline="\n")
    return path.open("w", encoding="utf-8", newline="\n")


def made_rows(count: int, seed: int, known: Sequence[tuple[str, int]] = ()) -> Iterable[Row]:
    """Yields made-up rows.

    known: (title, year) of films that the catalogue has; some rows are these films.
    """
    rng = random.Random(seed)
    for number in range(1, count + 1):
        kind = KINDS[int(rng.random() * len(KINDS))]
        title = " ".join(WORDS[int(rng.random() * len(WORDS))] for _ in range(2 + number % 3))
        year = 1930 + int(rng.random() * 97)
        if known and kind == "movie" and rng.random() < 0.1:
            title, year = known[int(rng.random() * len(known))]
            year += rng.random() < 0.1
        elif kind != "tvEpisode":
            title = f"{title} {number}"
        rated = kind != "tvEpisode" or number % 10 == 0
        film = kind != "tvEpisode"
        yield Row(
            imdb=f"tt{FIRST_NUMBER + number}",
            title=title,
            original=f"Das {title}" if film and rng.random() < 0.2 else title,
            kind=kind,
            adult="1" if film and rng.random() < 0.02 else "0",
            year=str(year) if rng.random() < 0.95 else "\\N",
            runtime=str(60 + number % 100) if rng.random() < 0.9 else "\\N",
            genres=rng.choice(GENRES) if film else "\\N",
            votes=int(20 / (rng.random() ** 1.4 + 1e-6)) if rated else None,
            akas=[
                (f"{title} {region}", region, "imdbDisplay", "0")
                for region in REGIONS[: int(rng.random() * 7)]
            ]
            if film
            else (),
            directors=f"nm{1 + number % 5000:07}" if film else "\\N",
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--packed", action="store_true")
    asked = parser.parse_args()
    write_tables(asked.folder, made_rows(asked.rows, asked.seed), packed=asked.packed)
