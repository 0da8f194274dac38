"""Components of messages and modals: what may stand where, how many, how long.

After Discord's components/reference. `message_components` and `modal_components` check a request
and give the components in the form Discord answers with: numbered, defaults filled in.
"""

from bot.playground import controls, fields, layouts, parts
from bot.playground.errors import Problems
from bot.playground.objects import JSON
from bot.playground.parts import Reading, walk
from bot.playground.snowflakes import Snowflakes

_READERS: dict[int, parts.Reader] = {
    parts.ROW: controls.row,
    parts.BUTTON: controls.button,
    parts.SELECT: controls.select,
    **dict.fromkeys(parts.OBJECT_SELECTS, controls.select),
    parts.TEXT_INPUT: controls.text_input,
    parts.LABEL: controls.label,
    parts.UPLOAD: controls.upload,
    parts.RADIO: controls.radio,
    parts.CHECKBOXES: controls.checkboxes,
    parts.CHECKBOX: controls.checkbox,
    parts.SECTION: layouts.section,
    parts.TEXT: layouts.text,
    parts.THUMBNAIL: layouts.thumbnail,
    parts.GALLERY: layouts.gallery,
    parts.FILE: layouts.file,
    parts.SEPARATOR: layouts.separator,
    parts.CONTAINER: layouts.container,
}

MOST_V2 = 40
MOST_ROWS = 5
MOST_TEXT = 4000


def message_components(
    problems: Problems, node: JSON, *, v2: bool, ids: Snowflakes, files: frozenset[str]
) -> list[JSON]:
    """The checked `components` of a message; `files` are the names it carries."""
    reading = Reading(problems, ids, files, _READERS)
    top = (*parts.IN_CONTAINER, parts.CONTAINER) if v2 else (parts.ROW,)
    found = fields.objects(problems, node, "components", 0, MOST_V2 if v2 else MOST_ROWS)
    result = reading.children("components", found, top)
    with problems.at("components"):
        if v2 and reading.count > MOST_V2:
            problems.say(f"The total number of components must be {MOST_V2} or fewer.")
        if v2 and reading.text > MOST_TEXT:
            problems.say(f"The total length of displayed text must be {MOST_TEXT} or fewer.")
    _number(result)
    return result


def modal_components(problems: Problems, node: JSON, ids: Snowflakes) -> list[JSON]:
    """The checked `components` of a modal."""
    reading = Reading(problems, ids, frozenset(), _READERS, modal=True)
    found = fields.objects(problems, node, "components", 1, 5, required=True)
    result = reading.children("components", found, (parts.ROW, parts.LABEL, parts.TEXT))
    _number(result)
    return result


def _number(components: list[JSON]) -> None:
    taken = {x["id"] for x in walk(components) if x.get("id")}
    following = 1
    for component in walk(components):
        if not component.get("id"):
            while following in taken:
                following += 1
            component["id"] = following
            taken.add(following)
