"""Zips that are damaged, bombs, mislabelled, or lead outside."""

import functools
import io
import struct
import zipfile

from storage.imports.history import HistoryLimits
from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import HostileFile
from tests.storage.imports.samples import zipped

_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")
RATINGS = samples.IMDB_RATINGS


def _named(*names: str) -> bytes:
    """Returns a zip with a small history under each name."""
    return zipped(dict.fromkeys(names, samples.PLAIN))


def truncated(share: float = 0.5) -> bytes:
    """Returns the first part of an export."""
    whole = zipped(samples.LETTERBOXD)
    return whole[: int(len(whole) * share)]


def without_directory() -> bytes:
    """Returns an export whose directory at the end is lost, as when a download ends early."""
    whole = zipped(samples.LETTERBOXD)
    return whole[: whole.index(b"PK\1\2")]


def flipped_content() -> bytes:
    """Returns an export with wrong bytes inside a file, so that its checksum is wrong."""
    whole = bytearray(zipped({"ratings.csv": RATINGS * 20}))
    for place in range(200, 260):
        whole[place] ^= 0x55
    return bytes(whole)


def bomb() -> bytes:
    """Returns a small zip with 24 MB of one letter."""
    return zipped({"ratings.csv": b"0" * 24_000_000})


def nested_bomb() -> bytes:
    """Returns zips in zips, the innermost of which is a bomb."""
    data = bomb()
    for depth in range(5):
        data = zipped({f"{depth}/{each}.zip": data for each in range(5)})
    return data


def lying_size() -> bytes:
    """Returns a bomb that says that it holds a hundred bytes."""
    data = bytearray(bomb())
    for sign, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<L", data, data.index(sign) + place, 100)
    return bytes(data)


def many_together() -> bytes:
    """Returns a zip of files that have less than 1 MB each and more than 20 MB together."""
    written = io.BytesIO()
    block = samples.PLAIN.encode() + b" " * 900_000
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened:
        for each in range(24):
            opened.writestr(f"{each}.csv", block)
    return written.getvalue()


def entries(count: int, name: bytes = b"a.csv") -> bytes:
    """Returns a zip whose directory has many entries, all of one empty file."""
    start = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    entry = _CENTRAL.pack(b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, len(name), *[0] * 6) + name
    size = len(entry) * count
    end = _END.pack(b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, size, len(start), 0)
    return start + entry * count + end


def with_raw_name(name: bytes) -> bytes:
    """Returns a zip with a name that Python would not write."""
    stand_in = b"\x01" * len(name)
    data = _written_as(stand_in.decode())
    return data.replace(stand_in, name)


