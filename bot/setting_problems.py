"""What may be wrong with the names and values of settings, as errors with a key."""

import difflib
from collections.abc import Collection, Iterator, Mapping

from pydantic_core import ErrorDetails

from bot.env_file import TEST_VARIABLES
from bot.errors import MatineeError
from bot.tokens import SECRETS, TOKEN_FORM, may_be_secret

ENVIRONMENT = "environment"
"""The place of variables that are from no file."""


def unknown_settings(
    place: str, pairs: Mapping[str, str | None], names: Collection[str]
) -> Iterator[MatineeError]:
    """Yields a problem for each variable whose name is not that of a setting.

    place: where the variables are from: `ENVIRONMENT`, or a file's path.
    pairs: the variables and their values.
    names: the names of all settings.
    """
    for key in pairs:
        if may_be_secret(key):
            yield MatineeError("token-as-name", place=place)
        elif key not in names and key not in TEST_VARIABLES:
            close = difflib.get_close_matches(key, list(names), n=1)
            near = close[0] if close else None
            yield MatineeError("unknown-setting", name=key, place=place, near=near)


def misplaced_tokens(
    place: str, pairs: Mapping[str, str | None], names: Collection[str]
) -> Iterator[MatineeError]:
    """Yields a problem for each setting that holds the bot's token instead of its own value.

    place: where the variables are from: `ENVIRONMENT`, or a file's path.
    pairs: the variables and their values.
    names: the names of all settings.
    """
    for key, value in pairs.items():
        if key not in SECRETS and key in names and TOKEN_FORM.search(value or ""):
            yield MatineeError("token-misplaced", name=key, place=place)


def bad_value(
    problem: ErrorDetails, variables: Mapping[str, str], own_checks: Collection[str]
) -> MatineeError:
    """Returns what is wrong with the value of a setting. It never holds a secret.

    problem: what pydantic found.
    variables: the environment variable of each field.
    own_checks: keys of the problems that the checks of the settings find.
    """
    field = str(problem["loc"][0]) if problem["loc"] else "?"
    if field == "discord_token":
        return MatineeError("token-in-two")
    name, given = variables.get(field, field), str(problem.get("input"))
    if field == "database_url":  # it may contain a password
        return MatineeError("no-database-url", name=name)
    if may_be_secret(given):
        return MatineeError("long-value", name=name)
    if problem["type"] in own_checks:
        return MatineeError(problem["type"], name=name, given=given)
    return MatineeError("bad-value", name=name, given=given, reason=problem["msg"])
