"""Says what is wrong in the files of a catalogue: lists of films and of tags.

The sentences follow the name of the file and the number of the line, so they begin with a small
letter.
"""

from bot.wording.speech import N_, Sentence, _, ngettext, percent


def genre_unknown(genre: str, near: str) -> str:
    """Returns what is wrong with a genre that is not known.

    near: the genres that read like it; empty if none does.
    """
    if near:
        return _("I don't know the genre “{genre}”. Did you mean {near}?", genre=genre, near=near)
    return _("I don't know the genre “{genre}”. Correct or remove it.", genre=genre)


def tag_not_listed(tag: str, file: str, near: str) -> str:
    """Returns what is wrong with a tag that the vocabulary lacks.

    file: the vocabulary's file.
    near: the tags that read like it; empty if none does.
    """
    if near:
        return _(
            "the tag “{tag}” isn't in {file}. Did you mean {near}?", tag=tag, file=file, near=near
        )
    return _("the tag “{tag}” isn't in {file}. Correct or remove it.", tag=tag, file=file)


def heading_lacks_column(column: str, separator: str | None) -> str:
    """Returns what is wrong with a heading that lacks columns.

    column: the missing columns.
    separator: "tabs", "semicolons" or "bars" if these separate the columns; None for commas.
    """
    if separator == "tabs":
        return _("the columns are separated by tabs. Save the file with commas.")
    if separator == "semicolons":
        return _("the columns are separated by semicolons. Save the file with commas.")
    if separator == "bars":
        return _("the columns are separated by bars. Save the file with commas.")
    return _("the heading doesn't have the column {column}. Add it.", column=column)


def few_facets(film: str, facets: str, others: str) -> str:
    """Returns what is wrong with a film whose tags are of few kinds.

    facets: the kinds of its tags; empty if it has no tags.
    others: the kinds that it lacks.
    """
    if not facets:
        return _(
            "{film} doesn't have any tags that describe it. Add some for {others}.",
            film=film,
            others=others,
        )
    return _(
        "{film} only has tags for {facets}. Add some for {others}.",
        film=film,
        facets=facets,
        others=others,
    )


def tags_alike(tag: str, other: str, share: float) -> str:
    """Returns what is wrong with two tags that nearly the same films have."""
    return _(
        "the tags “{tag}” and “{other}” are on nearly the same films ({share}). Merge "
        "them, or use them differently.",
        tag=tag,
        other=other,
        share=percent(share),
    )


