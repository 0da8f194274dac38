"""An additive model of log-odds whose terms shrink to zero without evidence (empirical Bayes).

The outcome of an event, from 0 (no) to 1 (yes), has log-odds that are a sum of terms. A term has
its own coefficients for each group of events (each daypart, each person's evenings, …) on the same
columns (genres, tags, or only a constant). These coefficients share one Gaussian prior around 0.

The variance of the prior is found by empirical Bayes: it is the value under which the observed
gradient is likeliest, by Laplace's approximation. The eigenvalues of a group's information turn the
marginal likelihood into a sum over directions (Tipping 2001, "Sparse Bayesian learning"; MacKay
1992). A term is exactly zero if its best variance does not beat zero by `min_evidence` nats.

Terms are fitted in turns (backfitting), the broad ones first, so that a narrow term only explains
what the broad ones leave. Terms that hold for all events (`anchor`) are fitted again before every
other term. Otherwise a level that all groups share would count as an effect of each group.
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
MAX_CELLS = 1 << 20  # largest number of cells in one dense stack of groups
PLAIN_SWEEPS = 2  # rounds without the terms that need evidence
SWEEPS = 3  # rounds with all terms


@dataclass(frozen=True, eq=False)
class Term:
    """A term to fit.

    Attributes:
        group: (n,) group of each event, 0 to groups - 1; -1 for events without this term.
        groups: number of groups.
        columns: (n, k) sparse, None for a constant.
        spread: standard deviation of the coefficients, None to find it.
        min_evidence: nats of evidence below which the term is zero.
        anchor: True if the term holds for all events.
    """

    group: Ints64
    groups: int
    columns: Any | None = None
    spread: float | None = None
    min_evidence: float = 0.0
    anchor: bool = False


@dataclass(frozen=True, eq=False)
class FittedTerm:
    """A fitted term.

    Attributes:
        coefficients: (groups, k) log-odds.
        spread: standard deviation of their prior; 0 if the data support no effect.
        evidence: log-likelihood gained over no effect, nats; 0 if the spread was given.
    """

    coefficients: Array64
    spread: float
    evidence: float


def fit_terms(
    terms: Sequence[Term], outcome: Array64, weight: Array64, sweeps: int = SWEEPS
) -> tuple[FittedTerm, ...]:
    """Returns the fitted terms. At least one term must not be an anchor.

    outcome: (n,) 0 to 1. weight: (n,) weight of each event, not negative. sweeps: number of rounds
    with all terms.
    """
    workers = [_Worker(term) for term in terms]
    anchors = [worker for worker in workers if worker.term.anchor]
    others = [worker for worker in workers if not worker.term.anchor]
    plain = [worker for worker in others if not worker.term.min_evidence]
    total = np.zeros(len(outcome))
    for turn in [*[plain] * PLAIN_SWEEPS, *[others] * sweeps]:
        for worker in chain.from_iterable((*anchors, each) for each in turn):
            chance = expit(total)
            curvature = weight * chance * (1 - chance)
            gradient = weight * (outcome - chance) + curvature * worker.log_odds
            total -= worker.log_odds
            worker.update(gradient, curvature)
            total += worker.log_odds
    return tuple(worker.fitted for worker in workers)


def spread_of(slopes: Array64, information: Array64) -> tuple[float, float]:
    """Returns the likeliest standard deviation of the coefficients, and the nats it gains over 0.

    slopes, information: (directions,) gradients z at 0 and their variances v. With the standard
    deviation s of the coefficients, z ~ N(0, v + s² v²).
    """
    known = information > 1e-9
    v, z = information[known], slopes[known]
    if not len(v):
        return 0.0, 0.0
    gains = np.empty(len(SPREADS))
    for at, s in enumerate(SPREADS):
        ratio = s * s * v
        gains[at] = 0.5 * float((z * z / v * (ratio / (1 + ratio)) - np.log1p(ratio)).sum())
    best = int(np.argmax(gains))
    return (float(SPREADS[best]), float(gains[best])) if gains[best] > 0 else (0.0, 0.0)


class _Worker:
    """A term that is being fitted.

    Attributes:
        term: the term.
        width: number of columns; 1 for a constant.
        log_odds: (n,) what the term adds to the log-odds of each event now.
        fitted: the term as last fitted.
        columns: (n, width) sparse. This and the attributes below are missing for a constant.
        row: (cells,) event of each stored cell of the columns.
        order: (events,) events with this term, sorted by group.
        sizes: (groups,) number of events in each group.
        starts: (groups + 1,) where each group begins in `order`.
    """

    def __init__(self, term: Term) -> None:
        self.term = term
        self.width = 1 if term.columns is None else int(term.columns.shape[1])
        self.log_odds = np.zeros(len(term.group))
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
        """Fit the term again.

        gradient: (n,) first derivative of the log-likelihood with respect to each event's log-odds,
        extrapolated to the log-odds without this term. curvature: (n,) minus its second derivative.
        """
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
        self.log_odds = np.where(inside, found[np.maximum(self.term.group, 0)], 0.0)
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
            amounts = found[np.maximum(self.term.group[self.row], 0), self.columns.indices]
            amounts = amounts * self.columns.data
            log_odds = np.bincount(self.row, amounts, len(self.term.group))
            self.log_odds = np.where(self.term.group >= 0, log_odds, 0.0)
        else:
            self.log_odds = np.zeros(len(self.term.group))
        self.fitted = FittedTerm(found, spread, evidence)

    def _spread(self, slopes: Array64, information: Array64) -> tuple[float, float]:
        """Returns the standard deviation of the coefficients, 0 without evidence, and the nats."""
        if self.term.spread is not None:
            return self.term.spread, 0.0
        spread, evidence = spread_of(slopes, information)
        return (spread, evidence) if evidence >= self.term.min_evidence else (0.0, evidence)

    def _parts(self, gradient: Array64, curvature: Array64) -> Iterator["_Part"]:
        """Yields the eigenvectors and eigenvalues of the information of every group with events,
        several groups of similar size at a time."""
        by_size = np.argsort(self.sizes, kind="stable")
        by_size = by_size[self.sizes[by_size] > 0]
        sizes = self.sizes[by_size]
        at, end = 0, 0
        while at < len(by_size):
            largest = max(int(sizes[at]) + 1, int(sizes[at] * 1.3))
            if largest * self.width > MAX_CELLS:
                break
            end = int(np.searchsorted(sizes, largest, "right"))
            end = min(end, at + MAX_CELLS // (largest * self.width))
            yield self._several(by_size[at:end], gradient, curvature)
            at = end
        for group in by_size[at:].tolist():
            yield self._large(group, gradient, curvature)

    def _several(self, groups: Ints64, gradient: Array64, curvature: Array64) -> "_Part":
        """Returns the parts of groups with few events, which are computed as one dense stack.

        Groups with no more events than columns are solved in the space of their events (the dual).
        """
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
        """Returns the part of one group with many events, whose columns stay sparse."""
        events = self.order[self.starts[group] : self.starts[group + 1]]
        x = self.columns[events]
        weighed = sp.csr_array(x.multiply(curvature[events][:, None]))
        values, vectors = np.linalg.eigh(np.asarray((x.T @ weighed).toarray()))
        slopes = vectors.T @ (x.T @ gradient[events])
        return _Part(np.array([group]), vectors[None], slopes[None], np.maximum(values, 0.0)[None])


@dataclass(frozen=True, eq=False)
class _Part:
    """The information of several groups.

    Attributes:
        groups: (b,) the groups.
        basis: (b, k, d) eigenvectors of each group's information.
        slopes: (b, d) gradients along the eigenvectors.
        information: (b, d) eigenvalues.
    """

    groups: Ints64
    basis: Array64
    slopes: Array64
    information: Array64
