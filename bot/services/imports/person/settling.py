"""The films of a history that were not recognised: who chooses which they are, and how."""

import csv
import io
from dataclasses import dataclass

from bot.services.app import App
from bot.services.catalogue.library import Library
from bot.services.imports.person.preview import day_text, waiting_import
from bot.services.view_models import Requester
from bot.services.wording import no_formula
from storage.histories import questions
from storage.histories.questions import OpenQuestion

MAX_CANDIDATES = 5
QUESTIONS_A_PAGE = 4
QUESTIONS_A_QUERY = 500
"""So many become lines of the file at a time, since other answers wait meanwhile."""
COLUMNS = (
    "title",
    "year",
    "directors",
    "imdbID",
    "stars",
    "rated_on",
    "watched",
    "watched_on",
    "watchlist",
    "added_on",
    "liked",
)
"""The columns of the file with films that were not recognised. It can be brought in again."""


@dataclass(frozen=True)
class FilmCandidate:
    """A film that a row may be about.

    Attributes:
        film_id: its id.
        name: its name, not escaped.
    """

    film_id: int
    name: str


@dataclass(frozen=True)
class HistoryQuestion:
    """A film of a file that was not recognised.

    Attributes:
        place: its number in the file.
        title: its title there, not escaped.
        year: its year there; None without one.
        directors: the names there; "" without any.
        candidates: at most five films that it may be, the closest first.
        chosen: id of the film that the person chose; None if they have not.
        skipped: True if the person left it out.
    """

    place: int
    title: str
    year: int | None
    directors: str
    candidates: tuple[FilmCandidate, ...]
    chosen: int | None
    skipped: bool


@dataclass(frozen=True)
class QuestionPage:
    """Some films of a file that were not recognised.

    Attributes:
        import_id: the id of the import.
        file: the file's name.
        questions: the films.
        after: the place after which this page begins; -1 for the first page.
        further: the place after which the next page begins; None on the last page.
        waiting: number of films that the person has not settled, on all pages.
        likely: how many of these have a likely film.
    """

    import_id: int
    file: str
    questions: tuple[HistoryQuestion, ...]
    after: int
    further: int | None
    waiting: int
    likely: int


async def question_page(
    app: App, requester: Requester, import_id: int, after: int = -1
) -> QuestionPage:
    """Returns films of a person's file that were not recognised, with those that they may be.

    Raises Sorry if the file does not wait any more.

    after: the place after which the page begins.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    async with app.db.read() as conn:
        batch = await waiting_import(conn, requester, import_id)
        found = await questions.listed(conn, import_id, after=after, limit=QUESTIONS_A_PAGE + 1)
        waiting, likely = await questions.open_counts(conn, import_id)
    shown = found[:QUESTIONS_A_PAGE]
    return QuestionPage(
        import_id,
        batch.file,
        tuple(_asked(library, one) for one in shown),
        after,
        shown[-1].asked.place if len(found) > len(shown) else None,
        waiting,
        likely,
    )


async def settle(
    app: App, requester: Requester, import_id: int, place: int, film_id: int | None
) -> None:
    """Stores which film a person chose for one that was not recognised.

    Raises Sorry if the file does not wait any more, or if there is no such film.

    film_id: the film; None to leave it out.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    if film_id is not None:
        library.film(film_id)
    async with app.write_for(requester) as conn:
        await waiting_import(conn, requester, import_id)
        await questions.settle(conn, import_id, place, film_id)


async def settle_likely(app: App, requester: Requester, import_id: int) -> None:
    """Takes the likely film wherever there is one and the person has not chosen.

    Raises Sorry if the file does not wait any more.
    """
    async with app.write_for(requester) as conn:
        await waiting_import(conn, requester, import_id)
        await questions.settle_likely(conn, import_id)


async def unrecognised(app: App, requester: Requester, import_id: int) -> bytes:
    """Returns the films of a person's file that are not settled, as a CSV file in UTF-8.

    Raises Sorry if the file does not wait any more.
    """
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    after = -1
    while True:
        async with app.db.read() as conn:
            await waiting_import(conn, requester, import_id)
            found = await questions.listed(conn, import_id, after=after, limit=QUESTIONS_A_QUERY)
        if not found:
            return table.getvalue().encode()
        writer.writerows(_cells(one) for one in found if one.chosen_id is None)
        after = found[-1].asked.place


def _cells(one: OpenQuestion) -> list[object]:
    asked, facts = one.asked, one.asked.facts
    rated = facts.stars is not None and not facts.from_like
    return [
        no_formula(asked.title),
        asked.year or "",
        no_formula(asked.directors),
        asked.imdb or "",
        facts.stars if rated else "",
        day_text(facts.rated_on) if rated else "",
        "yes" if facts.seen else "",
        day_text(facts.seen_on),
        "yes" if facts.wanted else "",
        day_text(facts.added_on),
        "yes" if facts.from_like else "",
    ]


def _asked(library: Library, one: OpenQuestion) -> HistoryQuestion:
    asked = one.asked
    typed = f"{asked.title} ({asked.year})" if asked.year else asked.title
    near = library.titles.suggest(typed, MAX_CANDIDATES)
    wanted = [asked.likely_id, one.chosen_id]
    ids = [film for film in wanted if film in library.films and film is not None]
    ids = list(dict.fromkeys([*ids, *near]))[:MAX_CANDIDATES]
    return HistoryQuestion(
        asked.place,
        asked.title,
        asked.year,
        asked.directors,
        tuple(FilmCandidate(film, library.name(film)) for film in ids),
        one.chosen_id,
        one.skipped,
    )