def few_films(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of too few films."""
    return ngettext(
        "there's only {n} film. You need at least {least}.",
        "there are only {n} films. You need at least {least}.",
        n,
        least=least,
    )


def few_countries(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of films from too few countries."""
    return ngettext(
        "there's only {n} country. You need at least {least}.",
        "there are only {n} countries. You need at least {least}.",
        n,
        least=least,
    )


def few_languages(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of films in too few languages."""
    return ngettext(
        "there's only {n} language. You need at least {least}.",
        "there are only {n} languages. You need at least {least}.",
        n,
        least=least,
    )


def few_far_films(n: int) -> str:
    """Returns a sentence about a catalogue of mostly well-known films in English."""
    return ngettext(
        "only {n} film is little known or not in English. Add some more.",
        "only {n} films are little known or not in English. Add some more.",
        n,
    )


REFUSALS: dict[str, Sentence] = {
    "adult-without-audience": N_("{film} has adult content, so its audience can only be adults."),
    "adults-with-children": N_(
        "{film} is for adults, but its tags say children. Correct the audience or the tags."
    ),
    "cell-control-character": N_(
        "there's an invisible control character in the {column}. Type the cell again."
    ),
    "cell-formula": N_(
        "the {column} starts with “{sign}”, so a spreadsheet would run it as a formula. "
        "Start it with something else."
    ),
    "cell-no-code": N_("“{given}” in the {column} should be {written}."),
    "cell-not-like-a-code": N_(
        "“{given}” in the {column} isn't a code I know. Write codes like {example}."
    ),
    "cell-no-whole-number": N_(
        "“{given}” doesn't work as the {column}. Write a whole number from {least} to {most}."
    ),
    "cell-over-line": N_(
        "one cell goes past the end of its line. Look for a quotation mark that isn't "
        "closed, and keep each entry on one line."
    ),
    "cells-differ": N_(
        "the row has {have} cells, but the header has {need}. Put quotation marks around "
        "any cell with a comma, and check that you haven't left a cell out."
    ),
    "country-as-word": N_(
        "“{word}” is its own country, so it can't be a word for the tag “{tag}”. Give it "
        "its own tag."
    ),
    "decades-missing": N_("you don't have any films from the {decades}. Add some."),
    "empty-value": N_("there's an empty value in the {column}. Remove the extra “|”."),
    "few-countries": few_countries,
    "few-facets": few_facets,
    "few-far-films": few_far_films,
    "few-films": few_films,
    "few-languages": few_languages,
    "few-tags": N_(
        "{film} has {count} tags, and {core} of them are for {facets}. It needs at least "
        "{least}, and {least_core} of those."
    ),
    "film-lacks-column": N_("{film} doesn't have any {column}. Add them."),
    "film-listed-before": N_(
        "you already have “{title}” ({year}) in line {line}. Remove one. If they're two "
        "films, name the directors of both."
    ),
    "film-unfit": N_("film {id} in the data set: {problem}"),
    "films-alike": N_(
        "I can't tell “{title}” ({year}) from another film. Name the directors of both, "
        "or remove one."
    ),
    "films-indistinguishable": N_(
        "“{title}” ({year}) and “{other}” ({other_year}, line {line}) have the same tags "
        "and genres, so nobody could tell them apart. Add what makes them different."
    ),
    "gem-and-hit": N_("{film} can't be a hidden gem and have {tags} too. Keep one."),
    "genre-by-another-word": N_("I don't know the genre “{genre}”. Write {written}."),
    "genre-empty": N_("“{title}” has an empty genre. Remove it."),
    "genre-long": N_(
        "“{title}” has the genre “{genre}”, which is longer than {most} characters or has a "
        "control character. Correct it."
    ),
    "genre-unknown": genre_unknown,
    "genres-missing": N_("you don't have any films in {genres}. Add some."),
    "genres-without-bar": N_("there's no bar between the genres “{genre}”. Write {written}."),
    "heading-column-twice": N_("the heading has the column {column} twice. Keep one."),
    "heading-lacks-column": heading_lacks_column,
    "heading-unknown-column": N_(
        "I don't know the column {column} in the heading. I know {columns}."
    ),
    "impossible-runtime": N_(
        "{film} can't be {runtime} minutes long. Correct it, or leave it empty."
    ),
    "impossible-year": N_("{film} can't be from that year. Correct it."),
    "last-line-torn": N_(
        "the last line is cut off ({have} of {need} cells, and no end of line). You've "
        "only got a part of the file, so copy it again."
    ),
    "line-no-csv": N_("this line isn't proper CSV ({cause}). Check its quotation marks."),
    "list-empty": N_("the file is empty. Start it with a line that names the columns {columns}."),
    "list-is-export": N_(
        "this is an export from {export}, so it's what one person watched or rated. I "
        "need a list of films with the columns {columns}. docs/catalogue.md describes "
        "them."
    ),
    "list-is-json": N_(
        "this is a JSON file, like the ones you export from Trakt. Give me your list of "
        "films as a CSV file."
    ),
    "list-is-movielens": N_("this is MovieLens data. Import it with `matinee import movielens`."),
    "list-missing": N_("I can't find that file. Check the path you gave me."),
    "list-not-utf8": N_(
        "the text isn't UTF-8. Spreadsheets often save Windows-1252, so save the file "
        "again as UTF-8."
    ),
    "list-too-large": N_(
        "the file passes {megabytes} MB here, and that's too big for a list of films. "
        "Split it, or check that it's the right file."
    ),
    "list-unreadable": N_("I can't read the file ({cause}). Check its permissions."),
    "list-zero-byte": N_(
        "there's a zero byte in the text. Save the file again as a plain CSV file in UTF-8."
    ),
    "long-cast": N_("that's {count} names in the cast. Keep the {most} who lead."),
    "many-defining-tags": N_(
        "{film} has {count} tags of weight 3. Keep that weight for the {most} that define it."
    ),
    "many-genres": N_("that's {count} genres. Keep the {most} that matter most."),
    "many-tags": N_("{film} has {count} tags. Keep the {most} that matter most."),
    "no-adult-flag": N_(
        "I can't read “{given}” in the column adult. Write yes, or leave it empty."
    ),
    "no-audience": N_(
        "{film} doesn't have an audience. Without one, I leave it out in family-safe servers."
    ),
    "no-defining-tag": N_("{film} doesn't have a tag of weight 3. Choose the one that defines it."),
    "no-facet": N_("I don't know the facet “{facet}”. Choose {choices}."),
    "no-imdb-id": N_("“{given}” isn't an IMDb id. Write tt and at least seven digits."),
    "no-phrase": N_(
        "the phrase “{phrase}” needs a “~” at its start or end, where the films go. "
        "Write it like bleak ~ or ~ about grief."
    ),
    "no-poster-address": N_("the poster isn't an https address. Leave it empty if you have none."),
    "no-slug": N_("“{slug}” doesn't work as a slug. Use small letters, digits and single hyphens."),
    "no-weight": N_(
        "the tag “{tag}” has the weight “{weight}”. After the colon, write 1 (a "
        "touch of it), 2 (a good fit) or 3 (it defines the film)."
    ),
    "no-year": N_("“{title}” doesn't have a year. Write it with four digits."),
    "not-for-everyone": N_(
        "{film} can't be for everyone and have {tags}. Correct the audience or the tags."
    ),
    "other-country": N_(
        "{film} comes from the countries of the tag “{tag}”, but it has the tag "
        "“{other}”. Correct it, or give it both."
    ),
    "tag-given-twice": N_("the tag “{tag}” is there twice. Keep one."),
    "tag-lacks-column": N_("the tag “{tag}” doesn't have a {column}. Write one."),
    "tag-listed-before": N_("you already have the tag “{tag}” in line {line}. Keep one."),
    "tag-not-in-vocabulary": N_(
        "{film} has the tag “{tag}”, which isn't in the vocabulary. Correct or remove it."
    ),
    "tag-not-listed": tag_not_listed,
    "tag-unused": N_("no film has the tag “{tag}” yet. Use it or remove it."),
    "tag-used-once": N_(
        "only one film has the tag “{tag}”, so it doesn't link any films. Use it again "
        "or remove it."
    ),
    "tags-alike": tags_alike,
    "title-control-character": N_(
        "there's an invisible control character in the title “{title}”. Type it again."
    ),
    "title-empty": N_("the title is empty. Write one or remove the line."),
    "title-like-number": N_(
        "the title “{title}” looks like one of my own numbers. Write it another way."
    ),
    "title-long": N_("the title “{title}…” has {count} characters. Keep it to {most}."),
    "unknown-audience": N_("I don't know the audience “{audience}”. Choose {choices}."),
    "value-twice": N_("“{value}” is in the {column} twice. Keep one."),
    "word-taken": N_(
        "“{word}” already means the tag “{tag}” (line {line}). Keep it for just one tag."
    ),
    "wrong-in-file": N_("{file}: {problem}"),
    "wrong-in-line": N_("{file} line {line}: {problem}"),
    "year-out-of-range": N_("“{title}” can't be from {year}. Years go from {first} to {last}."),
}
"""The sentence of each error, by the error's key."""
