"""The cost of a fit compared with ALS of `implicit`. Writes its part of docs/performance.md.

    MATINEE_FIT=1m,25m pytest -m benchmark_run -s tests/benchmarks/test_fit.py

Without MATINEE_FIT all sizes are measured, which takes twenty minutes on two free cores. Only a run
of all sizes writes the page.
"""

import os
import platform
from importlib.metadata import version

import pytest

from recommender.numeric.system import cores
from tests.benchmarks.fitting import FACTORS, ITERATIONS, Comparison, compare
from tests.benchmarks.page import put

pytestmark = pytest.mark.benchmark_run

ALL = ("1m", "1m-hits", "1m-tastes", "25m")
SIZES = tuple((os.environ.get("MATINEE_FIT") or ",".join(ALL)).split(","))
ROUNDS = (
    3  # fits per model and seed, of which the quickest counts; one fit beyond a million ratings
)
SEEDS = (1, 2, 3)  # only the first beyond a million ratings
MAX_MIB = 2560.0
MAX_TIME_RATIO, MAX_LARGE_TIME_RATIO = 1.1, 0.55  # to `implicit`; up to a million ratings, beyond
WORLDS = {
    "1m": "1,000,000 (6,000 × 4,000)",
    "1m-hits": "1,000,000, fame on fewer films",
    "1m-tastes": "1,000,000, stronger tastes",
    "25m": "25,000,000 (162,000 × 59,000)",
}
NAMES = {"matinee": "Matinee, all that ranks", "implicit": "`implicit` ALS"}


def rows(size: str, comparison: Comparison) -> list[str]:
    """Returns the lines of the table for one comparison."""
    lines = []
    for model, name in NAMES.items():
        runs = comparison.of(model)
        found = ", ".join(f"{run.ndcg:.4f}" for run in runs)
        lines.append(
            f"| {WORLDS.get(size, size)} | {name} | {comparison.seconds(model):.2f} "
            f"| {sum(run.cpu for run in runs) / len(runs):.2f} "
            f"| {max(run.peak for run in runs):.0f} | {found} |"
        )
    return lines


def page(comparisons: dict[str, Comparison]) -> str:
    """Returns the part of the page about the cost of a fit."""
    chosen = [each.settings for each in comparisons.values() if each.settings.searched is not None]
    settings = ", ".join(
        f"alpha {each.settings.alpha:g} and regularization {each.settings.penalty:g} ({size})"
        for size, each in comparisons.items()
    )
    errors = [run.error for each in comparisons.values() for run in each.runs]
    ratios = "; ".join(
        f"{size} {each.seconds('matinee') / each.seconds('implicit'):.2f}"
        for size, each in comparisons.items()
    )
    return "\n".join(
        [
            "## The cost of a fit",
            "",
            "Written by `make benchmark` (of which this part is `pytest -m benchmark_run -s "
            "tests/benchmarks/test_fit.py`).",
            "",
            "Made-up ratings (`recommender/datasets/synthetic.py`): 20 hidden traits decide "
            "what people like, fame follows a power law. Up to a million ratings, every world is "
            "drawn and fitted with the seeds 1, 2 and 3 (beyond, with 1). Every fit runs in a "
            f"process of its own on the same training ratings, the libraries already imported; up "
            f"to a million ratings {ROUNDS} times, of which the quickest counts. Seconds by the "
            "clock and of all processors, means over the seeds; the process's greatest memory; "
            "and nDCG@10 on a fifth of each person's ratings for each seed, a mean over 3,000 "
            f"people with a standard error of {min(errors):.4f} to {max(errors):.4f}.",
            "",
            "| ratings (people × films) | fit | seconds | processor seconds | peak MiB "
            "| nDCG@10 of each seed |",
            "| --- | --- | ---: | ---: | ---: | --- |",
            *(line for size, each in comparisons.items() for line in rows(size, each)),
            "",
            f"Our seconds divided by those of `implicit`: {ratios}.",
            "",
            f"`implicit` {version('implicit')} is set up as its warning asks: "
            "`OPENBLAS_NUM_THREADS=1`, one of its own threads for each core, its native conjugate "
            "gradients in float32, and a `csr_matrix` of people and films. It has "
            f"{FACTORS} factors and {ITERATIONS} iterations; the confidence of a rating is 1 + "
            f"alpha × preference. The settings are {settings}: up to a million ratings the best "
            "of a grid of 24, judged on held-out ratings. Matinee sets its own threads as "
            "in the bot. Its settings are found by the bot's search up to a million ratings and "
            "the defaults beyond. Both choices use ratings drawn with another seed, and are not in "
            "the table: "
            f"{_mean([each.searched for each in chosen]):.0f} s for the search, "
            f"{_mean([each.tried for each in chosen]):.0f} s for the grid on average.",
            "",
            "Most of our time at a million ratings goes to the item-item model. Its cost grows "
            "with the cube of the number of films, up to 6,000; that of `implicit` does not.",
            "",
            f"Measured on {cores()} cores ({platform.machine()}), Python "
            f"{platform.python_version()}.",
            "",
        ]
    )


def _mean(values: list[float | None]) -> float:
    known = [each for each in values if each is not None]
    return sum(known) / max(1, len(known))


def test_the_cost_of_a_fit() -> None:
    comparisons = {}
    for size in SIZES:
        large = size == "25m"
        comparisons[size] = compare(size, SEEDS[:1] if large else SEEDS, 1 if large else ROUNDS)
    text = page(comparisons)
    print(f"\n{text}")
    if set(ALL) <= set(comparisons):
        put("fit", text)
    for each in comparisons.values():
        pairs = zip(each.of("matinee"), each.of("implicit"), strict=True)
        assert all(ours.ndcg > theirs.ndcg for ours, theirs in pairs)
        most = MAX_TIME_RATIO if each.shape.ratings <= 1_000_000 else MAX_LARGE_TIME_RATIO
        assert each.seconds("matinee") <= most * each.seconds("implicit")
        assert max(run.peak for run in each.of("matinee")) <= MAX_MIB
