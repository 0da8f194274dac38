"""What a film history would change, before anything changes."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from bot.errors import Sorry
from bot.services.app import App
from bot.services.imports.person.reading import (
    ReadingTask,
    ReadSummary,
    read,
)
from bot.services.notes import Note, note
from bot.services.view_models import Requester
from storage.database.engine import Transaction
from storage.histories import drafts, planning, questions
from storage.histories.applying import FILMS_A_STEP
from storage.histories.drafts import FilmImport, HistoryFacts
from storage.histories.planning import HistoryChange
from storage.histories.questions import NewQuestion
from storage.people import profiles
from storage.people.profiles import Profile

ImportListener = Callable[["ImportProgress"], Awaitable[None]]
"""A function that is called with the progress of reading, applying or undoing."""

MAX_NAME = 100  # characters of a file's name that are kept


@dataclass(frozen=True)
class ImportProgress:
    """How far something is.

    Attributes:
        stage: what is done: "reading", "comparing", "applying" or "undoing".
        done: number of films that are done.
        films: number of films altogether; 0 if it is not known yet.
    """

    stage: str
    done: int
    films: int


@dataclass(frozen=True)
class ScaleExample:
    """What a rating of a file becomes.

    Attributes:
        value: the rating in the file.
        best: the best rating of the file's scale.
        stars: what it becomes.
    """

    value: float
    best: float
    stars: float


@dataclass(frozen=True)
class ImportPreview:
    """What a file would change.

    Attributes:
        import_id: the id of the import; 0 if the file was only looked at, so that it is not stored.
        file: the file's name.
        source: whose format it has, such as "letterboxd".
        rows: number of its rows.
        skipped: how many rows are left out, by reason.
        scales: what ratings become, one example for each scale.
        remarks: what else people should know about how it was read.
        films: number of films that were recognised.
        rated: number of ratings that are new.
        changed: number of ratings that replace an older one.
        same: number of ratings that are stored already.
        kept: number of ratings that are left out, because a newer one was made here.
        seen: number of films that will be marked as seen.
        wanted: number of films that will be kept for later.
        likes: number of films with a like and no stars.
        waiting: number of films that were not recognised, and that the person has not settled.
        likely: how many of these have a likely film.
        shares: True if what the person brings in counts for others too.
    """

    import_id: int
    file: str
    source: str
    rows: int
    skipped: Mapping[str, int]
    scales: tuple[ScaleExample, ...]
    remarks: tuple[Note, ...]
    films: int
    rated: int
    changed: int
    same: int
    kept: int
    seen: int
    wanted: int
    likes: int
    waiting: int
    likely: int
    shares: bool


async def read_file(
    app: App,
    requester: Requester,
    name: str,
    content: bytes,
    listener: ImportListener,
    *,
    replaces: bool = True,
) -> ImportPreview:
    """Reads a file that a person brings in, and returns what it would change.

    What it has is stored until the person applies it, brings in another file or waits for
    DRAFT_AGE. Raises Sorry if it cannot be read.

    name: the name of the file.
    content: what is in it.
    listener: is called with the progress.
    replaces: True if a file of theirs that waits is forgotten now; otherwise it stays until this
        one is applied.
    """
    name = name[-MAX_NAME:]
    task = ReadingTask(app.db.address, name, content, requester.now.date())
    batch: FilmImport | None = None
    done, every = 0, 0
    await listener(ImportProgress("reading", 0, 0))
    async for message in read(task, len(app.live.served.library.films)):
        async with app.write_for(requester) as conn:
            if isinstance(message, ReadSummary):
                if replaces:
                    await drafts.forget_open(conn, requester.person_id)
                number = await drafts.begin(
                    conn,
                    requester.person_id,
                    source=message.source,
                    file=name,
                    told=message.told,
                    now=requester.now,
                )
                batch = await drafts.get(conn, number)
                every = message.films + message.questions
                continue
            assert batch is not None
            if await drafts.get(conn, batch.id) is None:
                raise Sorry("no-such-import")  # the person brought in another file meanwhile
            await drafts.add_films(conn, batch, message.films)
            await questions.add(conn, batch, message.questions)
        done += len(message.films) + len(message.questions)
        await listener(ImportProgress("reading", done, every))
    assert batch is not None
    counts = await _counts(app, batch, listener, every)
    async with app.write_for(requester) as conn:
        await drafts.tell(conn, batch.id, dict(batch.told) | {"counts": counts})
        await drafts.set_state(conn, batch.id, "waiting")
    return await preview(app, requester, batch.id)


async def look(app: App, requester: Requester, name: str, content: bytes) -> ImportPreview:
    """Returns what a file would change for a person, and stores nothing.

    A file of theirs that waits stays. Raises Sorry if the file cannot be read.

    name: the name of the file.
    content: what is in it.
    """
    name = name[-MAX_NAME:]
    task = ReadingTask(app.db.address, name, content, requester.now.date())
    summary: ReadSummary | None = None
    facts: dict[int, HistoryFacts] = {}
    asked: list[NewQuestion] = []
    async for message in read(task, len(app.live.served.library.films)):
        if isinstance(message, ReadSummary):
            summary = message
        else:
            facts |= message.films
            asked += message.questions
    assert summary is not None
    batch = FilmImport(
        0,
        requester.person_id,
        requester.now,
        "reading",
        summary.source,
        name,
        summary.told,
        0,
        False,
    )
    counts: Counter[str] = Counter()
    films = list(facts)
    async with app.db.read() as conn:
        for begin in range(0, len(films), FILMS_A_STEP):
            some = {film: facts[film] for film in films[begin : begin + FILMS_A_STEP]}
            counts += _counted(await planning.plan_films(conn, batch, some))
        person = await profiles.get(conn, requester.person_id)
    likely = sum(one.likely_id is not None for one in asked)
    return _shown(batch, counts, (len(asked), likely), person)


async def preview(app: App, requester: Requester, import_id: int) -> ImportPreview:
    """Returns what a file that waits would change. Raises Sorry if it does not wait any more."""
    async with app.db.read() as conn:
        batch = await waiting_import(conn, requester, import_id)
        open_counts = await questions.open_counts(conn, import_id)
        person = await profiles.get(conn, requester.person_id)
        chosen = await _chosen_counts(conn, batch)
    return _shown(batch, Counter(batch.told["counts"]) + chosen, open_counts, person)


def _shown(
    batch: FilmImport, counts: Counter[str], open_counts: tuple[int, int], person: Profile | None
) -> ImportPreview:
    """Returns what a file would change.

    counts: how many films change in each way.
    open_counts: how many films are not settled, and how many of these have a likely film.
    person: whose file it is; None without a profile.
    """
    told = batch.told
    waiting, likely = open_counts
    return ImportPreview(
        import_id=batch.id,
        file=batch.file,
        source=batch.source,
        rows=told["rows"],
        skipped=told["skipped"],
        scales=tuple(ScaleExample(*one) for one in told["scales"]),
        remarks=tuple(note(key, **cast("dict[str, Any]", data)) for key, data in told["remarks"]),
        likes=told["likes"],
        waiting=waiting,
        likely=likely,
        shares=person is not None and person.shares_imports,
        **{name: counts[name] for name in _COUNTED},
    )


async def waiting_import(conn: Transaction, requester: Requester, import_id: int) -> FilmImport:
    """Returns a person's import that waits to be applied. Raises Sorry if it does not wait."""
    batch = await drafts.get(conn, import_id)
    if batch is None or batch.person_id != requester.person_id or batch.state == "reading":
        raise Sorry("no-such-import")
    if batch.state != "waiting":
        raise Sorry("import-applied", file=batch.file)
    return batch


