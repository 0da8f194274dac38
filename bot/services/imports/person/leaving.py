"""Writes a person's film history for Letterboxd, so that they can leave with it."""

import asyncio
import io
import zipfile
from zoneinfo import ZoneInfo

from bot.services.app import App
from storage.histories.leaving import exported_films
from storage.imports.letterboxd_export import LetterboxdFiles, letterboxd_files
from storage.people import preferences

_STAMP = (1980, 1, 1, 0, 0, 0)  # the same history gives the same file


async def for_letterboxd(app: App, person_id: int) -> LetterboxdFiles:
    """Returns the files that Letterboxd imports: films that the person saw, and their watchlist.

    Days are those of the person's time zone.
    """
    async with app.db.read() as conn:
        chosen = await preferences.of_person(conn, person_id)
        zone = ZoneInfo(chosen.zone or app.settings.zone)
        films = await exported_films(conn, person_id, lambda at: at.astimezone(zone).date())
    return await asyncio.to_thread(letterboxd_files, films)


def zipped(files: LetterboxdFiles) -> bytes:
    """Returns the files as a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.files:
            pack.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
