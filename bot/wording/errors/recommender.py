"""The sentences for errors of the recommender. The operator of the bot reads them."""

from bot.wording.speech import N_, Sentence, _


def columns_not_by_commas(file: str, separator: str) -> str:
    """Returns a sentence about a file whose columns are separated by other signs than commas.

    separator: "semicolons" or "tabs".
    """
    if separator == "tabs":
        return _(
            "{file} line 1: this file has tabs between its columns. Save it again with commas.",
            file=file,
        )
    return _(
        "{file} line 1: this file has semicolons between its columns. Save it again with commas.",
        file=file,
    )


REFUSALS: dict[str, Sentence] = {
    "adventurousness-out-of-range": N_(
        "Adventurousness goes from 0 to 1. Choose a number in between."
    ),
    "baseline-too-large": N_(
        "There's too much data for “ease”, which would have to invert {count} rows. Leave it out "
        "of --models."
    ),
    "catalogue-differs-in-length": N_(
        "The catalogue's columns aren't all the same length. Give me one value for each film."
    ),
    "cell-no-number": N_(
        "Row {row} of {file} doesn't have a number in the column “{column}”. Add one, or remove "
        "the row."
    ),
    "clock-out-of-range": N_(
        "I can't use that time. Hours go from 0 to 23, and weekdays from 0 (Monday) to 6."
    ),
    "column-no-times": N_(
        "I can't read the times in the column “{column}” of {file}. Write them as Unix seconds, "
        "or like 2024-05-01T20:15."
    ),
    "columns-not-by-commas": columns_not_by_commas,
    "columns-torn": N_(
        "This line is cut off, with {have} of {need} columns. Download the file again."
    ),
    "corpus-damaged": N_("{file} is damaged. Remove it, then import the data again."),
    "corpus-format": N_(
        "{file} has format {found}, but I can only read format {known}. Update Matinee, or "
        "import the data again."
    ),
    "corpus-not-written": N_(
        "I couldn't save {file} ({cause}). Check the disk's free space and permissions."
    ),
    "corpus-unreadable": N_("I couldn't read {file} ({cause}). Check that I'm allowed to read it."),
    "countries-differ-in-length": N_(
        "The number of countries doesn't match the number of films. Give me one for each film."
    ),
    "csv-damaged": N_("{file} line {line}: the file is damaged ({cause}). Download it again."),
    "data-without-films": N_("{data} doesn't have any films. Try another data set."),
    "data-without-ratings": N_(
        "{data} doesn't have any ratings of its films. Try another data set."
    ),
    "event-daypart": N_(
        "An event has a time of day or a kind of day that I don't know. Correct it."
    ),
    "event-outcome": N_(
        "I can't use an event's outcome. Outcomes go from 0 (turned down) to 1 (accepted)."
    ),
    "events-differ-in-length": N_(
        "The events' columns aren't all the same length. Give me one value for each event."
    ),
    "film-row-unknown": N_(
        "There's no row {row} in the catalogue. Give me the row number of one of its films."
    ),
    "film-twice": N_("{file} has film {id} twice. Download the file again."),
    "films-cut-off": N_(
        "The last line of {file} ends in the middle of a genre. Download the file again."
    ),
    "fold-empty": N_("{file} is empty. Download the data set again."),
    "fold-line-wrong": N_("{file} line {line}: {problem} Download the data set again."),
    "group-empty": N_("There's nobody in this group. Give me one query for each person."),
    "group-rows-differ": N_(
        "For a group, I need one row of scores and one row of dread for each person."
    ),
    "group-scores-missing": N_("Some of the group's scores aren't numbers. Calibrate them first."),
    "groups-of-other-films": N_(
        "The groups and the ratings don't have the same films. Use one vocabulary for both."
    ),
    "heading-column-missing": N_(
        "{file} line 1: I can't find the column “{column}”. The first line should have the "
        "columns {columns}."
    ),
    "id-twice": N_("The vocabulary has the same id twice. Give me each id just once."),
    "line-torn": N_(
        "{file} line {line}: the line is cut off, with {have} of {need} columns. "
        "Download the file again."
    ),
    "line-wrong": N_("{file} line {line}: {problem}"),
    "log-empty": N_(
        "{file} doesn't have any ratings. Give me a file with one rating on each line."
    ),
    "log-torn": N_("{file} is cut off ({cause}). Download the file again."),
    "log-unreadable": N_("I can't read {file} ({cause})."),
    "measuring-killed": N_(
        "Testing {what} broke off, probably because I ran out of memory. Leave out that model, "
        "or try a smaller data set."
    ),
    "misery-out-of-range": N_(
        "I can't use those settings for a group's misery. The chance and the share both have to "
        "be from 0 to 1."
    ),
    "model-file-damaged": N_(
        "{folder}/{file} is damaged. Train again, or go back to another version."
    ),
    "model-file-missing": N_(
        "{file} is missing from {folder}. Train again, or go back to another version."
    ),
    "model-folder-wrong": N_(
        "A file in {folder} is missing, or doesn't belong there. Train again, or go back to "
        "another version."
    ),
    "model-format-missing": N_(
        "{folder}/{file} doesn't say its format. Train again, or go back to another version."
    ),
    "model-newer": N_(
        "{folder} is from a newer version of Matinee. It has format {found}, but I can only read "
        "format {known}. Update Matinee, or train again."
    ),
    "model-not-written": N_(
        "I couldn't save the model to {folder} ({cause}). Check the disk's space and permissions."
    ),
    "model-older": N_(
        "{folder} is from an older version of Matinee. It has format {found}, but I can only "
        "read format {known}. Train again."
    ),
    "movielens-file-missing": N_("{file} is missing. Unpack the MovieLens data set again."),
    "newest-without-times": N_(
        "I can't tell which ratings are newest, because some have no time. Choose another split."
    ),
    "no-columns": N_(
        "I can't find any columns in these lines. Separate them with commas, tabs, semicolons, "
        "bars or double colons."
    ),
    "no-id": N_(
        "I can't use {given} as an id. Give the people and films new ids, from 0 to {most}."
    ),
    "no-known-times": N_(
        "{data} doesn't have any times, so I can't learn from them. Try a data set with times."
    ),
    "no-model-or-seed": N_("Choose at least one model and one seed."),
    "no-movielens-folder": N_(
        "{folder} isn't a folder. Give me the MovieLens folder that you unpacked."
    ),
    "no-number": N_("“{given}” isn't a number. Correct the line, or download the file again."),
    "no-prediction": N_(
        "{model} couldn't predict some of the ratings in fold {fold}. Leave out that model."
    ),
    "no-ratings-file": N_(
        "I can't find ratings.csv, ratings.dat or u.data in {folder}. Give me the MovieLens "
        "folder that you unpacked."
    ),
    "no-rows-held-out": N_(
        "{data} is too small. Once I set some rows aside for the test, there's nothing left to "
        "find for anybody. Give me more rows."
    ),
    "no-such-column": N_("{file} doesn't have a column called “{column}”. It has {columns}."),
    "no-such-hour": N_("There's no hour {hour}. Hours go from 0 to 23."),
    "no-such-log-zone": N_("I don't know the time zone “{zone}”. Try Europe/Paris."),
    "no-such-weekday": N_(
        "There's no weekday {weekday}. Weekdays go from 0 (Monday) to 6 (Sunday)."
    ),
    "no-taste-to-test": N_(
        "I can't measure anything here. Each taste I test needs sixteen films with tags, and "
        "none of them has that many in this catalogue."
    ),
    "no-time-column": N_(
        "I can't find the times in {file}. Tell me which column they're in with --time, "
        "--daypart or --weekday. You can choose from {columns}."
    ),
    "no-viewings": N_(
        "I can't find rows with a user and an item in {file}. Did you choose the right columns?"
    ),
    "no-whole-number": N_(
        "“{given}” isn't a whole number. Correct the line, or download the file again."
    ),
    "not-four-numbers": N_("I need four numbers on this line, but it has {count} columns."),
    "nothing-to-evaluate": N_("There aren't any ratings to test with. Try another data set."),
    "nothing-to-find": N_(
        "With the {split} split, there isn't a film that somebody liked and that I could find "
        "for them. People need enough ratings, and some of those need four stars or more. Try "
        "another split or a larger data set."
    ),
    "pairs-differ-in-length": N_(
        "The number of people doesn't match the number of films. Give me one film for each person."
    ),
    "points-out-of-range": N_(
        "I can't use a rating of {given} points. With --scale {most}, ratings go from 1 to {most}."
    ),
    "query-differs-in-length": N_(
        "The number of films doesn't match the number of stars. Give me stars for each film."
    ),
    "query-row-unknown": N_(
        "There's no {what} in row {row}. There are {count}, and the first one is in row 0."
    ),
    "query-stars": N_("I can't use these stars. Stars go from {least} to {most}."),
    "rating-model-row": N_(
        "The rating model doesn't know a {what} you asked about. Use rows that it learned from."
    ),
    "rating-model-setting": N_(
        "I can't use that {setting} for the rating model. Set it to {least} or more."
    ),
    "rating-model-widths": N_(
        "I can't use negative widths for the rating model. Set them to 0 or more."
    ),
    "rating-stars": N_("Rating {row} has {stars} stars. Stars go from {least} to {most}."),
    "rating-time": N_("The time of rating {row} is infinite. If you don't know the time, use NaN."),
    "rating-without-stars": N_(
        "A rating or a reaction doesn't have any stars. Leave out the ones that don't."
    ),
    "ratings-column-missing": N_(
        "ratings.csv line 1: I can't find the column “{column}”. The first line should be "
        "userId,movieId,rating,timestamp."
    ),
    "ratings-cut-off": N_(
        "{file} line {line}: the file ends in the middle of this line. Download it again."
    ),
    "ratings-differ-in-length": N_(
        "The ratings' columns aren't all the same length. Give me one value for each rating."
    ),
    "side-information-columns": N_(
        "I can't use these extra facts about films. Give me one column for each film."
    ),
    "stars-or-points": N_(
        "I can't use a rating of {given} stars. Stars go from {least} to {most}. If the ratings "
        "in this file go from 1 to {points}, add --scale {points}."
    ),
    "stars-out-of-range": N_(
        "I can't use a rating of {given} stars. Stars go from {least} to {most}."
    ),
    "study-of-few-pairs": N_(
        "That's not enough to measure anything. Use {least} or more pairs with at least one film."
    ),
    "study-too-small": N_(
        "That's not enough to measure anything. Use at least {least} groups, with at least two "
        "people and {count} films in each."
    ),
    "tag-weight": N_(
        "A tag has a weight that's negative, or that isn't a number. Weights go from 0 to 3."
    ),
    "tastes-too-small": N_(
        "I can't simulate people with this catalogue, because it doesn't have enough films for "
        "each taste."
    ),
    "temporal-split-without-times": N_(
        "I can't make a temporal split, because some ratings have no time. Choose another split."
    ),
    "ten-points": N_("{problem}"),
    "too-few-groups": N_(
        "Not enough people have rated the same {count} films. Try a larger data set, or ask for "
        "fewer groups."
    ),
    "too-few-pairs": N_(
        "Not enough pairs of people have rated the same {count} films. Try a larger data set, or "
        "ask for fewer pairs."
    ),
    "too-few-newcomers": N_(
        "{data} doesn't have enough people, because I need to treat a tenth of them as new. Try "
        "a larger data set."
    ),
    "too-few-ratings": N_(
        "There aren't enough ratings for me to set aside a tenth of them. Try a larger data set."
    ),
    "too-little-to-compare": N_(
        "{data} is too small to compare anything. It has {rows} rows from {people} people about "
        "{items} items. I need at least {min_rows} rows from {min_people} people about "
        "{min_items} items."
    ),
    "training-time-without-zone": N_(
        "The time of the training doesn't have a time zone. Give me an aware datetime."
    ),
    "trending-window": N_("I can't use that half-life or window. Use a number of days above 0."),
    "unknown-in-study": N_("There's no {what} called “{name}”. Try {choices}."),
    "unknown-scale": N_(
        "I don't know the scale {scale}. Use --scale {stars_scale} or --scale {points_scale}."
    ),
    "unknown-star-model": N_("There's no star model called “{model}”. Try {choices}."),
    "unknown-strategy": N_("There's no strategy called “{name}”. Try {choices}."),
    "utf16": N_("{file} is saved as UTF-16. Save it again as UTF-8."),
    "which-column": N_(
        "Which column of {file} has the {kind}? Tell me with --{kind}. Choose from {columns}."
    ),
    "which-numbered-column": N_(
        "{file} doesn't have a header, so I've numbered its columns. Which one has the {kind}? "
        "Tell me with --{kind}. You can choose from {columns}."
    ),
}
"""Key of an error -> its sentence."""
