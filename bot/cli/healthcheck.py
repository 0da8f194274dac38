"""`matinee healthcheck`: says in one sentence whether the running bot is well.

Containers and monitors run it often, so it imports almost nothing (`bot/__main__.py`).
"""

import os
import sys
from pathlib import Path

from bot.env_file import read_data_folder
from bot.health import SECONDS, ask


def healthcheck(seconds: float = SECONDS) -> int:
    """Prints how the bot on the data folder is. Returns the exit status, 0 if it is well.

    seconds: how long the bot may take to try a write.
    """
    answer = ask(read_data_folder(os.environ, Path(".env")), seconds)
    print(answer.sentence, file=sys.stdout if answer.well else sys.stderr)
    return 0 if answer.well else 1
