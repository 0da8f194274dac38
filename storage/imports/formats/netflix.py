"""Netflix: what was played, as the short list of a profile or the full one of an account.

Played films count as seen, never as liked. Netflix does not say what is a film. Titles with a
season in the middle ("Harbour Lights: Season 1: Pilot", "Harbour Lights: Harbour Lights 2: Storm")
or with an episode's number at the end are episodes, and so are further titles of the same series.
"""

import re
from collections import defaultdict

from storage.imports.counting import ReadingCounts
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow, UnreadableHistory
from storage.imports.tables import HistoryTable

_LEAST_SECONDS = 600
_NAMED = 5  # people that the sentence about several people names
_SEASON = re.compile(
    r"(?:season|series|staffel|temporada|saison|stagione|sezon|seizoen|säsong|sæson|sesong|kausi"
    r"|évad|sezona|sezonul|сезон|temporadă|bölüm|book|chapter|volume|vol\.|part|parte|partie|teil"
    r"|collection)\s*(?:\d{1,4}|[ivx]{1,5}|one|two|three|four|five|six)"
    r"|\d{1,2}\.\s*(?:staffel|évad|sezon|sezona|série)"
    r"|(?:シーズン|第)\s*\d{1,2}\s*(?:季)?|시즌\s*\d{1,2}"
    r"|limited series|mini-?series|mini-?serie|miniserie|série limitée|serie limitada",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\((?:episode|épisode|episodio|episódio|folge|aflevering|avsnitt|afsnit|odcinek|jakso|epizód|bölüm"
    r"|серия) \d{1,4}\)",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})", re.ASCII)


def is_short(table: HistoryTable) -> bool:
    """True if the table is the short list: a title and a date, nothing else."""
    return set(table.columns) == {"title", "date"}


def is_full(table: HistoryTable) -> bool:
    """True if the table is the full list of an account."""
    return table.has("profilename", "starttime", "title")


def read_short(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a short list."""
    series = _series(table)
    dates = HistoryDates(table.column("date"))
    rows = []
    for line, (title, played) in table.rows(counts, "title", "date"):
        if is_episode(title, series):
            counts.skipped["episode"] += 1
        else:
            rows.append(HistoryRow(table.file, line, title, seen=True, seen_on=dates.day(played)))
    counts.unclear_dates += dates.unclear
    return rows


def read_full(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a full list that were played for ten minutes or more in all.

    Raises UnreadableHistory if several people's plays are in the file.
    """
    profiles = sorted({name for name in table.column("profilename") if name})
    if len(profiles) > 1:
        raise UnreadableHistory(
            "history-several-people", file=table.file, profiles=profiles[:_NAMED]
        )
    series = _series(table)
    dates = HistoryDates(table.column("starttime"))
    seconds: defaultdict[str, int] = defaultdict(int)
    plays = []
    names = ("title", "starttime", "duration", "supplementalvideotype")
    for line, (title, started, length, extra) in table.rows(counts, *names):
        if extra:
            counts.skipped["trailer"] += 1
        elif is_episode(title, series):
            counts.skipped["episode"] += 1
        else:
            seconds[title] += _seconds(length)
            plays.append((line, title, started))
    rows = []
    for line, title, started in plays:
        if seconds[title] < _LEAST_SECONDS:
            counts.skipped["started"] += 1
        else:
            rows.append(HistoryRow(table.file, line, title, seen=True, seen_on=dates.day(started)))
    counts.unclear_dates += dates.unclear
    return rows


def _series(table: HistoryTable) -> frozenset[str]:
    """Returns the names of series of which a file has an episode with a season."""
    return frozenset(name for title in table.column("title") if (name := _with_season(title)))


def _with_season(title: str) -> str | None:
    """Returns the series' name of a title such as "Harbour Lights: Season 1: Pilot"; else None."""
    parts = title.split(": ")
    if len(parts) > 1 and _NUMBERED.fullmatch(title[title.rfind("(") :]):
        return parts[0]
    for place, part in enumerate(parts[1:-1], 1):
        season = part.strip()
        if _SEASON.fullmatch(season) or (season[-1:].isdigit() and season.startswith(parts[0])):
            return ": ".join(parts[:place])
    return None


def is_episode(title: str, series: frozenset[str]) -> bool:
    """True if a title is an episode: it has a season, or it has three parts and is of a series.

    series: the names of series that are known from other titles.
    """
    if _with_season(title) is not None:
        return True
    return title.count(": ") > 1 and title.partition(": ")[0] in series


def _seconds(length: str) -> int:
    """Returns the seconds of a duration; without one, as many as make a film count as seen."""
    found = _LENGTH.fullmatch(length)
    if found is None:
        return _LEAST_SECONDS
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
