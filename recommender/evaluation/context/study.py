"""Measures whether knowing the time helps to rank, on any file with times.

A row of the file is one person's rating or play of one item. A sitting is all rows of a person on
one local day, or a single row if only dayparts are known. For each of several seeds, a fifth of
every person's sittings is held out. Two rankings are made for each person and each moment (daypart,
kind of day and mood) of a held-out row: one by a factor model (`models.als.fit_als`, since it is
quick), and one by the same model with a learned lift added. A lift is a change of an item's
log-odds at a moment. nDCG@10 is averaged over a person's moments, then over people. The gain is
paired by person and seed. A ranking should find the items with ratings in the upper part of the
scale, or all items if the file has counts. If people return to the same items (apps, songs), items
that a person already knows are ranked too.

A log holds only what was chosen, so there are no refused items to learn from. Therefore
`DRAWN_ITEMS` other items are drawn for each row, in proportion to how often they occur in the
training rows. The lift thus compares what is chosen at a moment with what is chosen at any time.
Items are described by the file's genres if it has them, else by groups found among the factors
(k-means). Rows entered in bulk (`feedback.bulk`) are neither learned from nor to be found, because
their time is not that of the choice. If most rows of a file are such rows, no lift is learned.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.cluster.vq import kmeans2

from recommender.context.events import Events
from recommender.context.lift import Circumstance, Kind, LiftFeatures, LiftModel
from recommender.context.lift_fit import fit_lift
from recommender.datasets.event_log import EventLog
from recommender.errors import DataError
from recommender.evaluation.context.data import ContextData, Times, prepare
from recommender.evaluation.context.questions import NO_ITEMS, Question, matrix, questions, worth_of
from recommender.evaluation.ranking.candidates import best
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.feedback import BULK_RATINGS, BULK_SPAN_SECONDS
from recommender.metrics import ndcg
from recommender.models.als import AlsConfig, FactorModel, fit_als
from recommender.numeric.arrays import Array64, Bools, Ints64, sparse
from recommender.numeric.progress import StudyProgress

SEEDS = (0, 1, 2, 3, 4)
HELD_OUT_SHARE = 0.2  # share of each person's sittings that is held out
LIST_LENGTH = 10  # items of a ranking
DRAWN_ITEMS = 4  # items drawn for each row, with which a lift compares the chosen one
MAX_GROUPS = 12  # most groups of items
MAX_LIFT_ROWS = 30_000  # most rows that a lift is learned from
MAX_PEOPLE = 2000  # most people ranked for with each seed
ALS_CONFIG = AlsConfig(factors=32, rounds=8)


@dataclass(frozen=True, eq=False)
class ContextRun:
    """The study of whether knowing the time helps to rank, with one seed.

    Attributes:
        without: nDCG@10 by person, without the lift (the learned effect of time and mood).
        with_lift: nDCG@10 by person, with the lift.
        lift: the learned lift.
        worth: the change of score that equals one unit of the lift's log-odds, in standard
            deviations of the best scores. It is estimated on a slice of the training rows; 0 if the
            lift gained nothing there.
    """

    without: Sample
    with_lift: Sample
    lift: LiftModel
    worth: float


@dataclass(frozen=True, eq=False)
class ContextFindings:
    """The result of the study of whether knowing the time helps to rank.

    Attributes:
        data: the name of the file.
        rows: how many rows the file has.
        people: how many people the file has.
        items: how many items the file has.
        described: a phrase that names the features of the items, such as "genres".
        columns: for each kind of value, such as "time", the column of the file that holds it.
        times: what the times can be used for.
        seeds: the seeds, in order.
        runs: the study with each seed, in the order of `seeds`.
        without: nDCG@10 without the lift (the learned effect of time and mood).
        with_lift: nDCG@10 with the lift.
        gain: the difference, paired by person and seed.
        claim: True if the data show that the lift, and so knowing the time, helps to rank.
        why: the reason for `claim`, in one sentence.
    """

    data: str
    rows: int
    people: int
    items: int
    described: str
    columns: Mapping[str, str]
    times: Times
    seeds: tuple[int, ...]
    runs: tuple[ContextRun, ...]
    without: Estimate
    with_lift: Estimate
    gain: Estimate
    claim: bool
    why: str

    @property
    def relative(self) -> float:
        """The gain of nDCG@10 by knowing the time, as a share of nDCG@10 without it; 0 if that is
        0."""
        return self.gain.mean / self.without.mean if self.without.mean else 0.0

    @property
    def log_odds(self) -> float:
        """How strong the learned effects of time are: the mean of their absolute log-odds over all
        seeds.

        Within a seed, the mean is over features of items and times. It is 0 for a seed whose
        effects did not improve the ranking.
        """
        return float(np.mean([_mean_log_odds(run) for run in self.runs]))


def evaluate_context(
    viewings: EventLog,
    zone: str = "UTC",
    seeds: Sequence[int] = SEEDS,
    liked: float | None = None,
    progress: StudyProgress | None = None,
) -> ContextFindings:
    """Returns the findings of the study of whether knowing the time helps to rank.

    viewings: the rows of a file. zone: its time zone. liked: the lowest rating of a liked item,
    None for four fifths of the highest rating. Raises DataError if nobody has enough rows.
    """
    data = prepare(viewings, zone, liked)
    runs = []
    for at, seed in enumerate(seeds):
        if progress is not None:
            progress(at, len(seeds), f"seed {seed}")
        runs.append(_run(data, seed))
    without, lifted = [run.without for run in runs], [run.with_lift for run in runs]
    gain = difference(lifted, without)
    if not gain.people:
        raise DataError("no-rows-held-out", data=viewings.name)
    found = ContextFindings(
        viewings.name, len(viewings), viewings.people, viewings.items, data.described,
        viewings.columns, data.times,
        tuple(seeds), tuple(runs), estimate(without), estimate(lifted), gain, False, "",
    )  # fmt: skip
    claim, why = _verdict(found)
    return replace(found, claim=claim, why=why)


def _verdict(found: ContextFindings) -> tuple[bool, str]:
    """Returns True if the data show that knowing the time helps to rank, and the reason in a
    sentence."""
    times, gain = found.times, found.gain
    if not times.viewing:
        return False, (
            f"The times are no viewing times: {times.bulk:.0%} of the rows were entered in bulk "
            f"({BULK_RATINGS} or more within {BULK_SPAN_SECONDS / 60:.0f} minutes), and "
            f"{times.at_once:.0%} of the people entered their whole history within a day. No lift "
            "can be claimed from them."
        )
    if not any(run.worth for run in found.runs):
        return False, "The data support no lift: it went to zero by itself for every seed."
    if gain.low > 0:
        return True, "The interval of the gain lies above zero."
    if gain.high < 0:
        return False, "The lift makes the ranking worse here; the interval lies below zero."
    return False, "The interval of the gain holds zero: no lift is shown."


# One seed ----------------------------------------------------------------------------------------


def _run(data: ContextData, seed: int) -> ContextRun:
    rng = np.random.default_rng(seed)
    known = _hold_out(data, np.ones(len(data.person), bool), rng)
    lift, base = _learned(data, known, rng)
    worth = 0.0
    if lift.active:  # how much it weighs is estimated on a slice of the known rows
        inner = _hold_out(data, known, rng)
        inner_lift, inner_base = _learned(data, inner, rng)
        held = known & ~inner
        some = questions(data, inner, held, inner_base, _people_to_rank_for(data, held, rng))
        worth = worth_of(some, inner_lift)
    asked = questions(data, known, ~known, base, _people_to_rank_for(data, ~known, rng))
    plain, lifted = _measure(asked, lift, worth)
    return ContextRun(plain, lifted, lift, worth)


def _hold_out(data: ContextData, among: Bools, rng: np.random.Generator) -> Bools:
    """Returns (n,) True for the rows to learn from, after some whole sittings have been held out.

    A sitting is all rows of a person on one local day. data: the n rows of the study. among: (n,)
    True for the rows to divide; the result is False for all others."""
    out = rng.random(int(data.sitting.max()) + 1) < HELD_OUT_SHARE
    return among & ~out[data.sitting]


def _learned(
    data: ContextData, known: Bools, rng: np.random.Generator
) -> tuple[LiftModel, FactorModel]:
    """Returns the lift (learned effect of time and mood) and the factor model, both fitted to some
    rows.

    data: the n rows of the study. known: (n,) True for the rows to learn from."""
    stars = matrix(data, known)
    base = fit_als(stars, ALS_CONFIG, rng)
    features = data.genres if data.genres is not None else _groups(base, rng)
    chosen = np.flatnonzero(known & data.good & data.evidence)
    if not data.times.viewing or len(chosen) < 2:
        return LiftModel(features), base
    chosen = rng.permutation(chosen)[:MAX_LIFT_ROWS]
    drawn = rng.choice(data.item[known], (len(chosen), DRAWN_ITEMS))
    drawn = np.where(drawn == data.item[chosen][:, None], -1, drawn)
    film = np.column_stack([data.item[chosen], drawn]).reshape(-1)
    row = np.repeat(chosen, DRAWN_ITEMS + 1)
    accepted = np.zeros((len(chosen), DRAWN_ITEMS + 1))
    accepted[:, 0] = 1.0
    events = Events(
        data.person[row], film, data.daypart[row], data.day[row], accepted.reshape(-1),
        mood=data.mood[row] if (data.mood >= 0).any() else None, parts=data.parts, days=data.days,
    )  # fmt: skip
    return fit_lift(features, events.where(film >= 0), rng), base


def _groups(base: FactorModel, rng: np.random.Generator) -> LiftFeatures:
    """Returns groups of items as features of the items, for a file that does not describe them.

    Items whose factors have similar directions are in one group. Items that nobody chose have no
    group. base: the factor model."""
    rated = np.flatnonzero(base.rated)
    factors = base.films[rated].astype(np.float64)
    factors /= np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), 1e-12)
    groups = int(np.clip(len(rated) // 10, 2, MAX_GROUPS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # k-means warns of empty groups, which do no harm
        _, label = kmeans2(factors, groups, minit="++", rng=rng)
    table = sparse((np.ones(len(rated), np.float32), (rated, label)), (len(base.films), groups))
    kinds: list[Kind] = ["group"] * groups
    return LiftFeatures(table, tuple(f"group {n + 1}" for n in range(groups)), tuple(kinds))


def _people_to_rank_for(data: ContextData, held: Bools, rng: np.random.Generator) -> Ints64:
    """Returns the rows of people who have a held-out item to find, ascending.

    If there are more than `MAX_PEOPLE`, they are a random sample. data: the rows of the study.
    held: (n,) True for held-out rows."""
    people = np.unique(data.person[held & data.good & data.evidence])
    return np.sort(rng.permutation(people)[:MAX_PEOPLE])


def _measure(questions: Iterable[Question], lift: LiftModel, worth: float) -> tuple[Sample, Sample]:
    """Returns each person's nDCG@10 without, and with, the lift (the learned effect of time).

    Each is a mean over the times at which the person chose held-out items. questions: the people's
    scores and items to find. worth: factor on the lift before it is added to a score."""
    people: list[int] = []
    plain: list[float] = []
    lifted: list[float] = []
    for one in questions:
        without = [_ndcg(one.scores, items) for items in one.moments.values()]
        gains = without
        if worth and lift.active:
            gains = [
                _ndcg(one.scores + worth * one.spread * lift.log_odds(at), items)
                for at, items in one.moments.items()
            ]
        people.append(one.person)
        plain.append(float(np.mean(without)))
        lifted.append(float(np.mean(gains)))
    rows = np.array(people, np.int64)
    return Sample(rows, np.array(plain)), Sample(rows, np.array(lifted))


def _ndcg(scores: Array64, items: frozenset[int]) -> float:
    ranked = best(scores, NO_ITEMS, LIST_LENGTH)
    hits = np.array([[int(item) in items for item in ranked]])
    return float(ndcg(hits, np.array([len(items)]), LIST_LENGTH)[0])


def _mean_log_odds(run: ContextRun) -> float:
    """Returns the mean absolute log-odds of the learned effects of time.

    The mean is over features, dayparts and kinds of day. It is 0 if the effects gained nothing."""
    if not run.worth:
        return 0.0
    lift = run.lift
    total = [
        np.abs(lift.coefficients(Circumstance(part, day))).mean()
        for part in range(lift.parts)
        for day in range(lift.days)
    ]
    return float(np.mean(total)) if total else 0.0
