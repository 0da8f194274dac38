"""The bot's token: where operators write it, and which texts may be it and so are never printed."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

TOKEN = "DISCORD_TOKEN"
TOKEN_FILE = "DISCORD_TOKEN_FILE"
"""Names a file that holds the token, as containers and systemd hand over secrets."""
MAX_PRINTED = 40  # characters; a longer value may be a token, and is not repeated
TOKEN_FORM = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{18,}")  # as Discord makes tokens


def may_be_secret(text: str) -> bool:
    """True for a text that may be a token or a part of one, and so is never printed."""
    return len(text) > MAX_PRINTED or bool(TOKEN_FORM.search(text))


def read_token_file(
    places: Sequence[Mapping[str, str | None]], problems: list[str]
) -> Mapping[str, str | None]:
    """Returns DISCORD_TOKEN with what is in the file that DISCORD_TOKEN_FILE names, if it is set.

    What is wrong is added to `problems`, one sentence each. None repeats what is in the file.

    places: the variables of each place that settings are read from; the first that sets one wins.
    """
    given = {key: value for pairs in reversed(places) for key, value in pairs.items() if value}
    named = given.get(TOKEN_FILE)
    if named is None or TOKEN_FORM.search(named):  # the latter is reported as a misplaced token
        return {}
    if given.get(TOKEN):
        problems.append(f"{TOKEN} and {TOKEN_FILE} are both set; keep one of them.")
        return {}
    # A token has no slash, so a long value with one is a path.
    shown = named if os.sep in named or not may_be_secret(named) else "a long value"
    try:
        token = Path(named).read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        problems.append(f"{TOKEN_FILE} is {shown}: that file holds no text; put the token in it.")
        return {}
    except (OSError, ValueError) as error:  # ValueError: no system has such a path
        why = error.strerror if isinstance(error, OSError) else error
        problems.append(
            f"{TOKEN_FILE} is {shown}, which cannot be read ({why}); name a file that holds the "
            "token and that this user may read."
        )
        return {}
    if not token:
        problems.append(f"{TOKEN_FILE} is {shown}, which is empty; put the bot's token in it.")
    return {TOKEN: token}
