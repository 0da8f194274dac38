"""Definitions of experiments, from a TOML file, and what an arm makes of a model.

    [[experiment]]
    name = "more-variety"
    start = 2026-12-01T00:00:00Z

    [[experiment.arm]]
    name = "control"

    [[experiment.arm]]
    name = "more"
    set = { variety.strength = 0.5 }

An arm may set what is read while answering (`SERVING`), and which kept version of the model answers
(`model`). What only a fit reads is refused: it would change nothing.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from recommender.errors import DataError, ExperimentError
from recommender.experiments.assignment import Arm, Experiment
from recommender.experiments.metrics import GUARDRAILS, METRICS
from recommender.hybrid.config import FORMER_SETTINGS, RankingConfig
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.recommender import Config, Recommender

MODEL = "model"  # the change that names a version
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST = 1000.0  # no weight, price or half makes sense beyond


@dataclass(frozen=True)
class Setting:
    """A setting that is read while answering: whether it is a whole number, and its bounds."""

    whole: bool
    least: float
    most: float


def _serving() -> dict[str, Setting]:
    found = {"clock": Setting(False, 0.0, MOST), "tail.margin": Setting(False, 0.0, MOST)}
    for room, kind in (("variety", VarietyConfig), ("ranking", RankingConfig)):
        for field in fields(kind):
            whole = isinstance(field.default, int)
            if not whole and not isinstance(field.default, float):
                continue  # of the models: only a fit reads it
            divides = field.name.endswith(("_half", "_people"))
            least = 1 if whole else 0.01 if divides else 0.0
            found[f"{room}.{field.name}"] = Setting(whole, least, MOST)
    return found


SERVING: Mapping[str, Setting] = _serving()
"""What an arm may set, by its name in `pipeline.Config`; tail.margin is the fitted model's"""
FORMER_NAMES: Mapping[str, str] = {
    f"ranking.{former}": f"ranking.{name}"
    for former, name in FORMER_SETTINGS["RankingConfig"].items()
}
"""What an older file may still call a setting."""


def changed(model: Recommender, changes: Mapping[str, object]) -> Recommender:
    """The model as an arm has it. changes: by the names of SERVING; `model` is the caller's to
    follow."""
    variety, ranking = _within(changes, "variety"), _within(changes, "ranking")
    config = replace(
        model.config,
        clock=cast("float", changes.get("clock", model.config.clock)),
        variety=replace(model.config.variety, **variety),
        ranking=replace(model.config.ranking, **ranking),
    )
    return replace(
        model,
        config=config,
        ranking=replace(model.ranking, config=replace(model.ranking.config, **ranking)),
        long_tail=replace(model.long_tail, **_within(changes, "tail")),
    )


def _within(changes: Mapping[str, object], room: str) -> dict[str, Any]:
    start = f"{room}."
    return {k.removeprefix(start): v for k, v in changes.items() if k.startswith(start)}


def versions(experiments: Sequence[Experiment]) -> frozenset[str]:
    """The kept versions of the model that arms name."""
    arms = (arm for experiment in experiments for arm in experiment.arms)
    return frozenset(str(arm.changes[MODEL]) for arm in arms if MODEL in arm.changes)


# The file ----------------------------------------------------------------------------------------

TOP = ("experiment",)
OF_EXPERIMENT = (
    "name", "kind", "unit", "share", "metric", "guardrails", "start", "end", "arm",
)  # fmt: skip
OF_ARM = ("name", "share", "set")


def read_experiments(path: Path) -> tuple[Experiment, ...]:
    """The definitions in a file, in its order. Raises ExperimentError naming everything that is
    wrong, and where."""
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except OSError as error:
        raise ExperimentError([f"{path} cannot be read ({error.strerror})."]) from error
    except UnicodeDecodeError as error:
        raise ExperimentError([f"{path} is no UTF-8 text; save it as such."]) from error
    except tomllib.TOMLDecodeError as error:
        said = str(error).replace("(at ", "at ").removesuffix(")")
        raise ExperimentError([f"{path} is no TOML: {said}."]) from error
    return _Reading(str(path)).everything(found)


