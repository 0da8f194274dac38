"""Says why a file is no film history, and what people should know about how one was read."""

from bot.wording.speech import N_, Sentence, _, ngettext, number


def torn(file: str, n: int) -> str:
    """Returns a sentence about a file whose lines do not fit its heading. n: these lines."""
    return ngettext(
        "I can't read {file}, because {n} line doesn't fit the column headings at the top. It may "
        "mix two separators, like commas and semicolons. Try exporting it again.",
        "I can't read {file}, because {n} lines don't fit the column headings at the top. It may "
        "mix two separators, like commas and semicolons. Try exporting it again.",
        n,
        file=file,
    )


def format_unknown(file: str, columns: str) -> str:
    """Returns a sentence about a file without known columns. columns: what its first line says."""
    if not columns:
        return _(
            "I don't know what's in {file}. Its first line should have the names of the columns.",
            file=file,
        )
    return _(
        "I don't know what's in {file}. Its first line says {columns}, but I need column names "
        "like title, year, and rating.",
        file=file,
        columns=columns,
    )


def scale_guessed(best: float) -> str:
    """Returns what is said about a scale that was guessed from the ratings."""
    return _(
        "None of your ratings are above {best}, so I treated them as out of {best}.",
        best=number(best),
    )


def stars_rounded(n: int) -> str:
    """Returns what is said about ratings between two half stars."""
    return ngettext(
        "I rounded {n} rating to the nearest half star.",
        "I rounded {n} ratings to the nearest half star.",
        n,
    )


def ratings_unread(n: int) -> str:
    """Returns what is said about ratings that are outside of their scale."""
    return ngettext(
        "I couldn't read {n} rating, so I left it out. I've kept the film.",
        "I couldn't read {n} ratings, so I left them out. I've kept the films.",
        n,
    )


def dates_unclear(n: int) -> str:
    """Returns what is said about dates that were left out."""
    return ngettext(
        "I left out {n} date, because I can't tell which day it means.",
        "I left out {n} dates, because I can't tell which days they mean.",
        n,
    )


def diary_ambiguous(n: int) -> str:
    """Returns what is said about entries of a diary that fit two films."""
    return ngettext(
        "{n} line of your diary could mean two films with the same name and year, so I left out "
        "its date.",
        "{n} lines of your diary could mean two films with the same name and year, so I left out "
        "their dates.",
        n,
    )


def lists_left_out(n: int) -> str:
    """Returns what is said about lists in an export."""
    return ngettext(
        "I left out {n} list, because it doesn't say what you've seen.",
        "I left out {n} lists, because they don't say what you've seen.",
        n,
    )


def files_left_out(files: str, more: int = 0) -> str:
    """Returns what is said about files of a zip that no format fits. more: those without a name."""
    if not more:
        return _("I left out {files}, because I couldn't tell what was inside.", files=files)
    return ngettext(
        "I left out {files}, plus {n} more file, because I couldn't tell what was inside.",
        "I left out {files}, plus {n} more files, because I couldn't tell what was inside.",
        more,
        files=files,
    )


def letters_lost(files: str, more: int = 0) -> str:
    """Returns what is said about files with letters that cannot be read. more: further files."""
    if not more:
        return _(
            "Some characters are damaged in {files}, so I may not recognise a few titles.",
            files=files,
        )
    return ngettext(
        "Some characters are damaged in {files}, plus {n} more file, so I may not "
        "recognise a few titles.",
        "Some characters are damaged in {files}, plus {n} more files, so I may not "
        "recognise a few titles.",
        more,
        files=files,
    )


