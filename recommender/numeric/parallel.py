"""Work on several cores, with the same result on any number of cores.

Work is cut into parts by its own size, never by the number of cores, and one thread does each part.
The linear algebra library is limited to one thread meanwhile. Threads are enough, because NumPy and
SciPy let other threads run while they calculate.
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
    """Calls a function for every task, and yields the results in the order of the tasks."""

    def __call__(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]: ...


@contextmanager
def shared(workers: int | None = None) -> Iterator[Share]:
    """Provide threads to share work between: `workers` threads, or one for each core if None."""
    with threadpool_limits(1), ThreadPoolExecutor(workers or cores()) as threads:
        yield lambda function, tasks: threads.map(function, tasks)


def runs(count: int, length: int) -> list[slice]:
    """Returns slices of `length` that cover 0 to `count`; the last one may be shorter."""
    return [slice(start, min(count, start + length)) for start in range(0, count, length)]
