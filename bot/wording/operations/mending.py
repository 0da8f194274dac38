"""Says what mistakes of earlier versions have spoiled, and what of it was corrected."""

from collections.abc import Sequence

from bot.services.operations.mending import Mended
from bot.wording.speech import N_, Sentence, _, listed, ngettext


def mended(result: Mended) -> list[str]:
    """Returns a sentence for each kind of correction, or that there was nothing to correct."""
    said = []
    if result.moved:
        said.append(
            ngettext(
                "I've moved {n} rating to the right film.",
                "I've moved {n} ratings to the right films.",
                result.moved,
            )
        )
    if result.resumed:
        said.append(
            ngettext(
                "{n} scheduled post is on again.",
                "{n} scheduled posts are on again.",
                result.resumed,
            )
        )
    return said or [_("There's nothing to repair in your data.")]


def _misread_ratings(n: int) -> str:
    return ngettext(
        "{n} rating by `/rate` went to the wrong film. Its title looks like the number "
        "of the right one.",
        "{n} ratings by `/rate` went to the wrong films. Their titles look like the "
        "numbers of the right ones.",
        n,
    )


def _unsure_ratings(n: int, pairs: Sequence[str]) -> str:
    named = listed(pairs)
    return ngettext(
        "I can't tell whether {n} rating by `/rate` went to the right film ({pairs}).",
        "I can't tell whether {n} ratings by `/rate` went to the right film ({pairs}).",
        n,
        pairs=named,
    )


def _film_for_film(n: int, id: int, meant: int) -> str:
    return ngettext(
        "film {id} in place of film {meant}, once",
        "film {id} in place of film {meant}, {n} times",
        n,
        id=str(id),
        meant=str(meant),
    )


def _stopped_posts(n: int, ids: str, servers: int) -> str:
    where = ngettext("server {ids}", "servers {ids}", servers, ids=ids)
    return ngettext(
        "{n} scheduled post stopped, though Discord's answer wasn't final ({servers}).",
        "{n} scheduled posts stopped, though Discord's answers weren't final ({servers}).",
        n,
        servers=where,
    )


def _resume_them(n: int) -> str:
    return ngettext(
        "Run `matinee doctor --mend` to resume it. If its channel is really gone, it stops again, "
        "and I'll say so.",
        "Run `matinee doctor --mend` to resume them. If a channel is really gone, its post stops "
        "again, and I'll say so.",
        n,
    )


def _folded_films(n: int, films: str) -> str:
    return ngettext(
        "{n} film may stand for two, because I used to ignore the marks of its script ({films}).",
        "{n} films may each stand for two, because I used to ignore the marks of their "
        "script ({films}).",
        n,
        films=films,
    )


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "film-for-film": _film_for_film,
    "folded-films": _folded_films,
    "import-again": N_(
        "Import the same data set again with `matinee import movielens FOLDER`. That takes apart "
        "what doesn't belong together."
    ),
    "misread-ratings": _misread_ratings,
    "move-them": N_(
        "Run `matinee doctor --mend` to move each to the right film. I'd just shown "
        "people that one, and never the other."
    ),
    "rate-again": N_("I'll leave them. Whoever rated can rate again or use `/unrate`."),
    "resume-them": _resume_them,
    "stopped-posts": _stopped_posts,
    "unsure-ratings": _unsure_ratings,
}
"""Key of a note -> its sentence."""
