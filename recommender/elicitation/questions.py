"""Preference elicitation: which films to ask a new person about.

A question about a film is informative if the person is likely to know the film (`knowing`). Its
answer must also reduce the uncertainty about films that may be recommended to this person
(`teaching`). Both depend on what the person chose and answered so far: a person who chose horror is
asked about horror films, whatever everybody else has seen.

The quiz asks about one film, or shows a screen with many films of which the person rates those they
know. For a single question, "haven't seen" is an answer from which the newcomer model
(`models.newcomer`) learns too. A film that the person has almost certainly not seen is rarely asked
about, because that answer is known in advance. On a screen, only the films that the person knows
are informative. The films of a screen are chosen one after the other. Each choice assumes that
every film already on the screen is answered with the probability that the person knows it. A film
that the person leaves unanswered on a screen does not change recommendations. It only makes the
next screen show films that the person is more likely to know.
"""

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.elicitation.knowing import known_chances
from recommender.elicitation.teaching import Covariances, by_facts, by_people
from recommender.hybrid.blend import Blend
from recommender.hybrid.components import growth
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NO_ROWS
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.recommender import Recommender

MAX_CANDIDATES = 300  # films that may be asked about: those that the person most likely knows
TARGET_FILMS = 100  # films whose scores an answer should make more certain
SCREEN_CHANCE_POWER = 2  # exponent of the chance that the person knows a film on a screen
MIN_WEIGHT = 0.02  # with a smaller weight, a model is not asked


def next_films(
    model: Recommender,
    query: Query,
    asked: npt.NDArray[np.int64],
    n: int,
    left: npt.NDArray[np.int64] = NO_ROWS,
) -> npt.NDArray[np.int64]:
    """Returns the rows of up to n films to ask about next, the most informative first.

    The following films are left out: films that were asked about before, films that the person
    rated or said they have not seen, and films that the query's filters exclude. If no film
    remains, no rows are returned. With n = 1 the film is the best single question. With a larger n
    the films are chosen for one screen.

    Args:
        model: the fitted recommender.
        query: what is known about the person, and their filters.
        asked: rows of films that were asked about before.
        n: number of films.
        left: rows of films that the person left unanswered on earlier screens. They answered other
            films of the same screens.
    """
    wanted = apply_filters(model.catalogue, query).films
    allowed = wanted.copy()
    for rows in (asked, query.unseen):
        allowed[rows] = False
    rows = np.flatnonzero(allowed)
    if not len(rows) or n < 1:
        return NO_ROWS
    return most_informative(model.ranking, query, rows, n, left, wanted)


def most_informative(
    model: RankingModel,
    query: Query,
    rows: npt.NDArray[np.int64],
    n: int,
    left: npt.NDArray[np.int64] = NO_ROWS,
    wanted: Bools | None = None,
) -> npt.NDArray[np.int64]:
    """Returns the rows of the n films whose answers would make the scores of other films most
    certain.

    The best film comes first. The scores that should become certain are those of the films most
    likely to be recommended.

    Args:
        model: the fitted models.
        query: what is known about the person.
        rows: rows of the films to choose from.
        n: number of films.
        left: rows of films that the person left unanswered on earlier screens.
        wanted: (films,) True for a film that may be recommended; None if all may.
    """
    blended = model.blend(query)
    place = model.elicitation_model.place(query, left)
    chances = known_chances(model, query, blended, place)[rows]
    near = top_k(chances, MAX_CANDIDATES)
    films, chance = rows[near], chances[near]
    targets = _likely_picks(blended, query, wanted)
    facts = _content_weight(model, query, blended)
    models = []
    if facts < 1.0 - MIN_WEIGHT:
        models.append(by_people(model.elicitation_model, place, films, targets, 1.0 - facts))
    if facts > MIN_WEIGHT:
        taste, heard = blended.content, NO_ROWS
        if taste is not None:
            heard = np.asarray(query.with_looks().films[taste.heard], np.int64)
        models.append(by_facts(model.content, taste, heard, films, targets, facts))
    if n == 1:
        worth = sum(each.taught() * (1.0 if each.hears_unseen else chance) for each in models)
        return films[[int(np.argmax(worth))]]
    return films[_choose_together(models, chance, n)]


def _content_weight(model: RankingModel, query: Query, blended: Blend) -> float:
    """Returns the weight, 0 to 1, of the content model in measuring how informative an answer is.

    The content model learns from facts such as tags. The newcomer model, which learns from what
    other people have seen and liked, has the rest of the weight. The weight is large if the person
    has chosen kinds of films in the quiz and rated few films. It is also large if facts explain
    which films the person loved. blended: the scores of all films for the query.
    """
    heard = any(component.name == "tags" for component in blended.components)
    gate = blended.gate if heard else 0.0
    found = gate**2 / (gate**2 + (1.0 - gate) ** 2)
    chosen = len(query.chosen) or len(query.liked_tags)
    fresh = 1.0 - growth(len(query.films), model.config.item_half) if chosen else 0.0
    return 1.0 - (1.0 - found) * (1.0 - fresh)


def _likely_picks(blended: Blend, query: Query, wanted: Bools | None) -> Rows:
    """Returns the rows of the `TARGET_FILMS` films with the best scores, except films already
    rated.

    blended: the scores of all films for the query. wanted: (films,) True for a film that may be
    recommended; None if all may.
    """
    scores = blended.score.copy()
    if wanted is not None:
        scores[~wanted] = -np.inf
    scores[query.films] = -np.inf
    return top_k(scores, TARGET_FILMS)


def _choose_together(models: list[Covariances], chance: Array64, n: int) -> list[int]:
    """Chooses the films of one screen, one after the other, and returns their positions among k
    films.

    Each film is chosen as if the films before it on the screen were answered, each with the
    probability that the person knows it. models: for each model, the covariances of the films'
    scores. chance: (k,) probability that the person knows each film. n: number of films to choose.
    """
    free = np.ones(len(chance), np.bool_)
    chosen: list[int] = []
    while len(chosen) < min(n, len(chance)):
        value = chance**SCREEN_CHANCE_POWER * sum(each.taught() for each in models)
        best = int(np.argmax(np.where(free, value, -np.inf)))
        chosen.append(best)
        free[best] = False
        models = [each.after(best, float(chance[best])) for each in models]
    return chosen
