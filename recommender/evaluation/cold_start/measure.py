"""Measures the cold start: simulated newcomers answer a quiz and get a list.

A tenth of the people are new to the model. Three tenths of a newcomer's ratings are held out as the
test. The other ratings, the pool, are the newcomer's possible answers (`splits.coldstart`).

Single questions: the quiz asks about one film after another, but never about a film of the test.
The newcomer answers with stars for a film of the pool, and with "haven't seen" for any other film.
Both count as one question.

Screens: the quiz shows `FILMS_PER_SCREEN` films at once. The newcomer chooses films of the pool
with four stars or more as loved, and those with two and a half or fewer as disliked. A film that is
not chosen is not an answer and changes no list. The choice of the next screen may use it, but only
if another film was chosen on the same screen.

After certain numbers of questions or screens (the checkpoints), the model ranks all films outside
the pool. nDCG@10 counts the test films of four stars or more. One model ranks for every way of
asking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.cold_start.strategies import (
    COMPARED,
    SERVING,
    Ask,
    StrategyFacts,
    strategies,
)
from recommender.evaluation.ranking.candidates import best
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.evaluation.splits import MAX_DRAWS, RELEVANT_STARS, Newcomer, coldstart
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NO_ROWS
from recommender.numeric.arrays import Array64
from recommender.numeric.progress import StudyProgress

QUESTIONS = (0, 5, 10, 15, 20, 30, 40)  # checkpoints: numbers of questions asked
SCREENS = (1, 2, 3)  # checkpoints: numbers of screens shown
FILMS_PER_SCREEN = 25
CHOSEN_DISLIKED_STARS = 2.5  # stars up to which a film is chosen as disliked
LOVED_ANSWER_STARS, DISLIKED_ANSWER_STARS = 5.0, 1.5  # stars that the bot enters for a choice
DEPTH = 10  # first films of a ranking, which nDCG counts


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The figures after a number of questions or screens.

    Attributes:
        ndcg: for each draw, each person's nDCG@10.
        answers: for each draw, how many films each person had answered about.
    """

    ndcg: tuple[Sample, ...]
    answers: tuple[Sample, ...]


@dataclass(frozen=True, eq=False)
class StrategyResult:
    """The figures of one way of asking.

    Attributes:
        questions: checkpoints by the number of questions.
        screens: checkpoints by the number of screens.
    """

    questions: Mapping[int, Checkpoint]
    screens: Mapping[int, Checkpoint]


@dataclass(frozen=True, eq=False)
class ColdStarts:
    """Ways of choosing what to ask newcomers, measured on the same newcomers.

    Attributes:
        data: the name of the data set.
        draws: how many times newcomers were chosen at random.
        people: how many newcomers all draws have together.
        strategies: the result of each way of asking by its name.
    """

    data: str
    draws: int
    people: int
    strategies: Mapping[str, StrategyResult]

    def gain(self, name: str, questions: int, against: str = COMPARED) -> Estimate:
        """Returns nDCG@10 of a way of asking minus that of `against`, paired by person.

        questions: the number of questions asked, one of `QUESTIONS`.
        """
        one, other = self.strategies[name], self.strategies[against]
        return difference(one.questions[questions].ndcg, other.questions[questions].ndcg)

    def screens_over_questions(self, name: str, screens: int, questions: int) -> Estimate:
        """Returns nDCG@10 after `screens` minus that after `questions`, paired by person."""
        one = self.strategies[name]
        return difference(one.screens[screens].ndcg, one.questions[questions].ndcg)