REFUSALS: dict[str, Sentence] = {
    "history-cell-too-long": N_(
        "Line {line} of {file} has more than {most} characters in one cell, so it's probably "
        "damaged or missing a closing quotation mark. Export it again."
    ),
    "history-column-twice": N_(
        "{file} has the column “{column}” twice. Remove one of them, then upload it again."
    ),
    "history-empty": N_("{file} is empty. Export it again, or choose another file."),
    "history-encoding-unknown": N_(
        "I can't read the text in {file}. Save it again as UTF-8, then upload it."
    ),
    "history-format-unknown": format_unknown,
    "history-is-archive": N_(
        "{file} is packed in a way I can't open. Unpack it and upload a CSV or a zip."
    ),
    "history-is-data-set": N_(
        "{file} is from a data set with many people's ratings. Upload your own export instead."
    ),
    "history-is-database": N_("{file} is a database. Upload a CSV or a zip instead."),
    "history-is-document": N_("{file} is a document. Upload a CSV or a zip instead."),
    "history-is-page": N_(
        "{file} is a web page, not an export. Download your export, then upload that."
    ),
    "history-is-pdf": N_("{file} is a PDF. Upload a CSV or a zip instead."),
    "history-is-picture": N_("{file} is a picture or a video. Upload a CSV or a zip instead."),
    "history-is-spreadsheet": N_(
        "{file} is a spreadsheet. Save it as CSV (UTF-8), then upload that."
    ),
    "history-json-damaged": N_("{file} is cut off or damaged. Export it again."),
    "history-json-unknown": N_(
        "I don't know what's in {file}. The only JSON files I can read are from Trakt. "
        "Upload a CSV or a zip instead."
    ),
    "history-line-of-many": N_(
        "Line {line} of {file} has thousands of columns. Export it again, or choose another file."
    ),
    "history-many-columns": N_(
        "Line {line} of {file} has more than {most} columns. Remove the ones that aren't about "
        "films."
    ),
    "history-not-films": N_(
        "{file} is about books, music, or podcasts, but I only know films. Choose another file."
    ),
    "history-not-text": N_("{file} isn't a text file. Upload a CSV or a zip instead."),
    "history-of-several": N_(
        "The files in {file} come from different services. Upload each service's files on "
        "their own."
    ),
    "history-quote-open": N_(
        "There's a quotation mark on line {line} of {file} that's never closed. Close it, or "
        "export the file again."
    ),
    "history-row-of-many-lines": N_(
        "The row on line {line} of {file} goes on for more than {most} lines. A quotation mark is "
        "probably missing. Add it, or export the file again."
    ),
    "history-several-people": N_(
        "{file} lists what several people watched ({profiles}). Keep only your own lines, then "
        "upload it again."
    ),
    "history-too-large": N_(
        "{file} is larger than {megabytes} MB. Split it into smaller files, and keep the first "
        "line in each one."
    ),
    "history-too-many-rows": N_(
        "{file} has more than {most} lines. Split it into smaller files, and keep the first line "
        "in each one."
    ),
    "history-torn": torn,
    "history-which-list": N_(
        "I can't tell whether {file} lists films you've seen or films you want to see. Rename it "
        "to watched.csv or watchlist.csv, then upload it again."
    ),
    "history-without-films": N_("{file} doesn't list any films. Choose another file."),
    "history-xml-damaged": N_("{file} is damaged on line {line}. Export it again."),
    "history-xml-entities": N_(
        "{file} has definitions in it that no real export has, so I haven't opened it. Export it "
        "again."
    ),
    "history-xml-unknown": N_(
        "I don't know what's in {file}. The only XML files I can read are from Criticker. "
        "Upload a CSV or a zip instead."
    ),
    "history-zip-bomb": N_(
        "{file} would be far too big once it's unpacked, so I haven't opened it. Upload its CSV "
        "files one by one."
    ),
    "history-zip-damaged": N_("{file} is cut off or damaged. Export it again."),
    "history-zip-in-zip": N_(
        "{file} only has another zip in it. Unpack it and upload the zip inside."
    ),
    "history-zip-large": N_(
        "{file} is larger than {megabytes} MB once it's unpacked. Upload its files one by one."
    ),
    "history-zip-locked": N_("{file} is locked with a password. Upload it without one."),
    "history-zip-many": N_(
        "{file} has more than {most} files in it. Upload just the ones about your films."
    ),
    "history-zip-names": N_(
        "{file} contains a file whose name points outside the zip, so I haven't opened it. Zip "
        "your export again."
    ),
    "history-zip-nothing": N_(
        "I can't find a film history in {file}. Upload the zip as you got it, or one CSV from it."
    ),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "history-dates-unclear": dates_unclear,
    "history-diary-ambiguous": diary_ambiguous,
    "history-files-left-out": files_left_out,
    "history-letters-lost": letters_lost,
    "history-lists-left-out": lists_left_out,
    "history-ratings-unread": ratings_unread,
    "history-scale-guessed": scale_guessed,
    "history-stars-rounded": stars_rounded,
}
"""The sentence of each remark on how a history was read, by the remark's key."""
