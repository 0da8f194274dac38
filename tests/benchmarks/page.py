"""Writes docs/performance.md. Every benchmark writes its own part and keeps the others."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
TITLE = "# Performance\n"


def put(part: str, text: str, page: Path = PAGE) -> None:
    """Replaces a part of the page. A new part goes to the end."""
    before, after = f"<!-- {part} -->", f"<!-- end of {part} -->"
    whole = page.read_text(encoding="utf-8") if page.exists() else TITLE
    written = f"{before}\n{text.strip()}\n{after}"
    head, found, rest = whole.partition(before)
    if found:
        whole = head + written + rest.partition(after)[2]
    else:
        whole = f"{whole.rstrip()}\n\n{written}\n"
    page.write_text(whole, encoding="utf-8")
