"""The Jinja2 environment that fills the templates of reports and plots.

Every value put into HTML and SVG is escaped. Shapes and plots are SVG already, so the templates
mark them as safe. Values in Markdown are escaped by the filter `plain`. Jinja2 is imported here and
nowhere else, so that a process that writes no reports, such as the bot, never loads it.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

MARKDOWN_MARKS = "\\`*_<>|[]#"


def plain(text: str) -> str:
    """Returns the text with every Markdown mark escaped, so that it is shown literally."""
    for mark in MARKDOWN_MARKS:
        text = text.replace(mark, f"\\{mark}")
    return text


ENVIRONMENT = Environment(
    loader=PackageLoader("recommender.reports"),
    autoescape=select_autoescape(("html.j2", "svg.j2"), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
ENVIRONMENT.filters["plain"] = plain


def render(template: str, **values: object) -> str:
    """Returns the text of a file of `recommender/reports/templates`, filled with the values."""
    return ENVIRONMENT.get_template(template).render(**values)
