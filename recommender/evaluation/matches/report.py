"""The report of a study of matches, and the same figures as a JSON file."""

from typing import Any

import numpy as np
from scipy.stats import betabinom

from recommender.evaluation.matches.pairs import MeasuredPairs
from recommender.evaluation.matches.study import (
    INTERVAL,
    QUARTERS,
    SERVING,
    MatchStudy,
    shares,
)
from recommender.matches.match import (
    CLOSE_STARS,
    MIN_COMMON,
    SURE_COMMON,
    Match,
    MatchConfig,
)
from recommender.reports.report import Report, Section, Table

BANDS = (
    (1, MIN_COMMON, "no match"),
    (MIN_COMMON, SURE_COMMON, "first guess"),
    (SURE_COMMON, 1 << 30, "match"),
)
"""Bands of pairs: the least number of common films, the first number above the band, and how
the bot tells the match of such a pair."""


RANK_MEANING = (
    "Rank correlation (Spearman) of the match told by the shown half with the share of hidden "
    "common films about which the two feel the same, with 95% bootstrap intervals over the pairs. "
    "gain: against the plain share, on the same pairs."
)
BAND_MEANING = (
    "Pairs by the number of shown common films. doubt: mean standard deviation that the bot gives "
    "with a match. told: how the bot tells it. inside: share of pairs whose hidden share lies in "
    "the 95% interval of its prediction."
)
QUARTER_MEANING = "Pairs by the match that the bot tells: its mean, and the mean hidden share."
FIT_MEANING = "Settings fitted to pairs of other people, beside those that the bot uses."


def bands(study: MatchStudy) -> list[dict[str, Any]]:
    """Returns the figures of pairs with few, some and many common films."""
    pairs = study.pairs
    matches = np.array(pairs.matches(study.used), object)
    rows = []
    for low, high, told in BANDS:
        inside = (pairs.common >= low) & (pairs.common < high)
        own = list(matches[inside])
        told = (
            "no match" if high <= MIN_COMMON else "first guess" if high <= SURE_COMMON else "match"
        )
        rows.append(
            {
                "least": low,
                "told": told,
                "pairs": len(own),
                "doubt": float(np.mean([one.doubt for one in own])) if own else None,
                "inside": _inside(pairs, own, inside, study.used) if own else None,
            }
        )
    return rows


def _inside(pairs: MeasuredPairs, own: list[Match], which: Any, config: MatchConfig) -> float:
    """Returns the share of pairs whose hidden count lies in the interval of its prediction."""
    held = 0
    numbers = zip(
        own,
        pairs.hidden_same[which].tolist(),
        pairs.hidden_common[which].tolist(),
        np.isnan(pairs.foreseen[which]).tolist(),
        strict=True,
    )
    for one, same, common, blind in numbers:
        weight = one.common + (config.usual_strength if blind else config.foreseen_strength)
        spread = betabinom(common, weight * one.share, weight * (1 - one.share))
        low, high = spread.interval(INTERVAL)
        held += bool(low <= same <= high)
    return held / len(own)


def quarters(study: MatchStudy) -> list[tuple[float, float]]:
    """Returns the mean match and the mean hidden share of each quarter of the pairs, by match."""
    told = shares(study.pairs.matches(study.used))
    return [
        (float(told[part_].mean()), float(study.pairs.hidden_share[part_].mean()))
        for part_ in np.array_split(np.argsort(told, kind="stable"), QUARTERS)
    ]


def match_file(study: MatchStudy) -> dict[str, Any]:
    """Returns the figures of a study as the content of a JSON file."""
    return {
        "data": study.data,
        "pairs": study.config.pairs,
        "films": study.config.films,
        "seed": study.config.seed,
        "models": {name: vars(one) for name, one in study.correlations.items()},
        "bands": bands(study),
        "quarters": [{"told": told, "hidden": hidden} for told, hidden in quarters(study)],
        "used": vars(study.used),
        "fitted": vars(study.fitted),
    }


def match_report(study: MatchStudy) -> Report:
    """Returns a report on how well matches predict."""
    ranks = [
        (
            name,
            f"{one.value:.3f}",
            f"{one.low:.3f} to {one.high:.3f}",
            f"{one.gain:+.3f}",
            f"{one.gain_low:+.3f} to {one.gain_high:+.3f}",
        )
        for name, one in study.correlations.items()
    ]
    by_band = [
        (
            f"from {row['least']}",
            row["told"],
            str(row["pairs"]),
            "" if row["doubt"] is None else f"{row['doubt']:.3f}",
            "" if row["inside"] is None else f"{row['inside']:.0%}",
        )
        for row in bands(study)
    ]
    by_quarter = [(f"{told:.1%}", f"{hidden:.1%}") for told, hidden in quarters(study)]
    settings = [
        (name, f"{value:.2f}", f"{vars(study.fitted)[name]:.2f}")
        for name, value in vars(study.used).items()
    ]
    lead = (
        f"{study.data}: {study.config.pairs} pairs with at least {study.config.films} hidden films "
        f"in common (seed {study.config.seed}). Two people feel the same about a film if their "
        f"stars differ by at most {CLOSE_STARS:g}. The bot tells a match “{SERVING}”."
    )
    columns = ("match", "correlation", "95%", "gain", "95% of the gain")
    return Report(
        "Matches",
        lead,
        (
            Section("Prediction", RANK_MEANING, Table(columns, tuple(ranks))),
            Section(
                "Films in common",
                BAND_MEANING,
                Table(("films", "told", "pairs", "doubt", "inside"), tuple(by_band)),
            ),
            Section("Calibration", QUARTER_MEANING, Table(("told", "hidden"), tuple(by_quarter))),
            Section("Settings", FIT_MEANING, Table(("setting", "bot", "fitted"), tuple(settings))),
        ),
    )
