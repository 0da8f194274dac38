"""Does knowing the time help? Ranking with and without the learned lift, on any file with times.

Over several seeds a fifth of every person's sittings (their rows of one local day; single rows
where only dayparts are known) is held out. A ranking is made for each person and moment with a
held-out row to find, by a factor model (`factorization.fit_als`: quick, and the same in both arms)
and by the same with the lift added; nDCG@10 is averaged over a person's moments, then over people,
and the gain is paired by person and seed. Of ratings, what lies in the upper part of the scale is
to be found; of counts, everything. Where people return to the same items (apps, songs), those stay
candidates.

A log holds only what was chosen. What was not is drawn (`DRAWN` items for each row, as often as
they occur in the training rows), so that the lift compares what is chosen at an hour with what is
chosen at all. Items are described by their genres where the file has them, else by groups found
among the factors (k-means). Rows entered in bulk (`outcomes.bulk`) teach nothing and are not asked
about; a file that is mostly such rows holds no viewing times: then no lift is learned or claimed.
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
from recommender.evaluation.context.data import ContextData, Times, prepared
from recommender.evaluation.context.questions import Question, matrix, questions, worth_of
from recommender.evaluation.ranking.candidates import best
from recommender.evaluation.significance import Estimate, Sample, difference, estimate
from recommender.feedback import BULK_RATINGS, BULK_SPAN_SECONDS
from recommender.metrics import ndcg
from recommender.models.als import AlsConfig, FactorModel, fit_als
from recommender.numeric.arrays import Array64, Bools, Ints64, sparse
from recommender.numeric.progress import StudyProgress

SEEDS = (0, 1, 2, 3, 4)
HELD_OUT = 0.2
SHOWN = 10
DRAWN = 4
GROUPS = 12
TAUGHT = 30_000  # rows a lift is learned from, at most
PEOPLE = 2000  # asked about for each seed, at most
ALS = AlsConfig(factors=32, rounds=8)
NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Run:
    """One seed: nDCG@10 by person without and with the lift; the lift, and the spreads for a unit
    of log-odds that a slice of the known rows told (0: it gained nothing)."""

    without: Sample
    with_lift: Sample
    lift: LiftModel
    worth: float


@dataclass(frozen=True, eq=False)
class ContextFindings:
    """Everything `matinee evaluate context` shows. claim: whether a lift may be claimed; why: the
    reason in a sentence."""

    data: str
    rows: int
    people: int
    items: int
    described: str
    columns: Mapping[str, str]
    times: Times
    seeds: tuple[int, ...]
    runs: tuple[Run, ...]
    without: Estimate
    with_lift: Estimate
    gain: Estimate
    claim: bool
    why: str

    @property
    def relative(self) -> float:
        """The gain over the quality without."""
        return self.gain.mean / self.without.mean if self.without.mean else 0.0

    @property
    def log_odds(self) -> float:
        """The mean absolute log-odds that a feature gains at a moment, over seeds, as followed."""
        return float(np.mean([_mean_log_odds(run) for run in self.runs]))


def evaluate_context(
    viewings: EventLog,
    zone: str = "UTC",
    seeds: Sequence[int] = SEEDS,
    liked: float | None = None,
    progress: StudyProgress | None = None,
) -> ContextFindings:
    """Measure on a file. liked: the least rating to be found, None for four fifths of the greatest.
    Raises DataError where nobody has enough rows."""
    data = prepared(viewings, zone, liked)
    runs = []
    for at, seed in enumerate(seeds):
        if progress is not None:
            progress(at, len(seeds), f"seed {seed}")
        runs.append(_run(data, seed))
    without, lifted = [run.without for run in runs], [run.with_lift for run in runs]
    gain = difference(lifted, without)
    if not gain.people:
        raise DataError(
            f"Nobody in {viewings.name} has a row to find in what is held out; give more rows."
        )
    found = ContextFindings(
        viewings.name, len(viewings), viewings.people, viewings.items, data.described,
        viewings.columns, data.times,
        tuple(seeds), tuple(runs), estimate(without), estimate(lifted), gain, False, "",
    )  # fmt: skip
    claim, why = _verdict(found)
    return replace(found, claim=claim, why=why)


def _verdict(found: ContextFindings) -> tuple[bool, str]:
    times, gain = found.times, found.gain
    if not times.viewing:
        return False, (
            f"The times are no viewing times: {times.bulk:.0%} of the rows were entered in bulk "
            f"({BULK_RATINGS} or more within {BULK_SPAN_SECONDS / 60:.0f} minutes), and {times.at_once:.0%} of the "
            "people entered their whole history within a day. No lift can be claimed from them."
        )
    if not any(run.worth for run in found.runs):
        return False, "The data support no lift: it went to zero by itself for every seed."
    if gain.low > 0:
        return True, "The interval of the gain lies above zero."
    if gain.high < 0:
        return False, "The lift makes the ranking worse here; the interval lies below zero."
    return False, "The interval of the gain holds zero: no lift is shown."


# One seed ----------------------------------------------------------------------------------------


def _run(data: ContextData, seed: int) -> Run:
    rng = np.random.default_rng(seed)
    known = _hold_out(data, np.ones(len(data.person), bool), rng)
    lift, base = _learned(data, known, rng)
    worth = 0.0
    if lift.active:  # what it is worth, on a slice of what is known
        inner = _hold_out(data, known, rng)
        inner_lift, inner_base = _learned(data, inner, rng)
        held = known & ~inner
        some = questions(data, inner, held, inner_base, _asked(data, held, rng))
        worth = worth_of(some, inner_lift)
    asked = questions(data, known, ~known, base, _asked(data, ~known, rng))
    plain, lifted = _measure(asked, lift, worth)
    return Run(plain, lifted, lift, worth)


def _hold_out(data: ContextData, among: Bools, rng: np.random.Generator) -> Bools:
    """(n,) which of the rows remain when a fifth of the sittings is held out."""
    out = rng.random(int(data.sitting.max()) + 1) < HELD_OUT
    return among & ~out[data.sitting]


def _learned(
    data: ContextData, known: Bools, rng: np.random.Generator
) -> tuple[LiftModel, FactorModel]:
    stars = matrix(data, known)
    base = fit_als(stars, ALS, rng)
    features = data.genres if data.genres is not None else _groups(base, rng)
    taught = np.flatnonzero(known & data.good & data.evidence)
    if not data.times.viewing or len(taught) < 2:
        return LiftModel(features), base
    taught = rng.permutation(taught)[:TAUGHT]
    drawn = rng.choice(data.item[known], (len(taught), DRAWN))
    drawn = np.where(drawn == data.item[taught][:, None], -1, drawn)
    film = np.column_stack([data.item[taught], drawn]).reshape(-1)
    row = np.repeat(taught, DRAWN + 1)
    accepted = np.zeros((len(taught), DRAWN + 1))
    accepted[:, 0] = 1.0
    events = Events(
        data.person[row], film, data.daypart[row], data.day[row], accepted.reshape(-1),
        mood=data.mood[row] if (data.mood >= 0).any() else None, parts=data.parts, days=data.days,
    )  # fmt: skip
    return fit_lift(features, events.where(film >= 0), rng), base


def _groups(base: FactorModel, rng: np.random.Generator) -> LiftFeatures:
    """Each item's group among the factors' directions; items nobody chose are in none."""
    rated = np.flatnonzero(base.rated)
    factors = base.films[rated].astype(np.float64)
    factors /= np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), 1e-12)
    groups = int(np.clip(len(rated) // 10, 2, GROUPS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an empty group is no trouble
        _, label = kmeans2(factors, groups, minit="++", rng=rng)
    table = sparse((np.ones(len(rated), np.float32), (rated, label)), (len(base.films), groups))
    kinds: list[Kind] = ["group"] * groups
    return LiftFeatures(table, tuple(f"group {n + 1}" for n in range(groups)), tuple(kinds))


def _asked(data: ContextData, held: Bools, rng: np.random.Generator) -> Ints64:
    """Rows of people who have something to find, at most PEOPLE of them."""
    people = np.unique(data.person[held & data.good & data.evidence])
    return np.sort(rng.permutation(people)[:PEOPLE])


def _measure(questions: Iterable[Question], lift: LiftModel, worth: float) -> tuple[Sample, Sample]:
    """nDCG@10 by person, over the moments of their held-out rows, without and with the lift."""
    people: list[int] = []
    plain: list[float] = []
    lifted: list[float] = []
    for one in questions:
        without = [_gain(one.scores, items) for items in one.moments.values()]
        gains = without
        if worth and lift.active:
            gains = [
                _gain(one.scores + worth * one.spread * lift.log_odds(at), items)
                for at, items in one.moments.items()
            ]
        people.append(one.person)
        plain.append(float(np.mean(without)))
        lifted.append(float(np.mean(gains)))
    who = np.array(people, np.int64)
    return Sample(who, np.array(plain)), Sample(who, np.array(lifted))


def _gain(scores: Array64, items: frozenset[int]) -> float:
    ranked = best(scores, NONE, SHOWN)
    hits = np.array([[int(item) in items for item in ranked]])
    return float(ndcg(hits, np.array([len(items)]), SHOWN)[0])


def _mean_log_odds(run: Run) -> float:
    """Over features, dayparts and kinds of day, for everyone; 0 where the lift is not followed."""
    if not run.worth:
        return 0.0
    lift = run.lift
    total = [
        np.abs(lift.coefficients(Circumstance(part, day))).mean()
        for part in range(lift.parts)
        for day in range(lift.days)
    ]
    return float(np.mean(total)) if total else 0.0
