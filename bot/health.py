"""Asks a running bot, from another process, how it is.

The bot listens on a Unix socket in its data folder (`bot/jobs/health.py`). Nothing is written down
that could be out of date: the answer is made when somebody asks, and a bot that has ended or hangs
does not answer. This file imports little, because `matinee healthcheck` runs every half minute.

The asking side sends one line: the seconds that the bot may take. The bot sends one line of JSON
and closes.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import NoAnswer

SOCKET_NAME = "health.sock"
"""The name of the socket of a bot that runs in one process."""
SECONDS = 5.0
"""How long the bot may take to try a write, unless the asking side says otherwise."""
GRACE_SECONDS = 1.0  # for all the rest of an answer
MAX_PATH_BYTES = 100  # a socket's path may have 107 bytes on Linux and 103 on macOS


@dataclass(frozen=True)
class Answer:
    """How a bot is.

    Attributes:
        well: True if Discord's gateway is ready and the database takes writes.
        sentence: the same for people, in the bot's language; if the bot is not well, it says what
            is wrong.
    """

    well: bool
    sentence: str

    def to_line(self) -> bytes:
        """Returns the answer as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"


def of_shards(shards: str | None) -> str:
    """Returns the part of a file's name that differs between processes, such as "-0-3".

    shards: the shards of the process, such as "0-3/16"; None if it has all.
    """
    if shards is None:
        return ""
    first, _, last = "".join(shards.partition("/")[0].split()).partition("-")
    return f"-{first}-{last or first}"


def socket_name(shards: str | None) -> str:
    """Returns the name of the socket of a process. The parameter is that of `of_shards`."""
    stem, _, ending = SOCKET_NAME.rpartition(".")
    return f"{stem}{of_shards(shards)}.{ending}"


def ask(folder: Path, seconds: float = SECONDS, name: str = SOCKET_NAME) -> Answer:
    """Asks the bot that runs on a data folder how it is. Raises NoAnswer if it does not say.

    seconds: how long the bot may take to try a write.
    name: the name of its socket.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise NoAnswer("no-unix-sockets")
    if not folder.is_dir():
        raise NoAnswer("no-data-folder", folder=str(folder))
    try:
        line = _exchange(folder, seconds, name)
    except (FileNotFoundError, ConnectionError):
        raise NoAnswer("no-bot-answers", folder=str(folder)) from None
    except (TimeoutError, BlockingIOError):  # the latter once a hundred askers wait
        raise NoAnswer("bot-hangs", folder=str(folder)) from None
    except OSError as error:
        raise NoAnswer("bot-not-askable", folder=str(folder), cause=str(error)) from None
    if not line.endswith(b"\n"):
        raise NoAnswer("bot-broke-off", folder=str(folder))
    return Answer(**json.loads(line))


def _exchange(folder: Path, seconds: float, name: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as conn, socket_address(folder, name) as address:
        conn.settimeout(seconds + GRACE_SECONDS)
        conn.connect(address)
        conn.sendall(f"{seconds}\n".encode())
        with conn.makefile("rb") as file:
            return file.readline()


@contextmanager
def socket_address(folder: Path, name: str = SOCKET_NAME) -> Iterator[str]:
    """Yields a path of the socket in a data folder that is short enough for the system.

    On Linux a long path is replaced by a short one, which is valid within the block only.

    name: the socket's name in the folder.
    """
    path = folder / name
    if len(os.fsencode(path)) <= MAX_PATH_BYTES or not Path("/proc/self/fd").is_dir():
        yield str(path)
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{number}/{name}"
    finally:
        os.close(number)
