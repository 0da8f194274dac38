"""The MovieLens folder that some tests read. Those tests are skipped if it is absent.

`MATINEE_TEST_DATA` names the folder (ml-latest-small). Without it the folder is expected in
`shared/data` next to the repository. No file is ever copied from it into the repository.
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
