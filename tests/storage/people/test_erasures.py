"""The list of deletions: it knows whose data were deleted when, and tells nobody else."""

import stat
from pathlib import Path

from storage.people.erasures import KEY_NAME, LIST_NAME, Erasures
from tests.storage.samples import ANN, BEN, NOW, later


def test_the_list_survives_and_holds_no_id(tmp_path: Path) -> None:
    erasures = Erasures(tmp_path)
    assert not list(tmp_path.iterdir()), "nothing is written before the first deletion"
    assert not erasures.covers(ANN, NOW)
    erasures.add(ANN, NOW)
    erasures.add(ANN, later(5))
    again = Erasures(tmp_path)
    for known in (erasures, again):
        assert len(known) == 1
        assert known.at(ANN) == later(5)
        assert known.covers(ANN, later(5))
        assert not known.covers(ANN, later(6)), "they may come back"
        assert known.at(BEN) is None
        assert known.among([ANN, BEN]) == {ANN: later(5)}
    for path in (tmp_path / LIST_NAME, tmp_path / KEY_NAME):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert str(ANN).encode() not in path.read_bytes()


def test_a_clock_that_goes_back_takes_no_deletion_back(tmp_path: Path) -> None:
    erasures = Erasures(tmp_path)
    erasures.add(ANN, later(5))
    erasures.add(ANN, NOW)
    assert Erasures(tmp_path).at(ANN) == later(5)


def test_a_half_written_line_spoils_nothing(tmp_path: Path) -> None:
    Erasures(tmp_path).add(ANN, NOW)
    with (tmp_path / LIST_NAME).open("ab") as file:
        file.write(b"0123456789abcd")
    erasures = Erasures(tmp_path)
    assert erasures.at(ANN) == NOW
    erasures.add(BEN, later(1))
    assert Erasures(tmp_path).at(BEN) == later(1)


def test_without_its_key_the_list_knows_nobody_and_says_so(tmp_path: Path) -> None:
    Erasures(tmp_path).add(ANN, NOW)
    (tmp_path / KEY_NAME).unlink()
    erasures = Erasures(tmp_path)
    assert erasures.lacks_key
    assert erasures.at(ANN) is None
    erasures.add(ANN, later(1))
    assert not erasures.lacks_key
    assert Erasures(tmp_path).at(ANN) == later(1)
