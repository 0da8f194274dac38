"""/privacy: what is stored about a person, to see, to export and to delete."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.services.app import App
from bot.services.imports.person import applying, leaving
from bot.services.people.left_servers import LEFT_SERVER_AGE
from bot.services.serving.evidence import EVIDENCE_WINDOW
from bot.services.view_models import Requester
from bot.services.wording import no_formula
from bot.settings import Settings
from storage.feedback import ratings
from storage.people import privacy, profiles

COPY_AGE = timedelta(days=30)
"""The age at which copies of the database are deleted, unless MATINEE_KEEP_BACKUPS is longer."""


def copy_age(settings: Settings) -> timedelta:
    """Returns the age at which a copy of the database is deleted."""
    return max(COPY_AGE, timedelta(days=settings.keep_backups + 1))


@dataclass(frozen=True)
class Keeping:
    """How long data about a person are kept, in days.

    Attributes:
        shown_days: what was shown to the person.
        copy_days: what is in backups.
        left_days: what is known about a server that the bot left.
    """

    shown_days: int
    copy_days: int
    left_days: int


def keeping(settings: Settings) -> Keeping:
    """Returns how long data about a person are kept."""
    return Keeping(
        shown_days=max(EVIDENCE_WINDOW.days, settings.cooldown_days + 1),
        copy_days=copy_age(settings).days,
        left_days=LEFT_SERVER_AGE.days,
    )


@dataclass(frozen=True)
class Export:
    """Everything stored about a person, as files in UTF-8.

    Attributes:
        everything: a JSON file with the rows of each table, by the table's name.
        ratings: a CSV file: title, year, stars and time of each rating.
        letterboxd: the names and contents of CSV files that Letterboxd imports.
        rounded: number of ratings that these round to half stars.
    """

    everything: bytes
    ratings: bytes
    letterboxd: tuple[tuple[str, bytes], ...]
    rounded: int


@dataclass(frozen=True)
class Summary:
    """What `/privacy` shows.

    Attributes:
        counts: how many rows of each kind are stored about the person, by the table's name. Tables
            without such rows are left out.
        keeping: how long they are kept.
        shapes_others: True if the person's ratings shape what other people are shown.
        shares_imports: True if that includes what they brought in from other places; None if they
            brought in nothing and did not choose.
    """

    counts: Mapping[str, int]
    keeping: Keeping
    shapes_others: bool
    shares_imports: bool | None


async def summary(app: App, person_id: int) -> Summary:
    """Returns what `/privacy` shows to a person."""
    async with app.db.read() as conn:
        tables = await privacy.export(conn, person_id)
        person = await profiles.get(conn, person_id)
    brought = any(row["source"] == "import" for row in tables["ratings"])
    brought = brought or any(row["imported"] for row in tables["film_marks"])
    chooses = brought or (person is not None and person.shares_imports)
    return Summary(
        {name: len(rows) for name, rows in tables.items() if isinstance(rows, list) and rows},
        keeping(app.settings),
        person is None or person.shapes_others,
        (person is not None and person.shares_imports) if chooses else None,
    )


async def set_shapes_others(app: App, requester: Requester, shapes: bool) -> Summary:
    """Stores whether the person's ratings shape what others are shown. Returns the new summary."""
    async with app.write_for(requester) as conn:
        await profiles.set_shapes_others(conn, requester.person_id, shapes, now=requester.now)
    return await summary(app, requester.person_id)


async def set_shares_imports(app: App, requester: Requester, shares: bool) -> Summary:
    """Stores whether what the person brought in counts for others. Returns the new summary."""
    await applying.set_shares_imports(app, requester, shares)
    return await summary(app, requester.person_id)


SAID = {"impressions": "reason", "schedules": "disabled_reason"}
"""The column of each table that holds a note (`bot/services/notes.py`), by the table's name."""


async def export(app: App, requester: Requester, say: Callable[[str], str]) -> Export:
    """Returns everything stored about a person.

    say: returns the sentence of a stored note, so that the person reads no keys.
    """
    library = app.live.served.library
    async with app.db.read() as conn:
        tables = await privacy.export(conn, requester.person_id)
        rated = await ratings.of_person(conn, requester.person_id)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["title", "year", "stars", "rated_at"])
    for rating in rated:
        film = library.films.get(rating.film_id)
        title = film.title if film else f"#{rating.film_id}"
        year = film.year if film and film.year else ""
        writer.writerow([no_formula(title), year, rating.stars, rating.at.isoformat()])
    for name, column in SAID.items():
        tables[name] = [row | {column: row[column] and say(row[column])} for row in tables[name]]
    everything = json.dumps(tables, ensure_ascii=False, indent=2, default=str)
    moving = await leaving.for_letterboxd(app, requester.person_id)
    return Export(everything.encode(), table.getvalue().encode(), moving.files, moving.rounded)
