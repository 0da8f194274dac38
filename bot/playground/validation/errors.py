"""Discord's error answers (reference, sections "HTTP" and "JSON error codes").

`ApiError` holds the status and body of an answer. `Problems` collects what is wrong with the fields
of a request (error code 50035). The errors are nested in the same way as the request. Codes inside
`_errors` are integers, as in Discord's published API description.
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
    10065: (404, "Unknown Voice State"),
    10070: (404, "Unknown Guild Scheduled Event"),
    20016: (429, "This action cannot be performed due to slowmode rate limit"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30038: (400, "Maximum number of uncompleted guild scheduled events reached (100)"),
    40058: (400, "Cannot send messages directly in a forum channel; begin a post"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "Interaction exceeded the maximum number of follow up messages (5)"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete. Must be between 2 and 100."),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50091: (400, "The entity type of the event is different from that of the request"),
    160004: (400, "A thread has already been created for this message"),
    180000: (400, "Cannot update a finished event"),
    200000: (400, "Message was blocked by automatic moderation"),
    520000: (403, "Poll voting blocked"),
    520001: (400, "Poll expired"),
    520003: (400, "Cannot edit a poll message"),
    520006: (400, "Cannot end a poll that is not there"),
}


class ApiError(Exception):
    """The local Discord refuses a request.

    Attributes:
        status: the HTTP status.
        code: Discord's error code, or 0.
        message: the sentence that says what is wrong.
        errors: what is wrong with each field, nested like the request; None for no such list.
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
    """Returns the error for one of Discord's error codes, with its documented status and text."""
    status, message = SENTENCES[code]
    return ApiError(status, code, message)


class Problems:
    """The errors in the fields of one request body. `bool(problems)` is True if there are any."""

    def __init__(self) -> None:
        self._tree: JSON = {}
        self._path: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._tree)

    @contextmanager
    def at(self, *steps: str | int) -> Iterator[None]:
        """Within the `with` block, reported errors belong to a field inside the current one.

        steps: the names and indexes that lead from the current field to that field.
        """
        self._path.extend(str(step) for step in steps)
        try:
            yield
        finally:
            del self._path[len(self._path) - len(steps) :]

    def say(self, message: str) -> None:
        """Reports an error in the current field.

        message: what is wrong.
        """
        node = self._tree
        for step in self._path:
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": 50035, "message": message})

    def raise_any(self) -> None:
        """Raises ApiError 50035 with all errors, if there is any."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", _separated(self._tree))


def _separated(node: JSON) -> JSON:
    """Returns the errors without those of a field if fields inside it have errors too.

    Discord never reports both.
    """
    errors = node.get("_errors")
    children = {key: _separated(child) for key, child in node.items() if key != "_errors"}
    if children:
        return children
    return {"_errors": errors}
