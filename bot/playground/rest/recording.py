"""A log of the bot's REST traffic, for the check against Discord's description.

Every exchange is one JSON object on a line of its own.
"""

import json
from pathlib import Path
from typing import IO, Any

from bot.playground.records.objects import JSON


class Recording:
    """A log in which each exchange is written at once. With `path` None, nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._file: IO[str] | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")

    def add(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        content_type: str,
        request: Any,
        files: list[JSON],
        status: int,
        response: Any,
    ) -> None:
        """Adds one exchange; `files` describe the uploads without their bytes."""
        if self._file is None:
            return
        line = {
            "method": method,
            "path": path,
            "query": query,
            "ctype": content_type,
            "request_json": request,
            "files": files,
            "status": status,
            "response_json": response,
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
