"""No process that the bot starts gets the bot's token or the key of another service."""

import sys
from datetime import date
from pathlib import Path

import pytest

from bot.services.imports.person import reading
from bot.services.imports.person.reading import ReadingTask
from bot.services.pictures import studio
from bot.services.pictures.sheet import Sheet
from bot.services.processes import environment
from bot.services.serving import shelf_process
from bot.tokens import SECRETS

SECRET = (*SECRETS, *SECRETS.values())
TELL = (
    "import os, sys; sys.stdin.buffer.{read}(); names = repr(sorted(os.environ)).encode(); "
    "out = sys.stdout.buffer; "
)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRET:
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("MATINEE_LOCALE", "en")


def told(code: str, read: str = "read") -> tuple[str, ...]:
    """Returns a command that reads its input and tells the names of its environment variables.

    A process that ends before its input is written breaks the pipe that the bot writes to.
    """
    return (sys.executable, "-S", "-c", TELL.format(read=read) + code)


def test_the_rest_stays() -> None:
    found = environment()
    assert found["PYTHONPATH"].endswith(":/elsewhere")
    assert (Path(found["PYTHONPATH"].split(":")[0]) / "recommender").is_dir()
    assert found["MATINEE_LOCALE"] == "en"
    assert "secret" not in found.values()


async def test_who_draws_who_finds_shelves_and_who_reads_histories(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_length = "out.write(len(names).to_bytes(4, 'big') + names)"
    monkeypatch.setattr(studio, "COMMAND", told(with_length, read="readline"))
    drawing = studio.Studio()
    async with drawing.turn():
        found = [await drawing.draw(Sheet((), ()))]
    await drawing.close()
    monkeypatch.setattr(shelf_process, "COMMAND", told("out.write(names)"))
    found.append(await shelf_process._answer(b""))
    pickled = "import pickle; names = pickle.dumps(names); " + with_length
    monkeypatch.setattr(reading, "COMMAND", told(pickled + "; out.write(bytes(4))"))
    task = ReadingTask(tmp_path / "none", "a.zip", b"PK", date(2026, 3, 11))
    found += [message async for message in reading._read_in_process(task)]  # type: ignore[misc]
    assert len(found) == 3
    for names in found:
        assert names is not None
        assert b"MATINEE_LOCALE" in names
        assert not [name for name in SECRET if name.encode() in names]
