"""Fitted models as versioned folders: `<root>/<version>/manifest.json` and `models.npz`.

No pickle: arrays only, with a checksum, and a format number so that a newer folder is refused in
words. A folder is written beside its place and renamed into it, and never edited. What the
catalogue alone decides (tags, dayparts) is not stored: `read` fits it anew to the catalogue at
hand, and moves everything else to that catalogue's rows by film id.
"""

import hashlib
import io
import json
import os
import shutil
import zipfile
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.context import fit_context
from recommender.data import Catalogue, Vocabulary
from recommender.diversity import VarietyConfig
from recommender.factorization import AlsConfig, FactorModel
from recommender.hybrid import BlendConfig
from recommender.pipeline import Config, Recommender
from recommender.popularity import Popularity, PopularityConfig, praise_units
from recommender.tags import fit_tags

FORMAT = 1
MANIFEST, ARRAYS = "manifest.json", "models.npz"


class ArtifactError(Exception):
    """A model folder cannot be used; str() is one sentence saying why and what to do."""


def write(model: Recommender, root: Path) -> Path:
    """Write a model into `root / model.version` and return that folder. A version that is there
    already is left as it is. Raises ArtifactError where the disk refuses."""
    folder = root / model.version
    if folder.is_dir():
        return folder
    beside = root / f".{model.version}.{os.getpid()}.part"
    data = _pack(model)
    manifest = {
        "format": FORMAT,
        "version": model.version,
        "trained_at": model.trained_at.isoformat(),
        "ratings": model.ratings,
        "people": model.people,
        "films": len(model.catalogue),
        "config": asdict(model.config),
        "placed": None if model.factors is None else model.factors.placed,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    try:
        beside.mkdir(parents=True, exist_ok=True)
        text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
        for name, content in ((ARRAYS, data), (MANIFEST, text.encode())):
            with (beside / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
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

    Raises ArtifactError where the folder is missing, damaged, or of a newer format.
    """
    manifest = _manifest(folder)
    try:
        data = (folder / ARRAYS).read_bytes()
    except OSError as error:
        raise ArtifactError(f"{folder.name} lacks {ARRAYS}; {_REMEDY}") from error
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise ArtifactError(f"{folder.name}/{ARRAYS} is damaged; {_REMEDY}")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            stored = {name: arrays[name] for name in arrays.files}
        return _unpack(manifest, stored, catalogue)
    except (KeyError, TypeError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise ArtifactError(f"{folder.name} does not hold what it should; {_REMEDY}") from error


def check(folder: Path) -> None:
    """Look a model folder over without reading the model: there, whole, of a format known here.
    Raises ArtifactError."""
    manifest = _manifest(folder)
    try:
        data = (folder / ARRAYS).read_bytes()
    except OSError as error:
        raise ArtifactError(f"{folder.name} lacks {ARRAYS}; {_REMEDY}") from error
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise ArtifactError(f"{folder.name}/{ARRAYS} is damaged; {_REMEDY}")


def attach(model: Recommender, catalogue: Catalogue) -> Recommender:
    """The same model over another catalogue's rows, matched by film id."""
    rows = model.catalogue.films.rows(catalogue.films.ids_array)
    known = rows >= 0
    count = _moved(model.popularity.count, rows, known)
    total = _moved(model.popularity.total, rows, known)
    return replace(
        model,
        catalogue=catalogue,
        popularity=replace(
            model.popularity, count=count, total=total, praise=praise_units(catalogue)
        ),
        tags=fit_tags(catalogue),
        factors=None if model.factors is None else _moved_factors(model.factors, rows, known),
        context=fit_context(catalogue),
    )


_REMEDY = "remove the folder and train again, or roll back to another version."


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError(f"{folder.name} holds no {MANIFEST}; {_REMEDY}") from error
    except ValueError as error:
        raise ArtifactError(f"{folder.name}/{MANIFEST} is damaged; {_REMEDY}") from error
    form = manifest.get("format") if isinstance(manifest, dict) else None
    if not isinstance(form, int) or form < 1:
        raise ArtifactError(f"{folder.name}/{MANIFEST} names no format; {_REMEDY}")
    if form > FORMAT:
        raise ArtifactError(
            f"{folder.name} was written by a newer Matinee (format {form}, this one reads up to "
            f"{FORMAT}); update Matinee, or train again."
        )
    return dict(manifest)


def _pack(model: Recommender) -> bytes:
    arrays: dict[str, npt.NDArray[Any]] = {
        "films": model.catalogue.films.ids_array,
        "count": model.popularity.count,
        "total": model.popularity.total,
    }
    if model.factors is not None:
        arrays |= {
            "factors": model.factors.films,
            "rated": model.factors.rated,
            "gram": model.factors.gram,
        }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _unpack(
    manifest: dict[str, Any], stored: dict[str, npt.NDArray[Any]], catalogue: Catalogue
) -> Recommender:
    chosen = manifest["config"]
    config = Config(
        als=AlsConfig(**chosen["als"]),
        popularity=PopularityConfig(**chosen["popularity"]),
        blend=BlendConfig(**chosen["blend"]),
        variety=VarietyConfig(**chosen["variety"]),
        clock=float(chosen["clock"]),
    )
    trained = Vocabulary(stored["films"])
    rows = trained.rows(catalogue.films.ids_array)
    known = rows >= 0
    factors = None
    if "factors" in stored:
        if stored["factors"].shape != (len(trained), config.als.factors):
            raise ValueError("the factors have another shape")
        as_trained = FactorModel(
            stored["factors"].astype(np.float32),
            stored["rated"].astype(bool),
            stored["gram"].astype(np.float64),
            np.zeros(config.als.factors),
            int(manifest["placed"]),
            config.als,
        )
        factors = _moved_factors(as_trained, rows, known)
    return Recommender(
        version=str(manifest["version"]),
        trained_at=datetime.fromisoformat(manifest["trained_at"]),
        ratings=int(manifest["ratings"]),
        people=int(manifest["people"]),
        catalogue=catalogue,
        popularity=Popularity(
            _moved(stored["count"], rows, known),
            _moved(stored["total"], rows, known),
            praise_units(catalogue),
            config.popularity,
        ),
        tags=fit_tags(catalogue),
        factors=factors,
        context=fit_context(catalogue),
        config=config,
    )


def _moved(
    values: npt.NDArray[Any], rows: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]
) -> npt.NDArray[Any]:
    """`values` in the order of `rows`, zero where a film is not known."""
    moved = np.zeros((len(rows), *values.shape[1:]), values.dtype)
    moved[known] = values[rows[known]]
    return moved


def _moved_factors(
    factors: FactorModel, rows: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]
) -> FactorModel:
    films = _moved(factors.films, rows, known)
    rated = _moved(factors.rated, rows, known)
    wide = films[rated].astype(np.float64)
    mean = wide.mean(axis=0) if len(wide) else np.zeros(films.shape[1])
    return replace(factors, films=films, rated=rated, mean=mean)
