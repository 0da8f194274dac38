"""Measures the cold start: simulated newcomers answer a quiz and get recommended films.

A tenth of the people are new to the model. Three tenths of a newcomer's ratings are held out as the
test. The other ratings are the newcomer's possible answers; they are called the pool
(`splits.coldstart`).

Single questions: the quiz asks about one film after another, but never about a film of the test.
The newcomer answers with stars for a film of the pool, and with "haven't seen" for any other film.
Both count as one question.

Screens: the quiz shows `FILMS_PER_SCREEN` films at once. The newcomer marks films of the pool with
four stars or more as loved, and those with two and a half or fewer as disliked. A film without a
mark does not count as an answer and changes no list. If another film of the same screen was marked,
the choice of the next screen may use that this one was not.

Guesses: this is measured for the bot's own way of asking only. The newcomer also says "looks good"
or "not for me" about films of half of the test, and is judged by the other half
(`newcomers.with_guesses`).

After certain numbers of questions or screens (the checkpoints), the model ranks all films outside
the pool. nDCG@10 counts the test films of four stars or more. The same model ranks for all ways of
asking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.cold_start.newcomers import (
    QUESTIONS,
    SCREENS,
    Tally,
    ask_single_questions,
    show_screens,
    with_guesses,
)
from recommender.evaluation.cold_start.strategies import (
    COMPARED,
    SERVING,
    Ask,
    StrategyFacts,
    strategies,
)
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.evaluation.splits import MAX_DRAWS, RELEVANT_STARS, Newcomer, coldstart
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.model import RankingModel
from recommender.numeric.arrays import Rows
from recommender.numeric.progress import StudyProgress


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The figures of simulated newcomers after a number of questions or screens of a quiz.

    Attributes:
        ndcg: for each random draw of newcomers, each person's nDCG@10.
        answers: for each draw, how many films each person had answered about.
    """

    ndcg: tuple[Sample, ...]
    answers: tuple[Sample, ...]


@dataclass(frozen=True, eq=False)
class StrategyResult:
    """The figures of one way of choosing the films that a quiz asks newcomers about.

    Attributes:
        questions: figures by the number of questions about one film each.
        screens: figures by the number of screens with several films each.
    """

    questions: Mapping[int, Checkpoint]
    screens: Mapping[int, Checkpoint]


@dataclass(frozen=True, eq=False)
class Looks:
    """The figures of single questions with and without guesses about films not seen.

    Both are measured on the same simulated newcomers, with questions chosen as the bot chooses
    them. The newcomers are judged by the half of their held-out films about which they do not
    guess.

    Attributes:
        without: figures by the number of questions if the newcomers answer "haven't seen".
        heard: the same if they answer "looks good" or "not for me" instead.
    """

    without: Mapping[int, Checkpoint]
    heard: Mapping[int, Checkpoint]

    def gain(self, questions: int) -> Estimate:
        """Returns by how much guesses about films not seen raise nDCG@10, with its interval.

        questions: number of questions after which it is measured. The figures with and without
        guesses are paired by person.
        """
        return difference(self.heard[questions].ndcg, self.without[questions].ndcg)


@dataclass(frozen=True, eq=False)
class ColdStarts:
    """Ways of choosing what to ask newcomers, measured on the same simulated newcomers.

    Attributes:
        data: the name of the data set.
        draws: how many times newcomers were chosen at random.
        people: how many newcomers all draws have together.
        strategies: the result of each way of asking by its name.
        looks: figures with and without guesses about films not seen; None if the bot's own way of
            asking was not measured.
    """

    data: str
    draws: int
    people: int
    strategies: Mapping[str, StrategyResult]
    looks: Looks | None = None

    def gain(self, name: str, questions: int, against: str = COMPARED) -> Estimate:
        """Returns nDCG@10 of one way of asking newcomers minus that of another, with its interval.

        The figures are paired by person. name: the one way. questions: the number of questions
        asked, one of `QUESTIONS`. against: the other way.
        """
        one, other = self.strategies[name], self.strategies[against]
        return difference(one.questions[questions].ndcg, other.questions[questions].ndcg)

    def screens_over_questions(self, name: str, screens: int, questions: int) -> Estimate:
        """Returns nDCG@10 after some screens minus nDCG@10 after some single questions, with its
        interval.

        The figures are paired by person. name: the way of choosing films. screens: number of
        screens. questions: number of questions.
        """
        one = self.strategies[name]
        return difference(one.screens[screens].ndcg, one.questions[questions].ndcg)


