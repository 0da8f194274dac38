"""Remarks: what the recommender found out that people want to know, as a key and data.

`bot/wording` has a sentence for each key. str() of a remark is for the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


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


def told(key: str, data: Mapping[str, object]) -> str:
    """Returns a key and its data as a text for the log, such as "too-large (rows=9, limit=5)"."""
    values = ", ".join(
        f"{name}={'; '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in data.items()
    )
    return f"{key} ({values})" if values else key
