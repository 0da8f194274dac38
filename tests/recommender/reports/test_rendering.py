"""Everything that a report says is text: nothing in it becomes markup, in any of its forms."""

import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from jinja2 import UndefinedError

from recommender.reports import plots
from recommender.reports.rendering import MARKDOWN_MARKS, plain, render
from recommender.reports.report import Report, Section, Table, to_html, to_markdown

HOSTILE = "<script>'x' \"y\"</script> & | `*_[a](b)#"


class _Reader(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_no_text_of_a_page_becomes_markup() -> None:
    report = Report(
        HOSTILE, HOSTILE, (Section(HOSTILE, HOSTILE, Table((HOSTILE,), ((HOSTILE,),))),)
    )
    reader = _Reader()
    reader.feed(to_html(report))
    assert "script" not in reader.tags
    assert reader.texts.count(HOSTILE) == 7  # the title twice, and once everything else


def test_no_label_of_a_plot_becomes_markup() -> None:
    root = ElementTree.fromstring(plots.bars(HOSTILE, ["<b>"], [1.0]))
    texts = [element.text for element in root.iter() if element.text]
    assert texts.count(HOSTILE) == 2
    assert "<b>" in texts
    assert "<b> 1.000" in texts


def test_markdown_shows_every_mark_literally() -> None:
    assert plain(MARKDOWN_MARKS) == "".join(f"\\{mark}" for mark in MARKDOWN_MARKS)
    report = Report("T", "L", (Section("S", "t", Table(("a", "b|"), (("1", "2"), ("3", "4")))),))
    assert to_markdown(report, []) == (
        "# T\n\nL\n\n## S\n\nt\n\n| a | b\\| |\n| --- | --: |\n| 1 | 2 |\n| 3 | 4 |\n"
    )


def test_a_template_with_a_missing_value_is_refused() -> None:
    with pytest.raises(UndefinedError):
        render("plot.svg.j2", title="T")


SERVING = """
import sys

import bot.run, bot.wiring

print(*(name for name in sys.modules if name.startswith(("jinja2", "recommender"))))
"""


def test_a_process_that_serves_loads_no_reports() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", SERVING], check=True, capture_output=True, text=True
    ).stdout.split()
    unwanted = ("jinja2", "recommender.reports", "recommender.evaluation")
    assert [name for name in loaded if name.startswith(unwanted)] == []
    assert "recommender.pipeline.recommend" in loaded
    assert "recommender.experiments.analysis" not in loaded
