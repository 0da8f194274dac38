"""Texts about films, genres, moods and languages that a person names."""

from bot.wording.speech import N_, Sentence, translated

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

BALANCE = {
    "adult": N_("adult"),
    "adult-content": N_("adult content"),
    "adults": N_("adults"),
    "audiences": N_("audiences"),
    "countries": N_("countries"),
    "decades": N_("decades"),
    "everyone": N_("everyone"),
    "far-and-near": N_("far and near"),
    "films-with-a-warning-by-audience": N_("films with a warning, by audience"),
    "genres": N_("genres"),
    "languages": N_("languages"),
    "leading-language-not-english": N_("leading language not English"),
    "leading-languages": N_("leading languages"),
    "neither-in-english-nor-best-known": N_("neither in English nor best known"),
    "outside-the-best-known": N_("outside the best known"),
    "tags-given-to-films": N_("tags given to films"),
    "tags-in-the-vocabulary": N_("tags in the vocabulary"),
    "tags-of-weight-3-at-a-film": N_("tags of weight 3 at a film"),
    "teens": N_("teens"),
    "unknown": N_("unknown"),
    "warnings": N_("warnings"),
    "weights": N_("weights"),
}
"""The name of each table of counts, and of each row, by its key."""


def balance_name(key: str) -> str:
    """Returns the name of a table of counts, or of a row in one; data such as "FR" is unchanged."""
    return translated(BALANCE[key]) if key in BALANCE else key