def measure_coldstart(
    folder: Folder,
    draws: int = MAX_DRAWS,
    names: Sequence[str] | None = None,
    people: int | None = None,
    seed: int = 42,
    config: RankingConfig | None = None,
    progress: StudyProgress | None = None,
) -> ColdStarts:
    """Returns the figures of ways to choose what a quiz asks, measured on simulated newcomers.

    draws: how many times newcomers are chosen at random. names: ways of asking, to which `COMPARED`
    is added; None for all. people: the number of newcomers measured in each draw, the first ones;
    None for all. seed: the seed of the fits. config: the settings of the model that ranks, None for
    the default. Raises DataError for an unknown name, and if there are too few people.
    """
    available = strategies()
    wanted = tuple(available) if names is None else tuple(dict.fromkeys((COMPARED, *names)))
    missing = [name for name in wanted if name not in available]
    if missing:
        raise DataError("unknown-strategy", name=missing[0], choices=tuple(available))
    if len(folder.ratings.people) < MAX_DRAWS:
        raise DataError("too-few-newcomers", data=folder.name)
    tallies: dict[str, list[Tally]] = {name: [] for name in wanted}
    guessing: list[tuple[Tally, Tally]] = []
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
            tally = Tally()
            for at, person in enumerate(new):
                tally.people.append(met + at)
                ask_single_questions(model, ask, person, fame, tally)
                show_screens(model, ask, person, fame, tally)
            tallies[name].append(tally)
            if name == SERVING:
                guessing.append(_with_and_without_guesses(model, ask, new, fame, met, draw))
        done += 1
        met += len(new)
    results = {name: _result(draws_of) for name, draws_of in tallies.items()}
    without, heard = (
        _checkpoints([both[at] for both in guessing], "questions", QUESTIONS) for at in (0, 1)
    )
    looks = Looks(without, heard) if guessing else None
    return ColdStarts(folder.name, min(draws, MAX_DRAWS), met, results, looks)


def _with_and_without_guesses(
    model: RankingModel, ask: Ask, people: Sequence[Newcomer], fame: Rows, met: int, draw: int
) -> tuple[Tally, Tally]:
    """Returns newcomers' figures without, and with, guesses about films that they have not seen.

    Args:
        model: the model that ranks.
        ask: the function that chooses the films to ask about.
        people: the newcomers of a random draw.
        fame: rows of the rated films, most rated first.
        met: number of newcomers in earlier draws.
        draw: the number of this draw, from 0.
    """
    without, heard = Tally(), Tally()
    for at, person in enumerate(people):
        rest, guesses = with_guesses(person, np.random.default_rng((draw, at)))
        if not (rest.test_stars >= RELEVANT_STARS).any():
            continue
        for tally, told in ((without, dict.fromkeys(guesses)), (heard, guesses)):
            tally.people.append(met + at)
            ask_single_questions(model, ask, rest, fame, tally, told)
    return without, heard


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
        "looks": None
        if found.looks is None
        else {
            str(at): {
                "without": _figures(found.looks.without[at]),
                "with": _figures(found.looks.heard[at]),
                "gain": _interval(found.looks.gain(at)),
            }
            for at in QUESTIONS
        },
    }


def _result(tallies: Sequence[Tally]) -> StrategyResult:
    questions = _checkpoints(tallies, "questions", QUESTIONS)
    return StrategyResult(questions, _checkpoints(tallies, "screens", SCREENS))


def _checkpoints(
    tallies: Sequence[Tally], kind: str, numbers: Sequence[int]
) -> Mapping[int, Checkpoint]:
    def checkpoint(at: int) -> Checkpoint:
        key = (kind, at)
        return Checkpoint(
            tuple(Sample(np.array(t.people), np.array(t.ndcg.get(key, ()))) for t in tallies),
            tuple(Sample(np.array(t.people), np.array(t.answers.get(key, ()))) for t in tallies),
        )

    return {at: checkpoint(at) for at in numbers}


def _figures(one: Checkpoint) -> dict[str, Any]:
    found = estimate(one.ndcg)
    return {
        "ndcg@10": found.mean,
        "interval": [found.low, found.high],
        "answers": estimate(one.answers).mean,
    }


def _interval(found: Estimate) -> dict[str, Any]:
    return {"mean": found.mean, "interval": [found.low, found.high]}