async def _counts(
    app: App, batch: FilmImport, listener: ImportListener, every: int
) -> dict[str, int]:
    """Returns how many films of an import change in each way."""
    found: Counter[str] = Counter()
    after = -1
    while True:
        async with app.db.read() as conn:
            changes = await planning.plan(conn, batch, after, FILMS_A_STEP)
        if not changes:
            return {name: found[name] for name in _COUNTED}
        after = changes[-1].film_id
        found += _counted(changes)
        await listener(ImportProgress("comparing", found["films"], every))


async def _chosen_counts(conn: Transaction, batch: FilmImport) -> Counter[str]:
    """Returns how many films change that the person chose, and that were not recognised before."""
    facts = await questions.chosen_facts(conn, batch.id)
    found: Counter[str] = Counter()
    films = list(facts)
    for begin in range(0, len(films), FILMS_A_STEP):
        ids = films[begin : begin + FILMS_A_STEP]
        known = await drafts.films_among(conn, batch.id, ids)
        new = {film: facts[film] for film in ids if film not in known}
        found += _counted(await planning.plan_films(conn, batch, new))
    return found


_COUNTED = ("films", "rated", "changed", "same", "kept", "seen", "wanted")


def _counted(changes: Sequence[HistoryChange]) -> Counter[str]:
    """Returns how many films change in each way."""
    found = Counter(films=len(changes))
    for one in changes:
        if one.fate != "none":
            found["rated" if one.fate == "new" else one.fate] += 1
        found["seen"] += one.seen_at is not None
        found["wanted"] += one.later_at is not None
    return found


def day_text(day: datetime | None) -> str:
    """Returns a day as text, such as "2024-03-01"; "" if it is unknown."""
    return day.date().isoformat() if day else ""
