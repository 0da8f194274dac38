"""/privacy: what is stored about a person, to see, to export and to delete."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import timedelta

from bot.services.app import App
from bot.services.people import erasure
from bot.services.people.left_servers import LEFT_SERVER_AGE
from bot.services.serving.evidence import EVIDENCE_WINDOW
from bot.services.view_models import Requester
from bot.settings import Settings
from storage.feedback import ratings
from storage.people import privacy, profiles

TABLE_WORDS = {
    "people": "your profile",
    "ratings": "your ratings",
    "standing_acts": "reactions, buttons and commands behind them",
    "rating_events": "entries in the log of your ratings",
    "answers": "answers in the quiz, and films it asked about",
    "film_marks": "films you have seen, declined, kept for later or do not know",
    "preferences": "settings",
    "taste_consents": "servers that may see your taste",
    "impressions": "films I showed you",
    "cards": "cards you asked for",
    "card_acts": "presses of buttons on cards",
    "exposures": "experiments you were in",
    "schedules": "posts you set up, or that show your favourites",
    "manager_messages": "messages to you about these posts that are still to be sent",
}
"""For each table with rows about people, what its rows are, in words for the person."""


COPY_AGE = timedelta(days=30)
"""The age at which copies of the database are deleted, unless MATINEE_KEEP_BACKUPS is longer."""


def copy_age(settings: Settings) -> timedelta:
    """Returns the age at which a copy of the database is deleted."""
    return max(COPY_AGE, timedelta(days=settings.keep_backups + 1))


def erasure_warning(settings: Settings) -> str:
    """Returns the text that a person reads before they delete all their data."""
    days = copy_age(settings).days
    return (
        "This deletes your ratings, your quiz answers, what I showed you and your settings, at "
        "once and for good. The next fit of the models no longer knows them. Your reactions on my "
        "old messages stay on Discord, but I no longer count them. Backups hold what was there for "
        f"up to {days} days more; if one is put back, I delete it again. For that I "
        "keep a scrambled form of your id, and the time."
    )


def keeping_words(settings: Settings) -> str:
    """Returns a text that says how long data about a person are kept."""
    days = copy_age(settings).days
    shown = max(EVIDENCE_WINDOW.days, settings.cooldown_days + 1)
    return (
        "**How long I keep it**\n"
        "What you tell me stays until you take it back or delete it here. What I showed you goes "
        f"after {shown} days; wild cards, what you took back, and your presses of buttons, "
        f"after a year. Backups hold everything for up to {days} days. When I leave "
        f"a server, what I know about it goes after {LEFT_SERVER_AGE.days} days."
    )


SHAPING_SENTENCES = {
    True: "Your ratings shape what others are shown, never by name.",
    False: "Your ratings shape your own picks only: what trends leaves them out, and so does every "
    "model that is fitted from now on.",
}


@dataclass(frozen=True)
class Export:
    """Everything stored about a person, as two files in UTF-8.

    Attributes:
        everything: a JSON file with the rows of each table, by the table's name.
        ratings: a CSV file: title, year, stars and time of each rating.
    """

    everything: bytes
    ratings: bytes


@dataclass(frozen=True)
class Summary:
    """What `/privacy` shows.

    Attributes:
        text: how many rows of each kind are stored about the person.
        shapes_others: True if the person's ratings shape what other people are shown.
    """

    text: str
    shapes_others: bool


async def summary(app: App, person_id: int) -> Summary:
    """Returns what `/privacy` shows to a person."""
    async with app.db.read() as conn:
        tables = await privacy.export(conn, person_id)
        person = await profiles.get(conn, person_id)
    shapes = person is None or person.shapes_others
    counts = {name: len(rows) for name, rows in tables.items() if isinstance(rows, list) and rows}
    if not counts:
        return Summary("I know nothing about you yet, so there is nothing to delete.", shapes)
    rows = [f"• {TABLE_WORDS.get(name, name)}: {count}" for name, count in counts.items()]
    return Summary(
        "\n".join(
            [
                "**What I know about you**",
                *rows,
                keeping_words(app.settings),
                f"-# Nobody else sees this. {SHAPING_SENTENCES[shapes]}",
            ]
        ),
        shapes,
    )


async def set_shapes_others(app: App, requester: Requester, shapes: bool) -> Summary:
    """Stores whether the person's ratings shape what others are shown. Returns the new summary."""
    async with app.write_for(requester) as conn:
        await profiles.set_shapes_others(conn, requester.person_id, shapes, now=requester.now)
    return await summary(app, requester.person_id)


async def export(app: App, requester: Requester) -> Export:
    """Returns everything stored about a person."""
    library = app.live.served.library
    async with app.db.read() as conn:
        tables = await privacy.export(conn, requester.person_id)
        rated = await ratings.of_person(conn, requester.person_id)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["title", "year", "stars", "rated_at"])
    for rating in rated:
        film = library.films.get(rating.film_id)
        title = film.title if film else f"film {rating.film_id}"
        year = film.year if film and film.year else ""
        writer.writerow([_no_formula(title), year, rating.stars, rating.at.isoformat()])
    everything = json.dumps(tables, ensure_ascii=False, indent=2, default=str)
    return Export(everything.encode(), table.getvalue().encode())


async def erase(app: App, person_id: int) -> str:
    """Deletes every row about a person. Returns a sentence with the number of rows.

    Raises Sorry if not everything is deleted yet, or if nothing was changed. Its sentence says
    which.
    """
    count = await erasure.erase(app, person_id)
    if not count:
        return "There was nothing to delete."
    return f"Deleted: {count} rows. I no longer know anything about you."


def _no_formula(text: str) -> str:
    """Returns the text of a CSV cell, with a quote before it if a spreadsheet would run it."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
