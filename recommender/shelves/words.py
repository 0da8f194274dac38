"""The words of which shelves are made, as data: genres, pairs of genres, and countries.

A shelf is a list of films that all of its words fit. Words have keys and no text; a `FilmLanguage`
(see `naming`) turns them into names.
"""

from typing import NamedTuple


class Word(NamedTuple):
    """A word of a shelf (list of films), such as a tag or a genre.

    Attributes:
        key: unique key, part of the shelf's key.
        kind: the facet (group) of a tag, or "genre", "country" or "era".
        phrase: how the catalogue words a tag in a name, for languages alone; empty for other words.
        halves: for a pair of genres, the keys of both; otherwise empty.
    """

    key: str
    kind: str
    phrase: str = ""
    halves: tuple[str, ...] = ()


GENRES = (
    "Action",
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "Film Noir",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "Romance",
    "Science Fiction",
    "Thriller",
    "War",
    "Western",
)
"""The genres that shelves may be made of. Others have no word."""

_WITH = {
    "action": ["adventure", "comedy", "thriller"],
    "adventure": [
        "animation",
        "comedy",
        "family",
        "fantasy",
        "history",
        "romance",
        "science-fiction",
    ],
    "animation": ["comedy", "documentary", "drama", "family", "fantasy", "musical"],
    "comedy": [
        "crime",
        "drama",
        "family",
        "fantasy",
        "horror",
        "musical",
        "mystery",
        "romance",
        "science-fiction",
        "thriller",
        "war",
        "western",
    ],
    "crime": ["documentary", "drama", "mystery", "thriller"],
    "documentary": ["history", "music", "war"],
    "drama": ["history", "romance", "science-fiction", "war"],
    "family": ["musical"],
    "fantasy": ["romance"],
    "history": ["romance"],
    "horror": ["science-fiction", "thriller"],
    "musical": ["romance"],
    "mystery": ["thriller"],
    "romance": ["thriller", "war"],
    "science-fiction": ["thriller"],
}
GENRE_PAIRS = frozenset(
    (f"g-{one}", f"g-{other}") for one, others in _WITH.items() for other in others
)
"""The keys of two genres that are a kind of films together, such as romantic comedies. The keys of
each pair are in alphabetical order.
"""

COUNTRIES = (
    "AF", "AM", "AO", "AR", "AT", "AU", "BA", "BD", "BE", "BF", "BG", "BO", "BR", "BT", "BY",
    "CA", "CD", "CH", "CI", "CL", "CN", "CO", "CU", "CZ", "DE", "DK", "DZ", "EE", "EG", "ES",
    "ET", "FI", "FR", "GB", "GE", "GR", "GT", "HK", "HR", "HU", "ID", "IE", "IL", "IN", "IQ",
    "IR", "IS", "IT", "JM", "JO", "JP", "KE", "KH", "KR", "KZ", "LA", "LB", "LK", "LS", "LT",
    "LU", "LV", "MA", "MK", "ML", "MR", "MX", "MY", "NG", "NL", "NO", "NP", "NZ", "PE", "PH",
    "PK", "PL", "PS", "PT", "RO", "RS", "RU", "RW", "SA", "SD", "SE", "SG", "SI", "SK", "SN",
    "SY", "TD", "TH", "TN", "TR", "TW", "UA", "UY", "VE", "VN", "XK", "YE", "ZA",
)  # fmt: skip
"""The ISO 3166 codes of the countries that shelves may be made of. The largest film country is left
out, because a third of the catalogue would be its films.
"""


def genre_key(genre: str) -> str:
    """Returns the key of the word for a genre."""
    return f"g-{genre.lower().replace(' ', '-')}"
