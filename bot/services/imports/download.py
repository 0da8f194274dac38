"""Downloads a MovieLens data set, compares its checksum, and unpacks it.

The server has an archive `NAME.zip` and its checksum `NAME.zip.md5`. An archive whose checksum
differs is deleted. An archive that would unpack to too many bytes is refused.
"""

import asyncio
import hashlib
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import aiohttp

from bot.errors import Sorry
from bot.services.notes import WRITTEN, Note, note

DATA_SETS = (
    "ml-latest-small",
    "ml-latest",
    "ml-100k",
    "ml-1m",
    "ml-10m",
    "ml-20m",
    "ml-25m",
    "ml-32m",
)
CHUNK_BYTES = 1 << 18
MAX_BYTES = 8 << 30  # largest size of the archive, and of everything that it contains
MAX_UNPACKED_RATIO = 100  # largest ratio of unpacked to packed size


async def download_data_set(
    name: str, folder: Path, *, mirror: str, progress: Callable[[int, int | None], None]
) -> Path:
    """Downloads `name` and unpacks it below `folder`. Returns the folder that holds it.

    If that folder exists already, nothing is downloaded.

    mirror: the URL of the server's folder with the archives.
    progress: is called with the bytes received so far and the size of the archive in bytes (None if
        unknown).

    Raises Sorry if the name is unknown, the server does not answer, the checksum differs, the
    archive is unsound, or the folder cannot be written. Nothing half-written is left.
    """
    if name not in DATA_SETS:
        raise Sorry("no-such-data-set", typed=name, choices=list(DATA_SETS))
    target = folder / name
    if await asyncio.to_thread(target.is_dir):
        return target
    address = f"{mirror.rstrip('/')}/{name}.zip"
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
            packed = Path(scratch) / "data.zip"
            await _download_checked(address, packed, progress)
            unpacked = Path(scratch) / "unpacked"
            await asyncio.to_thread(_unpack, packed, unpacked)
            await asyncio.to_thread(shutil.move, _inner(unpacked), target)
    except OSError as error:
        cause = error.strerror or str(error)
        raise Sorry("data-set-not-kept", data=name, folder=str(folder), cause=cause) from None
    return target


async def _download_checked(
    address: str, target: Path, progress: Callable[[int, int | None], None]
) -> None:
    """Downloads the archive into `target`. Raises Sorry if it does not match its checksum.

    progress: is called with the bytes received so far and the size in bytes (None if unknown).
    """
    try:
        async with aiohttp.ClientSession(raise_for_status=True) as web:
            wanted = await _checksum(web, f"{address}.md5")
            got = await _fetch(web, address, target, progress)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Sorry("download-failed", address=address, reason=_reason(error)) from None
    if got != wanted:
        raise Sorry("download-damaged", address=address, got=got, wanted=wanted)


def _reason(error: Exception) -> Note:
    if isinstance(error, aiohttp.ClientResponseError):
        return note("server-answers", status=str(error.status), answer=error.message)
    return note(WRITTEN, text=str(error)) if str(error) else note("no-answer-in-time")


async def _checksum(web: aiohttp.ClientSession, address: str) -> str:
    async with web.get(address) as answer:
        text = await answer.text()
    found = re.search(r"\b[0-9a-f]{32}\b", text.lower())
    if found is None:
        raise Sorry("no-checksum", address=address)
    return found.group()


async def _fetch(
    web: aiohttp.ClientSession,
    address: str,
    target: Path,
    progress: Callable[[int, int | None], None],
) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    done = 0
    async with web.get(address, timeout=aiohttp.ClientTimeout(total=None, sock_read=60)) as answer:
        with target.open("wb") as file:
            async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if done > MAX_BYTES:
                    raise Sorry("download-too-large", address=address)
                progress(done, answer.content_length)
    return digest.hexdigest()


def _unpack(packed: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(packed) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MAX_BYTES or size > MAX_UNPACKED_RATIO * max(packed.stat().st_size, 1):
                raise Sorry("archive-too-large")
            archive.extractall(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise Sorry("archive-damaged") from None


def _inner(unpacked: Path) -> Path:
    """Returns the only folder in the unpacked archive; `unpacked` itself if there is not exactly
    one.

    The folder is not looked up by name, because in ml-10m it has another name than the data set.
    """
    found = [path for path in unpacked.iterdir() if path.name != "__MACOSX"]
    return found[0] if len(found) == 1 and found[0].is_dir() else unpacked
