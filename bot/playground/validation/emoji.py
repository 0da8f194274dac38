"""Recognises a Unicode emoji by the shape of its code points (Unicode TR51)."""

import re

_BASE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SINGLE = f"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
_UNICODE = re.compile(
    f"(?:[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_SINGLE}(?:\u200d{_SINGLE})*)"
)


def is_unicode(text: str) -> bool:
    """True if the text is exactly one Unicode emoji."""
    return bool(_UNICODE.fullmatch(text))
