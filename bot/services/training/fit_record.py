"""What is stored about a fit, and how it is written as JSON.

The record is stored with the model version, in the database and in the manifest among its files.
The process that fits also sends it to its parent. Records by older versions of Matinee lack fields.
A field that is missing or damaged is read as unknown.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from pydantic import JsonValue, TypeAdapter, ValidationError

from recommender.context.lift import LevelSupport


@dataclass(frozen=True)
class SettingsSearch:
    """When the last search for better settings of the model ran.

    Attributes:
        at: when it ran, aware.
        ratings: how many ratings there were at that time.
    """

    at: datetime
    ratings: float


@dataclass(frozen=True)
class LearnedContext:
    """What a fit learned about time and mood.

    Attributes:
        events: number of events (shown films with people's responses) from which it was learned.
        strength: factor on the learned effects, 0 to 1.
        supports: how strong the evidence for effects is. There is one entry for each pair of a
            level (everyone, a mood, a server or a person) and a kind of film feature that has an
            effect.
    """

    events: int
    strength: float
    supports: tuple[LevelSupport, ...] = ()


@dataclass(frozen=True)
class RecordedGain:
    """How much better one model is than another by some measure.

    Attributes:
        mean: the mean difference of the measure over people.
        error: the standard error of the mean.
    """

    mean: float
    error: float


@dataclass(frozen=True)
class RecordedJudgement:
    """How the new model compared with the live one, which answered requests at that time.

    Attributes:
        people: number of people whose held-out ratings were predicted.
        figures: for each ranking ("new", "live" or "popularity"), its figure for each measure, such
            as "ndcg@10".
        leads: three gains by name: under "ndcg" the new model's gain over ranking by popularity,
            under "order" its gain over a random order, and under "facts" by how much films' facts
            predict stars better than chance. None if unknown.
        gains: for each measure, the gain of the new model over the live one.
        kind: which ratings were held out: "since" for those made after the live model was fitted,
            "newest" for the newest tenth of each person's ratings, "random" for a random tenth.
    """

    people: int = 0
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    leads: Mapping[str, RecordedGain] | None = None
    gains: Mapping[str, RecordedGain] = field(default_factory=dict)
    kind: str = ""


@dataclass(frozen=True)
class RecordedTastes:
    """How well the new model recommends films of narrow tastes, measured on simulated people.

    Attributes:
        people: number of simulated people; 0 if too few films of the catalogue have tags.
        shares: for each model ("new", "live" for the one that answers requests, "tags alone" for
            one without ratings), the mean share of its recommended films that are of the person's
            taste.
        worse: for each other model, the tastes for which the new model is worse than it.
    """

    people: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)
    worse: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FitRecord:
    """Everything that is stored about one fit.

    Attributes:
        ratings: number of ratings that the model was fitted on.
        live_ratings: how many of these are not imported, but the bot's own; None if unknown.
        people: number of people who made the ratings.
        films: number of films in the catalogue; None if unknown.
        erasures: number of people whose data had been deleted before the fit.
        searched: the last search for settings; None before the first search.
        lift: what was learned about time and mood; None in records from versions of Matinee that
            did not learn it.
        judged: the comparison with the live model (which answered requests then); None if there
            were too few ratings for it.
        tastes: the result of the test on narrow tastes; None if the model failed a sanity query (a
            request that every model must answer sensibly), and in records from versions of Matinee
            without this test.
        against: version of the live model; None if no fitted model was live.
        promote: True if the new version may answer requests; None if unknown.
        retire: True if the live version must stop answering even if the new one may not answer.
        why: the note that explains `promote`, as text (`notes.to_text`). Earlier versions of
            Matinee stored a sentence.
        seconds: how long each stage of the fit took, seconds.
    """

    ratings: int = 0
    live_ratings: int | None = None
    people: int = 0
    films: int | None = None
    erasures: int = 0
    searched: SettingsSearch | None = None
    lift: LearnedContext | None = None
    judged: RecordedJudgement | None = None
    tastes: RecordedTastes | None = None
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

        A field that is missing or damaged keeps its default. A field that is None although its type
        does not allow None keeps its default too.

        values: the record as JSON values.
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
