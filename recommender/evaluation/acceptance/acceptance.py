"""Is a new model good enough to take the place of the one that serves?

Judged are two promises on ratings that neither side learned from: that what people loved stands
high in their lists (nDCG@10 of the lists as they are shown), and that of two films they rated the
one they gave more stars scores higher ("order", the index of concordance; Harrell et al. 1982).
Each is compared person by person.

What is held out is the newest: all that was rated since the live model was fitted, where enough
people have rated since; then the live model itself is asked. Otherwise it is the newest tenth of
each person's ratings. The live model was fitted on most of that and would win by memory, so its
settings are fitted again on what remains, as the new ones are. Ratings without times are held out
at random.

Beside the live model stands plain popularity. A live model that was clearly ahead of it when it was
judged, and a new one that no longer is and clearly lost, tell that the ratings themselves are
damaged: then settings alone cannot be told apart, since both suffer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Interactions, Query
from recommender.evaluation.ranking.candidates import Bare, Ranker, ServedRanker
from recommender.evaluation.splits import (
    RELEVANT_STARS,
    Split,
    hold_out,
    matrix,
    newest,
    part,
    temporal,
)
from recommender.metrics import find_hits, measure_lists, ndcg
from recommender.numeric.arrays import Array64, Sparse, sparse

Kind: TypeAlias = Literal["since", "newest", "random"]

HELD = 0.1  # share of the ratings, and of each person's, that is held out
LEAST = 5  # ratings a person needs to be asked
ENOUGH = 20  # people without whom nothing is judged
PEOPLE = 400  # people at most who are asked
SHOWN = 10
MAY_LOSE = 0.02  # share of the live model's figure that may be lost whatever the noise
ERRORS = 2.0  # standard errors that count as noise
COVERED = 0.5  # of the live model's coverage has to be kept


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What is asked. kind: as the module says; train: what models may learn from; people: (n,) rows
    asked; given: (n, films) the stars known of them; later: (n, films) the stars held out."""

    kind: Kind
    train: Interactions
    people: npt.NDArray[np.int64]
    given: Sparse
    later: Sparse


@dataclass(frozen=True)
class Gain:
    """Mean over people of a difference, and its standard error."""

    mean: float
    error: float

    @property
    def clear(self) -> bool:
        """Whether it is above noise."""
        return self.mean > ERRORS * self.error


@dataclass(frozen=True, eq=False)
class Scores:
    """One model's marks. ndcg, order: (people,), order NaN for who has no two films to compare;
    figures: all measures of the lists, and the mean of `order`, by name."""

    ndcg: Array64
    order: Array64
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Judgement:
    """people asked; kind of what was held out; figures of each model by name ("new", "live",
    "popularity"); gains of the new one over the live one by measure; leads of it over popularity
    (ndcg) and over chance (order)."""

    people: int
    kind: Kind
    figures: Mapping[str, Mapping[str, float]]
    gains: Mapping[str, Gain]
    leads: Mapping[str, Gain]


@dataclass(frozen=True)
class Verdict:
    """Whether the new model shall serve; whether the live one must stop in any case; and why, in
    one sentence."""

    promote: bool
    retire: bool
    why: str


def held_out(ratings: Interactions, live_at: float | None, seed: int) -> HeldOut | None:
    """The people to ask, and what. live_at: Unix seconds at which the live model was fitted, None
    where there is none or it cannot be asked. None where too few people can be asked."""
    one = ratings.newest()
    known = ~np.isnan(one.when)
    rng = np.random.default_rng(seed)
    if len(one) and known.mean() >= 0.5:
        oldest = float(one.when[known].min()) - 1.0
        timed = Interactions(
            one.people,
            one.films,
            one.person,
            one.film,
            one.stars,
            np.where(known, one.when, oldest),
        )
        if live_at is not None:
            split = temporal(timed, now=live_at, share=HELD, least=LEAST)
            asked = _asked("since", split, rng)
            if asked is not None:
                return asked
        return _asked("newest", newest(timed, HELD, LEAST), rng)
    if not len(one):
        return None
    held = hold_out(one.person, HELD, seed, LEAST)
    train = part(one, ~held)
    return _asked("random", Split("random", seed, train, train, part(one, held)), rng)


