"""Files that are no text, or whose letters are in an encoding that cannot be known."""

from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import HostileFile

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
LOGIN_PAGE = """
<!-- signed out -->
<!DOCTYPE html>
<html lang="en"><head><title>Sign in</title></head>
<body><form action="/login">Title,Year,Rating</form></body></html>
"""
RUSSIAN = "title,year,rating\nСталкер,1979,5\nЗеркало,1975,4\nСолярис,1972,5\n"
JAPANESE = "title,year,rating\n七人の侍,1954,5\n羅生門,1950,4\n東京物語,1953,5\n"


def noise(size: int = 5_000) -> bytes:
    """Returns bytes without order, always the same."""
    state, made = 7, bytearray()
    for _ in range(size):
        state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        made.append(state >> 16 & 0xFF)
    return bytes(made)


TEXTS = (
    HostileFile("no bytes", "ratings.csv", lambda: b"", "history-empty"),
    HostileFile("only a byte order mark", "a.csv", lambda: b"\xef\xbb\xbf", "history-empty"),
    HostileFile("only a mark of UTF-16", "a.csv", lambda: b"\xff\xfe", "history-empty"),
    HostileFile("only blank lines", "a.csv", lambda: b" \r\n\t\n\n", "history-empty"),
    HostileFile("only NUL", "comments.csv", lambda: b"\0" * 4_096, "history-empty"),
    HostileFile("only separators", "a.csv", lambda: b",,,\n,,,\n", "history-empty"),
    HostileFile(
        "NUL in a row",
        "ratings.csv",
        lambda: samples.RATINGS.replace("Glass", "Gl\0ass").encode(),
        "history-not-text",
    ),
    HostileFile(
        "NUL at the end",
        "ratings.csv",
        lambda: samples.RATINGS.encode() + b"\0" * 512,
        "history-not-text",
    ),
    HostileFile("noise", "ratings.csv", noise, "history-not-text"),
    HostileFile("PNG as csv", "ratings.csv", lambda: PNG, "history-is-picture"),
    HostileFile(
        "JPEG as csv", "ratings.csv", lambda: b"\xff\xd8\xff\xe0..JFIF", "history-is-picture"
    ),
    HostileFile("PDF as csv", "ratings.csv", lambda: PDF, "history-is-pdf"),
    HostileFile("PDF after a blank line", "r.csv", lambda: b"\n" + PDF, "history-is-pdf"),
    HostileFile("page as csv", "ratings.csv", LOGIN_PAGE.encode, "history-is-page"),
    HostileFile(
        "page without html",
        "ratings.csv",
        lambda: b"<script>location='/login'</script><p>Sign in</p>",
        "history-is-page",
    ),
    HostileFile("page in capitals", "r.csv", LOGIN_PAGE.upper().encode, "history-is-page"),
    HostileFile("gzip as csv", "ratings.csv", lambda: b"\x1f\x8b\x08\0....", "history-is-archive"),
    HostileFile(
        "database", "a.csv", lambda: b"SQLite format 3\0" + b"\0" * 84, "history-is-database"
    ),
    HostileFile(
        "xls as csv",
        "a.csv",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9,
        "history-is-spreadsheet",
    ),
    HostileFile("cp1251", "a.csv", lambda: RUSSIAN.encode("cp1251"), "history-encoding-unknown"),
    HostileFile("KOI8", "a.csv", lambda: RUSSIAN.encode("koi8-r"), "history-encoding-unknown"),
    HostileFile(
        "Shift-JIS", "a.csv", lambda: JAPANESE.encode("shift_jis"), "history-encoding-unknown"
    ),
    HostileFile("EUC-JP", "a.csv", lambda: JAPANESE.encode("euc_jp"), "history-encoding-unknown"),
    HostileFile(
        "GB 18030", "a.csv", lambda: JAPANESE.encode("gb18030"), "history-encoding-unknown"
    ),
    HostileFile(
        "EBCDIC",
        "a.csv",
        lambda: samples.RATINGS.encode("cp500", "replace"),
        "history-encoding-unknown",
    ),
)
"""Files that are refused before their lines are looked at."""
