"""Discord's error answers (reference, sections "HTTP" and "JSON error codes").

`ApiError` carries the status and body. `Problems` gathers the field errors of a 50035 answer in
Discord's nested form. Codes inside `_errors` are integers, because Discord's description says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.playground.records.objects import JSON

SENTENCES = {
    # Discord's error code: (HTTP status, message).
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "Interaction exceeded the maximum number of follow up messages (5)"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete. Must be between 2 and 100."),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50109: (400, "The request body contains invalid JSON."),
}


class ApiError(Exception):
    """A refused request.

    Attributes:
        status: the HTTP status.
        code: Discord's error code, or 0.
        message: the sentence.
        errors: nested field errors, or None.
    """

    def __init__(self, status: int, code: int, message: str, errors: JSON | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> JSON:
        """Returns the JSON of the answer."""
        body: JSON = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def refusal(code: int) -> ApiError:
    """Returns the error of a documented code."""
    status, message = SENTENCES[code]
    return ApiError(status, code, message)


class Problems:
    """The field errors of one request body. It counts as True if there is any."""

    def __init__(self) -> None:
        self._tree: JSON = {}
        self._path: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._tree)

    @contextmanager
    def at(self, *steps: str | int) -> Iterator[None]:
        """Makes errors inside the block belong to the field that is `steps` further down."""
        self._path.extend(str(step) for step in steps)
        try:
            yield
        finally:
            del self._path[len(self._path) - len(steps) :]

    def say(self, message: str) -> None:
        """Adds an error to the current field."""
        node = self._tree
        for step in self._path:
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": 50035, "message": message})

    def raise_any(self) -> None:
        """Raises the 50035 answer if there is any error."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", _separated(self._tree))


def _separated(node: JSON) -> JSON:
    """Drops a node's own errors if its children have errors: Discord allows no mixture."""
    errors = node.get("_errors")
    children = {key: _separated(child) for key, child in node.items() if key != "_errors"}
    if children:
        return children
    return {"_errors": errors}
