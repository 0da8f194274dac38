"""The process that fits a model. Only `fit_job.py` starts it.

It reads one job as a line of JSON, and writes its progress and finally its result as lines of JSON.
Then it waits until the parent process has registered the new version in the database. Until it
ends, it holds a lock, so that only one process at a time fits models in a data folder. If its input
closes, the parent has ended, and this process ends at once. It runs at low priority on half of the
processors, so that the bot still answers quickly.
"""

import asyncio
import contextlib
import os
import sys
import threading

from bot.errors import MatineeError
from bot.garbage import rare_collections
from bot.services.notes import note, of_error
from bot.services.serving import evidence
from bot.services.training import versions
from bot.services.training.fit_messages import (
    REGISTERED,
    FitJob,
    FitMessage,
    FitRefusal,
    to_line,
)
from bot.services.training.judged_fit import FitInput, fit_and_judge
from bot.services.training.stage_timer import StageTimer
from recommender.errors import RecommenderError
from storage import registry
from storage.catalogue import films
from storage.database.engine import reading
from storage.database.sqlite import locks
from storage.errors import StorageError
from storage.feedback import ratings
from storage.people import profiles

NICENESS = 10
REGISTER_SECONDS = 120.0  # how long the parent may take to register a version


def main() -> int:
    """Reads one job from standard input and fits a model. Returns the exit status: 0 if it produced
    a version, else 1.
    """
    _lower_priority()
    job = FitJob.from_line(sys.stdin.readline())
    registered = _watch_parent()
    try:
        with locks.held(job.lock) as free:
            if not free:
                _send(FitRefusal(note("fit-already-running")))
                return 1
            timer = StageTimer(_send)
            with timer.stage("reading"):
                found = asyncio.run(_read_database(job))
                versions.sweep(job.models, {version.path for version in found.versions})
            _send(fit_and_judge(job, found, timer))
            registered.wait(REGISTER_SECONDS)
    except (RecommenderError, MatineeError, StorageError) as error:
        _send(FitRefusal(of_error(error)))
    except MemoryError:
        _send(FitRefusal(note("fit-out-of-memory")))
    except OSError as error:
        _send(FitRefusal(note("fit-files-failed", cause=str(error))))
    else:
        return 0
    return 1


def _lower_priority() -> None:
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, processors[len(processors) // 2 :])


def _watch_parent() -> threading.Event:
    """Returns an event that is set once the parent has registered the version.

    Ends this process when the parent ends.
    """
    registered = threading.Event()

    def watch() -> None:
        # Reads the file descriptor: a thread must not hold sys.stdin's lock when Python ends.
        if os.read(sys.stdin.fileno(), 64).decode().strip() != REGISTERED:
            os._exit(3)
        registered.set()

    threading.Thread(target=watch, daemon=True).start()
    return registered


def _send(message: FitMessage) -> None:
    sys.stdout.write(to_line(message))
    sys.stdout.flush()


async def _read_database(job: FitJob) -> FitInput:
    async with reading(job.database) as conn:
        return FitInput(
            tuple(await films.all_films(conn)),
            tuple(await films.all_tags(conn)),
            tuple(await ratings.snapshot(conn)),
            await registry.versions(conn),
            await registry.erasures(conn),
            await profiles.opted_out(conn),
            await evidence.read_evidence(conn, job.now),
        )


if __name__ == "__main__":
    with rare_collections():
        status = main()
    sys.exit(status)
