"""The sentences for errors of the recommender. The operator of the bot reads them."""

from bot.wording.speech import N_, Sentence, _


def columns_not_by_commas(file: str, separator: str) -> str:
    """Returns a sentence about a file whose columns are separated by other signs than commas.

    separator: "semicolons" or "tabs".
    """
    if separator == "tabs":
        return _(
            "{file} has tabs between its columns. Save it again with commas.",
            file=file,
        )
    return _(
        "{file} has semicolons between its columns. Save it again with commas.",
        file=file,
    )


def model_file_damaged(folder: str, file: str) -> str:
    """Returns a sentence about a file of a model that cannot be read."""
    return _(
        "{model_file} is damaged. Train again, or go back to another version.",
        model_file=f"{folder}/{file}",
    )


def model_file_missing(folder: str, file: str) -> str:
    """Returns a sentence about a file that a model's folder lacks."""
    return _(
        "{model_file} is missing. Train again, or go back to another version.",
        model_file=f"{folder}/{file}",
    )


def model_format_missing(folder: str, file: str) -> str:
    """Returns a sentence about a model whose format is not known."""
    return _(
        "{model_file} doesn't say what format it's in. Train again, or go back to another version.",
        model_file=f"{folder}/{file}",
    )


def no_id(given: str, most: int) -> str:
    """Returns a sentence about an id that is too large, or no number. most: the largest one."""
    return _(
        "I can't use {given} as an ID. Give the people and films new IDs, from 0 to {last_id}.",
        given=given,
        last_id=most,
    )


def points_out_of_range(given: str, most: int) -> str:
    """Returns a sentence about a rating outside the scale from 1 to `most`."""
    return _(
        "I can't use a rating of {given_points} points. With --scale {points}, ratings go from 1 "
        "to {points}.",
        given_points=given,
        points=most,
    )


