"""The performance page keeps each benchmark's part apart."""

from pathlib import Path

from tests.benchmarks.page import put


def test_a_part_takes_the_place_of_its_last_one_and_leaves_the_others(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    put("fit", "## Fit\n\nfirst", page)
    put("serving", "## Serving\n", page)
    put("fit", "## Fit\n\nsecond", page)
    assert page.read_text() == (
        "# Performance\n\n<!-- fit -->\n## Fit\n\nsecond\n<!-- end of fit -->\n\n"
        "<!-- serving -->\n## Serving\n<!-- end of serving -->\n"
    )
