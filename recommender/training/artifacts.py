"""Fitted models as versioned folders: `<root>/<version>/manifest.json` and `models.npz`.

No pickle: arrays only, with checksums, and a format number so that a folder of another format is
refused in words. Large arrays stand beside the others in files of their own, which are mapped into
memory and not read into it. A folder is written beside its place and renamed into it, and never
edited. What the catalogue alone decides (tags, dayparts) is not stored: `read` fits it anew to the
catalogue at hand, and moves everything else to that catalogue's rows by film id, and what was
learned of moments to its genres and tags by name. A folder from before that was learned holds none
of it and reads as before.
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

from recommender.context import lift
from recommender.context.editorial import fit_context
from recommender.context.lift import LiftModel
from recommender.data import Catalogue, Vocabulary
from recommender.errors import ArtifactError
from recommender.hybrid.config import FORMER_SETTINGS, RankingConfig
from recommender.hybrid.serialize import arrays, from_arrays, move_ranking
from recommender.models.popularity import Popularity, praise_units
from recommender.models.tags import fit_tags
from recommender.numeric.system import partial_path, sync
from recommender.pipeline.long_tail import LongTailPlace, long_tail_by_count
from recommender.pipeline.recommender import Config, Recommender

FORMAT = 3
OLDEST_FORMAT = 2  # that can still be read: settings had other names then
MANIFEST, ARRAYS = "manifest.json", "models.npz"
LARGE = 1 << 20  # bytes from which an array stands in a file of its own

Made = TypeVar("Made")


def write(model: Recommender, root: Path, record: Mapping[str, Any] | None = None) -> Path:
    """Write a model into `root / model.version` and return that folder. A version that is there
    already is left as it is. record: what else the manifest keeps, as JSON can. Raises
    ArtifactError where the disk refuses."""
    folder = root / model.version
    if folder.is_dir():
        return folder
    beside = partial_path(folder)
    try:
        beside.mkdir(parents=True, exist_ok=True)
        sums = _write_arrays(model, beside)
        told = {
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
        text = json.dumps(told, indent=2, sort_keys=True) + "\n"
        (beside / MANIFEST).write_text(text, encoding="utf-8")
        _settle(beside / MANIFEST)
        beside.rename(folder)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        if folder.is_dir():  # another process was faster with the same version
            return folder
        raise ArtifactError(
            f"The model could not be written to {folder} ({error.strerror}); check the disk's "
            "space and permissions."
        ) from error
    return folder


def read(folder: Path, catalogue: Catalogue) -> Recommender:
    """Read a model and attach it to a catalogue, which may have gained or lost films since: films
    new to the model are scored by tags and popularity alone.

    Raises ArtifactError where the folder is missing, damaged, or of another format.
    """
    found = manifest(folder)
    try:
        stored = _read_arrays(folder, found["sha256"])
        return _unpack(found, stored, catalogue)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}") from error


def check(folder: Path) -> None:
    """Look a model folder over without reading the model: there, whole, of a format known here.
    Raises ArtifactError."""
    sums = manifest(folder).get("sha256")
    if not isinstance(sums, dict) or ARRAYS not in sums:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}")
    for name, expected in sums.items():
        _checked(folder, name, expected)


def config(folder: Path) -> Config:
    """How the model in a folder was fitted. Raises ArtifactError."""
    found = manifest(folder)
    try:
        return built(Config, found["config"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}") from error


def attach(model: Recommender, catalogue: Catalogue) -> Recommender:
    """The same model over another catalogue's rows, matched by film id."""
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
        ranking=move_ranking(model.ranking, popularity, fit_tags(catalogue), rows),
        long_tail=LongTailPlace(long_tail_by_count(popularity.count), model.long_tail.margin),
        context=fit_context(catalogue),
        lift=lift.from_arrays(lift.arrays(model.lift), lift.features_of(catalogue)),
    )


_REMEDY = "remove the folder and train again, or roll back to another version."


def manifest(folder: Path) -> dict[str, Any]:
    """What a folder says of its model. Raises ArtifactError where it is missing, damaged, or of
    another format."""
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
    """Write every array, and return the checksum of each file by its name."""
    held: dict[str, npt.NDArray[Any]] = {
        "films": model.catalogue.films.ids_array,
        "count": model.popularity.count,
        "total": model.popularity.total,
        **arrays(model.ranking),
        **lift.arrays(model.lift),
    }
    large = {name: array for name, array in held.items() if array.nbytes >= LARGE}
    small = {name: array for name, array in held.items() if name not in large}
    with (folder / ARRAYS).open("wb") as file:
        np.savez(file, allow_pickle=False, **small)
    for name, array in large.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    files = [ARRAYS, *(f"{name}.npy" for name in large)]
    for name in files:
        _settle(folder / name)
    return {name: _sum(folder / name) for name in files}


def _read_arrays(folder: Path, sums: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """Every array by name, the large ones mapped into memory."""
    stored: dict[str, npt.NDArray[Any]] = {}
    for name, expected in sums.items():
        path = _checked(folder, name, expected)
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


def _checked(folder: Path, name: str, expected: str) -> Path:
    """The file of that name in a folder, which is there and whole."""
    path = folder / name
    try:
        whole = path.parent == folder and _sum(path) == expected
    except OSError as error:
        raise ArtifactError(f"{folder.name} lacks {name}; {_REMEDY}") from error
    if not whole:
        raise ArtifactError(f"{folder.name}/{name} is damaged; {_REMEDY}")
    return path


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(path: Path) -> None:
    """See to it that what was written is on the disk."""
    with path.open("rb+") as file:
        sync(file)


def _unpack(
    manifest: dict[str, Any], stored: dict[str, npt.NDArray[Any]], catalogue: Catalogue
) -> Recommender:
    config = built(Config, manifest["config"])
    planned = built(RankingConfig, manifest["planned"])
    rows = Vocabulary(stored["films"]).rows(catalogue.films.ids_array)
    popularity = Popularity(
        _moved(stored["count"], rows),
        _moved(stored["total"], rows),
        praise_units(catalogue),
        planned.popularity,
    )
    learned = LiftModel(lift.features_of(catalogue))
    if "lift" in stored:
        learned = lift.from_arrays(stored, learned.features)
    ranking = from_arrays(stored, popularity, fit_tags(catalogue), planned, rows)
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


def built(kind: type[Made], values: Mapping[str, Any]) -> Made:
    """A dataclass, and those within it, from what `asdict` made of it and JSON kept. Raises
    ValueError where anything is missing or too much."""
    former = FORMER_SETTINGS.get(kind.__name__, {})
    values = {former.get(name, name): value for name, value in values.items()}
    if not is_dataclass(kind) or set(values) != {field.name for field in fields(kind)}:
        raise ValueError(f"these are not the settings of a {kind.__name__}")
    hints = get_type_hints(kind)
    made = {}
    for name, value in values.items():
        if is_dataclass(hints[name]):
            made[name] = built(hints[name], value)
        else:
            made[name] = tuple(value) if isinstance(value, list) else value
    return kind(**made)


def _moved(values: npt.NDArray[Any], rows: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """`values` in the order of `rows`, zero where a row is -1."""
    result = np.zeros((len(rows), *values.shape[1:]), values.dtype)
    result[rows >= 0] = values[rows[rows >= 0]]
    return result
