"""Texts about films, genres, moods and languages that a person names."""

from bot.services.catalogue.words import language_name
from bot.wording.speech import N_, Sentence, _, listed, spoken, tongue, translated


def title_of_several(films: list[str]) -> str:
    """Returns the question which of several films with the same title is meant."""
    return _(
        "More than one film has that title. Did you mean {same_title}? Pick the right one from "
        "the list as you type.",
        same_title=listed(films, joined_by="or"),
    )


def unknown_title_near(typed: str, films: list[str]) -> str:
    """Returns the answer to a title that is not known. films: those with the nearest titles."""
    return _(
        "I don't have “{typed}” yet. Did you mean {near_titles}? If so, pick it from the list as "
        "you type.",
        typed=typed,
        near_titles=listed(films, joined_by="or"),
    )


def no_films_in_language(spoken: str, choices: str) -> str:
    """Returns the answer to a language in which there is no film.

    spoken: the language.
    choices: languages of which there are films.
    """
    return _(
        "I don't have any films in {spoken} yet. Try {film_languages}.",
        spoken=spoken,
        film_languages=choices,
    )


def no_such_genre(typed: str, choices: str) -> str:
    """Returns the answer to a genre that is not known. choices: some that are."""
    return _(
        "I don't know a genre called “{typed_genre}”. Try {some_genres}.",
        typed_genre=typed,
        some_genres=choices,
    )


def no_such_genre_near(typed: str, near: str) -> str:
    """Returns the answer to a genre that is not known. near: the nearest genres."""
    return _(
        "I don't know a genre called “{typed_genre}”. Did you mean {near_genres}?",
        typed_genre=typed,
        near_genres=near,
    )


def no_such_language(typed: str, choices: str) -> str:
    """Returns the answer to a language that is not known. choices: some that are."""
    return _(
        "I don't know a language called “{typed_language}”. Try {film_languages}.",
        typed_language=typed,
        film_languages=choices,
    )


def no_such_language_near(typed: str, near: str) -> str:
    """Returns the answer to a language that is not known. near: the nearest languages."""
    return _(
        "I don't know a language called “{typed_language}”. Did you mean {near_languages}?",
        typed_language=typed,
        near_languages=near,
    )


def no_such_mood(typed: str, choices: str) -> str:
    """Returns the answer to a mood that is not known. choices: some that are."""
    return _(
        "I don't know a mood called “{typed_mood}”. Try {some_moods}.",
        typed_mood=typed,
        some_moods=choices,
    )


def no_such_mood_near(typed: str, near: str) -> str:
    """Returns the answer to a mood that is not known. near: the nearest moods."""
    return _(
        "I don't know a mood called “{typed_mood}”. Did you mean {near_moods}?",
        typed_mood=typed,
        near_moods=near,
    )


def language_of_films(code: str) -> str:
    """Returns the name of a language of films, as people type it in English: "Farsi".

    code: its ISO code.
    """
    present = spoken()
    return present.dress(language_name(code)) if present.cldr == "en" else tongue(code)


REFUSALS: dict[str, Sentence] = {
    "no-films-in-language": no_films_in_language,
    "no-such-film": N_("I don't have that film, or I can't show it here. Try another one."),
    "no-such-genre": no_such_genre,
    "no-such-genre-near": no_such_genre_near,
    "no-such-language": no_such_language,
    "no-such-language-near": no_such_language_near,
    "no-such-mood": no_such_mood,
    "no-such-mood-near": no_such_mood_near,
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
    "far-and-near": N_("films that aren't mainstream"),
    "films-with-a-warning-by-audience": N_("films with a warning, by audience"),
    "genres": N_("genres"),
    "in-any-series": N_("films in a series"),
    "languages": N_("languages"),
    "leading-language-not-english": N_("films not in English"),
    "leading-languages": N_("main languages"),
    "neither-in-english-nor-best-known": N_("films not in English that few people know"),
    "outside-the-best-known": N_("films that few people know"),
    "series": N_("series"),
    "tags-given-to-films": N_("tags given to films"),
    "tags-in-the-vocabulary": N_("tags in the list"),
    "tags-of-weight-3-at-a-film": N_("tags with weight 3, for each film"),
    "teens": N_("teens"),
    "unknown": N_("unknown"),
    "warnings": N_("warnings"),
    "weights": N_("weights"),
    "years": N_("years"),
}
"""A label in the tables of `matinee catalogue check`, by its key."""


def balance_name(key: str) -> str:
    """Returns the name of a table of counts, or of a row in one; data such as "FR" is unchanged."""
    return translated(BALANCE[key]) if key in BALANCE else key
