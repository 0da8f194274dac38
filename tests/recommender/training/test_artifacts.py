"""Model folders: written whole, read back the same, and refused with a clear message."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from recommender.data import Query, Vocabulary
from recommender.errors import ArtifactError
from recommender.hybrid.config import FORMER_SETTINGS
from recommender.numeric.arrays import sparse
from recommender.pipeline.recommend import explain_one, recommend
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import array_files, artifacts
from recommender.training.fit import fit
from recommender.training.served_stars import fit_served_stars
from tests.recommender.worlds import NOW, SMALL, catalogue, permuted, ratings, recommender

MODEL = recommender(50, 30)
QUERY = Query(films=[1, 6], stars=[5, 2], hour=20, weekday=2)


def grown(model: Recommender) -> Recommender:
    """Returns the model attached to a catalogue that lost its first film and gained two."""
    old = model.catalogue
    new = catalogue(51, seed=0)
    return artifacts.attach(
        model, replace(new, films=Vocabulary([*old.films.ids_array[1:], 7_001, 7_002]))
    )


def test_round_trip(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path / "models")
    assert folder.name == MODEL.version
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "models.npz"]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    back = artifacts.read(folder, MODEL.catalogue)
    assert recommend(back, QUERY) == recommend(MODEL, QUERY)
    assert (back.version, back.trained_at, back.config) == (MODEL.version, NOW, MODEL.config)
    assert (back.ratings, back.people) == (MODEL.ratings, MODEL.people)


def test_a_folder_of_the_format_before_is_still_read(tmp_path: Path) -> None:
    """Format 2 differs from format 3 in the names of settings alone."""
    folder = artifacts.write(MODEL, tmp_path)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for ranking in (manifest["config"]["ranking"], manifest["planned"]):
        for kind, values in (("RankingConfig", ranking), ("ItemItemConfig", ranking["item"])):
            for former, name in FORMER_SETTINGS[kind].items():
                values[former] = values.pop(name)
    manifest["format"] = 2
    path.write_text(json.dumps(manifest), encoding="utf-8")
    back = artifacts.read(folder, MODEL.catalogue)
    assert back.config == MODEL.config
    assert recommend(back, QUERY) == recommend(MODEL, QUERY)


def test_a_manifest_describes_the_model_without_reading_it(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path, {"why": "no worse", "seconds": {"Fitting": 1.5}})
    manifest = artifacts.manifest(folder)
    assert manifest["record"] == {"why": "no worse", "seconds": {"Fitting": 1.5}}
    assert manifest["fingerprint"] == MODEL.version.rsplit("-", 1)[-1]
    other = artifacts.write(replace(grown(MODEL), version="another"), tmp_path)
    assert artifacts.manifest(other)["vocabulary"] != manifest["vocabulary"]
    assert artifacts.config(folder) == MODEL.config
    artifacts.check(folder)
    (folder / "models.npz").write_bytes(b"moth")
    assert artifacts.config(folder) == MODEL.config
    with pytest.raises(ArtifactError, match="model-file-damaged"):
        artifacts.check(folder)
    (folder / "models.npz").unlink()
    with pytest.raises(ArtifactError, match="model-file-missing"):
        artifacts.check(folder)


def test_writing_twice_leaves_the_first(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    before = (folder / "models.npz").stat().st_mtime_ns
    assert artifacts.write(MODEL, tmp_path) == folder
    assert (folder / "models.npz").stat().st_mtime_ns == before


def test_a_model_without_ratings(tmp_path: Path) -> None:
    model = fit(MODEL.catalogue, None, SMALL, 1, NOW)
    back = artifacts.read(artifacts.write(model, tmp_path), MODEL.catalogue)
    assert back.factors is None
    assert recommend(back, QUERY) == recommend(model, QUERY)


def test_the_rating_model_is_kept_and_a_folder_without_one_is_read(tmp_path: Path) -> None:
    stars = fit_served_stars(MODEL.catalogue, ratings(MODEL.catalogue, 30), 3)
    model = replace(MODEL, stars=stars)
    assert stars is not None
    place = stars.fold_in(QUERY)
    back = artifacts.read(artifacts.write(model, tmp_path / "with"), MODEL.catalogue).stars
    assert back is not None
    films = np.arange(-1, 50)
    there, here = (each.predict_place(each.fold_in(QUERY), films) for each in (stars, back))
    assert np.allclose(there.expected, here.expected)
    assert np.allclose(there.spread, here.spread)
    later = grown(model).stars
    assert later is not None
    moved = later.predict_place(place, [-1, *range(49), 50]).expected
    assert np.allclose(moved[1:-1], there.expected[2:51])
    assert moved[-1] == pytest.approx(moved[0]), "nothing is known of a film that came later"
    without = artifacts.read(artifacts.write(MODEL, tmp_path / "without"), MODEL.catalogue)
    assert without.stars is None
    assert fit_served_stars(MODEL.catalogue, ratings(MODEL.catalogue, 0), 3) is None


def test_the_catalogue_may_have_another_order(tmp_path: Path) -> None:
    order = np.random.default_rng(2).permutation(50)
    folder = artifacts.write(MODEL, tmp_path)
    back = artifacts.read(folder, permuted(MODEL.catalogue, order))
    moved = replace(QUERY, films=np.argsort(order)[QUERY.films])
    assert np.allclose(back.score(moved)[np.argsort(order)], MODEL.score(QUERY), atol=1e-5)


def test_films_may_have_come_and_gone(tmp_path: Path) -> None:
    model = grown(MODEL)
    assert model.factors is not None
    assert not model.factors.rated[-2:].any()
    assert np.array_equal(model.popularity.count[:-2], MODEL.popularity.count[1:])
    answer = recommend(model, QUERY, 30)
    for pick in answer.picks:
        assert sum(part.amount for part in pick.parts) == pytest.approx(pick.score, rel=1e-5)
    assert np.isfinite(explain_one(model, QUERY, 50).score)
    read = artifacts.read(artifacts.write(MODEL, tmp_path), model.catalogue)
    assert recommend(read, QUERY, 30) == answer


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat the arrays of a small world as large."""
    monkeypatch.setattr(array_files, "LARGE_ARRAY_BYTES", 2000)


