"""How the emoji of reactions are stored and compared."""

import re

_SKIN_TONES = range(0x1F3FB, 0x1F3FF + 1)
_EMOJI_STYLE = "\ufe0f"  # variation selector 16: "draw it in colour"
_SUPER = " super"
_SERVERS_OWN = re.compile(r"<a?:\w+:(\d+)>")  # its name may change, its id may not


def as_stored(emoji: str, *, burst: bool = False) -> str:
    """Returns the text with which a reaction's emoji is stored.

    emoji: the emoji as Discord sends it.
    burst: True for a super reaction, whose text ends in a mark. A person may have a normal and a
        super reaction with the same emoji under one message, and can remove each alone.
    """
    return emoji + _SUPER if burst else emoji


def identifying(stored: str) -> str:
    """Returns the text that identifies an emoji.

    It has no variation selectors. A server's own emoji has the name "emoji", because managers can
    rename it.

    stored: the text that `as_stored` returned.
    """
    return _SERVERS_OWN.sub(r"<:emoji:\1>", stored.replace(_EMOJI_STYLE, ""))


def normalise_emoji(stored: str) -> str:
    """Returns the plain emoji, for looking up how many stars it gives.

    The skin tone (U+1F3FB to U+1F3FF), the variation selector U+FE0F and the mark of a super
    reaction are dropped.

    stored: the text that `as_stored` returned.
    """
    plain = identifying(stored.removesuffix(_SUPER))
    kept = (sign for sign in plain if ord(sign) not in _SKIN_TONES)
    return "".join(kept)
