"""The privacy page names every table, and `/privacy` has words for every table about people."""

import re
from pathlib import Path

import pytest

from bot.services.people.left_servers import LEFT_SERVER_AGE
from bot.services.people.privacy import COPY_AGE, copy_age, keeping
from bot.services.serving.evidence import EVIDENCE_WINDOW, WILD_WINDOW
from bot.settings import Settings
from bot.wording.people import privacy as words
from storage.people.erasures import KEY_NAME, LIST_NAME
from storage.people.privacy import personal_tables
from storage.schema import metadata

PAGE = (Path(__file__).parent.parent / "docs" / "privacy.md").read_text(encoding="utf-8")
ROWS = {
    name: cells[-2].strip()
    for line in PAGE.splitlines()
    if line.startswith("| `")
    for cells in [line.split("|")]
    for name in re.findall(r"`(\w+)`", cells[1])
}


def test_the_page_has_a_row_for_each_table_and_no_other() -> None:
    assert ROWS.keys() == set(metadata.tables)
    assert all(ROWS.values()), "each says how long"


def test_slash_privacy_has_words_for_each_table_about_people() -> None:
    assert words.KINDS.keys() == {table.name for table, _ in personal_tables()}


@pytest.mark.parametrize("keep", [7, 60])
def test_the_times_that_people_read_are_those_that_hold(keep: int) -> None:
    settings = Settings(keep_backups=keep)
    days = copy_age(settings).days
    assert days == {7: 30, 60: 61}[keep]
    kept = keeping(settings)
    for text in (words.erasure_warning(kept), words.keeping(kept)):
        assert f"up to {days} days" in text
    said = words.keeping(kept)
    assert (
        f"what I've shown you after {EVIDENCE_WINDOW.days} days. After a year, I forget which "
        "picks were wild cards" in said
    )
    assert WILD_WINDOW.days == 365, "the text says: after a year"
    assert "shown you after 201 days" in words.keeping(keeping(Settings(cooldown_days=200)))
    assert f"{EVIDENCE_WINDOW.days} days" in ROWS["impressions"]
    for table in ("guilds", "left_servers"):
        assert f"{LEFT_SERVER_AGE.days} days" in ROWS[table]
    assert f"deleted after {COPY_AGE.days} days" in " ".join(PAGE.split())
    assert LIST_NAME in PAGE
    assert KEY_NAME in PAGE