def _written_as(name: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr(zipfile.ZipInfo(name.replace("\x01", "~")), samples.PLAIN)
    return written.getvalue().replace(b"~" * len(name), b"\x01" * len(name))


def duplicated() -> bytes:
    """Returns a zip with two files of one name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr("ratings.csv", "title,rating\nRain,4\n")
        opened.writestr("ratings.csv", "title,rating\nSalt,4\n")
    return written.getvalue()


def locked() -> bytes:
    """Returns a zip that says that its file is encrypted."""
    data = bytearray(zipped({"ratings.csv": RATINGS}))
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(sign) + place] |= 1
    return bytes(data)


def unknown_method() -> bytes:
    """Returns a zip that is compressed in a way that nobody knows."""
    data = bytearray(zipped({"ratings.csv": RATINGS}))
    for sign, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", data, data.index(sign) + place, 77)
    return bytes(data)


def linked() -> bytes:
    """Returns a zip whose only file is a symbolic link to a file of the computer."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        entry = zipfile.ZipInfo("ratings.csv")
        entry.create_system = 3
        entry.external_attr = 0o120777 << 16
        opened.writestr(entry, "/etc/passwd")
    return written.getvalue()


def xlsx() -> bytes:
    """Returns what a spreadsheet of Excel holds."""
    names = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
    return zipped(dict.fromkeys(names, "<?xml version='1.0'?><x/>"))


def docx() -> bytes:
    """Returns what a document of Word holds."""
    names = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
    return zipped(dict.fromkeys(names, "<?xml version='1.0'?><x/>"))


def open_document(kind: str) -> bytes:
    """Returns what a document of LibreOffice holds. kind: "spreadsheet" or "text"."""
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return zipped({"mimetype": mime, "content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"})


def two_services() -> bytes:
    """Returns a zip with files of Letterboxd and of IMDb."""
    return zipped({"letterboxd/ratings.csv": samples.RATINGS, "imdb/ratings.csv": RATINGS})


def stored_inside() -> bytes:
    """Returns a history beside an archive of thousands of files, which is not compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("photos.zip", entries(6_000))
        opened.writestr("ratings.csv", RATINGS)
    return written.getvalue()


_NAMES_OUT = {
    "two points": ("../ratings.csv",),
    "two points in the middle": ("a/../../ratings.csv",),
    "absolute": ("/etc/ratings.csv",),
    "backslashes": ("..\\..\\ratings.csv",),
    "an absolute name with backslashes": ("\\\\host\\share\\ratings.csv",),
    "a drive": ("C:\\ratings.csv",),
    "a good name beside a bad one": ("ratings.csv", "../../x.csv"),
    "a bad name that no history has": ("ratings.csv", "../../.bashrc"),
}

ZIPS = (
    HostileFile("cut in half", "a.zip", truncated, "history-zip-damaged"),
    HostileFile(
        "all but the end", "a.zip", functools.partial(truncated, 0.99), "history-zip-damaged"
    ),
    HostileFile("without directory", "a.zip", without_directory, "history-zip-damaged"),
    HostileFile("wrong bytes inside", "a.zip", flipped_content, "history-zip-damaged"),
    HostileFile("unknown compression", "a.zip", unknown_method, "history-zip-damaged"),
    HostileFile("only its first bytes", "a.zip", lambda: b"PK\3\4", "history-zip-damaged"),
    HostileFile("empty zip", "a.zip", lambda: zipped({}), "history-zip-nothing"),
    HostileFile("bomb", "a.zip", bomb, "history-zip-bomb"),
    HostileFile("bomb of several layers", "a.zip", nested_bomb, "history-zip-in-zip"),
    HostileFile("bomb that lies", "a.zip", lying_size, "history-zip-damaged"),
    HostileFile(
        "large together",
        "a.zip",
        many_together,
        "history-zip-large",
        {"megabytes": 20},
        HistoryLimits(unpacked=20_000_000),
    ),
    HostileFile(
        "100,000 entries",
        "a.zip",
        functools.partial(entries, 100_000),
        "history-zip-many",
        {"most": 5_000},
    ),
    *(
        HostileFile(
            f"name: {what}", "a.zip", functools.partial(_named, *names), "history-zip-names"
        )
        for what, names in _NAMES_OUT.items()
    ),
    HostileFile(
        "name: NUL",
        "a.zip",
        functools.partial(with_raw_name, b"ratings.csv\0../../x"),
        "history-zip-names",
    ),
    HostileFile(
        "name: escape sequences",
        "a.zip",
        functools.partial(with_raw_name, b"\x1b[2Jratings.csv"),
        "history-zip-names",
    ),
    HostileFile("locked", "a.zip", locked, "history-zip-locked"),
    HostileFile("only a link", "a.zip", linked, "history-zip-nothing"),
    HostileFile("xlsx as csv", "ratings.csv", xlsx, "history-is-spreadsheet"),
    HostileFile("docx as csv", "ratings.csv", docx, "history-is-document"),
    HostileFile(
        "ods as csv",
        "ratings.csv",
        functools.partial(open_document, "spreadsheet"),
        "history-is-spreadsheet",
    ),
    HostileFile(
        "odt as csv", "ratings.csv", functools.partial(open_document, "text"), "history-is-document"
    ),
    HostileFile("two services", "a.zip", two_services, "history-of-several"),
    HostileFile(
        "a spreadsheet inside", "a.zip", lambda: zipped({"f.xlsx": xlsx()}), "history-zip-nothing"
    ),
    HostileFile(
        "a spreadsheet inside, called csv",
        "a.zip",
        lambda: zipped({"f.csv": xlsx()}),
        "history-is-spreadsheet",
        {"file": "f.csv"},
    ),
    HostileFile(
        "only deleted films",
        "a.zip",
        lambda: zipped({"deleted/diary.csv": samples.DIARY, "orphaned/diary.csv": samples.DIARY}),
        "history-zip-nothing",
    ),
)
"""Zips that are refused."""
