"""The sentences for errors of the recommender. The operator of the bot reads them."""

from bot.wording.speech import N_, Sentence, _


def columns_not_by_commas(file: str, separator: str) -> str:
    """Returns a sentence about a file whose columns are separated by other signs than commas.

    separator: "semicolons" or "tabs".
    """
    if separator == "tabs":
        return _(
            "{file} line 1: the columns are separated by tabs. Save the file again with commas.",
            file=file,
        )
    return _(
        "{file} line 1: the columns are separated by semicolons. Save the file again with commas.",
        file=file,
    )


REFUSALS: dict[str, Sentence] = {
    "adventurousness-out-of-range": N_(
        "Adventurousness goes from 0 to 1. Choose a number in between."
    ),
    "baseline-too-large": N_(
        "This data is too big for ease, which would have to invert {count} rows. Leave "
        "ease out of --models."
    ),
    "catalogue-differs-in-length": N_(
        "The catalogue's columns have different lengths. Give me one row for each film."
    ),
    "cell-no-number": N_(
        "Row {row} of {file} doesn't have a number in the column {column}. Add one, or "
        "remove the row."
    ),
    "clock-out-of-range": N_(
        "I can't use that hour or weekday. Hours go from 0 to 23, and weekdays from 0 "
        "(Monday) to 6."
    ),
    "column-no-times": N_(
        "I can't read the times in the column {column} of {file}. Write them as Unix "
        "seconds, or like 2024-05-01T20:15."
    ),
    "columns-not-by-commas": columns_not_by_commas,
    "columns-torn": N_(
        "This line is cut off, with {have} of {need} columns. Download the file again."
    ),
    "corpus-damaged": N_("{file} is damaged. Remove it, then import again."),
    "corpus-format": N_(
        "{file} has format {found}, and I read {known}. Update Matinee, or import again."
    ),
    "corpus-not-written": N_(
        "I couldn't write {file} ({cause}). Check the disk's space and permissions."
    ),
    "corpus-unreadable": N_("I couldn't read {file} ({cause})."),
    "countries-differ-in-length": N_(
        "You've given me more countries than films, or fewer. Give me one for each film."
    ),
    "csv-damaged": N_("{file} line {line}: the file is damaged ({cause}). Download it again."),
    "data-without-films": N_("{data} doesn't list any films. Try a data set that does."),
    "data-without-ratings": N_(
        "{data} doesn't have any ratings of its films. Try a data set that does."
    ),
    "event-daypart": N_(
        "One event has a time of day or a kind of day that I don't know. Correct it."
    ),
    "event-outcome": N_(
        "One event has an outcome that I can't use. Outcomes go from 0 (refused) to 1 (taken)."
    ),
    "events-differ-in-length": N_(
        "The events' columns have different lengths. Give me one value for each event."
    ),
    "film-row-unknown": N_(
        "There's no row {row} in the catalogue. Give me the row of one of its films."
    ),
    "film-twice": N_("{file} has film {id} twice. Download the file again."),
    "films-cut-off": N_(
        "The last line of {file} ends in the middle of a genre. Download the file again."
    ),
    "fold-empty": N_("{file} is empty. Download the data set again."),
    "fold-line-wrong": N_("{file} line {line}: {problem} Download the data set again."),
    "group-empty": N_("There's nobody in this group. Give me a query for each person."),
    "group-rows-differ": N_(
        "For a group, I need one row of scores and one of dread for each person."
    ),
    "group-scores-missing": N_("Some of the group's scores aren't numbers. Calibrate them first."),
    "groups-of-other-films": N_(
        "The groups and the ratings are about different films. Use one vocabulary for both."
    ),
    "heading-column-missing": N_(
        "{file} line 1: I can't find the column {column}. The first line should name {columns}."
    ),
    "id-twice": N_("The vocabulary has one id twice. Give me each id just once."),
    "line-torn": N_(
        "{file} line {line}: the line is cut off, with {have} of {need} columns. "
        "Download the file again."
    ),
    "line-wrong": N_("{file} line {line}: {problem}"),
    "log-empty": N_("{file} doesn't have any rows. Give me a file with a line for each rating."),
    "log-torn": N_("{file} is cut off ({cause}). Get the whole file again."),
    "log-unreadable": N_("I can't read {file} ({cause})."),
    "measuring-killed": N_(
        "Something ended the process that measured {what}. It probably ran out of "
        "memory, so leave that model out or try a smaller data set."
    ),
    "misery-out-of-range": N_(
        "I can't use those settings for a group's misery. Its chance and its share both go "
        "from 0 to 1."
    ),
    "model-file-damaged": N_(
        "{folder}/{file} is damaged. Train again, or go back to another version."
    ),
    "model-file-missing": N_(
        "{file} is missing from {folder}. Train again, or go back to another version."
    ),
    "model-folder-wrong": N_(
        "Something's missing from {folder}, or doesn't belong there. Train again, or go "
        "back to another version."
    ),
    "model-format-missing": N_(
        "{folder}/{file} doesn't say what format it has. Train again, or go back to "
        "another version."
    ),
    "model-newer": N_(
        "A newer Matinee wrote {folder} (format {found}, and I read {known}). Update "
        "Matinee, or train again."
    ),
    "model-not-written": N_(
        "I couldn't write the model to {folder} ({cause}). Check the disk's space and permissions."
    ),
    "model-older": N_(
        "An older Matinee wrote {folder} (format {found}, and I read {known}). Train again."
    ),
    "movielens-file-missing": N_("{file} is missing. Unpack the whole MovieLens folder again."),
    "newest-without-times": N_(
        "I can't find the newest ratings, because some don't have a time. Choose another split."
    ),
    "no-columns": N_(
        "I can't see any columns in these lines. Separate them with commas, tabs, "
        "semicolons, bars or double colons."
    ),
    "no-id": N_(
        "{given} doesn't work as an id. Give the people and films new numbers, from 0 to {most}."
    ),
    "no-known-times": N_(
        "{data} doesn't have any times, so there's nothing to learn from. Try data that has some."
    ),
    "no-model-or-seed": N_("Name at least one model and one seed."),
    "no-movielens-folder": N_("{folder} isn't a folder. Give me the unpacked MovieLens folder."),
    "no-number": N_("“{given}” isn't a number. Correct the line, or download the file again."),
    "no-prediction": N_(
        "{model} couldn't predict some of the ratings in fold {fold}. Leave it out."
    ),
    "no-ratings-file": N_(
        "I can't find ratings.csv, ratings.dat or u.data in {folder}. Give me the "
        "unpacked MovieLens folder itself."
    ),
    "no-rows-held-out": N_(
        "When I hold rows of {data} out, there's nothing left to find for anybody. Give "
        "me more rows."
    ),
    "no-such-column": N_("{file} doesn't have a column “{column}”. It has {columns}."),
    "no-such-hour": N_("{hour} isn't an hour of the day. Hours go from 0 to 23."),
    "no-such-log-zone": N_("“{zone}” isn't a time zone. Try Europe/Paris."),
    "no-such-weekday": N_("{weekday} isn't a weekday. Weekdays go from 0, Monday, to 6."),
    "no-taste-to-test": N_(
        "I can't measure anything, because none of my test tastes has sixteen films with "
        "tags in this catalogue."
    ),
    "no-time-column": N_(
        "I can't find the times in {file}. Name their column with --time, --daypart or "
        "--weekday. You can choose from {columns}."
    ),
    "no-viewings": N_(
        "I can't find any row in {file} with a user and an item. Check that you named the "
        "right columns."
    ),
    "no-whole-number": N_(
        "“{given}” isn't a whole number. Correct the line, or download the file again."
    ),
    "not-four-numbers": N_("I need four numbers here, and I see {count} columns."),
    "nothing-to-evaluate": N_(
        "There aren't any ratings to measure with. Try a data set that has some."
    ),
    "nothing-to-find": N_(
        "In the {split} split, nobody has a film they liked for me to find. People need "
        "enough ratings, and some with four stars or more. Try another split or a larger "
        "data set."
    ),
    "pairs-differ-in-length": N_(
        "The pairs have more people than films, or fewer. Give me one film for each person."
    ),
    "points-out-of-range": N_(
        "I can't use {given} points. With --scale {most}, they go from 1 to {most}."
    ),
    "query-differs-in-length": N_(
        "The query has more films than stars, or fewer. Give me stars for each film."
    ),
    "query-row-unknown": N_("There's no {what} in row {row}. I have {count}, counted from 0."),
    "query-stars": N_("I can't use the query's stars. Stars go from {least} to {most}."),
    "rating-model-row": N_(
        "The rating model doesn't know one {what} you asked about. Use rows that it learned from."
    ),
    "rating-model-setting": N_(
        "I can't use that {setting} for the rating model. Set it to {least} or more."
    ),
    "rating-model-widths": N_(
        "I can't use those widths for the rating model. Set them to 0 or more."
    ),
    "rating-stars": N_("Rating {row} has {stars} stars. Stars go from {least} to {most}."),
    "rating-time": N_(
        "The time of rating {row} is infinite. If you don't know it, leave it as NaN."
    ),
    "rating-without-stars": N_(
        "One rating or reaction doesn't have stars. Leave out what isn't on the scale."
    ),
    "ratings-column-missing": N_(
        "ratings.csv line 1: I can't find the column {column}. The first line should be "
        "userId,movieId,rating,timestamp."
    ),
    "ratings-cut-off": N_(
        "{file} line {line}: the file ends in the middle of this line. Download it again."
    ),
    "ratings-differ-in-length": N_(
        "The ratings' columns have different lengths. Give me one value for each rating."
    ),
    "side-information-columns": N_(
        "I can't use this side information. Give me one column for each film."
    ),
    "stars-or-points": N_(
        "I can't use {given} stars. Stars go from {least} to {most}. If this file's "
        "ratings go from 1 to {points}, add --scale {points}."
    ),
    "stars-out-of-range": N_("I can't use {given} stars. Stars go from {least} to {most}."),
    "study-of-few-pairs": N_(
        "That's too little to measure. Use at least {least} pairs, each with at least one film."
    ),
    "study-too-small": N_(
        "That's too little to measure. Use at least {least} groups, each with two or "
        "more people and {count} or more films."
    ),
    "tag-weight": N_("One tag's weight is negative, or isn't a number. Weights go from 0 to 3."),
    "tastes-too-small": N_(
        "I can't simulate people with this catalogue, because it has too few films for each taste."
    ),
    "temporal-split-without-times": N_(
        "I can't make a temporal split, because some ratings don't have a time. Choose "
        "another split."
    ),
    "ten-points": N_("{problem}"),
    "too-few-groups": N_(
        "Too few people rated the same {count} films. Try a larger data set, or ask for "
        "fewer groups."
    ),
    "too-few-pairs": N_(
        "Too few pairs of people rated the same {count} films. Try a larger data set, or ask for "
        "fewer pairs."
    ),
    "too-few-newcomers": N_(
        "{data} has too few people. I need to treat a tenth of them as new, so try a larger "
        "data set."
    ),
    "too-few-ratings": N_(
        "There are too few ratings for me to hold out a tenth. Try a larger data set."
    ),
    "too-little-to-compare": N_(
        "{data} is too small to compare. It has {rows} rows by {people} people about "
        "{items} items, and I need at least {min_rows} rows by {min_people} people about "
        "{min_items} items."
    ),
    "training-time-without-zone": N_(
        "The training time doesn't have a zone. Give me an aware datetime."
    ),
    "trending-window": N_("I can't use that half-life or window. Give me days, more than 0."),
    "unknown-in-study": N_("There's no {what} “{name}”. Choose from {choices}."),
    "unknown-scale": N_(
        "I don't know the scale {scale}. Use --scale {stars_scale} or {points_scale}."
    ),
    "unknown-star-model": N_("There's no star model “{model}”. Choose from {choices}."),
    "unknown-strategy": N_("There's no strategy “{name}”. Choose from {choices}."),
    "utf16": N_("{file} is in UTF-16. Save it again as UTF-8."),
    "which-column": N_(
        "Which column of {file} is the {kind}? Name it with --{kind}. You can choose "
        "from {columns}."
    ),
    "which-numbered-column": N_(
        "{file} doesn't have a heading, so I've numbered its columns. Which one is the "
        "{kind}? Name it with --{kind}. You can choose from {columns}."
    ),
}
"""Key of an error -> its sentence."""
