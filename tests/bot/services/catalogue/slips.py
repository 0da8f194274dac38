"""What people type: titles with slips of the fingers."""

import random
import string


def mistyped(title: str, rng: random.Random) -> str:
    """Returns the title with a letter too few, too many, wrong, or swapped with the next."""
    at = rng.choice([at for at, sign in enumerate(title) if sign.isalpha()])
    letter = rng.choice(string.ascii_lowercase)
    swapped = title[:at] + title[at + 1 : at + 2] + title[at] + title[at + 2 :]
    return rng.choice(
        [
            title[:at] + title[at + 1 :],
            title[:at] + letter + title[at:],
            title[:at] + letter + title[at + 1 :],
            swapped,
        ]
    )