class _Reading:
    """Collects problems with their places, so that one look at a file tells all of them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[str] = []

    def wrong(self, place: str, sentence: str) -> None:
        self.problems.append(f"{', '.join(filter(None, (self.path, place)))}: {sentence}")

    def everything(self, found: Mapping[str, Any]) -> tuple[Experiment, ...]:
        self._known(found, TOP, "")
        made: list[Experiment] = []
        for number, each in enumerate(self._tables(found, "experiment", ""), 1):
            one = self._experiment(each, f"experiment {number}")
            if one is not None:
                made.append(one)
        names = [one.name for one in made]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.wrong("", f"two experiments are called “{name}”; give each a name of its own.")
        if self.problems:
            raise ExperimentError(self.problems)
        return tuple(made)

    def _experiment(self, found: Mapping[str, Any], place: str) -> Experiment | None:
        before = len(self.problems)
        name = self._name(found, place)
        place = f"{place} (“{name}”)" if name else place
        self._known(found, OF_EXPERIMENT, place)
        kind = self._one_of(found, "kind", "ab", ("ab", "interleave"), place)
        unit = self._one_of(found, "unit", "person", ("person", "server"), place)
        metric = self._one_of(found, "metric", "taken", tuple(METRICS), place)
        guardrails = self._guardrails(found, kind, unit, place)
        share = self._share(found, 1.0, place)
        start, end = (self._moment(found, key, place) for key in ("start", "end"))
        arms = tuple(
            self._arm(each, f"{place}, arm {number}", kind)
            for number, each in enumerate(self._tables(found, "arm", place), 1)
        )
        if len(self.problems) > before:
            return None
        try:
            return Experiment(
                name, arms, kind, unit, share, metric, guardrails, start, end,  # type: ignore[arg-type]
            )  # fmt: skip
        except DataError as error:
            self.wrong(place, str(error))
            return None

    def _arm(self, found: Mapping[str, Any], place: str, kind: str) -> Arm:
        name = self._name(found, place)
        place = f"{place} (“{name}”)" if name else place
        self._known(found, OF_ARM, place)
        if kind == "interleave" and "share" in found:
            self.wrong(f"{place}, share", "interleaved arms share every card; leave it out.")
        share = self._share(found, 1.0, place, most=MOST)
        changes = found.get("set", {})
        if not isinstance(changes, dict):
            self.wrong(f"{place}, set", "write a table such as { variety.strength = 0.5 }.")
            changes = {}
        return Arm(name, share, dict(self._changes(changes, place)))

    def _changes(self, found: Mapping[str, Any], place: str) -> Iterator[tuple[str, object]]:
        for written, value in _flat(found):
            name = FORMER_NAMES.get(written, written)
            here = f"{place}, set.{written}"
            if name == MODEL:
                if isinstance(value, str) and value:
                    yield name, value
                else:
                    self.wrong(here, "write a version as `matinee models` lists it, in quotes.")
                continue
            setting = SERVING.get(name)
            if setting is None:
                self.wrong(here, _refusal(name))
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            fits = number and math.isfinite(value) and setting.least <= value <= setting.most
            if not fits or (setting.whole and not isinstance(value, int)):
                kind = "a whole number" if setting.whole else "a number"
                bounds = f"from {setting.least:g} to {setting.most:g}"
                self.wrong(here, f"{_said(value)} will not do; give {kind} {bounds}.")
                continue
            yield name, value if setting.whole else float(value)

    def _name(self, found: Mapping[str, Any], place: str) -> str:
        name = found.get("name")
        if isinstance(name, str) and NAME.fullmatch(name):
            return name
        said = "it has no name" if name is None else f"{_said(name)} is no name"
        self.wrong(f"{place}, name", f"{said}; give small letters, digits and hyphens, up to 40.")
        return ""

    def _guardrails(
        self, found: Mapping[str, Any], kind: str, unit: str, place: str
    ) -> tuple[str, ...]:
        given = found.get("guardrails", [])
        here = f"{place}, guardrails"
        if not isinstance(given, list):
            self.wrong(here, 'write a list such as ["refused", "seconds"].')
            return ()
        for name in given:
            if not isinstance(name, str) or name not in GUARDRAILS:
                self.wrong(here, f"{_said(name)} is none; there are {', '.join(GUARDRAILS)}.")
            elif unit not in GUARDRAILS[name].units:
                self.wrong(here, f"“{name}” is counted by person, and this goes by server.")
            elif kind == "interleave" and not GUARDRAILS[name].by_team:
                self.wrong(here, f"“{name}” cannot tell two rankings of one card apart.")
        return tuple(dict.fromkeys(str(name) for name in given))

    def _share(
        self, found: Mapping[str, Any], usual: float, place: str, most: float = 1.0
    ) -> float:
        value = found.get("share", usual)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and 0 < value <= most:
            return float(value)
        self.wrong(
            f"{place}, share", f"{_said(value)} is no share; give a number above 0, up to {most:g}."
        )
        return usual

    def _moment(self, found: Mapping[str, Any], key: str, place: str) -> datetime | None:
        value = found.get(key)
        if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
            return value
        said = f"{_said(value)} is no moment with a zone"
        self.wrong(f"{place}, {key}", f"{said}; write one such as 2026-12-01T00:00:00Z, unquoted.")
        return None

    def _one_of(
        self, found: Mapping[str, Any], key: str, usual: str, known: Sequence[str], place: str
    ) -> str:
        value = found.get(key, usual)
        if isinstance(value, str) and value in known:
            return value
        self.wrong(f"{place}, {key}", f"{_said(value)} is none; there are {', '.join(known)}.")
        return usual

    def _tables(self, found: Mapping[str, Any], key: str, place: str) -> list[Mapping[str, Any]]:
        given = found.get(key, [])
        if isinstance(given, list) and all(isinstance(each, dict) for each in given):
            return given
        inner = key if not place else f"experiment.{key}"
        self.wrong(", ".join(filter(None, (place, key))), f"begin each one with [[{inner}]].")
        return []

    def _known(self, found: Mapping[str, Any], known: Sequence[str], place: str) -> None:
        for key in found:
            if key not in known:
                otherwise = f"; there are {', '.join(known)}."
                self.wrong(
                    ", ".join(filter(None, (place, key))),
                    f"there is no such key{_near(key, known, otherwise)}",
                )


def _flat(found: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """ "variety.strength" of {"variety": {"strength": …}}."""
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _refusal(name: str) -> str:
    """Why a name is no setting of an arm."""
    if name in _all_settings(Config()):
        return (
            "only a fit reads it, so an arm cannot change it; fit a version with it, and compare "
            'that one by set = { model = "…" }.'
        )
    otherwise = "; docs/experiments.md lists what there is."
    return f"there is no such setting{_near(name, [*SERVING, MODEL], otherwise)}"


def _all_settings(values: Any, before: str = "") -> Iterator[str]:
    for field in fields(values):
        value = getattr(values, field.name)
        yield f"{before}{field.name}"
        if is_dataclass(value):
            yield from _all_settings(value, f"{before}{field.name}.")


def _near(name: str, known: Sequence[str], otherwise: str) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f". Did you mean {close[0]}?" if close else otherwise


def _said(value: object) -> str:
    """A value as it was written, shortened."""
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
