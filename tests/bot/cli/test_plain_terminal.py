"""Commands print plain characters to a terminal that knows no others."""

from pathlib import Path

import pytest

from tests.bot.command import matinee
from tests.bot.folders import Film, write_csv


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_a_terminal_without_unicode_is_enough(tmp_path: Path, encoding: str) -> None:
    films = [Film(at, f"Zzyzx Ārt 千 {at} (1990)", ("Drama", "War")) for at in range(1, 9)]
    ratings = [
        (person, film, 1 + (person * film) % 5, 900_000_000 + person)
        for person in range(1, 9)
        for film in range(1, 9)
    ]
    folder = write_csv(tmp_path / "set", films, ratings)
    for command in (("doctor", "--offline"), ("explore", "--data", folder), ("--help",)):
        ended = matinee(tmp_path, *command, PYTHONIOENCODING=encoding)
        assert ended.code == 0, ended.err
        assert "UnicodeEncodeError" not in ended.err
        ended.out.encode(encoding)


def test_signs_are_replaced_by_plain_ones(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "doctor", "--offline", cold=True, PYTHONIOENCODING="ascii")
    assert "-> " in ended.out
    assert "?" not in ended.out
