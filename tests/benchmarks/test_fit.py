"""What a fit costs beside `implicit`'s ALS; writes its part of docs/performance.md.

    MATINEE_FIT=1m,25m pytest -m benchmark_run -s tests/benchmarks/test_fit.py

Without MATINEE_FIT both sizes are measured, which takes a quarter of an hour on two free cores.
The page is written by a run of both sizes only.
"""

import os
import platform

import pytest

from recommender.numeric.system import cores
from tests.benchmarks.fitting import ALPHA, FACTORS, ITERATIONS, PENALTY, Comparison, compare
from tests.benchmarks.page import put

pytestmark = pytest.mark.benchmark_run

SIZES = tuple((os.environ.get("MATINEE_FIT") or "1m,25m").split(","))
ROUNDS = {"1m": 3}  # of which the quickest counts
LONGEST, LARGEST = 600.0, 4096.0  # seconds, MiB, at 25 million ratings
SLOWER = 1.5  # times `implicit`'s time, at a million ratings
NAMES = {"matinee": "Matinee, all that ranks", "implicit": "`implicit` ALS"}


def rows(comparison: Comparison) -> list[str]:
    """A table's lines."""
    shape = comparison.shape
    what = f"{shape.ratings:,} ratings ({shape.people:,} × {shape.films:,})"
    lines = []
    for model, name in NAMES.items():
        run = comparison.of(model)
        lines.append(
            f"| {what} | {name} | {run.wall:.1f} | {run.cpu:.1f} | {run.peak:.0f} "
            f"| {run.ndcg:.4f} ± {run.error:.4f} |"
        )
    return lines


def page(comparisons: dict[str, Comparison]) -> str:
    """What the page says of the cost of a fit."""
    searched = [
        f"At {each.shape.ratings:,} ratings the settings were searched for first, which took "
        f"{each.searched:.0f} s and is not in the table."
        for each in comparisons.values()
        if each.searched is not None
    ]
    return "\n".join(
        [
            "## The cost of a fit",
            "",
            "Written by `make benchmark` (of which this part is `pytest -m benchmark_run -s "
            "tests/benchmarks/test_fit.py`).",
            "",
            "Made-up ratings (`recommender/datasets/synthetic.py`): 20 hidden traits decide what "
            "people like, fame follows a power law. Every fit runs in a process of its own on the "
            "same training ratings; seconds by the clock and of all processors, the process's greatest "
            "memory, and nDCG@10 on a fifth of each person's ratings (mean ± standard error over "
            "3,000 people).",
            "",
            "| ratings (people × films) | fit | seconds | processor seconds | peak MiB | nDCG@10 |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
            *(line for each in comparisons.values() for line in rows(each)),
            "",
            f"`implicit` ALS has {FACTORS} factors, {ITERATIONS} iterations, confidence "
            f"1 + {ALPHA:g} × preference and regularization {PENALTY:g}: the best of a grid "
            "(`python -m tests.benchmarks.fitting grid 1m`), judged on the held-out ratings "
            "themselves. " + " ".join(searched),
            "",
            f"Measured on {cores()} cores ({platform.machine()}), Python "
            f"{platform.python_version()}.",
            "",
        ]
    )


def test_the_cost_of_a_fit() -> None:
    comparisons = {size: compare(size, ROUNDS.get(size, 1)) for size in SIZES}
    text = page(comparisons)
    print(f"\n{text}")
    if {"1m", "25m"} <= set(comparisons):
        put("fit", text)
    for each in comparisons.values():
        mine, theirs = each.of("matinee"), each.of("implicit")
        assert mine.ndcg >= theirs.ndcg
        if each.shape.ratings <= 1_000_000:
            assert mine.wall <= SLOWER * theirs.wall
        assert mine.wall <= LONGEST
        assert mine.peak <= LARGEST