@pytest.mark.usefixtures("large")
def test_large_arrays_are_mapped_into_memory(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    assert (folder / "item_weights.npy").is_file()
    back = artifacts.read(folder, MODEL.catalogue)
    assert back.ranking.item is not None
    assert mapped(back.ranking.item.weights.data)
    assert mapped(back.ranking.item.weights.indices)
    assert recommend(back, QUERY) == recommend(MODEL, QUERY)
    grown_too = artifacts.read(folder, grown(MODEL).catalogue)
    assert recommend(grown_too, QUERY, 30) == recommend(grown(MODEL), QUERY, 30)


def mapped(array: np.ndarray) -> bool:
    """Returns True if an array is mapped from a file."""
    base: object = array
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            return True
        base = base.base
    return False


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("change", ["gone", "torn", "other"])
def test_a_large_array_that_is_damaged_is_refused(tmp_path: Path, change: str) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    path = folder / "item_weights.npy"
    data = path.read_bytes()
    path.unlink()
    if change != "gone":
        path.write_bytes(data[:-100] if change == "torn" else data[:-4] + b"\x00\x01\x02\x03")
    with pytest.raises(ArtifactError, match=r"file-missing .*item_weights.npy|file-damaged"):
        artifacts.read(folder, MODEL.catalogue)


def test_a_manifest_may_not_name_files_elsewhere(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path / "models")
    np.save(tmp_path / "else.npy", np.zeros(3))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"] = {**manifest["sha256"], "../../else.npy": "0"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(
        ArtifactError,
        match=r"model-folder-wrong|model-file-(missing|damaged)",
    ):
        artifacts.read(folder, MODEL.catalogue)


def test_settings_come_back_as_they_were() -> None:
    kept = json.loads(json.dumps(asdict(SMALL)))
    assert artifacts.settings_from(Config, kept) == SMALL
    for broken in ({}, kept | {"more": 1}, kept | {"variety": {}}):
        with pytest.raises(ValueError, match="not the settings"):
            artifacts.settings_from(Config, broken)


@pytest.mark.parametrize("name", ["manifest.json", "models.npz"])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    (folder / name).unlink()
    with pytest.raises(
        ArtifactError,
        match=r"model-folder-wrong|model-file-(missing|damaged)",
    ):
        artifacts.read(folder, MODEL.catalogue)


def test_a_changed_byte_is_refused(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    data = bytearray((folder / "models.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "models.npz").write_bytes(bytes(data))
    with pytest.raises(ArtifactError, match="model-file-damaged"):
        artifacts.read(folder, MODEL.catalogue)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "model-newer"),
        ({"format": 1}, "model-older"),
        ({"format": None}, "model-format-missing"),
        ({"config": {}}, "model-folder-wrong"),
        ({"planned": None}, "model-folder-wrong"),
        ({"sha256": 5}, "model-folder-wrong"),
        ({"tail_margin": None}, "model-folder-wrong"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    tmp_path: Path, change: dict, message: str
) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | change))
    with pytest.raises(ArtifactError, match=message):
        artifacts.read(folder, MODEL.catalogue)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_torn_manifest_is_refused(tmp_path: Path, text: str) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ArtifactError):
        artifacts.read(folder, MODEL.catalogue)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(ArtifactError, match="model-not-written"):
        artifacts.write(MODEL, tmp_path / "models")


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="model-file-missing"):
        artifacts.read(tmp_path / "gone", MODEL.catalogue)


def test_tags_come_from_the_catalogue_at_hand(tmp_path: Path) -> None:
    folder = artifacts.write(MODEL, tmp_path)
    bare = replace(MODEL.catalogue, tags=sparse(np.zeros((50, 20), np.float32)))
    assert not artifacts.read(folder, bare).tags.tagged.any()
