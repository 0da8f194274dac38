"""Says how data sets are downloaded and read. The operator of the bot reads it."""

from typing import TYPE_CHECKING

from bot.wording.speech import N_, Sentence, _, ngettext

if TYPE_CHECKING:  # a serving bot imports no data sets
    from bot.services.imports.movielens import Licence, MovieLensImport


def reading(folder: str) -> str:
    """Returns what is shown while the bot reads a data set."""
    return _("Reading {folder} …", folder=folder)


def bringing_in() -> str:
    """Returns what is shown while the bot imports a data set."""
    return _("Importing films and ratings …")


def read_as_points(problem: str) -> str:
    """Returns the question whether to read ratings that go from 1 to 10.

    problem: why they seem to.
    """
    return _("{problem} Should I read the ratings as going from 1 to 10?", problem=problem)


def licence(found: "Licence") -> str:
    """Returns what to know about the use of a data set."""
    if found.own:
        return "\n\n".join([_("Here's the data set's licence."), found.own])
    ours = _(
        "MovieLens data belongs to GroupLens at the University of Minnesota. In short, you can "
        "use it for research and for yourself. Ask them before you share it or make money with "
        "it, and credit them if you publish anything. I'll keep it in your data folder and won't "
        "share it with anybody."
    )
    if found.terms:
        return "\n\n".join([ours, found.terms])
    if found.readme is not None:
        return "\n\n".join([ours, _("You can read the terms in {file}.", file=str(found.readme))])
    where = _(
        "There's no README in this folder, so check the terms on the site you got the data from."
    )
    return "\n".join([ours, where])


def imported(result: "MovieLensImport", corpus: str) -> str:
    """Returns what an import changed.

    corpus: the file that has the imported ratings.
    """
    films = _(
        "I've read {films_counted} (new: {added}, already in your catalogue: {known}, updated: "
        "{changed}).",
        films_counted=ngettext("{n} film", "{n} films", result.films),
        known=result.matched,
        added=result.added,
        changed=result.changed,
    )
    ratings = _(
        "I've saved {ratings} from {raters} in {file}.",
        ratings=ngettext("{n} rating", "{n} ratings", result.ratings),
        raters=ngettext("{n} person", "{n} people", result.people),
        file=corpus,
    )
    after = _(
        "I'll use these films and ratings after my next training. Run `matinee train` now, "
        "or wait until I train tonight."
    )
    return "\n".join([films, ratings, after])


def _import_of_other_films(n: int) -> str:
    return ngettext(
        "The data set has {n} rating, but it's for a film that isn't listed. The ratings "
        "and films seem to come from different data sets, so I haven't changed anything. "
        "Unpack the data set again, then import it.",
        "The data set has {n} ratings, but none are for films it lists. The ratings and "
        "films seem to come from different data sets, so I haven't changed anything. "
        "Unpack the data set again, then import it.",
        n,
    )


REFUSALS: dict[str, Sentence] = {
    "archive-damaged": N_("The zip file I downloaded doesn't work, so I deleted it. Try again."),
    "archive-too-large": N_(
        "That zip file gets much bigger than it should when unpacked, so I deleted it. Try "
        "another one."
    ),
    "catalogue-changed-meanwhile": N_(
        "Another program changed the catalogue in the meantime, so I stopped and didn't change "
        "anything. Run the import again."
    ),
    "data-set-not-kept": N_(
        "I can't save {data} to {folder} ({cause}). Check that the disk has space and that I'm "
        "allowed to write there, or choose another folder."
    ),
    "download-damaged": N_(
        "The download from {address} is damaged, so I deleted it. Its MD5 checksum is {got}, but "
        "it should be {wanted}. Try again."
    ),
    "download-failed": N_(
        "I can't download {address} ({reason}). Check your internet connection, or download and "
        "unpack it yourself and import that folder."
    ),
    "download-too-large": N_(
        "The file at {address} is bigger than any MovieLens data set, so I stopped the download. "
        "Check the address."
    ),
    "import-of-other-films": _import_of_other_films,
    "import-without-films": N_(
        "The data set doesn't have any films in it, so I haven't changed anything. Download or "
        "unpack it again."
    ),
    "import-without-ratings": N_(
        "The data set doesn't have any ratings, so I haven't changed anything. Download "
        "or unpack it again."
    ),
    "no-checksum": N_(
        "I can't find an MD5 checksum at {address}, so I haven't downloaded anything. Check "
        "the address."
    ),
    "no-such-data-set": N_("There's no MovieLens data set called “{typed}”. Try {choices}."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "no-answer-in-time": N_("the server took too long to answer"),
    "server-answers": N_("the server answered {status} {answer}"),
}
"""Why a download failed, in brackets after the sentence that says so, by the note's key."""
