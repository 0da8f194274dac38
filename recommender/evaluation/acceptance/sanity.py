"""Questions that every model has to answer sensibly, whatever the data: the same ones at each fit.

They are asked of the catalogue's best known films, so none is fitted to a data set. Where the
catalogue is too small for a question, it is left out.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.metrics import popularity_percentile
from recommender.pipeline.recommend import recommend
from recommender.pipeline.recommender import Recommender

SHOWN = 10
SMALL = 100  # films below which lists are too forced to tell anything
SANITY_LOVED_FILMS = 5
GENRES = 12  # genres asked about, the largest
STOCK = 15  # films a genre needs
POPULAR = 75.0  # percentile of how well known a newcomer's films are, in the middle
KINDS = 4  # genres in a newcomer's list


def failures(model: Recommender) -> dict[str, str]:
    """The questions that are answered wrongly, by name, each with what came out."""
    found: dict[str, str] = {}
    for name, question in QUESTIONS.items():
        said = question(model)
        if said is not None:
            found[name] = said
    return found


def _numbers(model: Recommender) -> str | None:
    """Every score is a number, for anybody."""
    for who, query in _people(model):
        scores = model.score(query)
        if scores.shape != (len(model.catalogue),) or not np.isfinite(scores).all():
            return f"{who} gets scores that are no numbers"
    return None


def _unrated(model: Recommender) -> str | None:
    """Nobody is shown a film they rated, and everybody is shown something."""
    for who, query in _people(model):
        picks = [pick.film for pick in recommend(model, query, SHOWN).picks]
        if set(picks) & set(query.films.tolist()):
            return f"{who} is shown a film they rated"
        if not picks and len(query.films) < int((~model.catalogue.adult).sum()):
            return f"{who} is shown nothing"
    return None


def _newcomer(model: Recommender) -> str | None:
    """A newcomer gets well-known films of several kinds."""
    if len(model.catalogue) < SMALL:
        return None
    picks = np.array([pick.film for pick in recommend(model, Query(), SHOWN).picks], np.int64)
    known = float(np.median(popularity_percentile(model.popularity.reach)[picks]))
    if known < POPULAR:
        return f"a newcomer gets little-known films (percentile {known:.0f} in the middle)"
    kinds = int(np.count_nonzero(model.catalogue.genres[picks].sum(axis=0)))
    if kinds < min(KINDS, len(model.catalogue.genre_names)):
        return f"a newcomer's list has {kinds} genres only"
    return None


def _taste(model: Recommender) -> str | None:
    """Loving five films of a genre gives more of that genre than popularity does, over all genres:
    some genres are what popular films are anyway."""
    if len(model.catalogue) < SMALL:
        return None
    theirs: list[float] = []
    everybodys: list[float] = []
    order = _best_known(model)
    for members in _genres(model):
        loved = order[members[order]][:SANITY_LOVED_FILMS]
        if len(loved) < SANITY_LOVED_FILMS:
            continue
        query = Query(films=loved, stars=np.full(SANITY_LOVED_FILMS, 5.0))
        picks = [pick.film for pick in recommend(model, query, SHOWN).picks]
        usual = order[~np.isin(order, loved)][:SHOWN]
        theirs.append(float(members[picks].mean()))
        everybodys.append(float(members[usual].mean()))
    if theirs and np.mean(theirs) <= np.mean(everybodys):
        return (
            f"loving five films of a genre brings {np.mean(theirs):.0%} of it, where everybody's "
            f"favourites are {np.mean(everybodys):.0%}"
        )
    return None


QUESTIONS: dict[str, Callable[[Recommender], str | None]] = {
    "numbers": _numbers,
    "unrated": _unrated,
    "newcomer": _newcomer,
    "taste": _taste,
}


def _best_known(model: Recommender) -> npt.NDArray[np.int64]:
    """Rows of films that anybody may be shown, the all-time favourites first."""
    order = np.argsort(-model.popularity.score(Query()), kind="stable")
    return order[~model.catalogue.adult[order]]


def _genres(model: Recommender) -> Iterator[npt.NDArray[np.bool_]]:
    """The largest genres: (films,) which films belong to it."""
    members = model.catalogue.genres.toarray() > 0
    sizes = members.sum(axis=0)
    for column in np.argsort(-sizes, kind="stable")[:GENRES]:
        if sizes[column] >= STOCK:
            yield members[:, column]


def _people(model: Recommender) -> Iterator[tuple[str, Query]]:
    """All kinds of people, from those without ratings to those with many."""
    order = _best_known(model)
    yield "a newcomer", Query()
    if len(order):
        yield "somebody with one rating", Query(films=order[:1], stars=np.array([5.0]))
        bored = order[: min(50, len(order) // 2)]
        yield "somebody who likes nothing", Query(films=bored, stars=np.full(len(bored), 0.5))
        many = order[: min(200, len(order) // 2)]
        stars = np.resize(np.array([5.0, 4.0, 3.5, 2.0, 1.0]), len(many))
        yield "somebody with many ratings", Query(films=many, stars=stars)
