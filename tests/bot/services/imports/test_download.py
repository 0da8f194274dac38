"""Downloading a data set from a local server: complete, damaged, hostile or missing files."""

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from rich.console import Console

from bot.cli import import_movielens
from bot.errors import Sorry
from bot.services.imports import download
from bot.settings import Settings
from bot.wording.errors.said import said
from recommender.datasets.movielens import read_movielens
from tests.bot.command import files
from tests.bot.folders import Film, write_csv, write_dat
from tests.house import stocked

NAME = "ml-latest-small"


@dataclass
class Mirror:
    """A server of data sets.

    Attributes:
        held: path -> content.
        asked: paths of the requests, in order.
        cut: bytes after which an archive breaks off. None sends the whole archive.
        url: address of the server.
    """

    held: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cut: int | None = None
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        content = self.held.get(request.path)
        if content is None:
            return web.Response(status=404)
        if self.cut is not None and request.path.endswith(".zip"):
            response = web.StreamResponse(headers={"Content-Length": str(len(content))})
            await response.prepare(request)
            await response.write(content[: self.cut])
            assert request.transport is not None
            request.transport.close()
            return response
        return web.Response(body=content)

    def serve(self, name: str, archive: bytes, checksum: str | None = None) -> None:
        """Adds an archive and its checksum.

        checksum: MD5 digest. None means the correct one.
        """
        digest = checksum or hashlib.md5(archive, usedforsecurity=False).hexdigest()
        self.held[f"/{name}.zip"] = archive
        self.held[f"/{name}.zip.md5"] = f"MD5 ({name}.zip) = {digest}\n".encode()


