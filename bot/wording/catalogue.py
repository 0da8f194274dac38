"""Texts about films, genres, moods and languages that a person names."""

from bot.services.catalogue.words import language_name
from bot.wording.speech import N_, Sentence, _, listed, spoken, tongue, translated


def title_of_several(films: list[str]) -> str:
    """Returns the question which of several films with the same title is meant."""
    return _(
        "More than one film has that title. Did you mean {near}?",
        near=listed(films, joined_by="or"),
    )


def unknown_title_near(typed: str, films: list[str]) -> str:
    """Returns the answer to a title that is not known. films: those with the nearest titles."""
    return _(
        "I don't have “{typed}” yet. Did you mean {near}? Pick one from the list.",
        typed=typed,
        near=listed(films, joined_by="or"),
    )


def language_of_films(code: str) -> str:
    """Returns the name of a language of films, as people type it in English: "Farsi".

    code: its ISO code.
    """
    present = spoken()
    return present.dress(language_name(code)) if present.cldr == "en" else tongue(code)


REFUSALS: dict[str, Sentence] = {
    "no-films-in-language": N_("I don't have any films in {spoken} yet. Try {choices}."),
    "no-such-film": N_("I don't have that film, or I can't show it here."),
    "no-such-genre": N_("I don't know a genre called “{typed}”. Try {choices}."),
    "no-such-genre-near": N_("I don't know a genre called “{typed}”. Did you mean {near}?"),
    "no-such-language": N_("I don't know a language called “{typed}”. Try {choices}."),
    "no-such-language-near": N_("I don't know a language called “{typed}”. Did you mean {near}?"),
    "no-such-mood": N_("I don't know a mood called “{typed}”. Try {choices}."),
    "no-such-mood-near": N_("I don't know a mood called “{typed}”. Did you mean {near}?"),
    "title-of-several": title_of_several,
    "unknown-title": N_(
        "I don't have “{typed}” yet. Start typing a title and pick one from the list."
    ),
    "unknown-title-near": unknown_title_near,
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {"film-language": language_of_films, "quoted": N_("“{text}”")}
"""The sentence of each note, by the note's key."""

BALANCE = {
    "adult": N_("adult"),
    "adult-content": N_("adult content"),
    "adults": N_("adults"),
    "audiences": N_("audiences"),
    "countries": N_("countries"),
    "decades": N_("decades"),
    "everyone": N_("everyone"),
    "far-and-near": N_("films from near and far"),
    "films-with-a-warning-by-audience": N_("films with a warning, by audience"),
    "genres": N_("genres"),
    "in-any-series": N_("films in a series"),
    "languages": N_("languages"),
    "leading-language-not-english": N_("films not in English"),
    "leading-languages": N_("main languages"),
    "neither-in-english-nor-best-known": N_("films not in English that few people know"),
    "outside-the-best-known": N_("films that few people know"),
    "series": N_("series"),
    "tags-given-to-films": N_("tags in use"),
    "tags-in-the-vocabulary": N_("different tags"),
    "tags-of-weight-3-at-a-film": N_("tags with weight 3 per film"),
    "teens": N_("teens"),
    "unknown": N_("unknown"),
    "warnings": N_("warnings"),
    "weights": N_("weights"),
    "years": N_("years"),
}
"""The name of each table of counts, and of each row, by its key."""


def balance_name(key: str) -> str:
    """Returns the name of a table of counts, or of a row in one; data such as "FR" is unchanged."""
    return translated(BALANCE[key]) if key in BALANCE else key
