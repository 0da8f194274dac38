"""Says what is wrong in the files of a catalogue: lists of films and of tags.

The sentences follow the name of the file, the number of the line and a colon.
"""

from bot.wording.speech import N_, Sentence, _, ngettext, percent


def genre_unknown(genre: str, near: str) -> str:
    """Returns what is wrong with a genre that is not known.

    near: the genres that read like it; empty if none does.
    """
    if near:
        return _("I don't know the genre “{genre}”. Did you mean {near}?", genre=genre, near=near)
    return _("I don't know the genre “{genre}”. Correct it or remove it.", genre=genre)


def tag_not_listed(tag: str, file: str, near: str) -> str:
    """Returns what is wrong with a tag that the vocabulary lacks.

    file: the vocabulary's file.
    near: the tags that read like it; empty if none does.
    """
    if near:
        return _(
            "The tag “{tag}” isn't in {file}. Did you mean {near}?", tag=tag, file=file, near=near
        )
    return _("The tag “{tag}” isn't in {file}. Correct it or remove it.", tag=tag, file=file)


def heading_lacks_column(column: str, separator: str | None) -> str:
    """Returns what is wrong with a heading that lacks columns.

    column: the missing columns.
    separator: "tabs", "semicolons" or "bars" if these separate the columns; None for commas.
    """
    if separator == "tabs":
        return _("This file has tabs between its columns. Save it again with commas.")
    if separator == "semicolons":
        return _("This file has semicolons between its columns. Save it again with commas.")
    if separator == "bars":
        return _("This file has “|” between its columns. Save it again with commas.")
    return _("The header has no {column}. Add what's missing.", column=column)


def few_facets(film: str, facets: str, others: str) -> str:
    """Returns what is wrong with a film whose tags are of few kinds.

    facets: the kinds of its tags; empty if it has no tags.
    others: the kinds that it lacks.
    """
    if not facets:
        return _(
            "{film} doesn't have any tags that describe it. Add some tags for {others}.",
            film=film,
            others=others,
        )
    return _(
        "{film} only has tags for {facets}. Add some tags for {others}.",
        film=film,
        facets=facets,
        others=others,
    )


def tags_alike(tag: str, other: str, share: float) -> str:
    """Returns what is wrong with two tags that nearly the same films have."""
    return _(
        "The tags “{tag}” and “{other}” share nearly all their films ({share}). Merge them, or "
        "use them for different films.",
        tag=tag,
        other=other,
        share=percent(share),
    )


