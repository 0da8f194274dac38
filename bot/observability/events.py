"""Events: one structured log line for each post, fit, import and outage.

With `MATINEE_LOG_FORM=json`, the line of an event is a JSON object. It has the keys `at`, `level`,
`logger`, `message`, `event` (the event's name), and one key for each field of the event. In plain
lines, the fields follow the name as `field=value`. No event names a person. docs/operations.md
lists the fields; a test compares the list with this file.
"""

import logging
from dataclasses import asdict, dataclass
from typing import ClassVar, Literal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PostEnded:
    """A scheduled post or digest was sent, or the bot gave it up.

    Attributes:
        outcome: "sent", or why it was not: "skipped" (too late), "empty", "refused", "failed",
            "lost", "unavailable" or "paused".
        schedule: the id of its schedule in the database.
        server: the id of the server.
        theme: its theme, such as "shelf", or "digest".
        local_date: its date in the server's time zone, "YYYY-MM-DD".
        late_seconds: seconds from when it was due until now.
    """

    name: ClassVar = "post"

    outcome: str
    schedule: int
    server: int
    theme: str
    local_date: str
    late_seconds: float


@dataclass(frozen=True)
class FitEnded:
    """A fit of the models ended.

    Attributes:
        outcome: "promoted", "held", "failed" or "stopped".
        version: the new model's version; None without a new model.
        seconds: how long the fit took, seconds.
        ratings: the number of ratings that it learned from; None without a new model.
        people: the number of people who gave these ratings; None without a new model.
        why: the reasons, as keys and data.
    """

    name: ClassVar = "fit"

    outcome: str
    version: str | None
    seconds: float
    ratings: int | None
    people: int | None
    why: str


@dataclass(frozen=True)
class ImportEnded:
    """Films, or films and ratings, were imported.

    Attributes:
        source: the name of the data set or list, or "starter" for the films that come with Matinee.
        films: the number of films in it.
        added: the number of films that were new.
        changed: the number of films that were changed.
        ratings: the number of ratings; 0 for a list of films.
        people: the number of people who gave these ratings.
        seconds: how long the import took, seconds.
    """

    name: ClassVar = "import"

    source: str
    films: int
    added: int
    changed: int
    ratings: int
    people: int
    seconds: float


@dataclass(frozen=True)
class Outage:
    """Something that the bot needs has failed, or works again.

    Attributes:
        part: "gateway" (no connection to Discord) or "database" (nothing can be written).
        state: "began" or "ended".
        seconds: how long it lasted, seconds; 0 when it begins.
        cause: what failed, in words; empty if it is not known.
    """

    name: ClassVar = "outage"

    part: Literal["gateway", "database"]
    state: Literal["began", "ended"]
    seconds: float
    cause: str


Event = PostEnded | FitEnded | ImportEnded | Outage
EVENTS: tuple[type[Event], ...] = (PostEnded, FitEnded, ImportEnded, Outage)


def tell(event: Event) -> None:
    """Writes the event to the log: as a warning if an outage began, else as information."""
    fields = {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in asdict(event).items()
    }
    words = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    began = isinstance(event, Outage) and event.state == "began"
    level = logging.WARNING if began else logging.INFO
    log.log(level, "%s: %s", event.name, words, extra={"event": {"event": event.name, **fields}})
