"""Work shared out over the machine's cores, with the same result whatever their number.

Work is cut into parts by its own size, never by the number of cores, and every part is done by one
thread; the algebra library beneath is kept at one thread meanwhile. NumPy and SciPy let other
threads run while they calculate.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from threadpoolctl import threadpool_limits

from recommender.numeric.system import cores

Task = TypeVar("Task")
Result = TypeVar("Result")


class Share(Protocol):
    """Do a function for every task on several cores; results in the order of the tasks."""

    def __call__(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]: ...


@contextmanager
def shared(workers: int | None = None) -> Iterator[Share]:
    """Threads to share work out to, one for each core unless told otherwise."""
    with threadpool_limits(1), ThreadPoolExecutor(workers or cores()) as threads:
        yield lambda function, tasks: threads.map(function, tasks)


def runs(count: int, length: int) -> list[slice]:
    """0..count cut into slices of `length`, the last one shorter."""
    return [slice(start, min(count, start + length)) for start in range(0, count, length)]
