"""Remarks: what the recommender found out that people want to know, as a key and data.

`bot/wording` has a sentence for each key. str() of a remark is for the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite


@dataclass(frozen=True)
class Remark:
    """Something that the recommender found out.

    Attributes:
        key: the name of the sentence for people, which `bot/wording` has.
        data: the values that the sentence contains, not formatted: strings, numbers, None, and
            tuples of strings.
    """

    key: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return told(self.key, self.data)


def remark(key: str, /, **data: object) -> Remark:
    """Returns a remark. key: the name of the sentence. data: the values that it contains."""
    return Remark(key, data)


def written_out(said: Remark) -> dict[str, object]:
    """Returns a remark as the content of a JSON file: its key, and its data in forms that JSON has.

    Remarks become objects, times become text, and numbers that are not finite become null.
    """
    return {"key": said.key, "data": {name: _plain(value) for name, value in said.data.items()}}


def _plain(value: object) -> object:
    if isinstance(value, Remark):
        return written_out(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value if isinstance(value, str | int | float | None) else str(value)


def told(key: str, data: Mapping[str, object]) -> str:
    """Returns a key and its data as a text for the log, such as "too-large (rows=9, limit=5)"."""
    values = ", ".join(
        f"{name}={'; '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in data.items()
    )
    return f"{key} ({values})" if values else key
