"""Remembers the blends (weighted sums of models' scores) of the last queries.

Many people ask for films several times: at another hour, or with another filter. The blend depends
only on the person's taste, so it is not computed again.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from threading import Lock
from typing import Any

import numpy as np

from recommender.data import Query
from recommender.hybrid.blend import Blend

TASTE_FIELDS = (
    "films",
    "stars",
    "liked_tags",
    "disliked_tags",
    "unseen",
    "wanted",
    "unwanted",
    "mood",
)
"""The arrays of a query that a blend depends on, besides `chosen` and `adventurousness`."""

MAX_BYTES = 48 * 2**20
"""Memory for the arrays of all remembered blends: of some 115 people with a dozen ratings
each, if there are 13,000 films."""


class BlendCache:
    """The blends of the last queries, the oldest forgotten first.

    Models that differ in their settings only, such as the arms (variants) of an experiment, share
    one. It may be used by several threads.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._blends: OrderedDict[tuple[object, ...], Blend] = OrderedDict()
        self._sizes: dict[tuple[object, ...], int] = {}  # bytes
        self._lock = Lock()

    def get(self, query: Query, compute: Callable[[Query], Blend]) -> Blend:
        """Returns the blend of a query: a remembered one, else what `compute` returns.

        Its arrays of scores cannot be changed.

        compute: the method `blend` of a ranking model. What it returned is remembered for it alone,
            because a model with other settings has another blend.
        """
        key = (compute, *_key(query))
        with self._lock:
            found = self._blends.get(key)
            if found is not None:
                self._blends.move_to_end(key)
                return found
        blend = _kept(compute(query))
        with self._lock:
            self._blends[key] = blend
            self._sizes[key] = blend_bytes(blend)
            while len(self._blends) > 1 and sum(self._sizes.values()) > self._max_bytes:
                oldest, _ = self._blends.popitem(last=False)
                del self._sizes[oldest]
        return blend

    def clear(self) -> None:
        """Forgets all blends."""
        with self._lock:
            self._blends.clear()
            self._sizes.clear()


def blend_bytes(blend: Blend) -> int:
    """Returns how many bytes the arrays have that a blend alone holds.

    The arrays of its components belong to the model, and all blends share them.
    """
    return array_bytes(replace(blend, components=()))


def array_bytes(record: object) -> int:
    """Returns how many bytes the arrays have that a record, or the records in it, holds.

    An array that is held twice counts once.
    """
    return sum({id(array): array.nbytes for array in _arrays(record)}.values())


def _arrays(record: object) -> Iterator["np.ndarray[Any, Any]"]:
    """Yields the arrays that a record, or the records in it, holds."""
    if isinstance(record, np.ndarray):
        yield record
    elif isinstance(record, tuple):
        for each in record:
            yield from _arrays(each)
    elif is_dataclass(record):
        for field in fields(record):
            yield from _arrays(getattr(record, field.name))


def _key(query: Query) -> tuple[object, ...]:
    """Returns a value that is equal for two queries if they have the same blend."""
    arrays = tuple(getattr(query, name).tobytes() for name in TASTE_FIELDS)
    chosen = tuple(rows.tobytes() for rows in query.chosen)
    return (*arrays, chosen, query.adventurousness)


def _kept(blend: Blend) -> Blend:
    """Returns a blend to remember: without the content model's own scores, which take memory and
    are in the blend's scores already.
    """
    for scores in (blend.score, blend.boosts):
        np.asarray(scores).flags.writeable = False
    if blend.content is None:
        return blend
    return replace(blend, content=replace(blend.content, scores=()))
