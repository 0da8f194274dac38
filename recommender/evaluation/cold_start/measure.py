"""The cold start, measured: newcomers nobody has seen answer a quiz, and get a list.

A tenth of the people are new; three tenths of each one's ratings are the test, the rest can be
answered (`splits.coldstart`). Single questions: a film of the test is passed over uncounted; one
that the person rated is answered with its stars; any other with "haven't seen", which counts.
Screens: a film with four stars or more is chosen as loved, one with two and a half or fewer as
disliked, and what is left is no answer: no list hears of it, and only the next screen may turn
elsewhere, unless nothing at all was chosen. After so many questions or screens the serving model
ranks all films but those that could be answered; nDCG@10 counts test films of four stars or more.
Every way of asking is ranked by the same model.
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
from recommender.evaluation.splits import DRAWS, RELEVANT_STARS, Newcomer, coldstart
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NO_ROWS
from recommender.numeric.arrays import Array64
from recommender.numeric.progress import StudyProgress

QUESTIONS = (0, 5, 10, 15, 20, 30, 40)
SCREENS = (1, 2, 3)
A_SCREEN = 25
CHOSEN_DISLIKED_STARS = 2.5  # stars up to which a film is chosen as disliked
LOVED_ANSWER_STARS, DISLIKED_ANSWER_STARS = 5.0, 1.5  # what the bot takes such choices to mean
DEPTH = 10


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """After so many questions or screens: nDCG@10 of each person, a sample a draw, and how many
    films each of them had told something about."""

    ndcg: tuple[Sample, ...]
    answers: tuple[Sample, ...]


@dataclass(frozen=True, eq=False)
class Asked:
    """One way of asking: marks by how many questions, by how many screens."""

    questions: Mapping[int, Checkpoint]
    screens: Mapping[int, Checkpoint]


@dataclass(frozen=True, eq=False)
class ColdStarts:
    """data: the folder's name; draws; people over all draws; ways of asking by name."""

    data: str
    draws: int
    people: int
    strategies: Mapping[str, Asked]

    def gain(self, name: str, questions: int, against: str = COMPARED) -> Estimate:
        """nDCG@10 above another way of asking, paired by person."""
        ours, theirs = self.strategies[name], self.strategies[against]
        return difference(ours.questions[questions].ndcg, theirs.questions[questions].ndcg)

    def screens_over_questions(self, name: str, screens: int, questions: int) -> Estimate:
        """What so many screens give above so many single questions, paired by person."""
        one = self.strategies[name]
        return difference(one.screens[screens].ndcg, one.questions[questions].ndcg)


@dataclass(eq=False)
class _Tally:
    """Figures of one draw as they come in: kind and mark -> one number a person."""

    people: list[int] = field(default_factory=list)
    ndcg: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    answers: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    def add(self, kind: str, mark: int, ndcg: float, answers: int) -> None:
        self.ndcg.setdefault((kind, mark), []).append(ndcg)
        self.answers.setdefault((kind, mark), []).append(float(answers))


def measure_coldstart(
    folder: Folder,
    draws: int = DRAWS,
    names: Sequence[str] | None = None,
    people: int | None = None,
    seed: int = 42,
    config: RankingConfig | None = None,
    progress: StudyProgress | None = None,
) -> ColdStarts:
    """Every way of asking (or those named, and the one compared against) over so many draws;
    people: at most so many newcomers a draw, the first ones. Raises DataError for names there are
    not."""
    known = strategies()
    wanted = tuple(known) if names is None else tuple(dict.fromkeys((COMPARED, *names)))
    missing = [name for name in wanted if name not in known]
    if missing:
        raise DataError(f"There is no strategy {missing[0]}; there are {', '.join(known)}.")
    if len(folder.ratings.people) < DRAWS:
        raise DataError(f"{folder.name} has too few people to take a tenth of them as new.")
    tallies: dict[str, list[_Tally]] = {name: [] for name in wanted}
    total, done, met = min(draws, DRAWS) * (len(wanted) + 1), 0, 0
    for draw, one in enumerate(coldstart(folder.ratings, draws)):
        if progress is not None:
            progress(done, total, f"draw {draw + 1}: fitting")
        rng = np.random.default_rng(seed)
        model = fit_ranking(folder.catalogue, one.train, config or RankingConfig(), rng)
        count = np.bincount(one.train.indices, minlength=one.train.shape[1])
        fame = np.argsort(-count, kind="stable")
        fame = fame[count[fame] > 0]
        new = [person for person in one.people if (person.test_stars >= RELEVANT_STARS).any()][
            :people
        ]
        for name in wanted:
            done += 1
            if progress is not None:
                progress(done, total, f"draw {draw + 1}: {name}")
            ask = known[name](StrategyFacts(model, one.train))
            tally = _Tally()
            for at, person in enumerate(new):
                tally.people.append(met + at)
                _single(model, ask, person, fame, tally)
                _screens(model, ask, person, fame, tally)
            tallies[name].append(tally)
        done += 1
        met += len(new)
    asked = {name: _gathered(theirs) for name, theirs in tallies.items()}
    return ColdStarts(folder.name, min(draws, DRAWS), met, asked)


