"""An additive model of log-odds whose terms shrink to zero without evidence (empirical Bayes).

Each event (a pick that a person saw) has an outcome from 0 (no) to 1 (yes). Its log-odds are a sum
of terms. A term divides the events into groups, such as the events of each daypart, or the events
of each person in the evening. In each group, a term has one coefficient for each column (each
genre, each tag, or only a constant). All coefficients of a term share one Gaussian prior with mean
0.

The variance of the prior is found by empirical Bayes: it is the value under which the observed
gradient of the log-likelihood is most probable (Laplace's approximation). In the eigenbasis of each
group's Fisher information, the marginal likelihood is a sum over independent directions (Tipping
2001, "Sparse Bayesian learning"; MacKay 1992). All coefficients of a term are exactly zero if the
best variance gains fewer than `min_evidence` nats over a variance of 0.

Terms are fitted one after the other, several times (backfitting), the broad ones first. A narrow
term therefore only explains what the broad ones do not. Terms that hold for all events (`anchor`)
are fitted again before every other term. Otherwise an effect that all groups share would be
attributed to each group.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.special import expit

from recommender.numeric.arrays import Array64, Ints64

SPREADS = np.geomspace(0.01, 3.0, 48)  # standard deviations of the prior that are tried
MAX_CELLS = 1 << 20  # largest number of cells in one dense array of several groups
PLAIN_SWEEPS = 2  # first rounds, without the terms that have `min_evidence`
SWEEPS = 3  # later rounds, with all terms


@dataclass(frozen=True, eq=False)
class Term:
    """A term to fit: a summand of the log-odds of n events, with coefficients for each group.

    Attributes:
        group: (n,) group of each event, 0 to groups - 1; -1 for events to which the term does not
            apply.
        groups: number of groups.
        columns: (n, k) sparse, values of k features of each event; None for only a constant.
        spread: standard deviation of the coefficients' prior; None to find it by empirical Bayes.
        min_evidence: all coefficients are 0 if they raise the log marginal likelihood by fewer
            nats.
        anchor: True if the term is fitted again before every other term.
    """

    group: Ints64
    groups: int
    columns: Any | None = None
    spread: float | None = None
    min_evidence: float = 0.0
    anchor: bool = False


@dataclass(frozen=True, eq=False)
class FittedTerm:
    """The result of fitting one `Term`, a summand of the log-odds of events.

    Attributes:
        coefficients: (groups, k) log-odds that one unit of each column adds in each group.
        spread: standard deviation of their prior; 0 if the data support no effect.
        evidence: gain in log marginal likelihood over coefficients of zero, nats; 0 if the spread
            was given.
    """

    coefficients: Array64
    spread: float
    evidence: float


def fit_terms(
    terms: Sequence[Term], outcome: Array64, weight: Array64, sweeps: int = SWEEPS
) -> tuple[FittedTerm, ...]:
    """Returns the fitted terms of an additive model of log-odds, in the order of `terms`.

    At least one term must not be an anchor (a term that is fitted again before every other term).
    outcome: (n,) from 0 to 1. weight: (n,) how much each event counts, not negative. sweeps: number
    of rounds with all terms.
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
    """Returns the most probable standard deviation of the coefficients, and its gain in nats.

    The gain is how much higher the log marginal likelihood is than with all coefficients 0. Both
    results are 0 if no standard deviation has a gain. slopes, information: (directions,) gradients
    z of the log-likelihood at coefficients of 0, and their variances v. If the coefficients have
    standard deviation s, then z ~ N(0, v + s² v²).
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
    """The state of a term while it is being fitted.

    Attributes:
        term: the term.
        width: number of columns; 1 for a constant.
        log_odds: (n,) what the term adds to the log-odds of each event at present.
        fitted: the result of the last update.
        columns: (n, width) sparse. This and the attributes below do not exist for a constant.
        row: (cells,) row of the event of each stored cell of `columns`.
        order: (events,) rows of the events to which the term applies, sorted by group.
        sizes: (groups,) number of events in each group.
        starts: (groups + 1,) index in `order` at which each group begins.
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
        """Fits the term again and stores the result in `fitted` and `log_odds`.

        gradient: (n,) first derivative of the log-likelihood with respect to each event's log-odds,
        as it would be without this term (by linear extrapolation). curvature: (n,) the negative
        second derivative.
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
        """Returns the standard deviation of the coefficients' prior, and its gain in nats.

        The gain is how much higher the log marginal likelihood is than with all coefficients 0. If
        the gain is below the term's `min_evidence`, the standard deviation is 0. slopes,
        information: (directions,) gradients of the log-likelihood at coefficients of 0, and their
        variances.
        """
        if self.term.spread is not None:
            return self.term.spread, 0.0
        spread, evidence = spread_of(slopes, information)
        return (spread, evidence) if evidence >= self.term.min_evidence else (0.0, evidence)

    def _parts(self, gradient: Array64, curvature: Array64) -> Iterator["_Part"]:
        """Yields the Fisher information of all groups of events, several groups at a time.

        Groups with similar numbers of events are computed together. Groups without events are
        skipped. gradient, curvature: (n,) first derivative and negative second derivative of the
        log-likelihood with respect to each event's log-odds.
        """
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
        """Returns the Fisher information of several groups with few events, in its eigenbases.

        All are computed as one dense array. If the groups have at most as many events as columns,
        the smaller matrix over events is decomposed instead (the dual form). groups: (b,) numbers
        of the groups. gradient, curvature: (n,) first derivative and negative second derivative of
        the log-likelihood with respect to each event's log-odds.
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
        """Returns the Fisher information of one group with many events, in its eigenbasis.

        The columns of its events stay sparse to save memory. group: number of the group. gradient,
        curvature: (n,) first derivative and negative second derivative of the log-likelihood with
        respect to each event's log-odds.
        """
        events = self.order[self.starts[group] : self.starts[group + 1]]
        x = self.columns[events]
        weighed = sp.csr_array(x.multiply(curvature[events][:, None]))
        values, vectors = np.linalg.eigh(np.asarray((x.T @ weighed).toarray()))
        slopes = vectors.T @ (x.T @ gradient[events])
        return _Part(np.array([group]), vectors[None], slopes[None], np.maximum(values, 0.0)[None])


@dataclass(frozen=True, eq=False)
class _Part:
    """The Fisher information of b groups with k columns, in its eigenbasis of d directions.

    Attributes:
        groups: (b,) numbers of these groups in the term.
        basis: (b, k, d) eigenvectors of each group's information.
        slopes: (b, d) gradients of the log-likelihood along the eigenvectors.
        information: (b, d) eigenvalues.
    """

    groups: Ints64
    basis: Array64
    slopes: Array64
    information: Array64