@pytest.fixture
async def mirror() -> AsyncIterator[Mirror]:
    mirror = Mirror()
    app = web.Application()
    app.router.add_get("/{path:.*}", mirror.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    mirror.url = f"http://{host}:{port}"
    yield mirror
    await runner.cleanup()


def packed(folder: Path, inside: str) -> bytes:
    """Returns the files of a folder as an archive with one folder inside."""
    return archive({f"{inside}/{name}": content for name, content in files(folder).items()})


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data set to serve."""
    films = [Film(1, "Zzyzx Lantern, The (1971)", ("Drama",))]
    return write_csv(tmp_path / "source", films, [(1, 1, 4.5, 900000001)])


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "fetched"


def names(folder: Path) -> set[str]:
    """Returns the names in a folder. Empty if it does not exist."""
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


async def fetch(mirror: Mirror, target: Path, name: str = NAME) -> Path:
    return await download.download_data_set(
        name, target, mirror=mirror.url, progress=lambda done, total: None
    )


async def refused(mirror: Mirror, target: Path, name: str = NAME) -> str:
    """Returns the key of the error of a download that must fail and must leave no files."""
    with pytest.raises(Sorry) as caught:
        await fetch(mirror, target, name)
    assert names(target) == set()
    return caught.value.key


async def test_a_complete_download_can_be_read(mirror: Mirror, data: Path, target: Path) -> None:
    mirror.serve(NAME, packed(data, NAME))
    seen: list[tuple[int, int | None]] = []
    folder = await download.download_data_set(
        NAME, target, mirror=f"{mirror.url}/", progress=lambda *step: seen.append(step)
    )
    assert folder == target / NAME
    assert read_movielens(folder).stars.tolist() == [4.5]
    size = len(mirror.held[f"/{NAME}.zip"])
    assert seen[-1] == (size, size)
    assert names(target) == {NAME}


async def test_a_complete_folder_is_not_fetched_again(
    mirror: Mirror, data: Path, target: Path
) -> None:
    mirror.serve(NAME, packed(data, NAME))
    await fetch(mirror, target)
    asked = list(mirror.asked)
    await fetch(mirror, target)
    assert mirror.asked == asked


async def test_an_archive_may_use_another_folder_name(mirror: Mirror, tmp_path: Path) -> None:
    films = [Film(1, "Zzyzx Lantern, The (1971)", ("Drama",))]
    source = write_dat(tmp_path / "source", films, [(1, 1, 4, 900000001)])
    mirror.serve("ml-10m", packed(source, "ml-10M100K"))
    folder = await fetch(mirror, tmp_path / "fetched", "ml-10m")
    assert folder.name == "ml-10m"
    assert len(read_movielens(folder).stars) == 1


async def test_a_wrong_checksum_keeps_nothing(mirror: Mirror, data: Path, target: Path) -> None:
    mirror.serve(NAME, packed(data, NAME), checksum="0" * 32)
    assert await refused(mirror, target) == "download-damaged"


async def test_a_missing_checksum_fetches_nothing(mirror: Mirror, data: Path, target: Path) -> None:
    mirror.serve(NAME, packed(data, NAME))
    mirror.held[f"/{NAME}.zip.md5"] = b"<html>moved</html>"
    assert await refused(mirror, target) == "no-checksum"
    assert f"/{NAME}.zip" not in mirror.asked


async def test_a_missing_file_names_its_address(mirror: Mirror, target: Path) -> None:
    with pytest.raises(Sorry) as caught:
        await fetch(mirror, target)
    assert said(caught.value) == (
        f"I can't download {mirror.url}/{NAME}.zip (the server answered 404 Not Found). Check your "
        "internet connection, or download and unpack it yourself and import that folder."
    )


async def test_a_connection_cut_short_keeps_nothing(
    mirror: Mirror, data: Path, target: Path
) -> None:
    mirror.serve(NAME, packed(data, NAME))
    mirror.cut = 100
    assert await refused(mirror, target) == "download-failed"


async def test_an_unreachable_server_says_to_check_the_network(target: Path) -> None:
    unreachable = Mirror(url="http://127.0.0.1:1")
    assert await refused(unreachable, target) == "download-failed"
    malformed = Mirror(url="no address")
    assert await refused(malformed, target) == "download-failed"


@pytest.mark.parametrize("torn", [b"not an archive at all", None])
async def test_a_damaged_archive_keeps_nothing(
    mirror: Mirror, data: Path, target: Path, torn: bytes | None
) -> None:
    whole = packed(data, NAME)
    mirror.serve(NAME, whole[:40] + b"\0" * 8 + whole[48:] if torn is None else torn)
    assert await refused(mirror, target) == "archive-damaged"


async def test_a_zip_bomb_is_not_unpacked(mirror: Mirror, target: Path) -> None:
    mirror.serve(NAME, archive({f"{NAME}/ratings.csv": b"\0" * 30_000_000}))
    assert await refused(mirror, target) == "archive-too-large"


async def test_paths_in_an_archive_cannot_leave_the_folder(
    mirror: Mirror, data: Path, target: Path
) -> None:
    outside = target.parent / "evil.txt"
    entries = {f"{NAME}/{name}": content for name, content in files(data).items()}
    entries |= {"../../../evil.txt": b"x", str(outside): b"x", "..\\evil.txt": b"x"}
    mirror.serve(NAME, archive(entries))
    folder = await fetch(mirror, target)
    assert not outside.exists()
    assert names(target) == {NAME}
    assert names(target.parent) == {target.name, data.name}
    assert folder.is_dir()


async def test_an_unknown_name_lists_the_known(mirror: Mirror, target: Path) -> None:
    with pytest.raises(Sorry) as caught:
        await fetch(mirror, target, "ml-99z")
    assert caught.value.data == {"typed": "ml-99z", "choices": list(download.DATA_SETS)}
    assert mirror.asked == []


async def test_a_folder_that_cannot_be_made_says_so(
    mirror: Mirror, data: Path, tmp_path: Path
) -> None:
    mirror.serve(NAME, packed(data, NAME))
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert await refused(mirror, tmp_path / "file" / "below") == "data-set-not-kept"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


async def test_the_command_fetches_shows_the_terms_and_imports(
    mirror: Mirror, data: Path, target: Path, tmp_path: Path
) -> None:
    await stocked(tmp_path / "kept" / "matinee.sqlite3")
    (data / "README.txt").write_text("Usage License\n=====\nOnly in the garden.\n", "utf-8")
    mirror.serve(NAME, packed(data, NAME))
    written = io.StringIO()
    await import_movielens.import_movielens(
        Settings(data=tmp_path / "kept"), target, NAME, mirror.url, Console(file=written, width=60)
    )
    output = written.getvalue()
    assert "Only in the garden." in output
    assert "I've read 1 film (new: 1, already in your catalogue: 0, updated: 0)." in output
