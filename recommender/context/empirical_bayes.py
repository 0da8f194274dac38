"""Additive log-odds with terms that shrink to nothing by themselves.

What came of an event (0 no … 1 yes) has log-odds that are a sum of terms. A term has coefficients
of its own for each group of events (each daypart, each person's evenings, …) on the same columns
(genres, tags, or only a constant), and they share one Gaussian prior around 0. Its variance is
found by empirical Bayes: the value under which the observed gradient is likeliest, by Laplace's
approximation, where the eigenvalues of a group's information make the marginal likelihood a sum
over directions (Tipping 2001, "Sparse Bayesian learning"; MacKay 1992). A term whose best variance
does not beat zero by `needs` nats is zero exactly. Terms are fitted in turns (backfitting), the
broad ones first, so that a narrow one only explains what the broad ones leave; those that hold for
all events (`anchor`) again before every other one, or a level that all groups share would be taken
for something of each group's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.special import expit

from recommender.numeric.arrays import Array64, Ints64

SPREADS = np.geomspace(0.01, 3.0, 48)  # standard deviations of coefficients that are tried
CELLS = 1 << 20  # numbers gathered at once
BEFORE = 2  # rounds without the terms that need evidence
SWEEPS = 3  # rounds with all


@dataclass(frozen=True, eq=False)
class Term:
    """group: (n,) 0 … groups - 1, -1 where the term says nothing of an event; columns: (n, k)
    sparse, None for a constant; spread: standard deviation of the coefficients, None to find it;
    needs: nats of evidence; anchor: whether it holds for all events."""

    group: Ints64
    groups: int
    columns: Any | None = None
    spread: float | None = None
    needs: float = 0.0
    anchor: bool = False


@dataclass(frozen=True, eq=False)
class FittedTerm:
    """coefficients: (groups, k); spread: of their prior, 0 where the data support nothing;
    evidence: nats above "nothing", 0 where the spread was given."""

    coefficients: Array64
    spread: float
    evidence: float


def fit_terms(
    terms: Sequence[Term], came: Array64, weight: Array64, sweeps: int = SWEEPS
) -> tuple[FittedTerm, ...]:
    """Fit all terms, of which one at least is no anchor. came: (n,) in 0 … 1; weight: (n,) of each
    event, not negative."""
    workers = [_Worker(term) for term in terms]
    anchors = [worker for worker in workers if worker.term.anchor]
    others = [worker for worker in workers if not worker.term.anchor]
    plain = [worker for worker in others if not worker.term.needs]
    total = np.zeros(len(came))
    for turn in [*[plain] * BEFORE, *[others] * sweeps]:
        for worker in chain.from_iterable((*anchors, each) for each in turn):
            chance = expit(total)
            curvature = weight * chance * (1 - chance)
            gradient = weight * (came - chance) + curvature * worker.said
            total -= worker.said
            worker.update(gradient, curvature)
            total += worker.said
    return tuple(worker.fitted for worker in workers)


def spread_of(slopes: Array64, information: Array64) -> tuple[float, float]:
    """The likeliest standard deviation of coefficients and its nats above 0. slopes, information:
    (directions,) gradients at 0 and their variances, where slope ~ N(0, v + s² v²)."""
    known = information > 1e-9
    v, z = information[known], slopes[known]
    if not len(v):
        return 0.0, 0.0
    gains = np.empty(len(SPREADS))
    for at, s in enumerate(SPREADS):
        worth = s * s * v
        gains[at] = 0.5 * float((z * z / v * (worth / (1 + worth)) - np.log1p(worth)).sum())
    best = int(np.argmax(gains))
    return (float(SPREADS[best]), float(gains[best])) if gains[best] > 0 else (0.0, 0.0)


class _Worker:
    """A term being fitted: its events in order of group, and what it says of each event now."""

    def __init__(self, term: Term) -> None:
        self.term = term
        self.width = 1 if term.columns is None else int(term.columns.shape[1])
        self.said = np.zeros(len(term.group))
        self.fitted = FittedTerm(np.zeros((term.groups, self.width)), 0.0, 0.0)
        if term.columns is not None:
            self.columns = sp.csr_array(term.columns, dtype=np.float64)
            self.row = np.repeat(np.arange(len(term.group)), np.diff(self.columns.indptr))
            inside = term.group >= 0
            order = np.argsort(term.group, kind="stable")
            self.order = order[int((~inside).sum()) :]
            self.sizes = np.bincount(term.group[inside], minlength=term.groups)
            self.starts = np.concatenate([[0], np.cumsum(self.sizes)])

    def update(self, gradient: Array64, curvature: Array64) -> None:
        if self.term.columns is None:
            self._constant(gradient, curvature)
        else:
            self._columns(gradient, curvature)

    def _constant(self, gradient: Array64, curvature: Array64) -> None:
        inside = self.term.group >= 0
        at, groups = self.term.group[inside], self.term.groups
        slope = np.bincount(at, gradient[inside], groups).astype(np.float64)
        information = np.bincount(at, curvature[inside], groups).astype(np.float64)
        spread, evidence = self._spread(slope, information)
        found = np.zeros(groups)
        if spread:
            found = slope / (information + spread**-2)
        self.said = np.where(inside, found[np.maximum(self.term.group, 0)], 0.0)
        self.fitted = FittedTerm(found[:, None], spread, evidence)

    def _columns(self, gradient: Array64, curvature: Array64) -> None:
        parts = list(self._parts(gradient, curvature))
        slopes = np.concatenate([np.zeros(0), *(part.slopes.reshape(-1) for part in parts)])
        known = np.concatenate([np.zeros(0), *(part.information.reshape(-1) for part in parts)])
        spread, evidence = self._spread(slopes, known)
        found = np.zeros((self.term.groups, self.width))
        if spread:
            for part in parts:
                shrunk = part.slopes / (part.information + spread**-2)
                found[part.groups] = np.einsum("bfd,bd->bf", part.basis, shrunk)
            theirs = found[np.maximum(self.term.group[self.row], 0), self.columns.indices]
            theirs = theirs * self.columns.data
            said = np.bincount(self.row, theirs, len(self.term.group))
            self.said = np.where(self.term.group >= 0, said, 0.0)
        else:
            self.said = np.zeros(len(self.term.group))
        self.fitted = FittedTerm(found, spread, evidence)

    def _spread(self, slopes: Array64, information: Array64) -> tuple[float, float]:
        if self.term.spread is not None:
            return self.term.spread, 0.0
        spread, evidence = spread_of(slopes, information)
        return (spread, evidence) if evidence >= self.term.needs else (0.0, evidence)

    def _parts(self, gradient: Array64, curvature: Array64) -> Iterator["_Part"]:
        """The information of every group with events, by its eigenvectors; groups of like size
        together."""
        by_size = np.argsort(self.sizes, kind="stable")
        by_size = by_size[self.sizes[by_size] > 0]
        sizes = self.sizes[by_size]
        at, end = 0, 0
        while at < len(by_size):
            most = max(int(sizes[at]) + 1, int(sizes[at] * 1.3))
            if most * self.width > CELLS:
                break
            end = int(np.searchsorted(sizes, most, "right"))
            end = min(end, at + CELLS // (most * self.width))
            yield self._several(by_size[at:end], gradient, curvature)
            at = end
        for group in by_size[at:].tolist():
            yield self._large(group, gradient, curvature)

    def _several(self, groups: Ints64, gradient: Array64, curvature: Array64) -> "_Part":
        """Groups of few events each, as one dense stack; those with fewer events than columns by
        their events (the dual)."""
        room = int(self.sizes[groups].max())
        place = self.starts[groups][:, None] + np.arange(room)
        inside = np.arange(room) < self.sizes[groups][:, None]
        events = self.order[np.where(inside, place, 0)]
        x = self.columns[events.reshape(-1)].toarray().reshape(len(groups), room, self.width)
        root = np.sqrt(np.where(inside, curvature[events], 0.0))
        x *= root[:, :, None]
        scaled = np.where(root > 0, gradient[events] / np.where(root > 0, root, 1.0), 0.0)
        across = x.transpose(0, 2, 1)
        if room > self.width:
            values, basis = np.linalg.eigh(across @ x)
            slopes = (basis.transpose(0, 2, 1) @ (across @ scaled[:, :, None]))[:, :, 0]
            return _Part(groups, basis, slopes, np.maximum(values, 0.0))
        values, vectors = np.linalg.eigh(x @ across)
        values = np.maximum(values, 0.0)
        length = np.sqrt(values)
        basis = (across @ vectors) / np.where(length > 1e-6, length, np.inf)[:, None, :]
        slopes = length * (vectors.transpose(0, 2, 1) @ scaled[:, :, None])[:, :, 0]
        return _Part(groups, basis, slopes, values)

    def _large(self, group: int, gradient: Array64, curvature: Array64) -> "_Part":
        """One group of many events, its columns left sparse."""
        events = self.order[self.starts[group] : self.starts[group + 1]]
        x = self.columns[events]
        weighed = sp.csr_array(x.multiply(curvature[events][:, None]))
        values, vectors = np.linalg.eigh(np.asarray((x.T @ weighed).toarray()))
        slopes = vectors.T @ (x.T @ gradient[events])
        return _Part(np.array([group]), vectors[None], slopes[None], np.maximum(values, 0.0)[None])


@dataclass(frozen=True, eq=False)
class _Part:
    """Groups (b,) whose information has eigenvectors basis (b, k, d) with eigenvalues information
    (b, d), and gradients slopes (b, d) along them."""

    groups: Ints64
    basis: Array64
    slopes: Array64
    information: Array64
