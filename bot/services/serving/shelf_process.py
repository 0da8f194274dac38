"""The process that finds the shelves (named sets of films) of a catalogue.

It is not a thread, since a thread that computes for seconds would hold Python's global lock (the
GIL) so often that answers would be late. `found_shelves` starts the process and waits for it. The
process reads the catalogue from its input, writes the shelves to its output, and ends.
"""

import asyncio
import contextlib
import logging
import os
import pickle
import sys

from bot.services.processes import environment
from recommender.data import Catalogue
from recommender.shelves.candidates import ShelfConfig
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import Shelves, find_shelves

COMMAND = (sys.executable, "-P", "-m", "bot.services.serving.shelf_process")
NICENESS = 10
SMALL_CATALOGUE = 1_000
"""With fewer films, a thread finds the shelves before a process has even started."""

log = logging.getLogger(__name__)


async def found_shelves(world: Catalogue, words: CatalogueWords) -> Shelves:
    """Returns the shelves (named sets of films) of a catalogue, found in a process of its own.

    A thread finds them if the catalogue is small, or if the process cannot be started or fails, for
    want of memory for instance.

    world: the catalogue.
    words: the words that the shelves' names can be made of.
    """
    if len(world) < SMALL_CATALOGUE:
        return await asyncio.to_thread(find_shelves, world, words, ShelfConfig())
    task = await asyncio.to_thread(pickle.dumps, (world, words))
    try:
        answer = await _answer(task)
    except OSError as error:
        log.warning("the process that finds shelves does not work: %s", error)
        return await asyncio.to_thread(find_shelves, world, words, ShelfConfig())
    shelves = await asyncio.to_thread(pickle.loads, answer)
    assert isinstance(shelves, Shelves)
    return shelves


async def _answer(task: bytes) -> bytes:
    """Returns what the process answers to its task.

    Raises OSError if it cannot be started, and ChildProcessError (an OSError) if it fails.
    """
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
        start_new_session=True,  # Ctrl-C is for the parent to handle
    )
    try:
        answer, _ = await process.communicate(task)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise ChildProcessError(process.returncode)
    return answer


def main() -> None:
    """Reads a catalogue and its words from standard input, and writes its shelves to the output."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    world, words = pickle.load(sys.stdin.buffer)
    shelves = find_shelves(world, words, ShelfConfig())
    with contextlib.suppress(BrokenPipeError):  # the parent has ended meanwhile
        sys.stdout.buffer.write(pickle.dumps(shelves))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
