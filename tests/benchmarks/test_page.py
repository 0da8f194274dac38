"""Each benchmark replaces only its own part of the performance page."""

from pathlib import Path

from tests.benchmarks.page import put


def test_a_part_replaces_its_last_version_and_keeps_the_others(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    put("fit", "## Fit\n\nfirst", page)
    put("serving", "## Serving\n", page)
    put("fit", "## Fit\n\nsecond", page)
    assert page.read_text() == (
        "# Performance\n\n<!-- fit -->\n## Fit\n\nsecond\n<!-- end of fit -->\n\n"
        "<!-- serving -->\n## Serving\n<!-- end of serving -->\n"
    )
