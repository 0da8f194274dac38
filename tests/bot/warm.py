"""Forks commands from a process that has loaded the libraries, but no module of Matinee.

A short command spends most of its time loading numpy, SQLAlchemy, discord.py and others.
`tests/bot/command.py` runs this file as a script. For each command the script reads a line of JSON
and forks. The new process then does what `python -m bot ARGUMENTS` does in the given folder and
environment. The script answers with the id of the process, then with its exit status. It ends when
its input closes.
"""

import gc
import importlib
import json
import multiprocessing
import os
import runpy
import sys
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
    os.chdir(wanted["cwd"])
    sys.argv = ["bot", *wanted["arguments"]]
    sys.path[:0] = [wanted["cwd"], wanted["code"]]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def main() -> None:
    """Runs commands until the input closes."""
    for name in LIBRARIES:
        importlib.import_module(name)
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
