"""Stores fitted models as versioned folders: `<root>/<version>/manifest.json` and `models.npz`.

A folder holds arrays only, never pickles. It has checksums, so that damage is noticed, and a format
number, so that a folder of an unknown format is refused with a clear message. Large arrays have
their own files, which are mapped into memory instead of being read. A folder is written under a
temporary name, renamed, and never edited.

What follows from the catalogue alone is not stored: the tag model, and the hand-written effects of
the time of day on films (editorial tilts). `read` fits both to the catalogue that it is given. It
moves the stored arrays to the rows of that catalogue by film id. The learned effects of time and
mood (lifts) belong to genres and tags, which `read` finds by name. Older folders without lifts can
still be read; their models have no lifts.
"""

import hashlib
import json
import shutil
import zipfile
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
from recommender.numeric.system import partial_path, sync
from recommender.pipeline.long_tail import LongTailPlace, long_tail_by_count
from recommender.pipeline.recommender import Config, Recommender

FORMAT = 3
OLDEST_FORMAT = 2  # the oldest format that can be read; some of its settings have other names
MANIFEST, ARRAYS = "manifest.json", "models.npz"
LARGE_ARRAY_BYTES = 1 << 20  # size from which an array has its own file

_REMEDY = "remove the folder and train again, or roll back to another version."

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
        sums = _write_arrays(model, partial)
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
        _sync(partial / MANIFEST)
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if folder.is_dir():  # another process was faster with the same version
            return folder
        raise ArtifactError(
            f"The model could not be written to {folder} ({error.strerror}); check the disk's "
            "space and permissions."
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
        stored = _read_arrays(folder, found["sha256"])
        return _unpack(found, stored, catalogue)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}") from error


def check(folder: Path) -> None:
    """Checks that a model folder is complete and undamaged, without reading the model.

    Raises ArtifactError if the folder is missing, damaged, or of an unknown format.
    """
    sums = manifest(folder).get("sha256")
    if not isinstance(sums, dict) or ARRAYS not in sums:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}")
    for name, expected in sums.items():
        _checked_path(folder, name, expected)


def config(folder: Path) -> Config:
    """Returns the settings that the model in a folder was fitted with.

    Raises ArtifactError if the folder is missing, damaged, or of an unknown format.
    """
    found = manifest(folder)
    try:
        return settings_from(Config, found["config"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}") from error


def attach(model: Recommender, catalogue: Catalogue) -> Recommender:
    """Returns the same model for another catalogue. Films are matched by their ids."""
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
    )


def manifest(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a model folder: its format, settings, sizes and checksums.

    Raises ArtifactError if it is missing, damaged, or of an unknown format.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError(f"{folder.name} holds no {MANIFEST}; {_REMEDY}") from error
    except ValueError as error:
        raise ArtifactError(f"{folder.name}/{MANIFEST} is damaged; {_REMEDY}") from error
    form = found.get("format") if isinstance(found, dict) else None
    if not isinstance(form, int) or form < 1:
        raise ArtifactError(f"{folder.name}/{MANIFEST} names no format; {_REMEDY}")
    if not OLDEST_FORMAT <= form <= FORMAT:
        other = "a newer" if form > FORMAT else "an older"
        raise ArtifactError(
            f"{folder.name} was written by {other} Matinee (format {form}, this one reads "
            f"{FORMAT}); {'update Matinee, or ' if form > FORMAT else ''}train again."
        )
    return dict(found)


def _write_arrays(model: Recommender, folder: Path) -> dict[str, str]:
    """Writes every array, and returns the checksum of each file by its name."""
    stored: dict[str, npt.NDArray[Any]] = {
        "films": model.catalogue.films.ids_array,
        "count": model.popularity.count,
        "total": model.popularity.total,
        **arrays(model.ranking),
        **lift_arrays(model.lift),
    }
    large = {name: array for name, array in stored.items() if array.nbytes >= LARGE_ARRAY_BYTES}
    small = {name: array for name, array in stored.items() if name not in large}
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, allow_pickle=False, **small)
    for name, array in large.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    files = [ARRAYS, *(f"{name}.npy" for name in large)]
    for name in files:
        _sync(folder / name)
    return {name: _checksum(folder / name) for name in files}


def _read_arrays(folder: Path, sums: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """Returns every array by name. Large arrays are mapped into memory.

    sums: expected checksum of each file by its name.
    """
    stored: dict[str, npt.NDArray[Any]] = {}
    for name, expected in sums.items():
        path = _checked_path(folder, name, expected)
        try:
            if name != ARRAYS:
                stored[path.stem] = np.load(path, mmap_mode="r", allow_pickle=False)
                continue
            with np.load(path, allow_pickle=False) as small:
                stored |= {each: small[each] for each in small.files}
        except OSError as error:
            raise ArtifactError(f"{folder.name} lacks {name}; {_REMEDY}") from error
        except zipfile.BadZipFile as error:
            raise ArtifactError(f"{folder.name}/{name} is damaged; {_REMEDY}") from error
    return stored


def _checked_path(folder: Path, name: str, expected: str) -> Path:
    """Returns the path of a file in a model folder.

    Raises ArtifactError if the file is missing or does not have the expected checksum.
    """
    path = folder / name
    try:
        whole = path.parent == folder and _checksum(path) == expected
    except OSError as error:
        raise ArtifactError(f"{folder.name} lacks {name}; {_REMEDY}") from error
    if not whole:
        raise ArtifactError(f"{folder.name}/{name} is damaged; {_REMEDY}")
    return path


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Waits until a written file has reached the disk."""
    with path.open("rb+") as file:
        sync(file)


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
    )


def settings_from(kind: type[ConfigT], values: Mapping[str, Any]) -> ConfigT:
    """Returns the settings whose `dataclasses.asdict` was stored as JSON.

    kind: the dataclass of the settings, which may have further dataclasses as fields. Older names
    of settings are understood. Raises ValueError if a setting is missing or unknown.
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
    """Returns `values[rows]`, but 0 for rows of -1."""
    result = np.zeros((len(rows), *values.shape[1:]), values.dtype)
    result[rows >= 0] = values[rows[rows >= 0]]
    return result