def _asked(kind: Kind, split: Split, rng: np.random.Generator) -> HeldOut | None:
    given, later = matrix(split.given), matrix(split.test)
    loved = np.diff(split.relevant().indptr) > 0
    people = np.flatnonzero(loved & (np.diff(given.indptr) > 0))
    if len(people) < ENOUGH or not len(split.train):
        return None
    if len(people) > PEOPLE:
        people = np.sort(rng.choice(people, PEOPLE, replace=False))
    return HeldOut(kind, split.train, people, sparse(given[people]), sparse(later[people]))


def mark(ranker: Ranker, held: HeldOut, catalogue: Catalogue) -> Scores:
    """Ask a model for everybody's list and scores."""
    ranked = np.full((len(held.people), SHOWN), -1, np.int64)
    order = np.full(len(held.people), np.nan)
    for at in range(len(held.people)):
        known = slice(int(held.given.indptr[at]), int(held.given.indptr[at + 1]))
        query = Query(films=held.given.indices[known], stars=held.given.data[known])
        films = ranker.rank(query, SHOWN)
        ranked[at, : len(films)] = films
        rated = slice(int(held.later.indptr[at]), int(held.later.indptr[at + 1]))
        scores = ranker.score(query)[held.later.indices[rated]]
        order[at] = ordered(scores, held.later.data[rated])
    relevant = _ones(held.later, RELEVANT_STARS)
    count = np.bincount(held.train.film, minlength=len(catalogue))
    lists = measure_lists(
        ranked, relevant, count, catalogue.genres, _ones(held.given, RELEVANT_STARS)
    )
    figures = dict(lists.figures) | {"order": _mean(order[~np.isnan(order)], 0.5)}
    gained = ndcg(find_hits(ranked, relevant), np.diff(relevant.indptr), SHOWN)
    return Scores(gained, order, figures)


def ordered(scores: Array64, stars: npt.NDArray[Any]) -> float:
    """Share of the pairs of films with unequal stars of which the one with more scores higher;
    equal scores count half, and so does what cannot be said; NaN without such a pair."""
    more, fewer = np.nonzero(stars[:, None] > stars[None, :])
    gap = scores[more] - scores[fewer]
    return float((np.nan_to_num(np.sign(gap)) / 2 + 0.5).mean()) if gap.size else float("nan")


def judge(new: Scores, live: Scores | None, popularity: Scores, held: HeldOut) -> Judgement:
    """Compare marks given for the same questions. live: None where the new model is what the live
    one would be, so that there is no difference."""
    other = new if live is None else live
    return Judgement(
        people=len(held.people),
        kind=held.kind,
        figures={"new": new.figures, "live": other.figures, "popularity": popularity.figures},
        gains={
            "ndcg": gain(new.ndcg - other.ndcg),
            "order": gain(new.order - other.order),
        },
        leads={
            "ndcg": gain(new.ndcg - popularity.ndcg),
            "order": gain(new.order - 0.5),
        },
    )


def gain(difference: Array64) -> Gain:
    """Mean and standard error, NaN left out."""
    some = difference[~np.isnan(difference)]
    if len(some) < 2:
        return Gain(0.0, float("inf"))
    return Gain(float(some.mean()), float(some.std(ddof=1) / np.sqrt(len(some))))


NAMES = {"ndcg": "nDCG@10", "order": "the order of films by stars"}
FIGURES = {"ndcg": "ndcg@10", "order": "order"}


