"""The result of the context study as a report, and as the content of a JSON file."""

from math import isnan
from typing import Any

from recommender.evaluation.context.study import LIST_LENGTH, ContextFindings
from recommender.evaluation.significance import Estimate
from recommender.reports.report import Report, Section, Table


def context_report(found: ContextFindings) -> Report:
    """Returns a report of whether knowing the time helps to rank.

    A lift is the learned change of an item's chance at a time of day or in a mood. The report has
    nDCG@10 without and with the lift, the gain with its interval, and the figures of each seed. It
    says whether the data show that the lift helps.
    """
    seeds = ", ".join(map(str, found.seeds))
    times = found.times
    lead = (
        f"{found.data}: {found.rows} rows by {found.people} people of {found.items} items, "
        f"described by {found.described}; a fifth of each person's sittings is held out (seeds "
        f"{seeds}), {found.gain.people} people with something to find. {found.why}"
    )
    rows = (
        ("without", *_numbers(found.without)),
        ("with the learned context", *_numbers(found.with_lift)),
        ("gain", *_numbers(found.gain, "+")),
        ("gain, relative", f"{found.relative:+.2%}", "", ""),
    )
    quality = Section(
        f"nDCG@{LIST_LENGTH} by moment",
        "Means over seeds of means over people; intervals of 95% over people, the gain paired.",
        Table(("ranking", "mean", "low", "high"), rows),
    )
    seeds_table = tuple(
        (
            str(seed),
            f"{found.without.splits[at]:.4f}" if at < len(found.without.splits) else "",
            f"{found.with_lift.splits[at]:.4f}" if at < len(found.with_lift.splits) else "",
            f"{run.lift.strength:g}",
            f"{run.worth:g}",
            ", ".join(s.level for s in run.lift.supports if s.spread) or "nothing",
        )
        for at, (seed, run) in enumerate(zip(found.seeds, found.runs, strict=True))
    )
    each = Section(
        "By seed",
        "Strength and worth (spreads of the best scores for a unit of log-odds) are chosen on held-"
        "out parts of the training rows; 0 means that nothing was gained there.",
        Table(("seed", "without", "with", "strength", "worth", "supported"), seeds_table),
    )
    sentence = "no column of times; dayparts as the file states them"
    if not isnan(times.bulk):
        sentence = (
            f"{times.bulk:.1%} of the rows entered in bulk, {times.at_once:.1%} of people at once"
        )
    answers = (("viewing times", _yes(times.viewing)), ("lift claimed", _yes(found.claim)))
    sentence += (
        f". Columns: {', '.join(f'{what} from {name}' for what, name in found.columns.items())}."
    )
    words = Section("Times", sentence, Table(("", ""), answers))
    return Report(f"Context on {found.data}", lead, (quality, each, words))


def context_file(found: ContextFindings) -> dict[str, Any]:
    """Returns the result of the study as the content of a JSON file."""
    times = found.times
    return {
        "data": found.data,
        "rows": found.rows,
        "people": found.people,
        "items": found.items,
        "described_by": found.described,
        "columns": dict(found.columns),
        "seeds": list(found.seeds),
        "times": {
            "bulk": None if isnan(times.bulk) else times.bulk,
            "at_once": None if isnan(times.at_once) else times.at_once,
            "viewing": times.viewing,
        },
        "without": _estimate(found.without),
        "with": _estimate(found.with_lift),
        "gain": {**_estimate(found.gain), "relative": found.relative},
        "lift": {
            "mean_log_odds": found.log_odds,
            "by_seed": [
                {
                    "seed": seed,
                    "strength": run.lift.strength,
                    "worth": run.worth,
                    "supports": [
                        {"level": s.level, "kind": s.kind, "spread": s.spread,
                         "evidence": s.evidence}
                        for s in run.lift.supports
                    ],
                }
                for seed, run in zip(found.seeds, found.runs, strict=True)
            ],
        },
        "claim": found.claim,
        "why": found.why,
    }  # fmt: skip


def _numbers(value: Estimate, sign: str = "") -> tuple[str, str, str]:
    return (f"{value.mean:{sign}.4f}", f"{value.low:{sign}.4f}", f"{value.high:{sign}.4f}")


def _estimate(value: Estimate) -> dict[str, Any]:
    return {
        f"ndcg@{LIST_LENGTH}": value.mean,
        "standard_error": value.standard_error,
        "low": value.low,
        "high": value.high,
        "by_seed": list(value.splits),
        "people": value.people,
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"
