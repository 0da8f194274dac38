"""Pictures are drawn by a process of their own. Without it there is no picture, and no error."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from bot.services.pictures import studio as studios
from bot.services.pictures.drawing import BAR, NAME_SIZE, PANEL, TEXT, WIDTH, draw, drawable, fitted
from bot.services.pictures.drawing import font as font_of
from bot.services.pictures.sheet import Chart, Sheet, from_line, to_line
from bot.services.pictures.studio import MAX_WAITING, Studio
from tests.house import until

HOURS = Chart("Time of day", tuple(str(hour) for hour in range(24)), tuple(map(float, range(24))))
SHEET = Sheet((Chart("Often loved", ("Bleak", "Witty"), (3.0, 1.0)),), (HOURS,))
SCRIPTS = (
    *("日本語の映画", "الأفلام العربية", "हिन्दी", "ไทย", "Ελληνικά", "🎬🍿"),
    *("\u202eabc\x00\n", "", "é" * 500),
)


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    found = Studio()
    yield found
    await found.close()


async def drawn(studio: Studio) -> bytes | None:
    async with studio.turn() as may_draw:
        return await studio.draw(SHEET) if may_draw else None


def size(picture: bytes | None) -> tuple[int, int]:
    assert picture is not None
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
        return image.size


def luminance(colour: str) -> float:
    """Returns the relative luminance of a colour (WCAG 2.2), 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


async def test_one_process_draws_one_picture_after_the_other(studio: Studio) -> None:
    assert studio.process_id is None
    assert size(await drawn(studio))[0] == WIDTH
    first = studio.process_id
    found = await asyncio.gather(*(drawn(studio) for _ in range(4)))
    assert {size(picture) for picture in found} == {size(found[0])}
    assert studio.process_id == first
    await studio.close()
    assert studio.process_id is None


async def test_a_full_queue_and_a_dead_process_give_no_picture(studio: Studio) -> None:
    asked = [asyncio.create_task(drawn(studio)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    assert await drawn(studio) is None, "the queue is full"
    assert all([await one for one in asked])
    process = studio.process_id
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    waiting = asyncio.create_task(drawn(studio))
    await asyncio.sleep(0)
    os.kill(process, signal.SIGKILL)
    assert await waiting is None
    assert size(await drawn(studio))[0] == WIDTH, "the next one has a new process"
    assert studio.process_id != process


async def test_a_process_that_never_answers_or_never_starts(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studios, "DRAWING_SECONDS", 0.05)
    monkeypatch.setattr(studios, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    assert await drawn(studio) is None
    assert studio.process_id is None
    monkeypatch.setattr(studios, "COMMAND", ("/nonexistent/python",))
    assert await drawn(studio) is None


async def test_an_idle_process_ends(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studios, "IDLE_SECONDS", 0.0)
    assert await drawn(studio)
    await until(lambda: studio.process_id is None, "the process has ended")
    assert await drawn(studio)


def test_text_in_any_script_is_drawn() -> None:
    for text in SCRIPTS:
        chart = Chart(text, (text, text), (1.0, 0.0))
        sheet = Sheet((chart, chart), (Chart(text, (text,), (1.0,)), HOURS))
        assert from_line(to_line(sheet)) == sheet
        assert size(draw(sheet))[0] == WIDTH
    assert drawable("Amélie", font_of(NAME_SIZE)) == "Amelie"
    assert drawable("映", font_of(NAME_SIZE)) == "?"
    assert fitted("Based on a true story", font_of(NAME_SIZE), 200).endswith("…")
    assert size(draw(Sheet((), ())))[0] == WIDTH


def test_text_is_readable_on_the_panel_and_on_bars() -> None:
    for below in (PANEL, BAR):
        light, dark = sorted((luminance(TEXT), luminance(below)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
