"""The corpus: imported ratings, such as those of MovieLens, in one file outside the database.

The arrays are `person` (negative ids), `film` (ids of Matinee's catalogue), `stars` and `when`
(Unix seconds). The ratings are sorted, so that the same ratings always give the same bytes. The
file holds no pickles. It is written under a temporary name and then renamed, so that no reader sees
half a file.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from recommender.data import Interactions, interactions
from recommender.errors import DatasetError
from recommender.numeric.system import partial_path, sync

FORMAT = 1
COLUMNS = ("person", "film", "stars", "when")


def write_corpus(path: Path, ratings: Interactions) -> None:
    """Writes the newest rating of each person and film, sorted by both, and replaces an older file.

    Raises DatasetError if the file cannot be written; an older file then stays.
    """
    with prepared_corpus(path, ratings):
        pass


@contextlib.contextmanager
def prepared_corpus(path: Path, ratings: Interactions) -> Iterator[None]:
    """Writes the file of imported ratings, which replaces an older file only at the end of a `with`
    block.

    The newest rating of each person and film is written, sorted by both. If the block raises an
    error, the older file stays. Raises DatasetError if the file cannot be written.
    """
    one = ratings.newest()
    person, film = one.people.ids(one.person), one.films.ids(one.film)
    order = np.lexsort((film, person))
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        format=np.array([FORMAT]),
        person=person[order],
        film=film[order],
        stars=one.stars[order],
        when=one.when[order],
    )
    partial = partial_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(buffer.getvalue())
            file.flush()
            sync(file)
    except OSError as error:
        _drop(partial)
        raise _unwritable(path, error) from error
    try:
        yield
    except BaseException:
        _drop(partial)
        raise
    try:
        partial.replace(path)
    except OSError as error:
        _drop(partial)
        raise _unwritable(path, error) from error


def _drop(partial: Path) -> None:
    with contextlib.suppress(OSError):
        partial.unlink()


def _unwritable(path: Path, error: OSError) -> DatasetError:
    return DatasetError("corpus-not-written", file=path.name, cause=error.strerror)


def read_corpus(path: Path) -> Interactions:
    """Returns the ratings in a corpus file, or no ratings if the file does not exist.

    Raises DatasetError if the file is damaged or of another format.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return interactions([], [], [])
    except OSError as error:
        raise DatasetError("corpus-unreadable", file=path.name, cause=error.strerror) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            form = int(arrays["format"][0])
            columns = [arrays[name] for name in COLUMNS] if form == FORMAT else []
            ratings = interactions(*columns) if columns else None
    except (KeyError, ValueError, IndexError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError("corpus-damaged", file=path.name) from error
    if ratings is None:
        raise DatasetError("corpus-format", file=path.name, found=form, known=FORMAT)
    return ratings
