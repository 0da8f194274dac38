"""Changes the bytes of film histories at random, and says what is wrong with what was read."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date
from random import Random
from typing import get_args

from storage.imports.history import History, HistoryRow, SkipReason
from tests.storage.imports import samples

TEXTS: Mapping[str, str] = {
    "watched.csv": samples.WATCHED,
    "ratings.csv": samples.RATINGS,
    "diary.csv": samples.DIARY,
    "reviews.csv": samples.REVIEWS,
    "watchlist.csv": samples.WATCHLIST,
    "likes/films.csv": samples.LIKES,
    "to-watch.csv": samples.LIST,
    "imdb-ratings.csv": samples.IMDB_RATINGS,
    "imdb-watchlist.csv": samples.IMDB_LIST,
    "imdb-2016-ratings.csv": samples.IMDB_2016,
    "watched-history-1.json": samples.TRAKT_HISTORY,
    "ratings-movies.json": samples.TRAKT_RATINGS,
    "lists-watchlist.json": samples.TRAKT_WATCHLIST,
    "movielens-ratings.csv": samples.MOVIELENS_RATINGS,
    "movielens-wishlist.csv": samples.MOVIELENS_WISHLIST,
    "tmdb.csv": samples.TMDB_RATINGS,
    "simkl.csv": samples.SIMKL,
    "criticker.xml": samples.CRITICKER_XML,
    "criticker.csv": samples.CRITICKER_CSV,
    "netflix.csv": samples.NETFLIX_SHORT,
    "netflix-all.csv": samples.NETFLIX_FULL,
    "movary.csv": samples.MOVARY,
    "plain.csv": samples.PLAIN,
}
ZIPPED: tuple[Mapping[str, str], ...] = (
    samples.LETTERBOXD,
    samples.TRAKT_OLDER,
    samples.TRAKT_NEWER,
    {"ratings.csv": samples.IMDB_RATINGS, "WATCHLIST.csv": samples.IMDB_LIST},
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1251")
TOKENS = (
    *(
        b",",
        b";",
        b"\t",
        b"|",
        b'"',
        b'""',
        b'\\"',
        b"'",
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"\xff",
        b"=",
    ),
    *(b"0", b"-1", b"11", b"4,5", b"4.5", b"NaN", b"inf", b"1e309", b"9" * 40, b"\xd9\xa1", b"5/5"),
    *(b"0000-00-00", b"31/12/99", b"1.2.3", b"13/13/13", b"9999-12-31T23:59:59-23:59", b"8 of 10"),
    *(b"2024-02-30", b"0001-01-01T00:00:00+23:59", b"Feb 30 2024, 25:61", b"12/31/24", b"\xc2\xbd"),
    *(b"tt0000001", b"tt9900001", b"9900001", b"tt", b"https://boxd.it/zz1a", b"=HYPERLINK(1)"),
    *(b"Rain", b"\xc3\xa9", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xf0\x9f\x8d\xbf", b"x" * 3_000),
    *(
        b"Position",
        b"Rating",
        b"Title",
        b"Year",
        b"Date",
        b"Letterboxd URI",
        b"Const",
        b"watchlist",
    ),
    *(
        b"yes",
        b"no",
        b"TV Series",
        b"movie",
        b"plantowatch",
        b"scale",
        b"rating10",
        b"Watched Date",
    ),
    *(b"{", b"}", b"[", b"]", b"null", b"true", b'"movie":', b'"ids":{}', b"\\ud800", b"<film>"),
    *(
        b"</film>",
        b"<rating>",
        b"&amp;",
        b"&x;",
        b"<!DOCTYPE x>",
        b"<![CDATA[",
        b"sep=;\n",
        b"PK\3\4",
    ),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[2J", b"%PDF", b"../", b"C:", b"\x85", b"\xe2\x80\xa8"),
)
NAMES = (
    *("ratings.csv", "watchlist.csv", "likes/films.csv", "diary.csv", "x", "a.zip", "../a.csv", ""),
    *(
        "lists/a.csv",
        "deleted/diary.csv",
        "not-seen.csv",
        "a.json",
        "a.xml",
        "\u202e.csv",
        "C:\\a.csv",
    ),
    *("ratings-movies.json", "seen.txt", "a/b/c/watched.csv", "x" * 300 + ".csv", "__MACOSX/a.csv"),
)


def _place(rng: Random, data: bytes) -> tuple[int, int]:
    """Returns the start and end of a random part, mostly a short one."""
    start = rng.randint(0, len(data))
    return start, min(len(data), start + int(rng.expovariate(1 / rng.choice((2, 40, 400)))))


def _flipped(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 30)) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: Random, data: bytes) -> bytes:
    start, _ = _place(rng, data)
    return data[start:] if rng.random() < 0.3 else data[:start]


def _removed(rng: Random, data: bytes) -> bytes:
    start, end = _place(rng, data)
    return data[:start] + data[end:]


def _doubled(rng: Random, data: bytes) -> bytes:
    start, end = _place(rng, data)
    times = rng.choice((2, 2, 5, 300))
    return data[:start] + data[start:end] * times + data[end:]


def _moved(rng: Random, data: bytes) -> bytes:
    start, end = _place(rng, data)
    rest = data[:start] + data[end:]
    place = rng.randint(0, len(rest))
    return rest[:place] + data[start:end] + rest[place:]


def _spliced(rng: Random, data: bytes) -> bytes:
    other = rng.choice(list(TEXTS.values())).encode()
    start, end = _place(rng, data)
    first, last = _place(rng, other)
    return data[:start] + other[first:last] + data[end:]


def _inserted(rng: Random, data: bytes) -> bytes:
    start, _ = _place(rng, data)
    return data[:start] + rng.choice(TOKENS) + data[start:]


def _replaced(rng: Random, data: bytes) -> bytes:
    """Puts a token in the place of a cell, a name or a number."""
    parts = re.split(rb'([,;\t|"\n<>{}:\[\]]+)', data)
    for _ in range(rng.choice((1, 1, 3, 10))):
        parts[rng.randrange(len(parts))] = rng.choice(TOKENS)
    return b"".join(parts)


def _swapped(rng: Random, data: bytes) -> bytes:
    """Puts one token in the place of every occurrence of another."""
    return data.replace(rng.choice(TOKENS), rng.choice(TOKENS), rng.choice((1, 3, -1)))


def _shuffled(rng: Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _recoded(rng: Random, data: bytes) -> bytes:
    text = data.decode(rng.choice(ENCODINGS), "replace")
    return text.encode(rng.choice(ENCODINGS), "replace")


CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_flipped, _cut, _removed, _doubled, _moved, _spliced, _inserted, _inserted),
    *(_replaced, _replaced, _replaced, _swapped, _shuffled, _recoded),
)


def changed(rng: Random, data: bytes) -> bytes:
    """Returns bytes with one to six random changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(CHANGES)(rng, data)[:2_000_000]
    return data


