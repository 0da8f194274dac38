"""Where the database is: a file of SQLite, or the URL of a PostgreSQL database.

This module imports neither of their drivers, so that settings can name a database quickly.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

SCHEME = "postgresql+asyncpg"
"""How the URL of a database begins."""


@dataclass(frozen=True)
class DatabaseUrl:
    """The URL of a PostgreSQL database. Its str() and repr() do not contain the password.

    Attributes:
        text: the URL, such as "postgresql+asyncpg://matinee:secret@localhost/matinee".
    """

    text: str = field(repr=False)

    def __str__(self) -> str:
        parts = urlsplit(self.text)
        _, _, place = parts.netloc.rpartition("@")
        user = f"{parts.username}@" if parts.username else ""
        socket = parse_qs(parts.query).get("host", [""])[0]
        return f"{SCHEME}://{user}{place}{parts.path}" + (f"?host={socket}" if socket else "")

    @property
    def name(self) -> str:
        """The name of the database on its server."""
        return urlsplit(self.text).path.removeprefix("/")

    @property
    def dsn(self) -> str:
        """The URL in the form that PostgreSQL's own programs take, with the password."""
        return f"postgresql{self.text.removeprefix(SCHEME)}"


Address: TypeAlias = Path | DatabaseUrl
"""Where a database is. It can be pickled, and so be handed to another process."""


def parse_url(text: str) -> DatabaseUrl | None:
    """Returns a text as the URL of a database; None if Matinee cannot open it."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError for a port that is no number
    except ValueError:
        return None
    if parts.scheme != SCHEME or not parts.path.strip("/") or any(map(str.isspace, text)):
        return None
    return DatabaseUrl(text)


def to_text(address: Address) -> str:
    """Returns an address as a text that `from_text` reads. It contains the password of a URL."""
    return address.text if isinstance(address, DatabaseUrl) else str(address.absolute())


def from_text(text: str) -> Address:
    """Returns the address that `to_text` wrote."""
    return parse_url(text) or Path(text)
