"""Checks the components of messages and modals: their places, number and length.

The rules are from Discord's components/reference. `message_components` and `modal_components` check
a request. They return the components in the form in which Discord sends them back: each with a
number as `id`, and with defaults filled in.
"""

from bot.playground.records.objects import JSON
from bot.playground.records.snowflakes import Snowflakes
from bot.playground.validation import controls, fields, layouts, tree
from bot.playground.validation.errors import Problems
from bot.playground.validation.tree import Reading, walk

_READERS: dict[int, tree.Reader] = {
    tree.ROW: controls.row,
    tree.BUTTON: controls.button,
    tree.SELECT: controls.select,
    **dict.fromkeys(tree.OBJECT_SELECTS, controls.select),
    tree.TEXT_INPUT: controls.text_input,
    tree.LABEL: controls.label,
    tree.UPLOAD: controls.upload,
    tree.RADIO: controls.radio,
    tree.CHECKBOXES: controls.checkboxes,
    tree.CHECKBOX: controls.checkbox,
    tree.SECTION: layouts.section,
    tree.TEXT: layouts.text,
    tree.THUMBNAIL: layouts.thumbnail,
    tree.GALLERY: layouts.gallery,
    tree.FILE: layouts.file,
    tree.SEPARATOR: layouts.separator,
    tree.CONTAINER: layouts.container,
}

MAX_COMPONENTS = 40
"""The most components in a message with IS_COMPONENTS_V2, nested ones included."""

MAX_ROWS = 5
"""The most rows in a message without IS_COMPONENTS_V2."""

MAX_TEXT_CHARACTERS = 4000
"""The most characters in all text displays of a message together."""


def message_components(
    problems: Problems, node: JSON, *, v2: bool, ids: Snowflakes, files: frozenset[str]
) -> list[JSON]:
    """Checks the field `components` of a message and returns the components.

    problems: collects the errors.
    node: the message as the bot sent it.
    v2: True if the message has IS_COMPONENTS_V2.
    ids: makes the ids of pictures and files.
    files: the names of the message's attachments.
    """
    reading = Reading(problems, ids, files, _READERS)
    top = (*tree.IN_CONTAINER, tree.CONTAINER) if v2 else (tree.ROW,)
    found = fields.objects(problems, node, "components", 0, MAX_COMPONENTS if v2 else MAX_ROWS)
    result = reading.children("components", found, top)
    with problems.at("components"):
        if v2 and reading.count > MAX_COMPONENTS:
            problems.say(f"The total number of components must be {MAX_COMPONENTS} or fewer.")
        if v2 and reading.text > MAX_TEXT_CHARACTERS:
            problems.say(
                f"The total length of displayed text must be {MAX_TEXT_CHARACTERS} or fewer."
            )
    _number(result)
    return result


def modal_components(problems: Problems, node: JSON, ids: Snowflakes) -> list[JSON]:
    """Checks the field `components` of a modal and returns the components.

    problems: collects the errors.
    node: the modal as the bot sent it.
    ids: makes the ids of files.
    """
    reading = Reading(problems, ids, frozenset(), _READERS, modal=True)
    found = fields.objects(problems, node, "components", 1, 5, required=True)
    result = reading.children("components", found, (tree.ROW, tree.LABEL, tree.TEXT))
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
