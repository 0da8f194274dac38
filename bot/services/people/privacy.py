"""/privacy: what is known about a person, to see, to take along, to delete."""

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.view_models import Requester
from storage import registry
from storage.feedback import exposures, ratings
from storage.people import privacy, profiles

if TYPE_CHECKING:
    from bot.services.app import App

ARE_YOU_SURE = (
    "This deletes your ratings, your quiz answers, what I showed you and your settings, at once "
    "and for good. The next fit of the models no longer knows them. Your reactions on my old "
    "messages stay on Discord, but I no longer count them."
)


@dataclass(frozen=True)
class Export:
    """Everything as JSON, and the ratings as CSV; UTF-8."""

    everything: bytes
    ratings: bytes


@dataclass(frozen=True)
class Summary:
    """What there is about a person, in a few lines; and whether what they rate shapes what others
    are shown."""

    text: str
    shapes_others: bool


async def summary(app: "App", person_id: int) -> Summary:
    """What there is about a person."""
    async with app.db.read() as conn:
        known = await privacy.export(conn, person_id)
        person = await profiles.get(conn, person_id)
    shapes = person is None or person.shapes_others
    counts = {name: len(rows) for name, rows in known.items() if isinstance(rows, list) and rows}
    if not counts:
        return Summary("I know nothing about you yet, so there is nothing to delete.", shapes)
    rows = [f"• {name.replace('_', ' ')}: {count}" for name, count in counts.items()]
    return Summary(
        "\n".join(
            [
                "**What I know about you**",
                *rows,
                f"-# Nobody else sees this. {OTHERS[shapes]}",
            ]
        ),
        shapes,
    )


OTHERS = {
    True: "Your ratings shape what others are shown, never by name.",
    False: "Your ratings shape your own picks only: what trends leaves them out, and so does every "
    "model that is fitted from now on.",
}


async def set_shapes_others(app: "App", requester: Requester, shapes: bool) -> Summary:
    """Whether the person's ratings shape what others are shown."""
    async with app.db.write() as conn:
        await profiles.set_shapes_others(conn, requester.person_id, shapes, now=requester.now)
    return await summary(app, requester.person_id)


async def export(app: "App", requester: Requester) -> Export:
    """Everything about a person."""
    library = app.live.served.library
    async with app.db.read() as conn:
        known = await privacy.export(conn, requester.person_id)
        rated = await ratings.of_person(conn, requester.person_id)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["title", "year", "stars", "rated_at"])
    for rating in rated:
        film = library.films.get(rating.film_id)
        title = film.title if film else f"film {rating.film_id}"
        year = film.year if film and film.year else ""
        writer.writerow([_no_formula(title), year, rating.stars, rating.at.isoformat()])
    everything = json.dumps(known, ensure_ascii=False, indent=2, default=str)
    return Export(everything.encode(), table.getvalue().encode())


async def erase(app: "App", person_id: int) -> str:
    """Delete every row about a person."""
    async with app.db.write() as conn:
        await exposures.count_erased(conn, person_id)
        count = await privacy.erase(conn, person_id)
        if count:
            await registry.count_erasure(conn)
    if not count:
        return "There was nothing to delete."
    return f"Deleted: {count} rows. I no longer know anything about you."


def _no_formula(text: str) -> str:
    """A spreadsheet takes a cell that begins like a formula for one; a quote stops it."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
