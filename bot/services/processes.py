"""What processes that the bot starts get: the same code, and no secrets."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot.tokens import SECRETS

ROOT = Path(__file__).resolve().parents[2]
"""The folder that has the packages `bot`, `recommender` and `storage`."""


def environment() -> Mapping[str, str]:
    """Returns the environment variables of a process that computes something for the bot.

    They are those of this process with a Python path to the same code. Variables of Discord, and
    the keys of other services, are left out: no such process needs them, and some read files of
    strangers.
    """
    secret = (*SECRETS, *SECRETS.values())
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in secret and not name.startswith("DISCORD_")
    }
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}
