"""Turns the bytes of a text file into text. If a file is no text, an error says what it is."""

import codecs
import re

from storage.imports.history import UnreadableHistory

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "history-is-pdf"),
    (b"\x89PNG", "history-is-picture"),
    (b"\xff\xd8\xff", "history-is-picture"),
    (b"GIF8", "history-is-picture"),
    (b"BM", "history-is-picture"),
    (b"II*\0", "history-is-picture"),
    (b"MM\0*", "history-is-picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "history-is-spreadsheet"),  # .xls, and .doc too
    (b"{\\rtf", "history-is-document"),
    (b"SQLite format 3\0", "history-is-database"),
    (b"\x1f\x8b", "history-is-archive"),
    (b"BZh", "history-is-archive"),
    (b"\xfd7zXZ\0", "history-is-archive"),
    (b"7z\xbc\xaf\x27\x1c", "history-is-archive"),
    (b"Rar!\x1a\x07", "history-is-archive"),
    (b"\x28\xb5\x2f\xfd", "history-is-archive"),
)
"""How files begin that are no history, and the key of the sentence that says so."""

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = bytes((*range(9), *range(14, 27), *range(28, 32)))
"""Bytes that are rare in text of every encoding. Encodings of Japanese use ESC, so it is absent."""
_MOST_CONTROL = 0.02
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_ACCENTED_WORDS = re.compile(r"[^\x00-\x7f]{4,}")
"""Words whose letters are all accented in cp1252: no language has many, so the file is probably in
another encoding, such as one for Cyrillic letters.
"""
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|style"
    r"|title|meta|link|base|noscript|div|p|h1|form|table|center|main|iframe)\b",
    re.DOTALL,
)
_SAMPLE = 4_096
_HEADING = 16
_CUT_OFF = 4  # bytes of the longest character in UTF-8


def refuse_other_kinds(file: str, data: bytes) -> None:
    """Raises UnreadableHistory if the bytes are a picture, a spreadsheet, an archive and so on.

    Zip files are not refused here.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableHistory("history-empty", file=file)
    start = data[:_SAMPLE].lstrip(b" \t\r\n") or data  # programs also find what begins later
    for sign, key in _SIGNS:
        if start.startswith(sign) and not (sign == b"BM" and start[6:10] != bytes(4)):
            raise UnreadableHistory(key, file=file)
    if data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"AVI ")):
        raise UnreadableHistory("history-is-picture", file=file)
    if data[257:262] == b"ustar":
        raise UnreadableHistory("history-is-archive", file=file)


def decode(file: str, data: bytes) -> tuple[str, bool]:
    """Returns (text, whether letters were lost) of a text file.

    It reads UTF-8, UTF-16 and UTF-32 with a byte order mark, UTF-16 without one, UTF-8 without
    one, and cp1252. A file of UTF-8 with a few wrong bytes is read as UTF-8, with U+FFFD in their
    place.

    Raises UnreadableHistory if the bytes are no text, or a web page.
    """
    refuse_other_kinds(file, data)
    if _is_noise(data):
        raise UnreadableHistory("history-not-text", file=file)
    text, lost = _text(file, data)
    if "\0" in text or len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 100:
        raise UnreadableHistory("history-not-text", file=file)
    if _HTML.match(text[:_SAMPLE].lower()):
        raise UnreadableHistory("history-is-page", file=file)
    return text, lost


def _is_noise(data: bytes) -> bool:
    """True if a file has more control characters than text of any encoding has.

    In UTF-16 and UTF-32, every character has NUL bytes or is a letter beyond the Latin ones.
    """
    if _wide(data) or any(data.startswith(mark) for mark, _ in _MARKS):
        return False
    sample = data[:_SAMPLE]
    return len(sample.translate(None, _NO_TEXT)) < len(sample) * (1 - _MOST_CONTROL)


def _text(file: str, data: bytes) -> tuple[str, bool]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    if wide := _wide(data):
        return _lenient(data, wide)
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError as error:
        if error.start >= len(data) - _CUT_OFF and "unexpected end" in error.reason:
            return data[: error.start].decode("utf-8"), False
    text, _ = _lenient(data, "utf-8")
    wrong = text.count("\ufffd")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    if right > wrong:
        return text, True
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    words = _ACCENTED_WORDS.findall(text)
    if not text or sum(map(len, words)) * 2 > wrong + right:
        raise UnreadableHistory("history-encoding-unknown", file=file)
    return text, False


def _lenient(data: bytes, encoding: str) -> tuple[str, bool]:
    text = data.decode(encoding, errors="replace")
    return text, "\ufffd" in text


def _wide(data: bytes) -> str | None:
    """Returns the encoding of UTF-16 without a byte order mark; None for other files.

    A heading begins with ASCII, so that every second byte is zero.
    """
    first, second = data[:_HEADING:2], data[1:_HEADING:2]
    if len(second) >= _HEADING // 4:
        if not any(second) and all(first):
            return "utf-16-le"
        if not any(first) and all(second):
            return "utf-16-be"
    return None
