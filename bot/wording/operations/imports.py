"""Says how data sets are downloaded and read."""

from typing import TYPE_CHECKING

from bot.wording.speech import N_, Sentence, _, ngettext

if TYPE_CHECKING:  # a serving bot imports no data sets
    from bot.services.imports.movielens import Licence, MovieLensImport


def reading(folder: str) -> str:
    """Returns what is shown while the bot reads a data set."""
    return _("Reading {folder} …", folder=folder)


def bringing_in() -> str:
    """Returns what is shown while the bot imports a data set."""
    return _("Bringing in films and ratings …")


def read_as_points(problem: str) -> str:
    """Returns the question whether to read ratings that go from 1 to 10.

    problem: why they seem to.
    """
    return _("{problem} Shall I read them like that now?", problem=problem)


def licence(found: "Licence") -> str:
    """Returns what to know about the use of a data set."""
    if found.own:
        return "\n\n".join([_("Here's the licence of the data set."), found.own])
    ours = _(
        "MovieLens data belongs to GroupLens (University of Minnesota). In short, it's "
        "for research and private use. Don't pass it on or earn money with it without "
        "their permission, and name them where you publish. I keep it in your data "
        "folder and don't give it to anybody."
    )
    if found.terms:
        return "\n\n".join([ours, found.terms])
    if found.readme is not None:
        return "\n\n".join([ours, _("You'll find the terms in {file}.", file=str(found.readme))])
    where = _("There's no README in this folder. Read the terms where you got the data.")
    return "\n".join([ours, where])


def imported(result: "MovieLensImport", corpus: str) -> str:
    """Returns what an import changed.

    corpus: the file that has the imported ratings.
    """
    films = ngettext(
        "I've read {n} film. I knew {known} already, added {added} and changed {changed}.",
        "I've read {n} films. I knew {known} already, added {added} and changed {changed}.",
        result.films,
        known=result.matched,
        added=result.added,
        changed=result.changed,
    )
    ratings = _(
        "{ratings} from {raters} are in {file} now.",
        ratings=ngettext("{n} rating", "{n} ratings", result.ratings),
        raters=ngettext("{n} person", "{n} people", result.people),
        file=corpus,
    )
    after = _(
        "They count from the next fit on. Run `matinee train`, or let the bot do it at night."
    )
    return "\n".join([films, ratings, after])


def _import_of_other_films(n: int) -> str:
    return ngettext(
        "The data set has {n} rating, but not of a film that it lists. Its ratings and its films "
        "seem to come from two data sets. I haven't changed anything.",
        "The data set has {n} ratings, but none of a film that it lists. Its ratings and its "
        "films seem to come from two data sets. I haven't changed anything.",
        n,
    )


REFUSALS: dict[str, Sentence] = {
    "archive-damaged": N_(
        "What I downloaded isn't a working zip file, so I haven't kept it. Try again."
    ),
    "archive-too-large": N_(
        "That zip file would unpack to far more than it should, so I haven't kept any of "
        "it. Try another one."
    ),
    "catalogue-changed-meanwhile": N_(
        "Another program changed the catalogue in the meantime, so I haven't changed anything. "
        "Import again."
    ),
    "data-set-not-kept": N_(
        "I can't keep {data} in {folder} ({cause}). Make room there and let me write to it, or "
        "name another folder."
    ),
    "download-damaged": N_(
        "{address} arrived damaged. Its MD5 is {got} and should be {wanted}. I haven't kept it, so "
        "try again."
    ),
    "download-failed": N_(
        "I can't download {address} ({reason}). Check the network, or download it yourself and "
        "import the unpacked folder."
    ),
    "download-too-large": N_(
        "{address} is larger than any MovieLens data set, so I haven't kept any of it. "
        "Check the address."
    ),
    "import-of-other-films": _import_of_other_films,
    "import-without-films": N_(
        "The data set doesn't list any films, so I haven't changed anything. Download or "
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
    "no-such-data-set": N_("There's no MovieLens data set “{typed}”. Try {choices}."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "no-answer-in-time": N_("no answer in time"),
    "server-answers": N_("the server answers {status} {answer}"),
}
"""Key of a note -> its sentence."""
