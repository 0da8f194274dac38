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
    "adventurousness-out-of-range": N_("Adventurousness goes from 0 to 1."),
    "baseline-too-large": N_(
        "The item-item baseline would have to invert {count} rows. Leave ease out of --models "
        "for data this large."
    ),
    "catalogue-differs-in-length": N_(
        "The catalogue's columns differ in length. Give one row for each film."
    ),
    "cell-no-number": N_("{file}: row {row} has no number in the column {column}."),
    "clock-out-of-range": N_("Hours go from 0 to 23, and weekdays from 0, Monday, to 6."),
    "column-no-times": N_(
        "{file}: the column {column} has times that are neither Unix seconds nor ISO 8601. "
        "Write them like 2024-05-01T20:15."
    ),
    "columns-not-by-commas": columns_not_by_commas,
    "columns-torn": N_(
        "{have} of {need} columns are there, so the line is torn. Download the file again."
    ),
    "corpus-damaged": N_("{file} is damaged. Remove it and import again."),
    "corpus-format": N_(
        "{file} has format {found}, and this Matinee reads {known}. Update Matinee, or import "
        "again."
    ),
    "corpus-not-written": N_(
        "I couldn't write {file} ({cause}). Check the disk's space and permissions."
    ),
    "corpus-unreadable": N_("I couldn't read {file} ({cause})."),
    "countries-differ-in-length": N_(
        "There must be as many countries as films. Give one for each film."
    ),
    "csv-damaged": N_("{file} line {line}: {cause}. The file is damaged, so download it again."),
    "data-without-films": N_("{data} lists no films. Take a data set that has some."),
    "data-without-ratings": N_(
        "{data} has no ratings of its films. Take a data set that has some."
    ),
    "event-daypart": N_("I don't know an event's daypart or kind of day."),
    "event-outcome": N_("An event's outcome goes from 0, refused, to 1, taken."),
    "events-differ-in-length": N_("The events' columns differ in length. Give one value for each."),
    "film-row-unknown": N_("The catalogue has no film row {row}."),
    "film-twice": N_("{file}: film {id} is there twice. Download the file again."),
    "films-cut-off": N_(
        "{file}: the last line ends in the middle of a genre. Download the file again."
    ),
    "fold-empty": N_("{file} is empty. Download the data set again."),
    "fold-line-wrong": N_("{file} line {line}: {problem} Download the data set again."),
    "group-empty": N_("A group needs somebody. Give a query for each person."),
    "group-rows-differ": N_("A group needs one row of scores for each person and one of dread."),
    "group-scores-missing": N_("A group's scores must be numbers. Calibrate them first."),
    "groups-of-other-films": N_(
        "The groups are of other films than the ratings. Use one vocabulary."
    ),
    "heading-column-missing": N_(
        "{file} line 1: the column {column} is missing. The first line should name {columns}."
    ),
    "id-twice": N_("An id is twice in the vocabulary. Give each id once."),
    "line-torn": N_(
        "{file} line {line}: {have} of {need} columns are there, so the line is torn. Download "
        "the file again."
    ),
    "line-wrong": N_("{file} line {line}: {problem}"),
    "log-empty": N_("{file} has no rows. Give me a file with a line for each rating."),
    "log-torn": N_("{file} is torn: {cause}."),
    "log-unreadable": N_("I can't read {file}: {cause}."),
    "measuring-killed": N_(
        "Something ended the process that measured {what}, most likely for want of memory. "
        "Leave that model out, or take a smaller data set."
    ),
    "misery-out-of-range": N_("A group's misery is a chance and a share. Both go from 0 to 1."),
    "model-file-damaged": N_(
        "{folder}/{file} is damaged. Train again, or go back to another version."
    ),
    "model-file-missing": N_("{folder} has no {file}. Train again, or go back to another version."),
    "model-folder-wrong": N_(
        "{folder} doesn't hold what it should. Train again, or go back to another version."
    ),
    "model-format-missing": N_(
        "{folder}/{file} names no format. Train again, or go back to another version."
    ),
    "model-newer": N_(
        "{folder} was written by a newer Matinee (format {found}, this one reads {known}). "
        "Update Matinee, or train again."
    ),
    "model-not-written": N_(
        "I couldn't write the model to {folder} ({cause}). Check the disk's space and permissions."
    ),
    "model-older": N_(
        "{folder} was written by an older Matinee (format {found}, this one reads {known}). "
        "Train again."
    ),
    "movielens-file-missing": N_("{file} is missing. Unpack the whole MovieLens folder again."),
    "newest-without-times": N_(
        "Finding the newest ratings needs the time of every rating. Choose another split."
    ),
    "no-columns": N_(
        "The lines don't fall into columns. Separate them with commas, tabs, semicolons, bars "
        "or double colons."
    ),
    "no-id": N_("{given} isn't an id. Ids go from 0 to {most}. Number the people and films anew."),
    "no-known-times": N_("{data} has no row with a known time, so there's nothing to learn from."),
    "no-model-or-seed": N_("Name at least one model and one seed."),
    "no-movielens-folder": N_("{folder} isn't a folder. Give me the unpacked MovieLens folder."),
    "no-number": N_("“{given}” isn't a number. Correct the line, or download the file again."),
    "no-prediction": N_("{model} predicts no number for some ratings of fold {fold}."),
    "no-ratings-file": N_(
        "{folder} has no ratings.csv, ratings.dat or u.data. Give me the unpacked MovieLens "
        "folder itself."
    ),
    "no-rows-held-out": N_(
        "Nobody in {data} has a row to find in what's held out. Take more rows."
    ),
    "no-such-column": N_("{file} has no column “{column}”. It has {columns}."),
    "no-such-hour": N_("{hour} isn't an hour of the day. Hours go from 0 to 23."),
    "no-such-log-zone": N_("“{zone}” isn't a time zone. Try Europe/Paris."),
    "no-such-weekday": N_("{weekday} isn't a weekday. Weekdays go from 0, Monday, to 6."),
    "no-taste-to-test": N_(
        "No taste of the taste test has sixteen films with tags in this catalogue, so there's "
        "nothing to measure."
    ),
    "no-time-column": N_(
        "{file} has no column of times. Name one with --time, --daypart or --weekday. Its "
        "columns are {columns}."
    ),
    "no-viewings": N_("{file} has no rows with a user and an item."),
    "no-whole-number": N_(
        "“{given}” isn't a whole number. Correct the line, or download the file again."
    ),
    "not-four-numbers": N_("There are {count} columns where four numbers should be."),
    "nothing-to-evaluate": N_(
        "There are no ratings to evaluate on. Take a data set that has some."
    ),
    "nothing-to-find": N_(
        "Nobody in the {split} split has a liked film to find. People need enough ratings, and "
        "some of four stars or more. Take another split or a larger data set."
    ),
    "pairs-differ-in-length": N_(
        "The pairs' people and films differ in length. Give one for each."
    ),
    "points-out-of-range": N_("{given} points? With --scale {most} they go from 1 to {most}."),
    "query-differs-in-length": N_(
        "The query's films and stars differ in length. Give one for each."
    ),
    "query-row-unknown": N_("The query names {what} row {row}, but there are only {count}."),
    "query-stars": N_("The query has stars outside {least} to {most}."),
    "rating-model-row": N_("A {what}'s row lies outside what the rating model was fitted to."),
    "rating-model-setting": N_("The rating model's {setting} must be at least {least}."),
    "rating-model-widths": N_("The rating model's widths must be at least 0."),
    "rating-stars": N_("Rating {row} has {stars} stars. Stars go from {least} to {most}."),
    "rating-time": N_("Rating {row} has an endless time. Leave an unknown time as NaN."),
    "rating-without-stars": N_(
        "A rating or reaction has no stars. Leave out what the scale lacks."
    ),
    "ratings-column-missing": N_(
        "ratings.csv line 1: the column {column} is missing. The first line should read "
        "userId,movieId,rating,timestamp."
    ),
    "ratings-cut-off": N_(
        "{file} line {line}: the file is cut off in the middle of its last line. Download it again."
    ),
    "ratings-differ-in-length": N_(
        "The columns of the ratings differ in length. Give one value for each."
    ),
    "side-information-columns": N_("The side information must have one column for each film."),
    "stars-or-points": N_(
        "{given} stars? Stars go from {least} to {most}. If this file's ratings go from 1 to "
        "{points}, add --scale {points}."
    ),
    "stars-out-of-range": N_("{given} stars? Stars go from {least} to {most}."),
    "study-too-small": N_(
        "Measure at least {least} groups, of two people and at least {count} films each."
    ),
    "tag-weight": N_("A tag's weight is negative or no number. Weights go from 0 to 3."),
    "tastes-too-small": N_("This catalogue has too few films of every taste for simulated people."),
    "temporal-split-without-times": N_(
        "The temporal split needs the time of every rating. Choose another split."
    ),
    "ten-points": N_("{problem}"),
    "too-few-groups": N_(
        "Too few people rated the same {count} films. Take a larger data set, or ask for fewer "
        "groups."
    ),
    "too-few-newcomers": N_("{data} has too few people to take a tenth of them as new."),
    "too-few-ratings": N_(
        "There are too few ratings to hold out a tenth of them. Take a larger data set."
    ),
    "too-little-to-compare": N_(
        "{data} has too little to compare: {rows} rows by {people} people of {items} items. It "
        "takes at least {min_rows} rows by {min_people} people of {min_items} items."
    ),
    "training-time-without-zone": N_("The training time has no zone. Give an aware datetime."),
    "trending-window": N_("Half-life and window are days and must be greater than 0."),
    "unknown-in-study": N_("There's no {what} “{name}”. Choose from {choices}."),
    "unknown-scale": N_(
        "I don't know the scale {scale}. Use --scale {stars_scale} or {points_scale}."
    ),
    "unknown-star-model": N_("There's no star model “{model}”. Choose from {choices}."),
    "unknown-strategy": N_("There's no strategy {name}. Choose from {choices}."),
    "utf16": N_("{file} is UTF-16 text. Save it again as UTF-8."),
    "which-column": N_(
        "Which column of {file} is the {kind}? Name it with --{kind}. Its columns are {columns}."
    ),
    "which-numbered-column": N_(
        "{file} has no heading, so its columns are numbered. Which one is the {kind}? Name it "
        "with --{kind}. Its columns are {columns}."
    ),
}
"""Key of an error -> its sentence."""