def coldstart_ndcg(scores: Array64, person: Newcomer, k: int = DEPTH) -> float:
    """nDCG@k of one newcomer's scores (films,) among all films outside their pool."""
    relevant = person.test[person.test_stars >= RELEVANT_STARS]
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    hits = np.isin(best(scores, person.pool, k), relevant)
    ideal = discount[: min(len(relevant), k)].sum()
    return float((hits * discount[: len(hits)]).sum() / ideal)


def coldstart_file(found: ColdStarts) -> dict[str, Any]:
    """What is written as JSON."""
    return {
        "data": found.data,
        "draws": found.draws,
        "people": found.people,
        "compared": COMPARED,
        "strategies": {
            name: {
                "questions": {
                    str(mark): _figures(one) | {"gain": _interval(found.gain(name, mark))}
                    for mark, one in asked.questions.items()
                },
                "screens": {str(mark): _figures(one) for mark, one in asked.screens.items()},
            }
            for name, asked in found.strategies.items()
        },
        "serving": SERVING if SERVING in found.strategies else None,
    }


def _single(
    model: RankingModel, ask: Ask, person: Newcomer, fame: npt.NDArray[np.int64], tally: _Tally
) -> None:
    """One question after the other, each chosen by what was answered before."""
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
    """Screen after screen, each chosen by what was chosen on those before."""
    stars = dict(zip(person.pool.tolist(), person.pool_stars.tolist(), strict=True))
    free = fame[~np.isin(fame, person.test)]
    films: list[int] = []
    given: list[float] = []
    left = NO_ROWS
    query = Query()
    for screen in SCREENS:
        shown = ask(query, free, A_SCREEN, left)
        free = free[~np.isin(free, shown)]
        told = len(films)
        for film in shown.tolist():
            theirs = stars.get(film)
            if theirs is None or CHOSEN_DISLIKED_STARS < theirs < RELEVANT_STARS:
                continue
            films.append(film)
            given.append(LOVED_ANSWER_STARS if theirs >= RELEVANT_STARS else DISLIKED_ANSWER_STARS)
        if len(films) > told:
            left = np.concatenate([left, shown[~np.isin(shown, films)]])
        query = Query(films=np.array(films, np.int64), stars=np.array(given))
        tally.add("screens", screen, coldstart_ndcg(model.score(query), person), len(films))


def _gathered(tallies: Sequence[_Tally]) -> Asked:
    def mark(kind: str, at: int) -> Checkpoint:
        key = (kind, at)
        return Checkpoint(
            tuple(Sample(np.array(t.people), np.array(t.ndcg.get(key, ()))) for t in tallies),
            tuple(Sample(np.array(t.people), np.array(t.answers.get(key, ()))) for t in tallies),
        )

    return Asked(
        {at: mark("questions", at) for at in QUESTIONS}, {at: mark("screens", at) for at in SCREENS}
    )


def _figures(mark: Checkpoint) -> dict[str, Any]:
    found = estimate(mark.ndcg)
    return {
        "ndcg@10": found.mean,
        "interval": [found.low, found.high],
        "answers": estimate(mark.answers).mean,
    }


def _interval(found: Estimate) -> dict[str, Any]:
    return {"mean": found.mean, "interval": [found.low, found.high]}
