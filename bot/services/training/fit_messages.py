"""The messages between the process that fits a model and its parent process: one JSON object a
line.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bot.services.notes import Note, from_text, to_text
from bot.services.training.fit_record import FitRecord
from storage.database import address
from storage.database.address import Address

REGISTERED = "registered"
"""The parent writes this once it has registered the new version."""


@dataclass(frozen=True)
class FitJob:
    """What a process needs to fit a model: files, the database and settings.

    Attributes:
        database: where the database is.
        corpus: the file of imported ratings; it need not exist.
        models: the folder of fitted models.
        lock: the file whose lock is held during the fit.
        now: the time of the fit, aware.
        seed: the seed of all random choices.
        serving: the version that answers now; None if none was fitted.
        search: True to search for better settings of the model even if no search is due.
    """

    database: Address
    corpus: Path
    models: Path
    lock: Path
    now: datetime
    seed: int
    serving: str | None
    search: bool

    def to_line(self) -> bytes:
        """Returns the job as a line of JSON. It contains the password of a database."""
        values = asdict(self) | {"database": address.to_text(self.database)}
        return (json.dumps(values, default=str) + "\n").encode()

    @classmethod
    def from_line(cls, line: str) -> "FitJob":
        """Returns the job that `to_line` wrote. Raises ValueError or KeyError for anything else."""
        values = json.loads(line)
        return cls(
            database=address.from_text(values["database"]),
            corpus=Path(values["corpus"]),
            models=Path(values["models"]),
            lock=Path(values["lock"]),
            now=datetime.fromisoformat(values["now"]),
            seed=int(values["seed"]),
            serving=values["serving"],
            search=bool(values["search"]),
        )


@dataclass(frozen=True)
class StageProgress:
    """How far a stage of the fit has come.

    Attributes:
        stage: its key, such as "learning-stars".
        done: steps that are done.
        total: number of all steps; 0 if unknown.
    """

    stage: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class FitResult:
    """A fitted version whose files are written, but which is not in the database yet.

    Attributes:
        version: its name.
        path: the name of its folder under the folder of models.
        record: what is stored about the fit.
    """

    version: str
    path: str
    record: FitRecord


@dataclass(frozen=True)
class FitRefusal:
    """The message that a fit produced no version.

    Attributes:
        reason: the reason.
    """

    reason: Note


FitMessage = StageProgress | FitResult | FitRefusal


def to_line(message: FitMessage) -> str:
    """Returns a message of the fitting process as a line of JSON."""
    if isinstance(message, FitResult):
        whole = {"version": message.version, "path": message.path}
        return json.dumps({"result": {**whole, "record": message.record.to_json()}}) + "\n"
    if isinstance(message, FitRefusal):
        return json.dumps({"refusal": to_text(message.reason)}) + "\n"
    return json.dumps(asdict(message)) + "\n"


def from_line(line: bytes) -> FitMessage | None:
    """Returns the message in a line; None if the line is no message."""
    try:
        values = json.loads(line)
        if "stage" in values:
            return StageProgress(values["stage"], int(values["done"]), int(values["total"]))
        if "result" in values:
            result = values["result"]
            record = FitRecord.from_json(result["record"])
            return FitResult(result["version"], result["path"], record)
        return FitRefusal(from_text(str(values["refusal"])))
    except (KeyError, TypeError, ValueError):
        return None