def few_films(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of too few films."""
    return ngettext(
        "Your list only has {n} film. You need at least {least}.",
        "Your list only has {n} films. You need at least {least}.",
        n,
        least=least,
    )


def few_countries(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of films from too few countries."""
    return ngettext(
        "Your films only come from {n} country. You need at least {least} countries.",
        "Your films only come from {n} countries. You need at least {least}.",
        n,
        least=least,
    )


def few_languages(n: int, least: int) -> str:
    """Returns a sentence about a catalogue of films in too few languages."""
    return ngettext(
        "Your films are only in {n} language. You need at least {least} languages.",
        "Your films are only in {n} languages. You need at least {least}.",
        n,
        least=least,
    )


def few_far_films(n: int) -> str:
    """Returns a sentence about a catalogue of mostly well-known films in English."""
    return ngettext(
        "Only {n} of your films is little known or not in English. Add more films like that.",
        "Only {n} of your films are little known or not in English. Add more films like that.",
        n,
    )


REFUSALS: dict[str, Sentence] = {
    "adult-without-audience": N_("{film} has adult content. Set its audience to “adults”."),
    "adults-with-children": N_(
        "{film} is for adults, but its tags say it's for children. Correct the audience or the "
        "tags."
    ),
    "cell-control-character": N_(
        "A cell in the column “{column}” has an invisible character in it. Delete the "
        "cell's text and type it again."
    ),
    "cell-formula": N_(
        "The cell in the column “{column}” starts with “{sign}”, so a spreadsheet would treat it "
        "as a formula. Start it with something else."
    ),
    "cell-no-code": N_("The column “{column}” has “{given}”. Write {written} instead."),
    "cell-not-like-a-code": N_(
        "I don't know the code “{given}” in the column “{column}”. Use codes like {example}."
    ),
    "cell-no-whole-number": N_(
        "I can't use “{given}” in the column “{column}”. Write a whole number from {least} to "
        "{most}."
    ),
    "cell-over-line": N_(
        "A cell runs on past the end of its line. Check for a missing quotation mark, and keep "
        "each film on one line."
    ),
    "cells-differ": N_(
        "This row has {have} cells, but the header has {need}. Put quotation marks around any "
        "cell that has a comma in it, and check that you haven't left out a cell."
    ),
    "country-as-word": N_(
        "“{word}” isn't a country that goes with the tag “{tag}”. Remove that word, and give the "
        "country its own tag."
    ),
    "decades-missing": N_("You're missing films from the {decades}. Add a few."),
    "empty-value": N_("There's an empty value in the column “{column}”. Remove the extra “|”."),
    "few-countries": few_countries,
    "few-facets": few_facets,
    "few-far-films": few_far_films,
    "few-films": few_films,
    "few-languages": few_languages,
    "few-tags": N_(
        "{film} has {count} tags, {core} of them for {facets}. It needs at least {least} tags, "
        "and at least {least_core} of those have to be for {facets}."
    ),
    "film-lacks-column": N_("{film} has nothing in the column “{column}”. Fill it in."),
    "film-listed-before": N_(
        "You already have “{title}” ({year}) on line {line}. Remove one of them. If they're "
        "different films, add the directors of both."
    ),
    "film-unfit": N_("Film {id} in the data set: {problem}"),
    "films-alike": N_(
        "I can't tell “{title}” ({year}) apart from another film with that title. Add the "
        "directors of both, or remove one."
    ),
    "films-indistinguishable": N_(
        "“{title}” ({year}) and “{other}” ({other_year}, line {line}) have the same tags and "
        "genres, so I can't tell what makes them different. Add tags that do."
    ),
    "gem-and-hit": N_("{film} is tagged hidden-gem, but also {tags}. Choose one or the other."),
    "genre-by-another-word": N_("I don't know the genre “{genre}”. Write {written} instead."),
    "genre-empty": N_("“{title}” has an empty genre. Remove it."),
    "genre-long": N_(
        "“{title}” has the genre “{genre}”, which has more than {most} characters or an "
        "invisible one. Correct it."
    ),
    "genre-unknown": genre_unknown,
    "genres-missing": N_("You're missing films from some genres: {genres}. Add a few."),
    "genres-without-bar": N_(
        "There's no “|” between the genres in “{genre}”. Write {written} instead."
    ),
    "heading-column-twice": N_("The header has the column “{column}” twice. Remove one of them."),
    "heading-lacks-column": heading_lacks_column,
    "heading-unknown-column": N_(
        "The header has {column}, which I don't know. The columns I know are {columns}."
    ),
    "impossible-runtime": N_(
        "{film} can't be {runtime} minutes long. Correct the runtime, or leave it empty."
    ),
    "impossible-year": N_("{film} can't be from that year. Correct the year."),
    "last-line-torn": N_(
        "The last line is cut off, with {have} of {need} cells and no line break. Part of the "
        "file is missing, so copy it again."
    ),
    "line-no-csv": N_("I can't read this line as CSV ({cause}). Check its quotation marks."),
    "list-empty": N_("The file is empty. Its first line should have the columns {columns}."),
    "list-is-export": N_(
        "This is an export from {export}, with what one person watched or rated. I need a list "
        "of films with the columns {columns}. docs/catalogue.md explains them."
    ),
    "list-is-json": N_(
        "This is a JSON file, like an export from Trakt. I need your list of films as a CSV file."
    ),
    "list-is-movielens": N_("This is MovieLens data. Import it with `matinee import movielens`."),
    "list-missing": N_("I can't find that file. Check the path you gave me."),
    "list-not-utf8": N_(
        "This file isn't saved as UTF-8. Spreadsheets often use Windows-1252 instead, so save it "
        "again and choose UTF-8."
    ),
    "list-too-large": N_(
        "The file is bigger than {megabytes} MB, which is too big for a list of films. Split it, "
        "or check that it's the right file."
    ),
    "list-unreadable": N_("I can't open the file ({cause}). Check that I'm allowed to read it."),
    "list-zero-byte": N_(
        "This isn't a plain text file, because it has a zero byte in it. Save it again as CSV in "
        "UTF-8."
    ),
    "long-cast": N_("There are {count} names in the cast. Keep the {most} with the biggest roles."),
    "many-defining-tags": N_(
        "{film} has {count} tags with weight 3. Keep that weight for the {most} that define the "
        "film."
    ),
    "many-genres": N_("There are {count} genres. Keep the {most} that matter most."),
    "many-tags": N_("{film} has {count} tags. Keep the {most} that matter most."),
    "no-adult-flag": N_(
        "I can't read “{given}” in the column “adult”. Write yes, or leave it empty."
    ),
    "no-audience": N_(
        "{film} doesn't say which audience it's for. Until you add that, I won't show the film "
        "in family-safe servers."
    ),
    "no-defining-tag": N_(
        "{film} doesn't have a tag with weight 3. Give that weight to the tag "
        "that defines the film."
    ),
    "no-facet": N_("I don't know the facet “{facet}”. Use {choices}."),
    "no-imdb-id": N_(
        "“{given}” isn't an IMDb ID. Write “tt” and at least seven digits, like tt0211915."
    ),
    "no-phrase": N_(
        "The phrase “{phrase}” needs a “~” at its start or end, where the word for the films "
        "goes. Write it like “bleak ~” or “~ about grief”."
    ),
    "no-poster-address": N_(
        "The poster isn't an https address. Use one that starts with https://, or leave it empty."
    ),
    "no-slug": N_(
        "I can't use “{slug}” as the short name of a tag. Use lowercase letters, digits and "
        "single hyphens."
    ),
    "no-weight": N_(
        "The tag “{tag}” has the weight “{weight}”. After the colon, write 1 if there's a touch "
        "of it, 2 if it's a good fit, or 3 if it defines the film."
    ),
    "no-year": N_("“{title}” doesn't have a year. Add it with four digits, like 2019."),
    "not-for-everyone": N_(
        "{film} can't be for everyone if it has {tags}. Correct the audience or the tags."
    ),
    "other-country": N_(
        "{film} comes from a country that goes with the tag “{tag}”, but its tag is “{other}”. "
        "Correct the tag, or give the film both."
    ),
    "tag-given-twice": N_("This film has the tag “{tag}” twice. Remove one of them."),
    "tag-lacks-column": N_("The tag “{tag}” has nothing in the column “{column}”. Fill it in."),
    "tag-listed-before": N_("You already have the tag “{tag}” on line {line}. Remove one of them."),
    "tag-not-in-vocabulary": N_(
        "{film} has the tag “{tag}”, which isn't in the list of tags. Correct it or remove it."
    ),
    "tag-not-listed": tag_not_listed,
    "tag-unused": N_("No film has the tag “{tag}” yet. Give it to some films, or remove it."),
    "tag-used-once": N_(
        "Only one film has the tag “{tag}”, so I can't compare films by it. Give it to more "
        "films, or remove it."
    ),
    "tags-alike": tags_alike,
    "title-control-character": N_(
        "There's an invisible character in the title “{title}”. Delete the title and type it again."
    ),
    "title-empty": N_("There's no title. Add one, or remove the line."),
    "title-like-number": N_(
        "The title “{title}” looks like one of the numbers I use for films. Write it another way."
    ),
    "title-long": N_("The title “{title}…” has {count} characters. Shorten it to {most} or fewer."),
    "unknown-audience": N_("I don't know the audience “{audience}”. Use {choices}."),
    "value-twice": N_("“{value}” is in the column “{column}” twice. Remove one of them."),
    "word-taken": N_(
        "“{word}” already means the tag “{tag}” (see line {line}). Use it for just one tag."
    ),
    "wrong-in-file": N_("{file}: {problem}"),
    "wrong-in-line": N_("{file} line {line}: {problem}"),
    "year-out-of-range": N_("“{title}” can't be from {year}. Use a year from {first} to {last}."),
}
"""The sentence of each error, by the error's key."""
