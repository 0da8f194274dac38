"""What is recorded of a fit, and how it is written as JSON.

The record is stored with the version in the database and in the model's manifest. The process that
fits also sends it to its parent. Records of earlier versions lack fields. A field that is missing
or damaged is read as unknown.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from pydantic import JsonValue, TypeAdapter, ValidationError

from recommender.context.lift import LevelSupport


@dataclass(frozen=True)
class SettingsSearch:
    """The last search for better settings of the model.

    Attributes:
        at: when it ran, aware.
        ratings: how many ratings there were.
    """

    at: datetime
    ratings: float


@dataclass(frozen=True)
class LearnedContext:
    """What a fit learned about time and mood.

    Attributes:
        events: how many answers to picks it was learned from.
        strength: how strongly the effects are followed, 0 to 1.
        supports: the evidence for each level and kind of feature that has an effect.
    """

    events: int
    strength: float
    supports: tuple[LevelSupport, ...] = ()


@dataclass(frozen=True)
class RecordedGain:
    """A gain of one model over another.

    Attributes:
        mean: the mean difference over people.
        error: the standard error of the mean.
    """

    mean: float
    error: float


@dataclass(frozen=True)
class RecordedJudgement:
    """How the new model compared with the live one.

    Attributes:
        people: how many people the comparison is over.
        figures: for "new", "live" and "popularity", measure -> figure.
        leads: the gain of the new model over popularity ("ndcg") and over chance ("order"); None
            if unknown.
        gains: measure -> the gain of the new model over the live one.
        kind: how the ratings were held out.
    """

    people: int = 0
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    leads: Mapping[str, RecordedGain] | None = None
    gains: Mapping[str, RecordedGain] = field(default_factory=dict)
    kind: str = ""


@dataclass(frozen=True)
class FitRecord:
    """Everything that is kept of one fit.

    Attributes:
        ratings: ratings that the model was fitted on.
        live_ratings: how many of these ratings were made here; None if unknown.
        people: people who made the ratings.
        films: films in the catalogue; None if unknown.
        erasures: people who had been deleted before the fit.
        searched: the last search for settings; None before the first.
        lift: what was learned about time and mood; None in records from before that was learned.
        judged: the comparison with the live model; None if there were too few ratings for it.
        against: version of the live model; None if none had been fitted.
        promote: True if the version may serve; None if unknown.
        retire: True if the live version must stop serving even if this one may not serve.
        why: the judgement in one sentence.
        seconds: stage -> how long it took, seconds.
    """

    ratings: int = 0
    live_ratings: int | None = None
    people: int = 0
    films: int | None = None
    erasures: int = 0
    searched: SettingsSearch | None = None
    lift: LearnedContext | None = None
    judged: RecordedJudgement | None = None
    against: str | None = None
    promote: bool | None = None
    retire: bool = False
    why: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, JsonValue]:
        """Returns the record as JSON values."""
        values: dict[str, JsonValue] = json.loads(json.dumps(asdict(self), default=_iso))
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> "FitRecord":
        """Returns the record that `to_json` wrote, now or in an earlier version.

        A field that is missing, None without meaning it, or damaged keeps its default.
        """
        usable = {
            each.name: values[each.name]
            for each in fields(cls)
            if values.get(each.name) is not None
        }
        try:
            return _ADAPTER.validate_python(usable)
        except ValidationError as error:
            damaged = {str(problem["loc"][0]) for problem in error.errors()}
            whole = {name: value for name, value in usable.items() if name not in damaged}
            return _ADAPTER.validate_python(whole)


_ADAPTER = TypeAdapter(FitRecord)


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a record")
