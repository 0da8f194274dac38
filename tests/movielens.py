"""Where the real MovieLens data is, for the tests that need it; it is never part of this tree."""

import os
from pathlib import Path

import pytest

FOLDER = Path(
    os.environ.get("MATINEE_TEST_DATA")
    or Path(__file__).resolve().parents[2] / "shared" / "data" / "ml-latest-small"
)

needs_movielens = pytest.mark.skipif(
    not (FOLDER / "ratings.csv").is_file(),
    reason=f"no MovieLens data in {FOLDER}; name a folder with MATINEE_TEST_DATA",
)
