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
                "I've resumed {n} scheduled post.",
                "I've resumed {n} scheduled posts.",
                result.resumed,
            )
        )
    return said or [_("There's nothing to repair. Your data is fine.")]


def _misread_ratings(n: int) -> str:
    return ngettext(
        "{n} rating from `/rate` went to the wrong film, because that film's title looks "
        "like the right film's number.",
        "{n} ratings from `/rate` went to the wrong films, because those films' titles look "
        "like the right films' numbers.",
        n,
    )


def _unsure_ratings(n: int, pairs: Sequence[str]) -> str:
    named = listed(pairs)
    return ngettext(
        "{n} rating from `/rate` may have gone to the wrong film ({pairs}). I can't tell.",
        "{n} ratings from `/rate` may have gone to the wrong films ({pairs}). I can't tell.",
        n,
        pairs=named,
    )


def _film_for_film(n: int, id: int, meant: int) -> str:
    """Returns which films were mistaken for each other, in brackets after the number of ratings."""
    return ngettext(
        "film no. {id} instead of no. {meant}, once",
        "film no. {id} instead of no. {meant}, {n} times",
        n,
        id=str(id),
        meant=str(meant),
    )


def _stopped_posts(n: int, ids: str, servers: int) -> str:
    where = ngettext("server {ids}", "servers {ids}", servers, ids=ids)
    return ngettext(
        "I stopped {n} scheduled post ({servers}), but it may only have failed because "
        "Discord had a problem.",
        "I stopped {n} scheduled posts ({servers}), but they may only have failed because "
        "Discord had a problem.",
        n,
        servers=where,
    )


def _resume_them(n: int) -> str:
    return ngettext(
        "Run `matinee doctor --mend` to resume that post. If its channel is really gone, "
        "I'll stop it again and tell you.",
        "Run `matinee doctor --mend` to resume those posts. If a channel is really gone, "
        "I'll stop its post again and tell you.",
        n,
    )


def _folded_films(n: int, films: str) -> str:
    return ngettext(
        "{n} film may be two films mixed up, because I used to ignore accents and other marks in "
        "titles ({films}).",
        "{n} films may each be two films mixed up, because I used to ignore accents and other "
        "marks in titles ({films}).",
        n,
        films=films,
    )


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "film-for-film": _film_for_film,
    "folded-films": _folded_films,
    "import-again": N_(
        "Import the same data set again with `matinee import movielens FOLDER`. That'll "
        "separate the films."
    ),
    "misread-ratings": _misread_ratings,
    "move-them": N_(
        "Run `matinee doctor --mend` to move each rating to the right film. It's safe, because "
        "I'd only ever shown people the right one."
    ),
    "rate-again": N_(
        "I'll leave those ratings as they are. Whoever gave them can rate again or use `/unrate`."
    ),
    "resume-them": _resume_them,
    "stopped-posts": _stopped_posts,
    "unsure-ratings": _unsure_ratings,
}
"""What to do about damaged data, on the line below what was found, by the note's key."""
