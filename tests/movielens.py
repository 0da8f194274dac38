"""Where the MovieLens folder is that some tests read, and how they skip where it is absent.

`MATINEE_TEST_DATA` names the folder (ml-latest-small); otherwise it is looked for in
`shared/data` beside the repository. Nothing of it is ever copied into the repository.
"""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]

FOLDER = Path(
    os.environ.get("MATINEE_TEST_DATA") or _ROOT.parent / "shared" / "data" / "ml-latest-small"
)

needs_movielens = pytest.mark.skipif(
    not (FOLDER / "movies.csv").is_file(),
    reason=f"no MovieLens data in {FOLDER}; set MATINEE_TEST_DATA to an ml-latest-small folder",
)
