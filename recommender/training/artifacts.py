"""Stores fitted models as versioned folders: `<root>/<version>/manifest.json` and `models.npz`.

A folder holds arrays only, never pickles. It has checksums, so that damage is noticed, and a format
number, so that a folder of an unknown format is refused with a clear message. Large arrays have
their own files, which are mapped into memory instead of being read. A folder is written under a
temporary name, renamed, and never edited.

What follows from the catalogue alone is not stored: the tag model, and the hand-written effects of
the time of day on films (editorial tilts). `read` fits both to the catalogue that it is given. It
moves the stored arrays to the rows of that catalogue by film id. The learned effects of time and
mood (lifts) belong to genres and tags, which `read` finds by name. Older folders without lifts, or
without the rating model (which predicts stars), can still be read.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np
import numpy.typing as npt

from recommender.context.editorial import fit_context
from recommender.context.lift import LiftModel, features_of
from recommender.context.lift_serialize import lift_arrays, lift_from_arrays
from recommender.data import Catalogue, Vocabulary
from recommender.errors import ArtifactError
from recommender.hybrid.config import ADDED_SETTINGS, FORMER_SETTINGS, RankingConfig
from recommender.hybrid.serialize import arrays, from_arrays, move_ranking
from recommender.models.popularity import Popularity, praise_units
from recommender.numeric.system import partial_path
from recommender.pipeline.long_tail import LongTailPlace, long_tail_by_count
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.array_files import (
    ARRAYS,
    checked_path,
    read_arrays,
    sync_file,
    write_arrays,
)
from recommender.training.stored_stars import star_arrays, stars_from_arrays

FORMAT = 3
OLDEST_FORMAT = 2  # the oldest format that can be read; some of its settings have other names
MANIFEST = "manifest.json"

ConfigT = TypeVar("ConfigT")


def write(model: Recommender, root: Path, record: Mapping[str, Any] | None = None) -> Path:
    """Writes a model into the folder `root / model.version` and returns that folder.

    An existing folder of that version is not changed. record: further values for the manifest,
    which must be JSON values. Raises ArtifactError if the folder cannot be written.
    """
    folder = root / model.version
    if folder.is_dir():
        return folder
    partial = partial_path(folder)
    try:
        partial.mkdir(parents=True, exist_ok=True)
        sums = write_arrays(_arrays(model), partial)
        contents = {
            "format": FORMAT,
            "version": model.version,
            "fingerprint": model.version.rsplit("-", 1)[-1],
            "vocabulary": hashlib.sha256(model.catalogue.films.ids_array.tobytes()).hexdigest(),
            "trained_at": model.trained_at.isoformat(),
            "ratings": model.ratings,
            "people": model.people,
            "films": len(model.catalogue),
            "config": asdict(model.config),
            "planned": asdict(model.ranking.config),
            "tail_margin": model.long_tail.margin,
            "sha256": sums,
            "record": dict(record or {}),
        }
        text = json.dumps(contents, indent=2, sort_keys=True) + "\n"
        (partial / MANIFEST).write_text(text, encoding="utf-8")
        sync_file(partial / MANIFEST)
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if folder.is_dir():  # another process was faster with the same version
            return folder
        raise ArtifactError(
            "model-not-written", folder=str(folder), cause=error.strerror
        ) from error
    return folder


def read(folder: Path, catalogue: Catalogue) -> Recommender:
    """Returns the model in a folder, attached to a catalogue.

    The catalogue may have gained or lost films since the fit. Films new to the model are scored by
    tags and popularity alone. Raises ArtifactError if the folder is missing, damaged, or of an
    unknown format.
    """
    found = manifest(folder)
    try:
        stored = read_arrays(folder, found["sha256"])
        return _unpack(found, stored, catalogue)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise ArtifactError("model-folder-wrong", folder=folder.name) from error


def check(folder: Path) -> None:
    """Checks that a model folder is complete and undamaged, without reading the model.

    Raises ArtifactError if the folder is missing, damaged, or of an unknown format.
    """
    sums = manifest(folder).get("sha256")
    if not isinstance(sums, dict) or ARRAYS not in sums:
        raise ArtifactError("model-folder-wrong", folder=folder.name)
    for name, expected in sums.items():
        checked_path(folder, name, expected)


def config(folder: Path) -> Config:
    """Returns the settings that the model in a folder was fitted with.

    Raises ArtifactError if the folder is missing, damaged, or of an unknown format.
    """
    found = manifest(folder)
    try:
        return settings_from(Config, found["config"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError("model-folder-wrong", folder=folder.name) from error


def attach(model: Recommender, catalogue: Catalogue) -> Recommender:
    """Returns the same model for another catalogue. Its films are matched by their ids."""
    rows = model.catalogue.films.rows(catalogue.films.ids_array)
    popularity = replace(
        model.popularity,
        count=_moved(model.popularity.count, rows),
        total=_moved(model.popularity.total, rows),
        praise=praise_units(catalogue),
    )
    return replace(
        model,
        catalogue=catalogue,
        ranking=move_ranking(model.ranking, popularity, catalogue, rows),
        long_tail=LongTailPlace(long_tail_by_count(popularity.count), model.long_tail.margin),
        context=fit_context(catalogue),
        lift=lift_from_arrays(lift_arrays(model.lift), features_of(catalogue)),
        stars=None if model.stars is None else model.stars.over(rows),
    )


def manifest(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a model folder: its format, settings, sizes and checksums.

    Raises ArtifactError if it is missing, damaged, or of an unknown format.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError("model-file-missing", folder=folder.name, file=MANIFEST) from error
    except ValueError as error:
        raise ArtifactError("model-file-damaged", folder=folder.name, file=MANIFEST) from error
    form = found.get("format") if isinstance(found, dict) else None
    if not isinstance(form, int) or form < 1:
        raise ArtifactError("model-format-missing", folder=folder.name, file=MANIFEST)
    if not OLDEST_FORMAT <= form <= FORMAT:
        raise ArtifactError(
            "model-newer" if form > FORMAT else "model-older",
            folder=folder.name,
            found=form,
            known=FORMAT,
        )
    return dict(found)


def _arrays(model: Recommender) -> dict[str, npt.NDArray[Any]]:
    """Returns all arrays that are stored for a model, by their names."""
    return {
        "films": model.catalogue.films.ids_array,
        "count": model.popularity.count,
        "total": model.popularity.total,
        **arrays(model.ranking),
        **lift_arrays(model.lift),
        **({} if model.stars is None else star_arrays(model.stars)),
    }


def _unpack(
    manifest: dict[str, Any], stored: dict[str, npt.NDArray[Any]], catalogue: Catalogue
) -> Recommender:
    config = settings_from(Config, manifest["config"])
    planned = settings_from(RankingConfig, manifest["planned"])
    rows = Vocabulary(stored["films"]).rows(catalogue.films.ids_array)
    popularity = Popularity(
        _moved(stored["count"], rows),
        _moved(stored["total"], rows),
        praise_units(catalogue),
        planned.popularity,
    )
    learned = LiftModel(features_of(catalogue))
    if "lift" in stored:
        learned = lift_from_arrays(stored, learned.features)
    ranking = from_arrays(stored, popularity, catalogue, planned, rows)
    margin = float(manifest["tail_margin"])
    return Recommender(
        version=str(manifest["version"]),
        trained_at=datetime.fromisoformat(manifest["trained_at"]),
        ratings=int(manifest["ratings"]),
        people=int(manifest["people"]),
        catalogue=catalogue,
        ranking=ranking,
        long_tail=LongTailPlace(long_tail_by_count(popularity.count), margin),
        context=fit_context(catalogue),
        lift=learned,
        config=config,
        stars=stars_from_arrays(stored, rows),
    )


def settings_from(kind: type[ConfigT], values: Mapping[str, Any]) -> ConfigT:
    """Returns settings that were stored as JSON.

    Older names of settings are understood. kind: the dataclass of the settings; its fields may be
    dataclasses too. values: the stored values, which `dataclasses.asdict` returned. Raises
    ValueError if a setting is missing or unknown.
    """
    former = FORMER_SETTINGS.get(kind.__name__, {})
    values = {former.get(name, name): value for name, value in values.items()}
    names = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
    missing = names - set(values) - ADDED_SETTINGS.get(kind.__name__, frozenset())
    if missing or set(values) - names:
        raise ValueError(f"these are not the settings of a {kind.__name__}")
    hints = get_type_hints(kind)
    made = {}
    for name, value in values.items():
        if is_dataclass(hints[name]):
            made[name] = settings_from(hints[name], value)
        else:
            made[name] = tuple(value) if isinstance(value, list) else value
    return kind(**made)


def _moved(values: npt.NDArray[Any], rows: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Returns `values[rows]`, with 0 in the places where the row is -1."""
    result = np.zeros((len(rows), *values.shape[1:]), values.dtype)
    result[rows >= 0] = values[rows[rows >= 0]]
    return result