def verdict(
    judged: Judgement | None,
    live_leads: Mapping[str, Gain] | None,
    broken: Mapping[str, str],
    live_must_go: bool,
) -> Verdict:
    """Promote only what is no worse, by nDCG@10, by order and by coverage; what is clearly better
    by the first may be worse by the others, as the first fitted model is beside tags alone.

    judged: None where too few people could be asked. live_leads: those the live model had when it
    was judged. broken: sanity queries that the new model fails and the live one does not, with what
    came out. live_must_go: it knows somebody who has been deleted since; then it is no longer the
    measure, and stops even where the new one cannot serve.
    """
    if broken:
        return Verdict(
            False, live_must_go, f"It fails a sanity query: {'; '.join(broken.values())}."
        )
    if judged is None:
        return Verdict(
            True,
            False,
            f"Fewer than {ENOUGH} people have ratings to judge by, so its sanity queries decide; "
            "they hold.",
        )
    for name, before in (live_leads or {}).items():
        now = judged.leads[name]
        lost = Gain(before.mean - now.mean, float(np.hypot(before.error, now.error)))
        if before.clear and lost.clear and not now.clear:
            return Verdict(False, live_must_go, _lost(name, judged, before))
    better = judged.gains["ndcg"].clear
    for name, change in judged.gains.items():
        if better and name != "ndcg":
            continue
        before_value = judged.figures["live"][FIGURES[name]]
        allowed = max(MAY_LOSE * before_value, ERRORS * change.error)
        if -change.mean > allowed and np.isfinite(change.error):
            worse = (
                f"It is worse than the live model: {_figures(name, judged)} over {judged.people} "
                f"people, where at most {allowed:.4f} may be lost"
            )
            if live_must_go:
                return Verdict(
                    True,
                    True,
                    f"{worse}; it serves all the same, because the live one knows somebody who "
                    "has been deleted.",
                )
            return Verdict(False, False, f"{worse}.")
    shown, was = (judged.figures[who]["coverage@10"] for who in ("new", "live"))
    if shown < COVERED * was and not better and not live_must_go:
        return Verdict(
            False,
            False,
            f"It shows everybody the same: its lists cover {shown:.1%} of the films, the live "
            f"model's {was:.1%}.",
        )
    how = "better" if better else "no worse"
    said = f"It is {how} than the live model: {_figures('ndcg', judged)}"
    return Verdict(True, False, f"{said} over {judged.people} people.")


def _figures(name: str, judged: Judgement) -> str:
    new, live = (judged.figures[who][FIGURES[name]] for who in ("new", "live"))
    return f"{NAMES[name]} {new:.4f} against {live:.4f}"


def _lost(name: str, judged: Judgement, before: Gain) -> str:
    now = judged.leads[name]
    over = "plain popularity" if name == "ndcg" else "chance"
    return (
        f"It is no longer clearly better than {over}, as the live model was: its lead in "
        f"{NAMES[name]} is {now.mean:.4f}, the live one's was {before.mean:.4f}; the ratings may "
        "be damaged."
    )


def popular(held: HeldOut) -> Bare:
    """The yardstick: films by how many people loved them."""
    loved = held.train.film[held.train.stars >= RELEVANT_STARS]
    return Bare(_Counted(np.bincount(loved, minlength=len(held.train.films)).astype(np.float64)))


@dataclass(frozen=True, eq=False)
class _Counted:
    count: Array64

    def score(self, query: Query) -> Array64:
        return self.count


def _ones(stars: Sparse, least: float) -> Sparse:
    person = np.repeat(np.arange(stars.shape[0]), np.diff(stars.indptr))
    keep = stars.data >= least
    cells = (np.ones(int(keep.sum()), np.float32), (person[keep], stars.indices[keep]))
    return sparse(cells, stars.shape)


def _mean(values: Array64, otherwise: float) -> float:
    return float(values.mean()) if len(values) else otherwise


__all__ = [
    "Gain",
    "HeldOut",
    "Judgement",
    "Scores",
    "ServedRanker",
    "Verdict",
    "gain",
    "held_out",
    "judge",
    "mark",
    "ordered",
    "popular",
    "verdict",
]
