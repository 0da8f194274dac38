"""Checks the components that only show something: text, pictures, files and containers.

Each function checks one component. It reports what is wrong to `reading.problems`, and returns the
component in the form in which Discord sends it back.
"""

from bot.playground.records.objects import JSON
from bot.playground.validation import fields
from bot.playground.validation.tree import BUTTON, IN_CONTAINER, TEXT, THUMBNAIL, Reading


def text(reading: Reading, node: JSON) -> JSON:
    """Checks a text component, and returns it in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    content = fields.string(reading.problems, node, "content", 1, 4000, required=True)
    reading.text += len(content or "")
    return {"content": content}


def section(reading: Reading, node: JSON) -> JSON:
    """Checks a section: one to three texts next to a button or picture.

    Returns the section in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    found = fields.objects(problems, node, "components", 1, 3, required=True)
    result: JSON = {"components": reading.children("components", found, (TEXT,))}
    accessory = node.get("accessory")
    with problems.at("accessory"):
        if not isinstance(accessory, dict):
            problems.say(fields.REQUIRED)
            accessory = {"type": 0}
        else:
            accessory = reading.component(accessory, (BUTTON, THUMBNAIL))
    return result | {"accessory": accessory}


def _media(reading: Reading, node: JSON, key: str, *, upload_only: bool = False) -> JSON:
    found = node.get(key)
    problems = reading.problems
    with problems.at(key):
        if not isinstance(found, dict):
            problems.say(fields.REQUIRED)
            return {}
        url = fields.string(problems, found, "url", 1, 2048, required=True) or ""
        with problems.at("url"):
            if url.startswith("attachment://"):
                if url.removeprefix("attachment://") not in reading.files:
                    problems.say("The referenced attachment was not found")
            elif upload_only or (url and not url.startswith(("http://", "https://"))):
                problems.say("Not a well formed URL.")
    return {
        "id": str(reading.ids.next()),
        "url": url,
        "proxy_url": url,
        "width": None,
        "height": None,
        "content_type": None,
    }


def _described(reading: Reading, node: JSON) -> JSON:
    return {
        "description": fields.string(reading.problems, node, "description", 0, 1024) or None,
        "spoiler": fields.flag(reading.problems, node, "spoiler"),
    }


def thumbnail(reading: Reading, node: JSON) -> JSON:
    """Checks a small picture, and returns it in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    return {"media": _media(reading, node, "media")} | _described(reading, node)


def gallery(reading: Reading, node: JSON) -> JSON:
    """Checks a gallery of one to ten pictures.

    Returns the gallery in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    items = []
    for place, item in enumerate(
        fields.objects(reading.problems, node, "items", 1, 10, required=True)
    ):
        with reading.problems.at("items", place):
            items.append({"media": _media(reading, item, "media")} | _described(reading, item))
    return {"items": items}


def file(reading: Reading, node: JSON) -> JSON:
    """Checks a file component, which shows an uploaded file.

    Returns the component in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    file = _media(reading, node, "file", upload_only=True)
    name = str(file.get("url", "")).removeprefix("attachment://")
    spoiler = fields.flag(reading.problems, node, "spoiler")
    return {"file": file, "name": name or None, "size": None, "spoiler": spoiler}


def separator(reading: Reading, node: JSON) -> JSON:
    """Checks a separator (a space, with or without a line).

    Returns the separator in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    spacing = fields.choice(reading.problems, node, "spacing", (1, 2))
    divider = fields.flag(reading.problems, node, "divider", True)
    return {"spacing": spacing or 1, "divider": divider}


def container(reading: Reading, node: JSON) -> JSON:
    """Checks a container (a box around other components).

    Returns the container in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    found = fields.objects(problems, node, "components", 1, 40, required=True)
    return {
        "accent_color": fields.whole(problems, node, "accent_color", 0, 0xFFFFFF),
        "spoiler": fields.flag(problems, node, "spoiler"),
        "components": reading.children("components", found, IN_CONTAINER),
    }
