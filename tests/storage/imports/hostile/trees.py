"""JSON and XML that is hostile, damaged, or of another service."""

import json

from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import HostileFile

FILM = "<film><filmname>Rain (2011)</filmname><rating>85</rating></film>"
ROOT = f"<recentratings>{FILM}</recentratings>"
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)
DEEP = 100_000


def declared(inside: str, use: str = "") -> bytes:
    """Returns an export of Criticker's with a declaration of the document's type."""
    film = ROOT.replace("Rain", f"Rain{use}")
    return f'<?xml version="1.0"?><!DOCTYPE recentratings [{inside}]>{film}'.encode()


def entry(**changed: object) -> dict[str, object]:
    """Returns an entry of Trakt's ratings, with some values changed."""
    film = {"title": "Rain", "year": 2011, "ids": {"imdb": "tt9900002", "tmdb": 9900002}}
    made = {"rated_at": "2024-03-01T08:00:00.000Z", "rating": 8, "type": "movie", "movie": film}
    return made | changed


def in_json(*entries: object) -> bytes:
    """Returns JSON of entries."""
    return json.dumps(entries).encode()


TREES = (
    HostileFile(
        "billion laughs", "c.xml", lambda: declared(LAUGHS, "&l9;"), "history-xml-entities"
    ),
    HostileFile(
        "quadratic laughs",
        "c.xml",
        lambda: declared(f'<!ENTITY a "{"a" * 50_000}">', "&a;" * 50_000),
        "history-xml-entities",
    ),
    HostileFile(
        "external entity",
        "c.xml",
        lambda: declared('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        "history-xml-entities",
    ),
    HostileFile(
        "parameter entity",
        "c.xml",
        lambda: declared('<!ENTITY % x SYSTEM "http://example.org/x.dtd"> %x;'),
        "history-xml-entities",
    ),
    HostileFile(
        "external declaration",
        "c.xml",
        lambda: b'<!DOCTYPE recentratings SYSTEM "http://example.org/x.dtd">' + ROOT.encode(),
        "history-xml-entities",
    ),
    HostileFile(
        "unknown entity",
        "c.xml",
        lambda: ROOT.replace("Rain", "Rain &x;").encode(),
        "history-xml-damaged",
        {"line": 1},
    ),
    HostileFile(
        "cut off",
        "c.xml",
        lambda: samples.CRITICKER_XML[:-30].encode(),
        "history-xml-damaged",
        {"line": 3},
    ),
    HostileFile(
        "deep XML", "c.xml", lambda: b"<recentratings>" + b"<film>" * DEEP, "history-xml-unknown"
    ),
    HostileFile(
        "a feed", "f.xml", lambda: b"<rss><channel><item/></channel></rss>", "history-xml-unknown"
    ),
    HostileFile("a drawing", "f.csv", lambda: b'<svg xmlns="x"/>', "history-xml-unknown"),
    HostileFile("XML without films", "c.xml", lambda: b"<recentratings/>", "history-without-films"),
    HostileFile(
        "JSON of another shape", "a.json", lambda: b'{"films": []}', "history-json-unknown"
    ),
    HostileFile(
        "other entries",
        "a.json",
        lambda: b'[{"title": "Rain", "rating": 4}]',
        "history-json-unknown",
    ),
    HostileFile(
        "a value on each line", "a.json", lambda: b'{"a": 1}\n{"a": 2}\n', "history-json-unknown"
    ),
    HostileFile("an empty list", "ratings-movies.json", lambda: b"[]", "history-empty"),
    HostileFile(
        "cut off JSON", "r.json", lambda: in_json(entry(), entry())[:-40], "history-json-damaged"
    ),
    HostileFile("deep lists", "r.json", lambda: b"[" * DEEP + b"]" * DEEP, "history-json-damaged"),
    HostileFile(
        "deep objects",
        "r.json",
        lambda: b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        "history-json-damaged",
    ),
    HostileFile(
        "a deep entry",
        "r.json",
        lambda: in_json(entry())[:-1] + b"," + b"[" * DEEP + b"]" * DEEP + b"]",
        "history-json-damaged",
    ),
    HostileFile(
        "a number of a million digits",
        "r.json",
        lambda: in_json(entry()).replace(b'"rating": 8', b'"rating": ' + b"8" * 1_000_000),
        "history-json-damaged",
    ),
    HostileFile(
        "two million objects",
        "r.json",
        lambda: b"[" + b"{}," * 2_100_000 + b"{}]",
        "history-too-many-rows",
    ),
)
"""Trees that are refused."""
