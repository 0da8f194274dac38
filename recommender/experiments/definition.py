"""Reads the definitions of experiments from a TOML file.

    [[experiment]]
    name = "more-variety"
    start = 2026-12-01T00:00:00Z

    [[experiment.arm]]
    name = "control"

    [[experiment.arm]]
    name = "more"
    set = { variety.strength = 0.5 }

An experiment has arms, the variants that it compares. Under `set` an arm lists the settings that it
changes; `recommender/experiments/arm_settings.py` says which ones it may change. All mistakes in a
file are reported together, each with its place in the file.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from recommender.errors import DataError, ExperimentError
from recommender.experiments.arm_settings import ARM_SETTINGS, FORMER_NAMES, MAX_VALUE, MODEL
from recommender.experiments.assignment import Arm, Experiment
from recommender.experiments.metrics import GUARDRAILS, METRICS
from recommender.pipeline.recommender import Config

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

FILE_KEYS = ("experiment",)
EXPERIMENT_KEYS = (
    "name", "kind", "unit", "share", "metric", "guardrails", "start", "end", "arm",
)  # fmt: skip
ARM_KEYS = ("name", "share", "set")


def read_experiments(path: Path) -> tuple[Experiment, ...]:
    """Returns the experiments that a file defines, in the file's order.

    Raises ExperimentError with every mistake in the file and its place.
    """
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except OSError as error:
        problem = DataError("experiments-unreadable", file=str(path), cause=error.strerror)
        raise ExperimentError([problem]) from error
    except UnicodeDecodeError as error:
        raise ExperimentError([DataError("experiments-not-utf8", file=str(path))]) from error
    except tomllib.TOMLDecodeError as error:
        reason = str(error).replace("(at ", "at ").removesuffix(")")
        problem = DataError("experiments-no-toml", file=str(path), cause=reason)
        raise ExperimentError([problem]) from error
    return _DefinitionReader(str(path)).read(found)


class _DefinitionReader:
    """Reads one file and collects its mistakes, so that all are reported together."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[DataError] = []

    def report(self, place: str, problem: DataError) -> None:
        """Adds a mistake in the experiment file to the list.

        place: where in the file it is, such as "experiment[1], arm[2]"; empty for the whole file.
        problem: what is wrong.
        """
        where = _at(self.path, place)
        self.problems.append(DataError("in-experiments", place=where, problem=problem))

    def read(self, found: Mapping[str, Any]) -> tuple[Experiment, ...]:
        self._check_keys(found, FILE_KEYS, "")
        made: list[Experiment] = []
        for number, each in enumerate(self._tables(found, "experiment", ""), 1):
            one = self._experiment(each, f"experiment[{number}]")
            if one is not None:
                made.append(one)
        names = [one.name for one in made]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.report("", DataError("experiment-name-twice", name=name))
        if self.problems:
            raise ExperimentError(self.problems)
        return tuple(made)

    def _experiment(self, found: Mapping[str, Any], place: str) -> Experiment | None:
        before = len(self.problems)
        name = self._name(found, place)
        place = f"{place} (“{name}”)" if name else place
        self._check_keys(found, EXPERIMENT_KEYS, place)
        kind = self._one_of(found, "kind", "ab", ("ab", "interleave"), place)
        unit = self._one_of(found, "unit", "person", ("person", "server"), place)
        metric = self._one_of(found, "metric", "taken", tuple(METRICS), place)
        guardrails = self._guardrails(found, kind, unit, place)
        share = self._share(found, 1.0, place)
        start, end = (self._moment(found, key, place) for key in ("start", "end"))
        arms = tuple(
            self._arm(each, _at(place, f"arm[{number}]"), kind)
            for number, each in enumerate(self._tables(found, "arm", place), 1)
        )
        if len(self.problems) > before:
            return None
        try:
            return Experiment(
                name, arms, kind, unit, share, metric, guardrails, start, end,  # type: ignore[arg-type]
            )  # fmt: skip
        except DataError as error:
            self.report(place, error)
            return None

    def _arm(self, found: Mapping[str, Any], place: str, kind: str) -> Arm:
        name = self._name(found, place)
        place = f"{place} (“{name}”)" if name else place
        self._check_keys(found, ARM_KEYS, place)
        if kind == "interleave" and "share" in found:
            self.report(_at(place, "share"), DataError("share-of-interleaved"))
        share = self._share(found, 1.0, place, most=MAX_VALUE)
        changes = found.get("set", {})
        if not isinstance(changes, dict):
            self.report(_at(place, "set"), DataError("set-no-table"))
            changes = {}
        return Arm(name, share, dict(self._changes(changes, place)))

    def _changes(self, found: Mapping[str, Any], place: str) -> Iterator[tuple[str, object]]:
        for written, value in _flat(found):
            name = FORMER_NAMES.get(written, written)
            here = _at(place, f"set.{written}")
            if name == MODEL:
                if isinstance(value, str) and value:
                    yield name, value
                else:
                    self.report(here, DataError("set-no-version"))
                continue
            setting = ARM_SETTINGS.get(name)
            if setting is None:
                self.report(here, _refusal(name))
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            fits = number and math.isfinite(value) and setting.least <= value <= setting.most
            if not fits or (setting.whole and not isinstance(value, int)):
                key = "set-no-whole-number" if setting.whole else "set-no-number"
                bounds = {"least": setting.least, "most": setting.most}
                self.report(here, DataError(key, given=_quoted(value), **bounds))
                continue
            yield name, value if setting.whole else float(value)

    def _name(self, found: Mapping[str, Any], place: str) -> str:
        name = found.get("name")
        if isinstance(name, str) and NAME.fullmatch(name):
            return name
        if name is None:
            self.report(_at(place, "name"), DataError("name-missing"))
        else:
            self.report(_at(place, "name"), DataError("name-wrong", given=_quoted(name)))
        return ""

    def _guardrails(
        self, found: Mapping[str, Any], kind: str, unit: str, place: str
    ) -> tuple[str, ...]:
        given = found.get("guardrails", [])
        here = _at(place, "guardrails")
        if not isinstance(given, list):
            self.report(here, DataError("guardrails-no-list"))
            return ()
        for name in given:
            if not isinstance(name, str) or name not in GUARDRAILS:
                self._unknown(here, name, tuple(GUARDRAILS))
            elif unit not in GUARDRAILS[name].units:
                self.report(here, DataError("guardrail-by-person", name=name))
            elif kind == "interleave" and not GUARDRAILS[name].by_team:
                self.report(here, DataError("guardrail-of-one-card", name=name))
        return tuple(dict.fromkeys(str(name) for name in given))

    def _share(
        self, found: Mapping[str, Any], default: float, place: str, most: float = 1.0
    ) -> float:
        value = found.get("share", default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and 0 < value <= most:
            return float(value)
        problem = DataError("no-share", given=_quoted(value), most=most)
        self.report(_at(place, "share"), problem)
        return default

    def _moment(self, found: Mapping[str, Any], key: str, place: str) -> datetime | None:
        value = found.get(key)
        if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
            return value
        self.report(_at(place, key), DataError("no-moment", given=_quoted(value)))
        return None

    def _one_of(
        self, found: Mapping[str, Any], key: str, default: str, allowed: Sequence[str], place: str
    ) -> str:
        value = found.get(key, default)
        if isinstance(value, str) and value in allowed:
            return value
        self._unknown(_at(place, key), value, tuple(allowed))
        return default

    def _unknown(self, place: str, value: object, choices: tuple[str, ...]) -> None:
        self.report(place, DataError("not-a-choice-here", given=_quoted(value), choices=choices))

    def _tables(self, found: Mapping[str, Any], key: str, place: str) -> list[Mapping[str, Any]]:
        given = found.get(key, [])
        if isinstance(given, list) and all(isinstance(each, dict) for each in given):
            return given
        inner = key if not place else f"experiment.{key}"
        self.report(_at(place, key), DataError("no-tables", table=inner))
        return []

    def _check_keys(self, found: Mapping[str, Any], allowed: Sequence[str], place: str) -> None:
        for key in found:
            if key not in allowed:
                near = _near(key, allowed)
                problem = DataError("no-such-key", near=near, choices=tuple(allowed))
                self.report(_at(place, key), problem)


def _flat(found: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yields nested tables as dotted names: "variety.strength" for `variety = { strength = … }`.

    found: the tables. before: the start of each name.
    """
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _at(place: str, inner: str) -> str:
    """Returns a place in the file, within another place; either may be empty."""
    return ", ".join(filter(None, (place, inner)))


def _refusal(name: str) -> DataError:
    """Returns why an experiment cannot change the setting of this name."""
    if name in _all_settings(Config()):
        return DataError("setting-of-the-fit")
    return DataError("no-such-arm-setting", near=_near(name, [*ARM_SETTINGS, MODEL]))


def _all_settings(values: Any, before: str = "") -> Iterator[str]:
    for field in fields(values):
        value = getattr(values, field.name)
        yield f"{before}{field.name}"
        if is_dataclass(value):
            yield from _all_settings(value, f"{before}{field.name}.")


def _near(name: str, allowed: Sequence[str]) -> str | None:
    close = difflib.get_close_matches(name, allowed, n=1)
    return close[0] if close else None


def _quoted(value: object) -> str:
    """Returns a value as text for an error message, shortened to 60 characters."""
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