@dataclass(eq=False)
class _Tally:
    """Collects the figures of one draw: one number for each person, kind and checkpoint.

    The kind is "questions" or "screens".

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


def measure_coldstart(
    folder: Folder,
    draws: int = MAX_DRAWS,
    names: Sequence[str] | None = None,
    people: int | None = None,
    seed: int = 42,
    config: RankingConfig | None = None,
    progress: StudyProgress | None = None,
) -> ColdStarts:
    """Returns the figures of ways of asking, measured on draws of newcomers.

    names: ways of asking, to which `COMPARED` is added; None for all. people: the number of
    newcomers measured in each draw, the first ones; None for all. seed: the seed of the fits.
    config: the settings of the model that ranks, None for the default. Raises DataError for an
    unknown name, and if there are too few people.
    """
    available = strategies()
    wanted = tuple(available) if names is None else tuple(dict.fromkeys((COMPARED, *names)))
    missing = [name for name in wanted if name not in available]
    if missing:
        raise DataError(f"There is no strategy {missing[0]}; there are {', '.join(available)}.")
    if len(folder.ratings.people) < MAX_DRAWS:
        raise DataError(f"{folder.name} has too few people to take a tenth of them as new.")
    tallies: dict[str, list[_Tally]] = {name: [] for name in wanted}
    total, done, met = min(draws, MAX_DRAWS) * (len(wanted) + 1), 0, 0
    for draw, one in enumerate(coldstart(folder.ratings, draws)):
        if progress is not None:
            progress(done, total, f"draw {draw + 1}: fitting")
        rng = np.random.default_rng(seed)
        model = fit_ranking(folder.catalogue, one.train, config or RankingConfig(), rng)
        count = np.bincount(one.train.indices, minlength=one.train.shape[1])
        fame = np.argsort(-count, kind="stable")
        fame = fame[count[fame] > 0]
        new = [person for person in one.people if (person.test_stars >= RELEVANT_STARS).any()]
        new = new[:people]
        for name in wanted:
            done += 1
            if progress is not None:
                progress(done, total, f"draw {draw + 1}: {name}")
            ask = available[name](StrategyFacts(model, one.train))
            tally = _Tally()
            for at, person in enumerate(new):
                tally.people.append(met + at)
                _single(model, ask, person, fame, tally)
                _screens(model, ask, person, fame, tally)
            tallies[name].append(tally)
        done += 1
        met += len(new)
    results = {name: _result(draws_of) for name, draws_of in tallies.items()}
    return ColdStarts(folder.name, min(draws, MAX_DRAWS), met, results)


def coldstart_ndcg(scores: Array64, person: Newcomer, k: int = DEPTH) -> float:
    """Returns nDCG@k of (films,) scores for one newcomer, among all films outside their pool."""
    relevant = person.test[person.test_stars >= RELEVANT_STARS]
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    hits = np.isin(best(scores, person.pool, k), relevant)
    ideal = discount[: min(len(relevant), k)].sum()
    return float((hits * discount[: len(hits)]).sum() / ideal)


def coldstart_file(found: ColdStarts) -> dict[str, Any]:
    """Returns the figures of the study as the content of a JSON file."""
    return {
        "data": found.data,
        "draws": found.draws,
        "people": found.people,
        "compared": COMPARED,
        "strategies": {
            name: {
                "questions": {
                    str(at): _figures(one) | {"gain": _interval(found.gain(name, at))}
                    for at, one in result.questions.items()
                },
                "screens": {str(at): _figures(one) for at, one in result.screens.items()},
            }
            for name, result in found.strategies.items()
        },
        "serving": SERVING if SERVING in found.strategies else None,
    }


def _single(
    model: RankingModel, ask: Ask, person: Newcomer, fame: npt.NDArray[np.int64], tally: _Tally
) -> None:
    """Asks one question after another and adds the newcomer's figures to the tally.

    Each question is chosen by the answers so far. fame: rows of the rated films, most rated first.
    """
    stars = dict(zip(person.pool.tolist(), person.pool_stars.tolist(), strict=True))
    free = fame[~np.isin(fame, person.test)]
    films: list[int] = []
    given: list[float] = []
    unseen: list[int] = []
    query = Query()
    for asked in range(max(QUESTIONS) + 1):
        if asked in QUESTIONS:
            ndcg = coldstart_ndcg(model.score(query), person)
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
            films=np.array(films, np.int64), stars=np.array(given), unseen=np.array(unseen, int)
        )


def _screens(
    model: RankingModel, ask: Ask, person: Newcomer, fame: npt.NDArray[np.int64], tally: _Tally
) -> None:
    """Shows one screen after another and adds the newcomer's figures to the tally.

    Each screen is chosen by the answers on earlier ones. fame: rows of the rated films, most rated
    first.
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


def _result(tallies: Sequence[_Tally]) -> StrategyResult:
    def checkpoint(kind: str, at: int) -> Checkpoint:
        key = (kind, at)
        return Checkpoint(
            tuple(Sample(np.array(t.people), np.array(t.ndcg.get(key, ()))) for t in tallies),
            tuple(Sample(np.array(t.people), np.array(t.answers.get(key, ()))) for t in tallies),
        )

    return StrategyResult(
        {at: checkpoint("questions", at) for at in QUESTIONS},
        {at: checkpoint("screens", at) for at in SCREENS},
    )


def _figures(one: Checkpoint) -> dict[str, Any]:
    found = estimate(one.ndcg)
    return {
        "ndcg@10": found.mean,
        "interval": [found.low, found.high],
        "answers": estimate(one.answers).mean,
    }


def _interval(found: Estimate) -> dict[str, Any]:
    return {"mean": found.mean, "interval": [found.low, found.high]}
