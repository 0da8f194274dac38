"""Forks commands from a process that has loaded the libraries and most of Matinee.

A short command spends most of its time loading numpy, SQLAlchemy, discord.py and others.
`tests/bot/command.py` runs this file as a script. For each command the script reads a line of JSON
and forks. The new process then does what `python -m bot ARGUMENTS` does in the given folder and
environment. The script answers with the id of the process, then with its exit status. It ends when
its input closes.

Its argument is the folder of Matinee's packages. Without one, only the libraries are loaded, and
commands load Matinee from the folder that they name.
"""

import gc
import importlib
import json
import multiprocessing
import os
import pkgutil
import runpy
import sys
from pathlib import Path
from typing import Any

LIBRARIES = (
    "aiohttp",
    "aiohttp.web",
    "aiosqlite",
    "alembic.command",
    "alembic.autogenerate",
    "asyncio",
    "discord.ext.commands",
    "jinja2",
    "numpy",
    "prometheus_client",
    "pydantic_settings",
    "rapidfuzz",
    "rich.logging",
    "rich.progress",
    "rich.table",
    "scipy.sparse.linalg",
    "scipy.special",
    "scipy.stats",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "sqlalchemy.ext.asyncio",
    "threadpoolctl",
    "typer",
)


def command(wanted: dict[str, Any]) -> None:
    """Turns a fresh fork into the process that was asked for, and runs its command."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, wanted["out"], os.O_WRONLY),
        (2, wanted["err"], os.O_WRONLY),
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(wanted["env"])
    encoding, _, errors = wanted["env"].get("PYTHONIOENCODING", "utf-8").partition(":")
    sys.stdout.reconfigure(encoding=encoding, errors=errors or "strict")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding=encoding)  # type: ignore[union-attr]
    os.chdir(wanted["cwd"])
    sys.argv = ["bot", *wanted["arguments"]]
    sys.path[:0] = [wanted["cwd"], wanted["code"]]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def load_matinee(code: Path) -> None:
    """Loads the modules of Matinee, except the command line, which looks at the terminal."""
    sys.path.insert(0, str(code))
    for room in ("bot", "recommender", "storage"):
        for found in pkgutil.walk_packages([str(code / room)], f"{room}."):
            if not found.name.startswith(("bot.cli", "bot.__main__", "storage.migrations")):
                importlib.import_module(found.name)
    del sys.path[0]


def main() -> None:
    """Runs commands until the input closes."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for code in sys.argv[1:]:
        load_matinee(Path(code))
    gc.freeze()  # keeps memory pages shared, since the forks do not collect these objects
    fork = multiprocessing.get_context("fork")
    for line in sys.stdin:
        process = fork.Process(target=command, args=(json.loads(line),))
        process.start()
        print(process.pid, flush=True)
        process.join()
        print(process.exitcode, flush=True)
        process.close()


if __name__ == "__main__":
    main()