REFUSALS: dict[str, Sentence] = {
    "adventurousness-out-of-range": N_(
        "Adventurousness goes from 0 to 1. Choose a number in between."
    ),
    "catalogue-differs-in-length": N_(
        "The catalogue's columns aren't all the same length. Give me one value for each film "
        "in every column."
    ),
    "cell-no-number": N_(
        "Row {row} of {file} doesn't have a number in the column “{column}”. Add one, or remove "
        "the row."
    ),
    "clock-out-of-range": N_(
        "I can't use that time. Hours go from 0 to 23, and weekdays from 0 (Monday) to 6 (Sunday)."
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
        "The number of countries doesn't match the number of films. Give me one country for "
        "each film."
    ),
    "csv-damaged": N_("I can't read line {line} of {file} ({cause}). Download the file again."),
    "data-without-films": N_("{data} doesn't have any films. Try another data set."),
    "data-without-ratings": N_(
        "{data} doesn't have any ratings of its films. Try another data set."
    ),
    "event-daypart": N_(
        "I don't know the time of day or the kind of day in one of the events. Correct that event."
    ),
    "event-outcome": N_(
        "One of the events has an outcome that I can't use. Outcomes go from 0 (turned down) "
        "to 1 (accepted)."
    ),
    "events-differ-in-length": N_(
        "The events' columns aren't all the same length. Give me one value for each event in "
        "every column."
    ),
    "film-row-unknown": N_(
        "There's no film in row {row} of the catalogue. Choose a row that has one."
    ),
    "film-twice": N_("{file} lists film {id} twice. Download the file again."),
    "films-cut-off": N_(
        "The last line of {file} ends in the middle of a genre. Download the file again."
    ),
    "group-empty": N_("There's nobody in this group. Add at least one person."),
    "group-rows-differ": N_(
        "The group's tables aren't all the same size. In each one, give me a row for each "
        "person and a column for each film."
    ),
    "group-scores-missing": N_(
        "Some of the scores for this group aren't numbers. Calibrate the scores first."
    ),
    "group-settings-negative": N_(
        "One of the settings for a group is below 0. Set it to 0 or more."
    ),
    "groups-of-other-films": N_(
        "The groups and the ratings don't have the same films. Use the same film IDs for both."
    ),
    "heading-column-missing": N_(
        "I can't find the column “{column}” in {file}. Its first line should have the columns "
        "{columns}."
    ),
    "id-twice": N_("The same ID is in the list twice. Use each ID just once."),
    "line-torn": N_(
        "Line {line} of {file} is cut off, with {have} of {need} columns. Download the file again."
    ),
    "line-wrong": N_("{file} line {line}: {problem}"),
    "log-empty": N_(
        "{file} doesn't have any ratings. Give me a file with one rating on each line."
    ),
    "log-torn": N_("{file} is cut off ({cause}). Download the file again."),
    "log-unreadable": N_(
        "I can't read {file} ({cause}). Is the path right, and am I allowed to read it?"
    ),
    "model-file-damaged": model_file_damaged,
    "model-file-missing": model_file_missing,
    "model-folder-wrong": N_(
        "A file in {folder} is missing, or doesn't belong there. Train again, or go back to "
        "another version."
    ),
    "model-format-missing": model_format_missing,
    "model-newer": N_(
        "The model {folder} is from a newer version of Matinee. It has format {found}, but I "
        "can only read format {known}. Update Matinee, or train again."
    ),
    "model-not-written": N_(
        "I couldn't save the model to {folder} ({cause}). Check the disk's space and permissions."
    ),
    "model-older": N_(
        "The model {folder} is from an older version of Matinee. It has format {found}, but "
        "I can only read format {known}. Train again."
    ),
    "movielens-file-missing": N_("{file} is missing. Unpack the MovieLens data set again."),
    "no-columns": N_(
        "I can't find any columns in these lines. Separate the columns with commas, tabs, "
        "semicolons, bars or double colons."
    ),
    "no-id": no_id,
    "no-movielens-folder": N_(
        "{folder} isn't a folder. Give me the MovieLens folder that you unpacked."
    ),
    "no-number": N_("“{given}” isn't a number. Correct the line, or download the file again."),
    "no-ratings-file": N_(
        "I can't find ratings.csv, ratings.dat or u.data in {folder}. Give me the MovieLens "
        "folder that you unpacked."
    ),
    "no-such-column": N_(
        "{file} doesn't have a column called “{column}”. Its columns are "
        "{columns}. Choose one of them."
    ),
    "no-such-hour": N_("There's no hour {hour}. Hours go from 0 to 23."),
    "no-such-log-zone": N_("I don't know the time zone “{zone}”. Try Europe/Paris."),
    "no-such-weekday": N_(
        "There's no weekday {weekday}. Weekdays go from 0 (Monday) to 6 (Sunday)."
    ),
    "no-time-column": N_(
        "I can't find the times in {file}. Tell me which column they're in with --time, "
        "--daypart or --weekday. The columns are {columns}."
    ),
    "no-viewings": N_(
        "I can't find rows with a user and an item in {file}. Did you choose the right columns?"
    ),
    "no-whole-number": N_(
        "“{given}” isn't a whole number. Correct the line, or download the file again."
    ),
    "pairs-differ-in-length": N_(
        "The number of people doesn't match the number of films. Give me one film for each person."
    ),
    "points-out-of-range": points_out_of_range,
    "query-differs-in-length": N_(
        "The number of films doesn't match the number of star ratings. Give me one star "
        "rating for each film."
    ),
    "query-row-unknown": N_(
        "There's no {what} in row {row}. There are only {count} rows, and the first one is row 0."
    ),
    "query-stars": N_("I can't use these stars. Stars go from {least} to {most}."),
    "rating-model-row": N_(
        "The rating model doesn't know everybody you asked about. Only ask about people it "
        "learned from."
    ),
    "rating-model-setting": N_(
        "The rating model's setting “{setting}” is too low. Set it to {least} or more."
    ),
    "rating-model-widths": N_(
        "I can't use negative widths for the rating model. Set them to 0 or more."
    ),
    "rating-stars": N_("Rating {row} has {stars} stars. Stars go from {least} to {most}."),
    "rating-time": N_(
        "The time of rating {row} isn't a real time. Correct it, or use NaN if you don't know it."
    ),
    "rating-without-stars": N_("Some ratings or reactions don't have any stars. Leave those out."),
    "ratings-column-missing": N_(
        "I can't find the column “{column}” in ratings.csv. Its first line should be "
        "userId,movieId,rating,timestamp."
    ),
    "ratings-cut-off": N_("{file} ends in the middle of line {line}. Download it again."),
    "ratings-differ-in-length": N_(
        "The ratings' columns aren't all the same length. Give me one value for each rating "
        "in every column."
    ),
    "side-information-columns": N_(
        "The table of extra facts about films has the wrong size. Give me one column for each film."
    ),
    "stars-or-points": N_(
        "I can't use a rating of {given} stars. Stars go from {least} to {most}. If the ratings "
        "in this file go from 1 to {points}, add --scale {points}."
    ),
    "stars-out-of-range": N_(
        "I can't use a rating of {given} stars. Stars go from {least} to {most}."
    ),
    "tag-weight": N_(
        "A tag has a weight that's negative, or that isn't a number. Weights go from 0 to 3."
    ),
    "ten-points": N_("{problem}"),
    "training-time-without-zone": N_("The time of the training doesn't have a time zone. Add one."),
    "trending-window": N_(
        "I can't use that half-life or window to find what's trending. Use a number of days "
        "above 0."
    ),
    "unknown-scale": N_(
        "I don't know the scale {scale}. Use --scale {stars_scale} or --scale {points_scale}."
    ),
    "utf16": N_("{file} is saved as UTF-16. Save it again as UTF-8."),
    "which-column": N_(
        "Which column of {file} has the {kind}? Tell me with --{kind}. The columns are {columns}."
    ),
    "which-numbered-column": N_(
        "{file} doesn't have a header, so I've numbered its columns. Which one has the "
        "{kind}? Tell me with --{kind}. The columns are {columns}."
    ),
}
"""Key of an error -> its sentence."""
