"""Which countries the place tags cover, and the names of countries and languages.

A place tag says where a film is set, such as a region of the world. The linter uses the table to
find a country filed under a neighbouring region. The shelves (micro-genres) use it to see whether a
film is set where it was made.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_CODES = {
    "new-york": "US",
    "los-angeles": "US",
    "american-west": "US",
    "american-south": "US",
    "american-heartland": "US",
    "canada": "CA",
    "mexico": "MX",
    "latin-america": "AR BO BR CL CO CR CU DO EC GT HN HT JM NI PA PE PR PY SV TT UY VE",
    "london": "GB",
    "britain": "GB",
    "ireland": "IE GB",
    "paris": "FR",
    "france": "FR",
    "low-countries": "NL BE LU",
    "german-lands": "DE AT",
    "switzerland": "CH",
    "italy": "IT",
    "greece": "GR CY",
    "spain-and-portugal": "ES PT",
    "nordic": "SE DK NO FI IS GL FO",
    "eastern-europe": "PL CZ SK HU RO BG RS HR BA SI MK ME AL XK BY MD",
    "baltics": "EE LV LT",
    "russia": "RU",
    "ukraine": "UA",
    "caucasus": "GE AM AZ RU",
    "central-asia": "KZ KG UZ TJ TM MN",
    "middle-east": "TR IL PS LB SY JO IQ SA AE QA KW OM YE BH AF EG",
    "iran": "IR",
    "india": "IN",
    "south-asia": "PK BD NP BT LK MV",
    "china": "CN",
    "taiwan": "TW",
    "hong-kong": "HK MO",
    "japan": "JP",
    "korea": "KR KP",
    "southeast-asia": "TH VN ID PH KH LA MM MY SG BN TL",
    "africa": "DZ AO BF BJ CD CI CM DJ EG ER ET GH GN KE LS LY MA ML MR MZ NA NE NG RW SD SN SO "
    "SS TD TN TZ UG ZA ZM ZW",
    "australia-nz": "AU NZ VU WS FJ PG",
}
COUNTRIES_OF_PLACE: Mapping[str, frozenset[str]] = MappingProxyType(
    {slug: frozenset(codes.split()) for slug, codes in _CODES.items()}
)
"""For each place tag's slug, the ISO 3166 codes of the countries that it covers, wholly or in
part.
"""

COUNTRY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "afghanistan": "AF", "algeria": "DZ", "argentina": "AR", "armenia": "AM",
        "australia": "AU", "austria": "AT", "azerbaijan": "AZ", "bangladesh": "BD",
        "belarus": "BY", "belgium": "BE", "bhutan": "BT", "bosnia": "BA", "brazil": "BR",
        "bulgaria": "BG", "cambodia": "KH", "canada": "CA", "chile": "CL", "china": "CN",
        "colombia": "CO", "croatia": "HR", "cuba": "CU", "cyprus": "CY", "czechia": "CZ",
        "denmark": "DK", "egypt": "EG", "england": "GB", "estonia": "EE", "finland": "FI",
        "france": "FR", "georgia": "GE", "germany": "DE", "greece": "GR", "hong kong": "HK",
        "hungary": "HU", "iceland": "IS", "india": "IN", "indonesia": "ID", "iran": "IR",
        "iraq": "IQ", "ireland": "IE", "israel": "IL", "italy": "IT", "jamaica": "JM",
        "japan": "JP", "kazakhstan": "KZ", "kenya": "KE", "korea": "KR", "kyrgyzstan": "KG",
        "latvia": "LV", "lebanon": "LB", "lithuania": "LT", "luxembourg": "LU", "mexico": "MX",
        "moldova": "MD", "mongolia": "MN", "morocco": "MA", "nepal": "NP", "netherlands": "NL",
        "new zealand": "NZ", "nigeria": "NG", "norway": "NO", "pakistan": "PK",
        "palestine": "PS", "peru": "PE", "philippines": "PH", "poland": "PL", "portugal": "PT",
        "romania": "RO", "russia": "RU", "scotland": "GB", "senegal": "SN", "serbia": "RS",
        "slovakia": "SK", "slovenia": "SI", "south africa": "ZA", "south korea": "KR",
        "spain": "ES", "sri lanka": "LK", "sweden": "SE", "switzerland": "CH", "syria": "SY",
        "taiwan": "TW", "tajikistan": "TJ", "thailand": "TH", "turkey": "TR",
        "turkmenistan": "TM", "ukraine": "UA", "uzbekistan": "UZ", "vietnam": "VN",
        "wales": "GB",
    }
)  # fmt: skip
"""The ISO 3166 code for each English name of a country, as people type it."""

LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "afrikaans": "af", "albanian": "sq", "american sign language": "ase", "amharic": "am",
        "arabic": "ar", "armenian": "hy", "assamese": "as", "azerbaijani": "az",
        "bambara": "bm", "basque": "eu", "belarusian": "be", "bengali": "bn", "bangla": "bn",
        "bosnian": "bs", "bulgarian": "bg", "burmese": "my", "cantonese": "yue",
        "catalan": "ca", "chechen": "ce", "chinese": "zh", "mandarin": "zh", "corsican": "co",
        "creole": "kea", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl",
        "flemish": "nl", "dzongkha": "dz", "english": "en", "estonian": "et", "farsi": "fa",
        "persian": "fa", "filipino": "tl", "tagalog": "tl", "finnish": "fi", "french": "fr",
        "fula": "ff", "galician": "gl", "gaelic": "gd", "scottish gaelic": "gd", "irish": "ga",
        "georgian": "ka", "german": "de", "greek": "el", "guarani": "gn", "gujarati": "gu",
        "hebrew": "he", "hindi": "hi", "hokkien": "nan", "taiwanese": "nan", "hungarian": "hu",
        "icelandic": "is", "indonesian": "id", "italian": "it", "japanese": "ja",
        "javanese": "jv", "kannada": "kn", "kazakh": "kk", "khmer": "km", "kikuyu": "ki",
        "kinyarwanda": "rw", "korean": "ko", "kurdish": "ku", "kyrgyz": "ky", "lao": "lo",
        "lakota": "lkt", "latin": "la", "latvian": "lv", "lingala": "ln", "lithuanian": "lt",
        "low german": "pdt", "macedonian": "mk", "malay": "ms", "malayalam": "ml",
        "maori": "mi", "marathi": "mr", "mongolian": "mn", "moore": "mos", "nepali": "ne",
        "norwegian": "no", "pashto": "ps", "polish": "pl", "portuguese": "pt",
        "brazilian": "pt", "punjabi": "pa", "quechua": "qu", "romani": "rom", "romanian": "ro",
        "russian": "ru", "sami": "se", "samoan": "sm", "sardinian": "sc", "serbian": "sr",
        "shanghainese": "wuu", "silent": "zxx", "no dialogue": "zxx", "sinhala": "si",
        "slovak": "sk", "slovene": "sl", "slovenian": "sl", "somali": "so", "sotho": "st",
        "spanish": "es", "swahili": "sw", "swedish": "sv", "tamil": "ta", "telugu": "te",
        "thai": "th", "tibetan": "bo", "turkish": "tr", "ukrainian": "uk", "urdu": "ur",
        "vietnamese": "vi", "wolof": "wo", "xhosa": "xh", "yiddish": "yi", "zulu": "zu",
        "deutsch": "de", "español": "es", "français": "fr", "italiano": "it", "日本語": "ja",
        "한국어": "ko", "中文": "zh", "русский": "ru", "português": "pt", "svenska": "sv",
        "polski": "pl", "nederlands": "nl", "türkçe": "tr", "हिन्दी": "hi", "العربية": "ar",
        "فارسی": "fa", "ไทย": "th",
    }
)  # fmt: skip
"""The ISO 639 code for each name of a language, as people type it. The first name of a language is
English.
"""

NEIGHBOURS = (
    frozenset({"russia", "ukraine", "caucasus", "baltics", "central-asia", "eastern-europe"}),
    frozenset({"india", "south-asia"}),
    frozenset({"china", "taiwan"}),
)
"""Groups of neighbouring place tags that have been mistaken for each other. A film made in only one
country of a group is rarely set in another country of it and not at home.
"""

SET_ELSEWHERE = frozenset({"the-cup-1999"})
"""Keys of films that `mistaken_place` would report by mistake, because they really are set in a
neighbouring country.
"""

EMPIRES = frozenset({"russia"})
"""Place tags of states, such as the Soviet Union, that also made films in countries of neighbouring
tags.
"""

PERIODS = frozenset(
    {"ancient-world", "middle-ages", "early-modern", "nineteenth-century", "belle-epoque"}
    | {"interwar"}
)
"""Tags of times before today's borders. A film set in such a time may be set in any country of the
group.
"""


def mistaken_place(countries: Iterable[str], slugs: Iterable[str]) -> tuple[str, str] | None:
    """Returns (place tag, place tag expected instead) if a film seems to have a wrong place tag,
    else None.

    `NEIGHBOURS` lists groups of neighbouring place tags. A tag seems wrong if another tag of its
    group fits better: it covers all countries of the film that any tag of the group covers.

    countries: ISO codes of the countries that made the film.
    slugs: permanent keys of the film's tags.
    """
    made, given = set(countries), set(slugs)
    if given & PERIODS:
        return None
    for group in NEIGHBOURS:
        home = sorted(place for place in group if COUNTRIES_OF_PLACE[place] & made)
        if "caucasus" in home and "RU" in made:
            home.remove("caucasus")
        abroad = sorted((given & group) - set(home))
        if len(home) == 1 and abroad and home[0] not in given | EMPIRES:
            return abroad[0], home[0]
    return None


def set_abroad(country: str | None, slugs: Iterable[str]) -> bool:
    """True if the film has place tags, and none of them covers the given country.

    country: ISO code; None if unknown.
    slugs: permanent keys of the film's tags.
    """
    places = [slug for slug in slugs if slug in COUNTRIES_OF_PLACE]
    return bool(places) and all(country not in COUNTRIES_OF_PLACE[slug] for slug in places)
