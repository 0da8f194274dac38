"""How the emoji of reactions are stored and compared."""

_SKIN_TONES = range(0x1F3FB, 0x1F3FF + 1)
_EMOJI_STYLE = "\ufe0f"  # variation selector 16: "draw it in colour"
_SUPER = " super"


def as_stored(emoji: str, *, burst: bool = False) -> str:
    """Returns an emoji as Discord sends it, in the form in which a reaction is stored.

    A person may have a normal and a super reaction (Discord's "burst") with the same emoji under
    one message, and takes each back by itself. So the form of a super reaction ends in a mark.
    """
    return emoji + _SUPER if burst else emoji


def identifying(stored: str) -> str:
    """Returns the form that identifies a reaction: `as_stored` without variation selectors."""
    return stored.replace(_EMOJI_STYLE, "")


def normalise_emoji(stored: str) -> str:
    """Returns the emoji that says the stars: without skin tone, U+FE0F and the mark of a super one.

    The skin tones are U+1F3FB to U+1F3FF.
    """
    plain = stored.removesuffix(_SUPER)
    kept = (sign for sign in plain if sign != _EMOJI_STYLE and ord(sign) not in _SKIN_TONES)
    return "".join(kept)
