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
    return _("the heading has no column {column}. Add it.", column=column)


def few_facets(film: str, facets: str, others: str) -> str:
    """Returns what is wrong with a film whose tags are of few kinds.

    facets: the kinds of its tags; empty if it has no tags.
    others: the kinds that it lacks.
    """
    if not facets:
        return _(
            "{film} isn't described by anything. Add tags of {others}.", film=film, others=others
        )
    return _(
        "{film} is described by {facets} only. Add tags of {others}.",
        film=film,
        facets=facets,
        others=others,
    )


def tags_alike(tag: str, other: str, share: float) -> str:
    """Returns what is wrong with two tags that nearly the same films have."""
    return _(
        "the tags “{tag}” and “{other}” are at nearly the same films ({share}). Merge them, or "
        "tell them apart.",
        tag=tag,
        other=other,
        share=percent(share),
    )


def few_films(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of too few films."""
    return ngettext(
        "there is {n} film. There should be {least}.",
        "there are {n} films. There should be {least}.",
        n,
        least=least,
    )


def few_countries(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of films from too few countries."""
    return ngettext(
        "there is {n} country. There should be {least}.",
        "there are {n} countries. There should be {least}.",
        n,
        least=least,
    )


def few_languages(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of films in too few languages."""
    return ngettext(
        "there is {n} language. There should be {least}.",
        "there are {n} languages. There should be {least}.",
        n,
        least=least,
    )


def few_far_films(n: int) -> str:
    """Returns a sentence about a catalogue of mostly well-known films in English."""
    return ngettext(
        "only {n} film isn't in English or is little known. Add some.",
        "only {n} films aren't in English or are little known. Add some.",
        n,
    )


REFUSALS: dict[str, Sentence] = {
    "adult-without-audience": N_("{film} has adult content, so its audience can only be adults."),
    "adults-with-children": N_(
        "{film} is for adults and tagged for children. Correct the audience or the tags."
    ),
    "cell-control-character": N_("the {column} contains a control character. Type the cell again."),
    "cell-formula": N_(
        "the {column} begins with “{sign}”, which a spreadsheet would run as a formula. Begin "
        "it with something else."
    ),
    "cell-no-code": N_("the {column} have “{given}”. Write {written}."),
    "cell-not-like-a-code": N_("the {column} have “{given}”. Write codes like {example}."),
    "cell-no-whole-number": N_(
        "the {column} is “{given}”. Write a whole number from {least} to {most}."
    ),
    "cell-over-line": N_(
        "a cell runs over the end of the line. Look for a quotation mark that isn't closed, "
        "and keep each entry on one line."
    ),
    "cells-differ": N_(
        "the row has {have} cells, but the header has {need}. Put quotation marks around a cell "
        "that contains a comma, and check that no cell is missing."
    ),
    "country-as-word": N_(
        "“{word}” is a country of its own and no word for the tag “{tag}”. Give it a tag of "
        "its own."
    ),
    "decades-missing": N_("no film of the {decades}. Add some."),
    "empty-value": N_("the {column} have an empty value. Remove the “|” too many."),
    "few-countries": few_countries,
    "few-facets": few_facets,
    "few-far-films": few_far_films,
    "few-films": few_films,
    "few-languages": few_languages,
    "few-tags": N_(
        "{film} has {count} tags, {core} of them of {facets}. Give it at least {least} and "
        "{least_core}."
    ),
    "film-lacks-column": N_("{film} has no {column}. Fill them in."),
    "film-listed-before": N_(
        "“{title}” ({year}) is in line {line} already. Remove one, or give both their "
        "directors if they're two films."
    ),
    "film-unfit": N_("film {id} of the data set: {problem}"),
    "films-alike": N_(
        "“{title}” ({year}) can't be told from another film. Give both their directors, or "
        "remove one."
    ),
    "films-indistinguishable": N_(
        "nobody could tell “{title}” ({year}) from “{other}” ({other_year}, line {line}): they "
        "have the same tags and genres. Add what sets them apart."
    ),
    "gem-and-hit": N_("{film} is a hidden gem and has {tags}. Either few or many have seen it."),
    "genre-by-another-word": N_("I don't know the genre “{genre}”. Write {written}."),
    "genre-empty": N_("“{title}” has an empty genre. Remove it."),
    "genre-long": N_(
        "“{title}” has the genre “{genre}”, which is longer than {most} characters or has a "
        "control character. Correct it."
    ),
    "genre-unknown": genre_unknown,
    "genres-missing": N_("no film of {genres}. Add some."),
    "genres-without-bar": N_("the genres “{genre}” aren't separated by a bar. Write {written}."),
    "heading-column-twice": N_("the heading names the column {column} twice."),
    "heading-lacks-column": heading_lacks_column,
    "heading-unknown-column": N_(
        "the heading has the unknown column {column}. The columns are {columns}."
    ),
    "impossible-runtime": N_("{film} can't take {runtime} minutes. Correct it, or leave it empty."),
    "impossible-year": N_("{film} can't be of that year. Correct it."),
    "last-line-torn": N_(
        "the last line is torn off ({have} of {need} cells, and no end of line). The file was "
        "cut while it was copied, so copy it again."
    ),
    "line-no-csv": N_("this line isn't proper CSV ({cause}). Check its quotation marks."),
    "list-empty": N_("the file is empty. Its first line names the columns: {columns}."),
    "list-is-export": N_(
        "this is an export of {export}: what one person watched or rated, and no list of films "
        "for the catalogue. Such a list has the columns {columns}. docs/catalogue.md describes "
        "them."
    ),
    "list-is-json": N_("this is JSON (exports of Trakt are). A list of films is a CSV file."),
    "list-is-movielens": N_(
        "this is an export of MovieLens. Import it with `matinee import movielens`."
    ),
    "list-missing": N_("there's no such file. Check the path you gave."),
    "list-not-utf8": N_(
        "the text isn't UTF-8 (spreadsheets often write Windows-1252). Save the file again as "
        "UTF-8."
    ),
    "list-too-large": N_(
        "the file goes over {megabytes} MB here, too much for a list of films. Split it, or check "
        "that it's the right file."
    ),
    "list-unreadable": N_("I can't read the file ({cause}). Check its permissions."),
    "list-zero-byte": N_(
        "there's a zero byte in the text. Save the file again as plain UTF-8 CSV."
    ),
    "long-cast": N_("{count} names in the cast? Keep the {most} who lead."),
    "many-defining-tags": N_(
        "{film} has {count} tags of weight 3. Keep the {most} that define it."
    ),
    "many-genres": N_("{count} genres? Keep the {most} that matter."),
    "many-tags": N_("{film} has {count} tags. Keep the {most} that matter most."),
    "no-adult-flag": N_("“{given}” can't be under adult. Write yes, or leave it empty."),
    "no-audience": N_("{film} has no audience. Without one it's left out where family-safe."),
    "no-defining-tag": N_("{film} has no tag of weight 3. Say what defines it."),
    "no-facet": N_("“{facet}” isn't a facet. Choose {choices}."),
    "no-imdb-id": N_("“{given}” isn't an IMDb id. Those are tt and at least seven digits."),
    "no-phrase": N_(
        "the phrase “{phrase}” doesn't begin or end with a “~” for the films. Write it like "
        "bleak ~ or ~ about grief."
    ),
    "no-poster-address": N_("the poster isn't an https address. Leave it empty if you have none."),
    "no-slug": N_("“{slug}” isn't a slug. Use small letters, digits and single hyphens."),
    "no-weight": N_(
        "the tag “{tag}” has the weight “{weight}”. After the colon, write 1 (a "
        "touch of it), 2 (a good fit) or 3 (it defines the film)."
    ),
    "no-year": N_("“{title}” has no year. Write it with four digits."),
    "not-for-everyone": N_(
        "{film} is marked for everyone and has {tags}. Correct the audience or the tags."
    ),
    "other-country": N_(
        "{film} was made in the countries of the tag “{tag}”, but has the tag “{other}”. "
        "Correct it, or give it both."
    ),
    "tag-given-twice": N_("the tag “{tag}” is there twice. Keep one."),
    "tag-lacks-column": N_("the tag “{tag}” has no {column}. Write one."),
    "tag-listed-before": N_("the tag “{tag}” is in line {line} already."),
    "tag-not-in-vocabulary": N_(
        "{film} has the tag “{tag}”, which isn't in the vocabulary. Correct or remove it."
    ),
    "tag-not-listed": tag_not_listed,
    "tag-unused": N_("no film has the tag “{tag}”. Use it or remove it."),
    "tag-used-once": N_(
        "only one film has the tag “{tag}”, so it links nothing. Use it again or remove it."
    ),
    "tags-alike": tags_alike,
    "title-control-character": N_("the title “{title}” has a control character. Type it again."),
    "title-empty": N_("the title is empty. Write one or remove the line."),
    "title-like-number": N_("the title “{title}” reads like a number of mine. Write it otherwise."),
    "title-long": N_("the title “{title}…” has {count} characters. Write at most {most}."),
    "unknown-audience": N_("I don't know the audience “{audience}”. Choose {choices}."),
    "value-twice": N_("the {column} name “{value}” twice. Keep one."),
    "word-taken": N_(
        "“{word}” means the tag “{tag}” already (line {line}). A word can lead to one tag only."
    ),
    "wrong-in-file": N_("{file}: {problem}"),
    "wrong-in-line": N_("{file} line {line}: {problem}"),
    "year-out-of-range": N_("“{title}” is of the year {year}. Years go from {first} to {last}."),
}
"""The sentence of each error, by the error's key."""
