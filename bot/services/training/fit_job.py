"""The parent's side of a fit: a process of its own is started, listened to, and ended.

A process and not a thread: a fit holds Python's lock often enough to make answers late, and what
ends it (no memory, a kill) then ends nothing else.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import Sorry

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-P", "-m", "bot", "fit-worker")
REGISTERED = "registered"
END_SECONDS = 5.0  # how long it may take to end by itself
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Progress = Callable[[str, int, int], None]
"""A stage, and how much of how much of it is done; 0 of 0 where nobody knows"""


class FitFailed(Sorry):
    """No model came of it; str() says why, and the one before goes on serving."""


class Stopped(Exception):
    """The fit was asked to end."""


@dataclass(frozen=True)
class Job:
    """What to fit. serving: the version that answers now, None where none was fitted; search:
    whether to search for settings even if it is not time."""

    database: Path
    corpus: Path
    models: Path
    lock: Path
    now: datetime
    seed: int
    serving: str | None
    search: bool

    def line(self) -> bytes:
        """As a line of JSON."""
        return (json.dumps(asdict(self), default=str) + "\n").encode()

    @classmethod
    def from_line(cls, text: str) -> "Job":
        """Back from `line`. Raises ValueError or KeyError for anything else."""
        told = json.loads(text)
        paths = {name: Path(told[name]) for name in ("database", "corpus", "models", "lock")}
        return cls(
            **paths,
            now=datetime.fromisoformat(told["now"]),
            seed=int(told["seed"]),
            serving=told["serving"],
            search=bool(told["search"]),
        )


@dataclass(frozen=True)
class FitResult:
    """What was fitted: its version, its folder's name, and all that is to be kept of it."""

    version: str
    path: str
    record: dict[str, Any]


@contextlib.asynccontextmanager
async def fitted(
    job: Job, progress: Progress | None = None, stop: asyncio.Event | None = None
) -> AsyncIterator[FitResult]:
    """Fit in a process of its own. Within the block that process waits and keeps everybody else
    from fitting; register the version there. Raises FitFailed, or Stopped once `stop` is set."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
        start_new_session=True,  # Ctrl-C is for us to hear
    )
    assert process.stdin is not None
    assert process.stderr is not None
    complaints = asyncio.create_task(process.stderr.read())
    try:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(job.line())
            await process.stdin.drain()
        yield await _result(process, progress, stop, complaints)
        with contextlib.suppress(ConnectionError):
            process.stdin.write(f"{REGISTERED}\n".encode())
            await process.stdin.drain()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), END_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
        process.stdin.close()
        await process.wait()
        await complaints


async def _result(
    process: asyncio.subprocess.Process,
    progress: Progress | None,
    stop: asyncio.Event | None,
    complaints: "asyncio.Task[bytes]",
) -> FitResult:
    listening = asyncio.create_task(_listen(process, progress))
    stopping = asyncio.create_task((stop or asyncio.Event()).wait())
    try:
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not listening.done():
            raise Stopped
        said = listening.result()
    finally:
        for task in (listening, stopping):
            task.cancel()
        await asyncio.gather(listening, stopping, return_exceptions=True)
    if "result" in said:
        return FitResult(**said["result"])
    if "error" in said:
        raise FitFailed(str(said["error"]))
    code = await process.wait()
    trouble = (await complaints).decode(errors="replace").strip()
    raise FitFailed(f"The fit was not finished: its process {_ended(code)}.{_last(trouble)}")


async def _listen(process: asyncio.subprocess.Process, progress: Progress | None) -> dict[str, Any]:
    """The line that tells the result or the error; empty where the process ends without one."""
    assert process.stdout is not None
    async for line in process.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if "stage" not in said:
            return dict(said)
        if progress is not None:
            progress(said["stage"], said["done"], said["total"])
    return {}


def _ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was killed ({signal.Signals(-code).name})"
    return f"ended with status {code}"


def _last(trouble: str) -> str:
    """The last line of a traceback says what it was."""
    return f" It said: {trouble.splitlines()[-1]}" if trouble else ""


def _environment() -> dict[str, str]:
    """This process's environment without its secrets, the same code, and bounded threads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCORD_")}
    most = max(1, (os.cpu_count() or 1) // 2)
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {name: str(most) for name in THREADS} | {"PYTHONPATH": os.pathsep.join(paths)}
