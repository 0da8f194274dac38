"""Work on several cores, with the same result on any number of cores.

The size of the work decides into how many parts it is cut; the number of cores does not. Each part
is done by one thread. While threads work, the linear algebra library may use one thread only.
Threads are enough (no processes are needed), because NumPy and SciPy release the interpreter lock
while they calculate.
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
    """A function that calls another function for every task, on several threads.

    It yields the results in the order of the tasks.
    """

    def __call__(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]: ...


@contextmanager
def shared(workers: int | None = None) -> Iterator[Share]:
    """Provides a function that runs tasks on several threads, for use in a `with` statement.

    The threads end with the statement. workers: number of threads; None for one on each core.
    """
    with threadpool_limits(1), ThreadPoolExecutor(workers or cores()) as threads:
        yield lambda function, tasks: threads.map(function, tasks)


def runs(count: int, length: int) -> list[slice]:
    """Returns slices that together cover range(count), one after the other.

    Each covers `length` numbers; the last may cover fewer.
    """
    return [slice(start, min(count, start + length)) for start in range(0, count, length)]