def random_file(rng: Random) -> tuple[str, bytes]:
    """Returns (name, bytes) of a changed history."""
    if rng.random() < 0.3:
        return rng.choice(("a.zip", "ratings.csv")), _random_zip(rng)
    name, text = rng.choice(list(TEXTS.items()))
    name = rng.choice(NAMES) if rng.random() < 0.15 else name
    return name, changed(rng, text.encode())


def _random_zip(rng: Random) -> bytes:
    """Returns a zip with changed files, changed names, or changed bytes of its own."""
    written = io.BytesIO()
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    folder = rng.choice(("", "", "me/", "a/b/"))
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w", method) as opened:
        warnings.simplefilter("ignore")  # two files of one name are wanted here
        for name, text in rng.choice(ZIPPED).items():
            data = text.encode()
            if rng.random() < 0.4:
                data = changed(rng, data)
            if rng.random() < 0.1:
                name = rng.choice(NAMES) or "x"
            if rng.random() < 0.95:
                opened.writestr(zipfile.ZipInfo(folder + name), data, method)
        if rng.random() < 0.2:
            opened.writestr("more.csv", rng.choice(list(TEXTS.values())), method)
    data = written.getvalue()
    return changed(rng, data) if rng.random() < 0.4 else data


_HALVES = frozenset(n / 2 for n in range(1, 11))
_IMDB = re.compile(r"tt\d{7,10}")
_FIRST, _LAST = date(1900, 1, 1), date(2150, 12, 31)


def faults(history: History) -> list[str]:
    """Returns what a history says that no history may say."""
    found = [f"{row.file}:{row.line} {fault}" for row in history.rows for fault in _row(row)]
    left_out = sum(history.skipped.values())
    if not set(history.skipped) <= set(get_args(SkipReason)) or 0 in history.skipped.values():
        found.append(f"reasons {history.skipped}")
    if len(history.rows) + left_out > history.read_rows:
        found.append(f"{len(history.rows)} rows and {left_out} others of {history.read_rows}")
    if not history.rows and not left_out:
        found.append("neither films nor others")
    for name in ("imdb", "tmdb", "letterboxd", "movielens"):
        ids = [value for row in history.rows if (value := getattr(row, name)) is not None]
        if len(ids) != len(set(ids)):
            found.append(f"two films with one {name}")
    found += [f"scale {scale}" for scale in history.scales if scale.stars not in _HALVES]
    return found


def _row(row: HistoryRow) -> list[str]:
    given, days = row.given, (row.seen_on, row.rated_on, row.added_on)
    rules = {
        "stars": row.stars is None or row.stars in _HALVES,
        "given": (given is None) == (row.stars is None),
        "scale": given is None or (0 <= given.value <= given.best and given.stars == row.stars),
        "rated, not seen": row.stars is None or row.seen,
        "nothing said": row.seen or row.wanted or row.liked,
        "nameless": bool(row.title or row.imdb or row.tmdb or row.movielens or row.letterboxd),
        "year": row.year is None or 1870 <= row.year <= 2150,
        "day": all(day is None or _FIRST <= day <= _LAST for day in days),
        "seen on": row.seen_on is None or row.seen,
        "rated on": row.rated_on is None or row.stars is not None,
        "added on": row.added_on is None or row.wanted,
        "rated at": row.rated_at is None or row.rated_at.astimezone(UTC).date() == row.rated_on,
        "imdb": row.imdb is None or bool(_IMDB.fullmatch(row.imdb)),
        "tmdb": row.tmdb is None or 0 < row.tmdb < 2**31,
        "movielens": row.movielens is None or 0 < row.movielens < 2**31,
        "title": _is_text(row.title) and _is_text(row.original_title or ""),
        "directors": all(name and _is_text(name) for name in row.directors),
        "line": row.line > 0,
    }
    return [f"{name}: {row}" for name, holds in rules.items() if not holds]


def _is_text(text: str) -> bool:
    """True if a text is short, can be stored, and has no control characters."""
    return len(text) <= 1_000 and not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", text)
