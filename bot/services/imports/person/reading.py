"""The process that reads a film history and recognises its films.

It is not a thread (except for small files), since a thread that computes for seconds would hold
Python's global lock (the GIL) so often that answers would be late. And if a file makes it need too
much memory or time, only this process ends. It reads its task from its input, writes its findings
to its output, a few hundred films at a time, and ends.
"""

import asyncio
import contextlib
import io
import os
import pickle
import resource
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, BinaryIO

from bot.errors import Sorry
from bot.services.imports.person.matching import FilmMatch, HistoryMatcher
from bot.services.processes import environment
from storage.database.address import Address
from storage.database.engine import reading
from storage.histories.drafts import HistoryFacts
from storage.histories.known_films import known_films
from storage.histories.questions import NewQuestion
from storage.imports.history import History, HistoryRow, UnreadableHistory
from storage.imports.reader import read_history

COMMAND = (sys.executable, "-P", "-m", "bot.services.imports.person.reading")
NICENESS = 10
MAX_MEMORY = 3 << 30  # bytes of addresses that the process may use
MAX_SECONDS = 180.0
FILMS_A_MESSAGE = 250
"""So many are stored in one transaction, during which the event loop and other writers wait."""
SMALL_FILE, SMALL_CATALOGUE = 20_000, 10_000  # bytes, films
LIKED_STARS = 4.0
"""What a like without stars becomes: the same as the reaction "liked"."""

_LENGTH_BYTES = 4
_ZIP = b"PK"


@dataclass(frozen=True)
class ReadingTask:
    """What the process is to read.

    Attributes:
        database: where the database with the catalogue is.
        name: the name of the file.
        content: what is in it.
        today: the last day that a day in the file can be.
    """

    database: Address
    name: str
    content: bytes
    today: date


@dataclass(frozen=True)
class ReadRefusal:
    """The file cannot be read. Its key and data are those of a sentence."""

    key: str
    data: dict[str, object]


@dataclass(frozen=True)
class ReadSummary:
    """What a file has apart from its films.

    Attributes:
        source: whose format it has.
        told: the counts, scales and remarks, as JSON values.
        films: number of films that were recognised.
        questions: number of films that were not.
    """

    source: str
    told: dict[str, Any]
    films: int
    questions: int


@dataclass(frozen=True)
class ReadFilms:
    """Some films of the file.

    Attributes:
        films: those that were recognised, by id.
        questions: those that were not.
    """

    films: dict[int, HistoryFacts]
    questions: tuple[NewQuestion, ...]


ReadMessage = ReadRefusal | ReadSummary | ReadFilms


async def read(task: ReadingTask, films: int) -> AsyncIterator[ReadSummary | ReadFilms]:
    """Yields what is in a file: first the summary, then its films.

    A thread reads a small file for a small catalogue before a process has even started. Raises
    Sorry if the file cannot be read, or if the process ends or takes too long.

    films: number of films in the catalogue.
    """
    small = len(task.content) <= SMALL_FILE and films <= SMALL_CATALOGUE
    if small and not task.content.startswith(_ZIP):
        for message in await asyncio.to_thread(lambda: list(messages(task))):
            yield _readable(message)
    else:
        async for message in _read_in_process(task):
            yield _readable(message)


def _readable(message: ReadMessage) -> ReadSummary | ReadFilms:
    if isinstance(message, ReadRefusal):
        raise Sorry(message.key, **message.data)
    return message


async def _read_in_process(task: ReadingTask) -> AsyncIterator[ReadMessage]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
        start_new_session=True,  # Ctrl-C is for the parent to handle
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(pickle.dumps(task))
            await process.stdin.drain()
        process.stdin.close()
        async with asyncio.timeout(MAX_SECONDS):
            while True:
                head = await process.stdout.readexactly(_LENGTH_BYTES)
                length = int.from_bytes(head)
                if not length:
                    return
                yield pickle.loads(await process.stdout.readexactly(length))
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        raise Sorry("history-too-much", file=task.name) from error
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def messages(task: ReadingTask) -> Iterator[ReadMessage]:
    """Yields everything that the process says about a file."""
    try:
        history = read_history(task.name, task.content)
    except UnreadableHistory as problem:
        yield ReadRefusal(problem.key, dict(problem.data))
        return
    films = asyncio.run(_known(task.database))
    matches = HistoryMatcher(films).match_all(history.rows)
    facts: dict[int, HistoryFacts] = {}
    asked: list[NewQuestion] = []
    for place, (row, match) in enumerate(zip(history.rows, matches, strict=True)):
        said = facts_of_row(row, task.today)
        film = match.film_id if match.certainty != "likely" else None
        if film is not None:
            facts[film] = facts[film].joined(said) if film in facts else said
        else:
            asked.append(_question(place, row, match, said))
    told = _told(history) | {"likes": sum(one.from_like for one in facts.values())}
    yield ReadSummary(history.source, told, len(facts), len(asked))
    for some in _slices(list(facts.items())):
        yield ReadFilms(dict(some), ())
    for questions in _slices(asked):
        yield ReadFilms({}, tuple(questions))


def facts_of_row(row: HistoryRow, today: date) -> HistoryFacts:
    """Returns what a row says. A like without stars becomes LIKED_STARS.

    If the day of a rating is unknown, it is the day on which the film was seen.

    today: days after this one are taken as this one.
    """
    from_like = row.stars is None and row.liked
    stars = LIKED_STARS if from_like else row.stars

    def day(found: date | None) -> datetime | None:
        return None if found is None else datetime.combine(min(found, today), time(), UTC)

    return HistoryFacts(
        stars,
        from_like,
        day(row.rated_on or row.seen_on) if stars is not None else None,
        row.seen or stars is not None,
        day(row.seen_on),
        row.wanted,
        day(row.added_on),
    )


async def _known(database: Address) -> tuple[Any, ...]:
    async with reading(database) as conn:
        return await known_films(conn)


def _question(place: int, row: HistoryRow, match: FilmMatch, facts: HistoryFacts) -> NewQuestion:
    title = row.title or row.imdb or str(row.tmdb or row.movielens or row.letterboxd or "")
    return NewQuestion(
        place, title, row.year, ", ".join(row.directors), row.imdb, match.film_id, facts
    )


def _told(history: History) -> dict[str, Any]:
    return {
        "rows": history.read_rows,
        "skipped": dict(history.skipped),
        "scales": [[one.value, one.best, one.stars] for one in history.scales],
        "remarks": [[one.key, dict(one.data)] for one in history.remarks],
    }


def _slices(found: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(found), FILMS_A_MESSAGE):
        yield found[begin : begin + FILMS_A_MESSAGE]


def _send(out: BinaryIO, message: ReadMessage | None) -> None:
    """Writes a message with its length in front; None ends the messages."""
    content = b"" if message is None else pickle.dumps(message)
    out.write(len(content).to_bytes(_LENGTH_BYTES) + content)
    out.flush()


def main() -> None:
    """Reads a task from standard input, and writes what is in the file to the output."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    task = pickle.load(io.BytesIO(sys.stdin.buffer.read()))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    out = sys.stdout.buffer
    with contextlib.suppress(BrokenPipeError):  # the parent has ended meanwhile
        for message in messages(task):
            _send(out, message)
        _send(out, None)


if __name__ == "__main__":
    # Pickled classes carry the name of their module, which must not be "__main__".
    from bot.services.imports.person.reading import main as run

    run()
