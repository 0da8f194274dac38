"""`matinee healthcheck`: says in one sentence whether the running bot is well.

Containers and monitors run it often, so it imports almost nothing (`bot/__main__.py`).
"""

import os
import sys
from pathlib import Path

from bot.env_file import SHARDS, read_data_folder, read_one
from bot.errors import NoAnswer
from bot.health import SECONDS, Answer, ask, socket_name
from bot.wording.cli.health import no_answer


def healthcheck(seconds: float = SECONDS) -> int:
    """Prints how the bot on the data folder is. Returns the exit status, 0 if it is well.

    seconds: how long the bot may take to try a write.
    """
    try:
        env_file = Path(".env")
        name = socket_name(read_one(os.environ, env_file, SHARDS))
        answer = ask(read_data_folder(os.environ, env_file), seconds, name)
    except NoAnswer as error:
        answer = Answer(False, no_answer(error))
    print(answer.sentence, file=sys.stdout if answer.well else sys.stderr)
    return 0 if answer.well else 1
