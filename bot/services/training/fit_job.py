"""Fits a model in a process of its own: starts it, reads its messages, and ends it.

It is not a thread, for two reasons. A thread that fits would hold Python's global lock (the GIL) so
often that answers would be late. And if the process dies, because memory is short or because it is
killed, the bot goes on.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable

from bot.errors import FitFailed, FitStopped
from bot.services.processes import environment
from bot.services.training.fit_messages import (
    REGISTERED,
    FitJob,
    FitRefusal,
    FitResult,
    StageProgress,
    from_line,
)

COMMAND = (sys.executable, "-P", "-m", "bot.services.training.fit_process")
END_SECONDS = 5.0  # how long the process may take to end by itself
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

FitListener = Callable[[StageProgress], None]
"""A function that is called with the progress of a fit."""


@contextlib.asynccontextmanager
async def run_fit(
    job: FitJob, listener: FitListener | None = None, stop: asyncio.Event | None = None
) -> AsyncIterator[FitResult]:
    """Fits a model in a process of its own and yields the result.

    The caller registers the new version inside the `with` block. Until the block ends, the process
    waits and keeps the lock file `job.lock` locked, so that no other fit can begin. Raises
    FitFailed, or FitStopped once `stop` is set.

    job: what to fit.
    listener: is called with the fit's progress; None for no reports.
    stop: ends the fit once it is set.
    """
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
        start_new_session=True,  # Ctrl-C is for the parent to handle
    )
    assert process.stdin is not None
    assert process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    try:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(job.to_line())
            await process.stdin.drain()
        yield await _result(process, listener, stop, errors)
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
        await errors


async def _result(
    process: asyncio.subprocess.Process,
    listener: FitListener | None,
    stop: asyncio.Event | None,
    errors: "asyncio.Task[bytes]",
) -> FitResult:
    """Returns the result once the process has sent it.

    Raises FitFailed if the process ends without a result, FitStopped once `stop` is set.

    listener: is called with the fit's progress.
    errors: the task that reads what the process writes to stderr.
    """
    listening = asyncio.create_task(_listen(process, listener))
    stopping = asyncio.create_task((stop or asyncio.Event()).wait())
    try:
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not listening.done():
            raise FitStopped
        answer = listening.result()
    finally:
        for task in (listening, stopping):
            task.cancel()
        await asyncio.gather(listening, stopping, return_exceptions=True)
    if isinstance(answer, FitResult):
        return answer
    if isinstance(answer, FitRefusal):
        raise FitFailed(answer.reason.key, **answer.reason.data)
    code = await process.wait()
    trace = (await errors).decode(errors="replace").strip().splitlines()
    last = trace[-1] if trace else None  # the last line of a traceback names the error
    if (killed_by := _signal(code)) is not None:
        raise FitFailed("fit-killed", signal=killed_by, last=last)
    raise FitFailed("fit-ended-early", status=code, last=last)


async def _listen(
    process: asyncio.subprocess.Process, listener: FitListener | None
) -> FitResult | FitRefusal | None:
    """Returns what the process sent: its result, or its reason for failing; None if it sent
    neither.

    listener: is called with the fit's progress.
    """
    assert process.stdout is not None
    async for line in process.stdout:
        message = from_line(line)
        if isinstance(message, FitResult | FitRefusal):
            return message
        if message is not None and listener is not None:
            listener(message)
    return None


def _signal(code: int) -> str | None:
    """Returns the name of the signal that killed a process; None if it ended by itself.

    code: its exit status.
    """
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return None


def _environment() -> dict[str, str]:
    """Returns the environment variables of the process that fits.

    They have a limit of threads: half the number of processors.
    """
    threads = max(1, (os.cpu_count() or 1) // 2)
    return {**environment(), **{name: str(threads) for name in THREAD_VARIABLES}}
