"""When Python looks for garbage in cycles of objects, and when it does not.

Most objects are freed as soon as nothing refers to them. Python's garbage collector frees only
cycles, and examines every object for that. While modules are imported and films are read, hundreds
of thousands of objects are made that all stay: the collector would examine them again and again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

COLLECTION_THRESHOLDS = (10_000, 20, 50)
"""When the collector runs (`gc.set_threshold`). An answer makes some ten thousand objects and
hardly any cycle; with Python's usual 700 it would be interrupted a dozen times."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Within the `with` block, the garbage collector runs at COLLECTION_THRESHOLDS."""
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECTION_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Switches Python's garbage collector off within the `with` block, for building large objects.

    If it ran while a thread builds such objects, the answers of other threads would be late. It
    does not examine these objects later either.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
