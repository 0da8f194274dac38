"""Simulates one newcomer's answers to the quiz, and measures the lists recommended on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.evaluation.cold_start.strategies import Ask
from recommender.evaluation.ranking.candidates import best
from recommender.evaluation.splits import RELEVANT_STARS, Newcomer
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NO_ROWS
from recommender.numeric.arrays import Array64, Rows

QUESTIONS = (0, 5, 10, 15, 20, 30, 40)  # checkpoints: numbers of questions asked
SCREENS = (1, 2, 3)  # checkpoints: numbers of screens shown
FILMS_PER_SCREEN = 25
CHOSEN_DISLIKED_STARS = 2.5  # stars up to which a film is chosen as disliked
LOVED_ANSWER_STARS, DISLIKED_ANSWER_STARS = 5.0, 1.5  # stars that the bot enters for a choice
DEPTH = 10  # first films of a ranking, which nDCG counts
NO_GUESSES: Mapping[int, bool | None] = {}
GUESS_NOISE_STARS = 1.0  # standard deviation of the noise of a guess
NEUTRAL_STARS = 3.0


@dataclass(eq=False)
class Tally:
    """Collects the figures of one random draw of newcomers.

    There is one number for each person, kind and checkpoint. The kind is "questions" (about one
    film each) or "screens" (of several films). A checkpoint is a number of questions or screens.

    Attributes:
        people: a number for each newcomer, counted over all draws.
        ndcg: nDCG@10 by (kind, checkpoint), in the order of `people`.
        answers: films answered about by (kind, checkpoint), in the order of `people`.
    """

    people: list[int] = field(default_factory=list)
    ndcg: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    answers: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    def add(self, kind: str, checkpoint: int, ndcg: float, answers: int) -> None:
        self.ndcg.setdefault((kind, checkpoint), []).append(ndcg)
        self.answers.setdefault((kind, checkpoint), []).append(float(answers))


def with_guesses(person: Newcomer, rng: np.random.Generator) -> tuple[Newcomer, dict[int, bool]]:
    """Turns half of a newcomer's held-out films into films about which the newcomer can only guess.

    Returns two values. The first is the newcomer with the other half of the held-out films. The
    second is the guess for each film of the first half, by film row: True for "looks good", False
    for "not for me". A guess is True if the person's stars for the film, with random noise added,
    are above the mean of the stars in their pool.
    """
    usual = float(person.pool_stars.mean()) if len(person.pool) else NEUTRAL_STARS
    guessed = rng.permutation(len(person.test)) < len(person.test) // 2
    away = person.test_stars - usual + GUESS_NOISE_STARS * rng.standard_normal(len(person.test))
    films, good = person.test[guessed].tolist(), (away[guessed] > 0).tolist()
    rest = Newcomer(
        person.pool, person.pool_stars, person.test[~guessed], person.test_stars[~guessed]
    )
    return rest, dict(zip(films, good, strict=True))


def coldstart_ndcg(
    scores: Array64, person: Newcomer, k: int = DEPTH, others: Rows = NO_ROWS
) -> float:
    """Returns nDCG@k of one newcomer's list, which ranks all films that the newcomer was not asked
    about.

    scores: (films,) the scores to rank by. person: the newcomer. The films of the person's pool,
    which a quiz may ask about, are left out of the ranking. others: rows of further films to leave
    out.
    """
    relevant = person.test[person.test_stars >= RELEVANT_STARS]
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    hits = np.isin(best(scores, np.concatenate([person.pool, others]), k), relevant)
    ideal = discount[: min(len(relevant), k)].sum()
    return float((hits * discount[: len(hits)]).sum() / ideal)


def ask_single_questions(
    model: RankingModel,
    ask: Ask,
    person: Newcomer,
    fame: npt.NDArray[np.int64],
    tally: Tally,
    guesses: Mapping[int, bool | None] = NO_GUESSES,
) -> None:
    """Asks one question after another and adds the newcomer's figures to the tally.

    Each question depends on the answers so far. Films that the newcomer guesses about are left out
    of the lists.

    model: the model that ranks. ask: the function that chooses the film to ask about. fame: rows of
    the rated films, most rated first. guesses: for each row of a film that the newcomer has not
    seen, True for the answer "looks good", False for "not for me", and None for "haven't seen".
    """
    aside = np.array(list(guesses), np.int64)
    stars = dict(zip(person.pool.tolist(), person.pool_stars.tolist(), strict=True))
    free = fame[~np.isin(fame, person.test)]
    films: list[int] = []
    given: list[float] = []
    unseen: list[int] = []
    query = Query()
    for asked in range(max(QUESTIONS) + 1):
        if asked in QUESTIONS:
            ndcg = coldstart_ndcg(model.score(query), person, others=aside)
            tally.add("questions", asked, ndcg, len(films))
        if asked == max(QUESTIONS) or not len(free):
            continue
        film = int(ask(query, free, 1, NO_ROWS)[0])
        free = free[free != film]
        if film in stars:
            films.append(film)
            given.append(stars[film])
        else:
            unseen.append(film)
        query = Query(
            films=np.array(films, np.int64),
            stars=np.array(given),
            unseen=np.array(unseen, int),
            wanted=np.array([one for one in unseen if guesses.get(one) is True], int),
            unwanted=np.array([one for one in unseen if guesses.get(one) is False], int),
        )


def show_screens(
    model: RankingModel, ask: Ask, person: Newcomer, fame: npt.NDArray[np.int64], tally: Tally
) -> None:
    """Shows one screen of films after another and adds the newcomer's figures to the tally.

    Each screen depends on the answers on earlier ones. model: the model that ranks. ask: the
    function that chooses the films of a screen. fame: rows of the rated films, most rated first.
    """
    stars = dict(zip(person.pool.tolist(), person.pool_stars.tolist(), strict=True))
    free = fame[~np.isin(fame, person.test)]
    films: list[int] = []
    given: list[float] = []
    left = NO_ROWS
    query = Query()
    for screen in SCREENS:
        shown = ask(query, free, FILMS_PER_SCREEN, left)
        free = free[~np.isin(free, shown)]
        before = len(films)
        for film in shown.tolist():
            own = stars.get(film)
            if own is None or CHOSEN_DISLIKED_STARS < own < RELEVANT_STARS:
                continue
            films.append(film)
            given.append(LOVED_ANSWER_STARS if own >= RELEVANT_STARS else DISLIKED_ANSWER_STARS)
        if len(films) > before:
            left = np.concatenate([left, shown[~np.isin(shown, films)]])
        query = Query(films=np.array(films, np.int64), stars=np.array(given))
        tally.add("screens", screen, coldstart_ndcg(model.score(query), person), len(films))
