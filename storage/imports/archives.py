"""Reads the files inside a zip, within limits. Nothing is written to disk.

A zip is refused if one of its names leads outside, since no service writes such names, and if it
is locked, damaged, or unpacks to far more than it holds.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from storage.imports.history import HistoryLimits, UnreadableHistory

ZIP = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
"""How zip files begin."""

_ENTRY = b"PK\x01\x02"
_END = b"PK\5\6"
_END_SIZE = 22
_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".xml")
MEGABYTE = 1_000_000
_SMALL = MEGABYTE  # bytes of a file whose ratio does not matter
_LINK = 0o120000
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_OFFICE = (
    ("xl/", "history-is-spreadsheet"),
    ("Index/", "history-is-spreadsheet"),  # Numbers, and other programs of Apple's
    ("word/", "history-is-document"),
    ("ppt/", "history-is-document"),
    ("META-INF/container.xml", "history-is-document"),  # an e-book
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


class HistoryZip:
    """A zip file whose names were checked.

    Attributes:
        file: name of the zip.
        names: the files that can be a history, by their names with folders.
    """

    def __init__(self, file: str, data: bytes, limits: HistoryLimits) -> None:
        """Opens a zip. Raises UnreadableHistory if it is damaged, too large, or something else."""
        self.file = file
        self._limits = limits
        self._left = limits.unpacked
        if data.count(_ENTRY, _directory(data)) > limits.entries:
            raise UnreadableHistory("history-zip-many", file=file, most=limits.entries)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _BROKEN:
            raise UnreadableHistory("history-zip-damaged", file=file) from None
        if len(entries) > limits.entries:
            raise UnreadableHistory("history-zip-many", file=file, most=limits.entries)
        self._refuse_documents(entries)
        for entry in entries:
            if _leads_out(entry.filename) or _leads_out(entry.orig_filename):
                raise UnreadableHistory("history-zip-names", file=file)
        self._entries = {
            entry.filename: entry
            for entry in entries
            if not entry.is_dir()
            and entry.external_attr >> 16 & 0o170000 != _LINK
            and "__MACOSX" not in entry.filename.split("/")
            and entry.filename.casefold().endswith(_SUFFIXES)
        }
        self.names = list(self._entries)
        if not self.names:
            inside = any(entry.filename.casefold().endswith(".zip") for entry in entries)
            key = "history-zip-in-zip" if inside else "history-zip-nothing"
            raise UnreadableHistory(key, file=file)

    def read(self, name: str) -> bytes:
        """Returns the content of a file.

        Raises UnreadableHistory if it is locked, damaged or too large.
        """
        entry = self._entries[name]
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableHistory("history-zip-locked", file=self.file)
        if entry.file_size > max(_SMALL, entry.compress_size * self._limits.ratio):
            raise UnreadableHistory("history-zip-bomb", file=self.file)
        if entry.file_size > self._limits.size:
            raise UnreadableHistory(
                "history-too-large", file=name, megabytes=self._limits.size // MEGABYTE
            )
        if entry.file_size > self._left:
            raise UnreadableHistory(
                "history-zip-large", file=self.file, megabytes=self._limits.unpacked // MEGABYTE
            )
        self._left -= entry.file_size
        try:
            with self._zip.open(entry) as opened:
                return opened.read(entry.file_size + 1)
        except (*_BROKEN, MemoryError):
            raise UnreadableHistory("history-zip-damaged", file=self.file) from None

    def _refuse_documents(self, entries: list[zipfile.ZipInfo]) -> None:
        """Raises UnreadableHistory if the zip is a spreadsheet or another document."""
        names = {entry.filename for entry in entries}
        if "mimetype" in names and names & {"content.xml", "META-INF/manifest.xml"}:
            kind = self._mime_type()
            sheet = kind.startswith(_OPEN_DOCUMENT + b"spreadsheet")
            raise UnreadableHistory(
                "history-is-spreadsheet" if sheet else "history-is-document", file=self.file
            )
        office = "[Content_Types].xml" in names or any(name.endswith(".iwa") for name in names)
        for start, key in _OFFICE:
            if (office or "." in start) and any(name.startswith(start) for name in names):
                raise UnreadableHistory(key, file=self.file)

    def _mime_type(self) -> bytes:
        try:
            with self._zip.open("mimetype") as opened:
                return opened.read(100)
        except _BROKEN:
            return b""


def _directory(data: bytes) -> int:
    """Returns where the directory of a zip begins, or 0 if that is unknown.

    Before it, there may be whole zips that are files of this one.
    """
    end = data.rfind(_END)
    if end < 0 or len(data) < end + _END_SIZE:
        return 0
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    return max(0, end - size)


def _leads_out(name: str) -> bool:
    """True if a name leads out of the zip, or holds characters that no name has."""
    parts = name.replace("\\", "/").split("/")
    return (
        not parts[0]
        or ".." in parts
        or bool(_DRIVE.match(name))
        or any(sign < " " or sign == "\x7f" for sign in name)
    )


def own_files(names: list[str]) -> Iterator[str]:
    """Yields the files that are about one's own films, without folders that services left over.

    Letterboxd keeps what was deleted, and films that are gone, in folders of their own; its
    comments, profile, and likes of others' reviews and lists are no history.
    """
    for name in names:
        *folders, last = name.casefold().split("/")
        if not {"deleted", "orphaned"} & set(folders) and last not in _NO_HISTORY:
            if folders[-1:] == ["likes"] and last != "films.csv":
                continue
            yield name


_NO_HISTORY = frozenset(("comments.csv", "profile.csv"))
