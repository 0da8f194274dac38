"""Imports the tables that IMDb publishes, so that people can name and rate any film.

The tables are read into a scratch file, one after the other, and its films are then merged into
the catalogue, a few in each transaction. So the import needs little memory, and a running bot goes
on answering. An import that was stopped goes on after the last table that it had read.

The films that are new are never picked before they have ratings or tags.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from bot.clock import Clock
from bot.errors import Sorry
from bot.observability.events import ImportEnded, tell
from bot.settings import Settings
from recommender.datasets import imdb
from recommender.datasets.imdb import AKAS, BASICS, CREW, KINDS, RATINGS, Wanted
from recommender.datasets.imdb_lines import TableReading, table
from recommender.errors import DatasetError
from storage.catalogue.film_rows import MergeCount
from storage.catalogue.imdb.merge import Matcher, merge_imdb, read_matcher
from storage.catalogue.imdb.only_named import IMDB
from storage.catalogue.imdb.scratch import Scratch, open_scratch, remove
from storage.database.engine import Database
from storage.database.sqlite import locks

LEAST_VOTES = 1_000
DEFAULT_KINDS = ("movie", "tvMovie")
BATCH = 2_000  # films in one transaction
SCRATCH_NAME, LOCK_NAME = "imdb-import.sqlite3", "imdb-import.lock"

Step: TypeAlias = Literal["ratings", "titles", "akas", "crew", "compare", "merge"]
Progress: TypeAlias = Callable[[Step, int, int], None]
"""Called with what is being done, how far it is, and how far it will go."""

T = TypeVar("T")


class _End:
    """Says that there are no more items."""


_END = _End()


@dataclass(frozen=True)
class ImdbChoice:
    """What an operator wants of the tables.

    Attributes:
        least_votes: how many people must have rated a film at IMDb.
        kinds: the kinds of films.
        since: the first year; None for all.
        regions: the regions whose titles are kept before others, such as "DE".
        adult: True to import pornography too.
    """

    least_votes: int = LEAST_VOTES
    kinds: tuple[str, ...] = DEFAULT_KINDS
    since: int | None = None
    regions: tuple[str, ...] = ()
    adult: bool = False


@dataclass(frozen=True)
class ImdbImport:
    """What an import did.

    Attributes:
        films: how many films of the tables were wanted.
        added: how many of them were new to the catalogue.
        changed: how many films of the catalogue got an id, a title or another fact.
        damaged: how many lines could not be used, in this run.
        first_damaged: (file, line number) of the first such line; None without such lines.
        absent: the tables that the folder does not have.
    """

    films: int
    added: int
    changed: int
    damaged: int
    first_damaged: tuple[str, int] | None
    absent: tuple[str, ...]


def checked(choice: ImdbChoice) -> ImdbChoice:
    """Returns the choice. Raises Sorry if a kind is no kind of film."""
    unknown = [kind for kind in choice.kinds if kind not in KINDS]
    if unknown or not choice.kinds:
        raise Sorry("no-kind-of-film", typed=", ".join(unknown), choices=KINDS)
    return choice


async def import_folder(
    db: Database,
    settings: Settings,
    clock: Clock,
    folder: Path,
    choice: ImdbChoice,
    progress: Progress,
) -> ImdbImport:
    """Imports the tables of a folder. clock: returns the present time.

    Raises DatasetError if a table is missing or damaged, and Sorry if another import of these
    tables is running. What was read before stays in the scratch file.
    """
    began = time.monotonic()
    paths = _tables(folder, choice)
    scratch_file = settings.data / SCRATCH_NAME
    with locks.held(settings.data / LOCK_NAME) as free:
        if not free:
            raise Sorry("imdb-import-running")
        with open_scratch(scratch_file, _mark(paths, choice)) as scratch:
            readings = await _read(scratch, paths, choice, progress)
            films = scratch.count()
            matcher = await _compare(db, scratch, films, progress)
            count = await _merge(db, clock, scratch, matcher, films, progress)
        await asyncio.to_thread(remove, scratch_file)
    damaged = [reading for reading in readings if reading.first_damaged is not None]
    first = next(((each.path.name, each.first_damaged or 0) for each in damaged), None)
    tell(ImportEnded(IMDB, films, count.added, count.changed, 0, 0, time.monotonic() - began))
    return ImdbImport(
        films=films,
        added=count.added,
        changed=count.changed,
        damaged=sum(reading.damaged for reading in damaged),
        first_damaged=first,
        absent=tuple(name for name in (RATINGS, AKAS, CREW) if name not in paths),
    )


def _tables(folder: Path, choice: ImdbChoice) -> dict[str, Path]:
    """Returns the file of each table that the folder has.

    Raises DatasetError if it has no films, or if votes are to be counted and are not there.
    """
    paths = {name: table(folder, name) for name in (BASICS, RATINGS, AKAS, CREW)}
    if paths[BASICS] is None:
        raise DatasetError("imdb-without-films", folder=str(folder), file=f"{BASICS}.tsv.gz")
    if paths[RATINGS] is None and choice.least_votes > 0:
        raise DatasetError("imdb-without-votes", folder=str(folder), file=f"{RATINGS}.tsv.gz")
    return {name: path for name, path in paths.items() if path is not None}


def _mark(paths: dict[str, Path], choice: ImdbChoice) -> str:
    """Returns a text that differs if the files or what is wanted of them differ."""
    files = [
        (name, path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for name, path in paths.items()
    ]
    return repr((1, files, sorted(asdict(choice).items())))


async def _read(
    scratch: Scratch, paths: dict[str, Path], choice: ImdbChoice, progress: Progress
) -> list[TableReading]:
    """Reads the tables that are not in the scratch file yet; returns how each was read."""
    readings = {name: TableReading(path) for name, path in paths.items()}
    if not scratch.is_done("titles"):
        votes = None
        if RATINGS in paths:
            pieces = imdb.read_votes(readings[RATINGS], choice.least_votes)
            async for piece in _stepped(pieces):
                votes = piece if piece is not None else votes
                progress("ratings", readings[RATINGS].done, readings[RATINGS].size)
        wanted = Wanted(choice.least_votes, choice.kinds, choice.since, choice.adult)
        titles = imdb.read_titles(readings[BASICS], wanted, votes)
        rows = ([(each[0], -each[1], *each[2:]) for each in piece] for piece in titles)
        await _keep(scratch, "titles", rows, readings[BASICS], progress)
    if AKAS in paths and not scratch.is_done("akas"):
        others = imdb.read_other_titles(readings[AKAS], await _numbers(scratch), choice.regions)
        await _keep(scratch, "akas", others, readings[AKAS], progress)
    if CREW in paths and not scratch.is_done("crew"):
        people = imdb.read_directors(readings[CREW], await _numbers(scratch))
        await _keep(scratch, "crew", people, readings[CREW], progress)
    return list(readings.values())


async def _keep(
    scratch: Scratch,
    step: Literal["titles", "akas", "crew"],
    pieces: Iterator[Sequence[Sequence[object]]],
    reading: TableReading,
    progress: Progress,
) -> None:
    """Reads a table into the scratch file."""
    await _in_thread(lambda: scratch.begin(step))
    async for rows in _stepped(pieces):
        await _in_thread(lambda rows=rows: scratch.add(step, rows))  # type: ignore[misc]
        progress(step, reading.done, reading.size)
    await _in_thread(lambda: scratch.finish(step))


async def _numbers(scratch: Scratch) -> npt.NDArray[np.int64]:
    """Returns (films,) the numbers of the films, ascending."""
    return await _in_thread(lambda: np.fromiter(scratch.numbers(), np.int64))


async def _compare(db: Database, scratch: Scratch, films: int, progress: Progress) -> Matcher:
    """Finds which films the catalogue has. films: how many there are."""
    async with db.read() as conn:
        matcher = await read_matcher(conn)
    done = 0
    async for rows in _stepped(scratch.films(BATCH)):
        await _in_thread(lambda rows=rows: matcher.add(rows))  # type: ignore[misc]
        done += len(rows)
        progress("compare", done, films)
    return matcher


async def _merge(
    db: Database,
    clock: Clock,
    scratch: Scratch,
    matcher: Matcher,
    films: int,
    progress: Progress,
) -> MergeCount:
    """Merges the films into the catalogue; returns what changed. films: how many there are."""
    found = await _in_thread(matcher.found)
    added = changed = done = 0
    async for rows in _stepped(scratch.films(BATCH)):
        async with db.write() as conn:
            count = await merge_imdb(conn, rows, found, matcher.directors, clock())
        added, changed, done = added + count.added, changed + count.changed, done + len(rows)
        progress("merge", done, films)
    return MergeCount(added, changed, films - added - changed)


async def _stepped(items: Iterator[T]) -> AsyncIterator[T]:
    """Yields the items, each of which another thread computes."""
    while True:
        item = await _in_thread(lambda: next(items, _END))
        if isinstance(item, _End):
            return
        yield item


async def _in_thread(work: Callable[[], T]) -> T:
    """Returns what a function returns in another thread. If this task is cancelled, waits for the
    function first, so that no file is closed under it.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise
