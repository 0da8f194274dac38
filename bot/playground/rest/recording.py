"""A log of the bot's REST traffic. Tests check it against Discord's published API description.

Each line is one JSON object for one request and its answer.
"""

import json
from pathlib import Path
from typing import IO, Any

from bot.playground.records.objects import JSON


class Recording:
    """A log file. Each request and its answer is written to it at once.

    path: the file; None to write nothing.
    """

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
        """Writes a request and its answer.

        files: the field and the file name of each upload; its bytes are left out.
        """
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
