"""English phrases for genres, countries and decades, from which names of lists of films are made.

In a phrase, "~" is the place of the noun that names the films: "bleak ~", "~ about grief". A genre
has a noun of its own, such as "comedies".
"""

from typing import NamedTuple


class Genre(NamedTuple):
    """The English words for a genre.

    Attributes:
        noun: plural noun, None if the genre is only used as an adjective.
        adjective: word to put before another genre's noun; None if English has no such word.
        rank: of two genres, the one of higher rank gives the noun ("romantic comedies", not "comic
            romances").
    """

    noun: str | None
    adjective: str | None
    rank: int

    @property
    def phrase(self) -> str:
        """The phrase for this genre alone: its noun, or else its adjective and "films"."""
        return self.noun or f"{self.adjective} films"


GENRES = {
    "Action": Genre("action films", "action", 4),
    "Adventure": Genre("adventures", "adventure", 5),
    "Animation": Genre(None, "animated", 0),
    "Comedy": Genre("comedies", "comedy", 11),
    "Crime": Genre("crime films", "crime", 3),
    "Documentary": Genre("documentaries", None, 14),
    "Drama": Genre("dramas", None, 9),
    "Family": Genre("family films", "family", 1),
    "Fantasy": Genre("fantasy films", "fantasy", 2),
    "Film Noir": Genre("film noirs", None, 13),
    "History": Genre("historical films", "historical", 0),
    "Horror": Genre("horror films", "horror", 6),
    "Music": Genre("music films", "music", 0),
    "Musical": Genre("musicals", "musical", 7),
    "Mystery": Genre("mysteries", "mystery", 4),
    "Romance": Genre("romances", "romantic", 8),
    "Science Fiction": Genre("science fiction films", "science fiction", 3),
    "Thriller": Genre("thrillers", None, 10),
    "War": Genre("war films", "war", 1),
    "Western": Genre("westerns", None, 12),
}

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
"""Adjective of each country by its ISO 3166 code. The largest film country is left out, because a
third of the catalogue would be "American films"."""


def decade(first: int) -> str:
    """Returns the phrase for the decade that begins with the year `first`."""
    return f"{first}s ~"


def genre_pair(one: str, other: str) -> str | None:
    """Returns a phrase for two genres together, such as "romantic comedies".

    None if no such phrase is usual English.
    """
    lower, higher = sorted((GENRES[one], GENRES[other]), key=lambda genre: genre.rank)
    for adjective, noun in ((lower.adjective, higher.noun), (higher.adjective, lower.noun)):
        if adjective and noun and f"{adjective} {noun}" in _USUAL_PAIRS:
            return f"{adjective} {noun}"
    return None


_USUAL_PAIRS = frozenset(
    f"{adjective} {noun}"
    for adjective, nouns in {
        "action": "adventures comedies thrillers",
        "adventure": "comedies",
        "animated": "adventures comedies documentaries dramas musicals",
        "comedy": "dramas mysteries thrillers westerns",
        "crime": "comedies documentaries dramas mysteries thrillers",
        "family": "adventures comedies musicals",
        "fantasy": "adventures comedies romances",
        "historical": "adventures documentaries dramas romances",
        "horror": "comedies thrillers",
        "music": "documentaries",
        "musical": "comedies",
        "mystery": "thrillers",
        "romantic": "adventures comedies dramas musicals thrillers",
        "science fiction": "adventures comedies dramas thrillers",
        "war": "comedies documentaries dramas romances",
    }.items()
    for noun in nouns.split()
) | {"animated family films", "animated fantasy films", "science fiction horror films"}
