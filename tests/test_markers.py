"""Tests that need a browser are marked, so that a run can leave them out."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent


def test_browser_tests_are_marked() -> None:
    needing = [
        path
        for path in sorted(TESTS.rglob("test_*.py"))
        if "from tests.browser import" in path.read_text(encoding="utf-8")
    ]
    assert len(needing) > 5
    for path in needing:
        assert "pytest.mark.browser" in path.read_text(encoding="utf-8"), path
