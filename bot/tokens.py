"""The bot's token: where operators write it, and which texts may be it and so are never printed."""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bot.errors import MatineeError

TOKEN = "DISCORD_TOKEN"
TOKEN_FILE = "DISCORD_TOKEN_FILE"
DATABASE_URL = "MATINEE_DATABASE_URL"
SECRETS = {
    TOKEN: TOKEN_FILE,
    DATABASE_URL: f"{DATABASE_URL}_FILE",
    "MATINEE_TMDB_TOKEN": "MATINEE_TMDB_TOKEN_FILE",
}
"""Settings that are secret -> the setting that names a file with the secret, as containers and
systemd hand over secrets.
"""
MAX_PRINTED = 40  # characters; a longer value may be a token, and is not repeated
TOKEN_FORM = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{18,}")  # as Discord makes tokens


def may_be_secret(text: str) -> bool:
    """True for a text that may be a token or a part of one, and so is never printed."""
    return len(text) > MAX_PRINTED or bool(TOKEN_FORM.search(text))


def read_secret_files(
    places: Sequence[Mapping[str, str | None]], problems: list[MatineeError]
) -> Mapping[str, str | None]:
    """Returns each secret setting with what is in its file, if such a file is named.

    What is wrong is added to `problems`. None of them repeats what is in a file.

    places: the variables of each place that settings are read from; the first that sets one wins.
    """
    given = {key: value for pairs in reversed(places) for key, value in pairs.items() if value}
    found: dict[str, str | None] = {}
    for name in SECRETS:
        found |= _read_secret(name, given, problems)
    return found


def misplaced_tokens(
    place: str, pairs: Mapping[str, str | None], names: Collection[str]
) -> Iterator[MatineeError]:
    """Yields a problem for each setting that holds the bot's token instead of its own value.

    place: where the variables are from: "environment", or a file's path.
    pairs: the variables and their values.
    names: every variable that an operator may set.
    """
    for key, value in pairs.items():
        if key not in SECRETS and key in names and TOKEN_FORM.search(value or ""):
            yield MatineeError("token-misplaced", name=key, place=place)


def _read_secret(
    name: str, given: Mapping[str, str], problems: list[MatineeError]
) -> Mapping[str, str | None]:
    """Returns one secret setting with what is in its file, if such a file is named.

    given: the variables that are set.
    """
    setting = SECRETS[name]
    named = given.get(setting)
    if named is None or TOKEN_FORM.search(named):  # the latter is reported as a misplaced token
        return {}
    if given.get(name):
        problems.append(MatineeError("token-set-twice", name=name, setting=setting))
        return {}
    # A token has no slash, so a long value with one is a path.
    shown = named if os.sep in named or not may_be_secret(named) else "…"
    try:
        token = Path(named).read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        problems.append(MatineeError("token-file-not-text", name=setting, file=shown))
        return {}
    except (OSError, ValueError) as error:  # ValueError: no system has such a path
        cause = error.strerror if isinstance(error, OSError) else str(error)
        problems.append(
            MatineeError("token-file-unreadable", name=setting, file=shown, cause=cause)
        )
        return {}
    if not token:
        problems.append(MatineeError("token-file-empty", name=setting, file=shown))
    return {name: token}
