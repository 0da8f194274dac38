"""English words for genres and countries, of which the names of shelves are made.

A shelf is a list of films of one kind, such as "Bleak films set in space".
"""

from typing import NamedTuple


class GenreWords(NamedTuple):
    """The English words for a genre.

    Attributes:
        noun: plural noun; None if the genre is only used as an adjective.
        adjective: word to put before another genre's noun; None if English has no such word.
        rank: of two genres, the one of higher rank gives the noun ("romantic comedies", not "comic
            romances"), except for the pairs in `LOWER_NOUNS`.
    """

    noun: str | None
    adjective: str | None
    rank: int


GENRE_WORDS = {
    "g-action": GenreWords("action films", "action", 4),
    "g-adventure": GenreWords("adventures", "adventure", 5),
    "g-animation": GenreWords(None, "animated", 0),
    "g-comedy": GenreWords("comedies", "comedy", 11),
    "g-crime": GenreWords("crime films", "crime", 3),
    "g-documentary": GenreWords("documentaries", None, 14),
    "g-drama": GenreWords("dramas", None, 9),
    "g-family": GenreWords("family films", "family", 1),
    "g-fantasy": GenreWords("fantasy films", "fantasy", 2),
    "g-film-noir": GenreWords("film noirs", None, 13),
    "g-history": GenreWords("historical films", "historical", 0),
    "g-horror": GenreWords("horror films", "horror", 6),
    "g-music": GenreWords("music films", "music", 0),
    "g-musical": GenreWords("musicals", "musical", 7),
    "g-mystery": GenreWords("mysteries", "mystery", 4),
    "g-romance": GenreWords("romances", "romantic", 8),
    "g-science-fiction": GenreWords("science fiction films", "science fiction", 3),
    "g-thriller": GenreWords("thrillers", None, 10),
    "g-war": GenreWords("war films", "war", 1),
    "g-western": GenreWords("westerns", None, 12),
}
"""The words for each genre, by the key of its word."""

LOWER_NOUNS = frozenset(
    {
        ("g-adventure", "g-romance"),
        ("g-comedy", "g-drama"),
        ("g-comedy", "g-mystery"),
        ("g-comedy", "g-thriller"),
        ("g-musical", "g-romance"),
    }
)
"""Pairs of genres whose noun comes from the genre of lower rank: "comedy dramas"."""

DEMONYMS = {
    "AF": "Afghan",
    "AM": "Armenian",
    "AO": "Angolan",
    "AR": "Argentine",
    "AT": "Austrian",
    "AU": "Australian",
    "BA": "Bosnian",
    "BD": "Bangladeshi",
    "BE": "Belgian",
    "BF": "Burkinabé",
    "BG": "Bulgarian",
    "BO": "Bolivian",
    "BR": "Brazilian",
    "BT": "Bhutanese",
    "BY": "Belarusian",
    "CA": "Canadian",
    "CD": "Congolese",
    "CH": "Swiss",
    "CI": "Ivorian",
    "CL": "Chilean",
    "CN": "Chinese",
    "CO": "Colombian",
    "CU": "Cuban",
    "CZ": "Czech",
    "DE": "German",
    "DK": "Danish",
    "DZ": "Algerian",
    "EE": "Estonian",
    "EG": "Egyptian",
    "ES": "Spanish",
    "ET": "Ethiopian",
    "FI": "Finnish",
    "FR": "French",
    "GB": "British",
    "GE": "Georgian",
    "GR": "Greek",
    "GT": "Guatemalan",
    "HK": "Hong Kong",
    "HR": "Croatian",
    "HU": "Hungarian",
    "ID": "Indonesian",
    "IE": "Irish",
    "IL": "Israeli",
    "IN": "Indian",
    "IQ": "Iraqi",
    "IR": "Iranian",
    "IS": "Icelandic",
    "IT": "Italian",
    "JM": "Jamaican",
    "JO": "Jordanian",
    "JP": "Japanese",
    "KE": "Kenyan",
    "KH": "Cambodian",
    "KR": "Korean",
    "KZ": "Kazakh",
    "LA": "Laotian",
    "LB": "Lebanese",
    "LK": "Sri Lankan",
    "LS": "Lesotho",
    "LT": "Lithuanian",
    "LU": "Luxembourgish",
    "LV": "Latvian",
    "MA": "Moroccan",
    "MK": "Macedonian",
    "ML": "Malian",
    "MR": "Mauritanian",
    "MX": "Mexican",
    "MY": "Malaysian",
    "NG": "Nigerian",
    "NL": "Dutch",
    "NO": "Norwegian",
    "NP": "Nepali",
    "NZ": "New Zealand",
    "PE": "Peruvian",
    "PH": "Filipino",
    "PK": "Pakistani",
    "PL": "Polish",
    "PS": "Palestinian",
    "PT": "Portuguese",
    "RO": "Romanian",
    "RS": "Serbian",
    "RU": "Russian",
    "RW": "Rwandan",
    "SA": "Saudi",
    "SD": "Sudanese",
    "SE": "Swedish",
    "SG": "Singaporean",
    "SI": "Slovenian",
    "SK": "Slovak",
    "SN": "Senegalese",
    "SY": "Syrian",
    "TD": "Chadian",
    "TH": "Thai",
    "TN": "Tunisian",
    "TR": "Turkish",
    "TW": "Taiwanese",
    "UA": "Ukrainian",
    "UY": "Uruguayan",
    "VE": "Venezuelan",
    "VN": "Vietnamese",
    "XK": "Kosovan",
    "YE": "Yemeni",
    "ZA": "South African",
}
"""The adjective of each country, by its ISO 3166 code."""
