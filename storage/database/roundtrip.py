"""Runs every migration up, down and up again; prints where the result differs from the schema.

Run it as `python -m storage.database.roundtrip`.
"""

import sys
import tempfile
from pathlib import Path

from storage.database import revisions


def main() -> int:
    """Run all migrations up, down and up again. Returns 0 if the result equals the schema, else 1.

    Differences are printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roundtrip.sqlite3"
        for move in (revisions.upgrade, revisions.downgrade, revisions.upgrade):
            with revisions.connection(path) as conn:
                move(conn)
                at = revisions.current(conn)
            sys.stdout.write(f"{move.__name__}: {at or 'base'}\n")
            if (at is None) != (move is revisions.downgrade):
                sys.stdout.write("The migration did not arrive where it should.\n")
                return 1
        with revisions.connection(path) as conn:
            left = revisions.differences(conn)
    for difference in left:
        sys.stdout.write(f"not in the migrations: {difference}\n")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
