"""Reads the file `.env`, in which an operator may write settings.

`read_data_folder` and `read_one` find one setting without reading the others. They must be quick.
"""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.errors import MatineeError

TEST_VARIABLES = (
    "MATINEE_SOAK",
    "MATINEE_SHARED",
    "MATINEE_TEST_DATA",
    "MATINEE_TEST_DATABASE",
    "MATINEE_TEST_NOW",
    "MATINEE_TEST_ZONE",
)
"""Variables that only the tests read. They are not reported as unknown settings."""

DATA = "MATINEE_DATA"
SHARDS = "MATINEE_SHARDS"
DEFAULT_DATA = Path("data")


def read_data_folder(environ: Mapping[str, str], env_file: Path) -> Path:
    """Returns the data folder as `read_settings` does, whatever is wrong with other settings."""
    named = read_one(environ, env_file, DATA)
    return Path(named) if named else DEFAULT_DATA


def read_one(environ: Mapping[str, str], env_file: Path, name: str) -> str | None:
    """Returns the text of one setting as `read_settings` finds it; None if it is not set."""
    given = environ.get(name)
    if not given and is_there(env_file):
        given = read_env_file(env_file, []).get(name)
    return given or None


def is_there(path: Path) -> bool:
    """True if there is a `.env` file that this user can reach.

    The folder that the command was typed in may be closed to the bot's user.
    """
    try:
        return path.is_file()
    except OSError:
        return False


def read_env_file(path: Path, problems: list[MatineeError]) -> Mapping[str, str | None]:
    """Returns the names and values in a `.env` file, and adds its mistakes to `problems`.

    The value is None for a name without "=". A line that is no pair may be a token that was pasted
    alone, so a mistake gives only the line's number.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(MatineeError("env-unreadable", file=str(path), cause=str(error)))
        return {}
    pairs: list[str] = []
    for binding in parse_stream(StringIO(text)):
        written = binding.original.string
        if binding.error or (binding.key is not None and binding.value is None):
            blank = written[: len(written) - len(written.lstrip())].count("\n")
            line = binding.original.line + blank
            problems.append(MatineeError("env-no-setting", file=str(path), line=line))
        else:
            pairs.append(written)
    return dotenv_values(stream=StringIO("".join(pairs)))
