"""Turns film titles into keys that can be compared, for matching, importing and search.

People and data sets write the same title in many ways ("Matrix, The", "The Matrix", "matrix";
"Amélie", "amelie"). `normalise_title` turns them into one key. `match_key` adds the year, because
remakes share a title.
"""

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not split into a plain letter and an accent.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
    }
)
# Signs inside a word are dropped without leaving a space (Schindler's, E.T., M*A*S*H, WALL·E).
_INSIDE = re.compile(r"['’‘ʼ`´.*·‧•]")
_FRACTION = re.compile(r"([¼½¾⅓⅔⅛])")
_NOT_WORD = re.compile(r"[\W_]+")
_TRAILING_ARTICLE = re.compile(
    r"^(?P<rest>.*\S)\s*,\s*(?P<article>"
    r"the|an?|le|la|les|un|une|el|los|las|una|il|lo|gli|i|uno|der|die|das|ein|eine"
    r"|de|het|een|den|det|en|ett|o|os|as|um|uma|l['’])\s*$",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"the", "a", "an"})


def fold(text: str) -> str:
    """Returns the text in lower case without accents; letters of other alphabets stay the same."""
    if text.isascii():  # there are no accents
        return text.lower()
    for _ in range(2):  # folding a compatibility letter can produce a new capital
        text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return text


@lru_cache(maxsize=1 << 17)  # every search index folds the same titles
def normalise_title(title: str) -> str:
    """Returns a title's key: lower case, no accents, no punctuation, "&" as "and".

    A trailing article ("Samouraï, Le") is first moved to the front. Then a leading "the", "a" or
    "an" is dropped. Words that are articles in other languages stay, because "Die Hard" and
    "La La Land" do not begin with an article. Numerals stay unchanged. The key of a key is the key
    itself. The key of a title without letters and digits is "".
    """
    moved = _TRAILING_ARTICLE.match(title.strip())
    if moved:
        article = moved["article"]
        gap = "" if article[-1] in "'’" else " "
        title = f"{article}{gap}{moved['rest']}"
    plain = fold(_FRACTION.sub(r" \1", title)).replace("&", " and ")
    words = _NOT_WORD.sub(" ", _INSIDE.sub("", plain)).split()
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    return " ".join(words)


def match_key(title: str, year: int) -> tuple[str, int]:
    """Returns (the title's key, year). Two records with the same pair are probably one film."""
    return normalise_title(title), year
