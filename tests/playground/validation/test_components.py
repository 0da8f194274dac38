"""Components at and beyond each documented limit."""

from typing import Any

import pytest

from bot.playground.records.snowflakes import Snowflakes, WorldClock
from bot.playground.validation import components, tree
from bot.playground.validation.errors import ApiError, Problems
from tests.clock import NOW

JSON = dict[str, Any]
IDS = Snowflakes(WorldClock(NOW))


def message(nodes: list[JSON], *, v2: bool = True, files: tuple[str, ...] = ()) -> list[JSON]:
    problems = Problems()
    made = components.message_components(
        problems, {"components": nodes}, v2=v2, ids=IDS, files=frozenset(files)
    )
    problems.raise_any()
    return made


def modal(nodes: list[JSON]) -> list[JSON]:
    problems = Problems()
    made = components.modal_components(problems, {"components": nodes}, IDS)
    problems.raise_any()
    return made


def text(content: str = "x") -> JSON:
    return {"type": 10, "content": content}


def button(number: int = 0, **more: Any) -> JSON:
    return {"type": 2, "style": 1, "label": "b", "custom_id": f"b{number}"} | more


def row(*nodes: JSON) -> JSON:
    return {"type": 1, "components": list(nodes)}


def options(count: int) -> list[JSON]:
    return [{"label": f"l{x}", "value": f"v{x}"} for x in range(count)]


def select(count: int = 3, **more: Any) -> JSON:
    return {"type": 3, "custom_id": "s", "options": options(count)} | more


def label(inner: JSON, **more: Any) -> JSON:
    return {"type": 18, "label": "L", "component": inner} | more


def text_input(**more: Any) -> JSON:
    return {"type": 4, "custom_id": "t", "style": 1} | more


GOOD_MESSAGES = [
    [text("x" * 4000)],
    [text() for _ in range(40)],
    [{"type": 17, "components": [text() for _ in range(39)]}],
    [row(*(button(x) for x in range(5)))],
    [row(select(25, max_values=25, min_values=0))],
    [row(button(label="x" * 80, custom_id="c" * 100))],
    [row(button(style=5, url="https://x.org/" + "a" * 498, custom_id=None))],
    [row(button(label=None, emoji={"name": "❤️"}))],
    [{"type": 9, "components": [text(), text(), text()], "accessory": button()}],
    [{"type": 9, "components": [text()], "accessory": {"type": 11, "media": {"url": "https://x"}}}],
    [{"type": 12, "items": [{"media": {"url": "https://x/y.png"}}] * 10}],
    [{"type": 14, "divider": False, "spacing": 2}],
    [row({"type": 5, "custom_id": "u", "max_values": 25})],
]


@pytest.mark.parametrize("nodes", GOOD_MESSAGES)
def test_components_at_the_limit_are_accepted(nodes: list[JSON]) -> None:
    made = message(nodes)
    numbers = [x["id"] for x in tree.walk(made)]
    assert len(set(numbers)) == len(numbers)
    assert all(numbers)


BAD_MESSAGES: dict[str, Any] = {
    "text over 4000": [text("x" * 4001)],
    "texts over 4000 together": [text("x" * 2001), text("x" * 2000)],
    "41 components": [text() for _ in range(41)],
    "41 components, one nested": [{"type": 17, "components": [text() for _ in range(40)]}],
    "six buttons": [row(*(button(x) for x in range(6)))],
    "an empty row": [row()],
    "button and select in a row": [row(button(), select())],
    "two selects in a row": [row(select(), select(custom_id="other"))],
    "26 options": [row(select(26))],
    "no options": [row(select(0))],
    "same value twice": [row(select(options=options(2) + options(1)))],
    "max above options": [row(select(3, max_values=4))],
    "max above 25": [row(select(25, max_values=26))],
    "min above max": [row(select(3, min_values=3, max_values=2))],
    "too many defaults": [row(select(options=[x | {"default": True} for x in options(2)]))],
    "long option label": [row(select(options=[{"label": "x" * 101, "value": "v"}]))],
    "long option value": [row(select(options=[{"label": "x", "value": "v" * 101}]))],
    "long option description": [
        row(select(options=[{"label": "x", "value": "v", "description": "d" * 101}]))
    ],
    "long placeholder": [row(select(placeholder="x" * 151))],
    "long label": [row(button(label="x" * 81))],
    "long custom id": [row(button(custom_id="c" * 101))],
    "empty custom id": [row(button(custom_id=""))],
    "no custom id": [row(button(custom_id=None))],
    "same custom id twice": [row(button(1), button(1))],
    "same custom id in two rows": [row(button(1)), row(button(1))],
    "link with custom id": [row(button(style=5, url="https://x.org"))],
    "link without url": [row(button(style=5, custom_id=None))],
    "long url": [row(button(style=5, url="https://x.org/" + "a" * 499, custom_id=None))],
    "script url": [row(button(style=5, url="javascript:x", custom_id=None))],
    "button with url": [row(button(url="https://x.org"))],
    "no label, no emoji": [row(button(label=None))],
    "not an emoji": [row(button(emoji={"name": "heart"}))],
    "bad style": [row(button(style=9))],
    "four texts in a section": [{"type": 9, "components": [text()] * 4, "accessory": button()}],
    "no accessory": [{"type": 9, "components": [text()]}],
    "wrong accessory": [{"type": 9, "components": [text()], "accessory": text()}],
    "eleven pictures": [{"type": 12, "items": [{"media": {"url": "https://x"}}] * 11}],
    "no pictures": [{"type": 12, "items": []}],
    "missing file": [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}],
    "file that is a link": [{"type": 13, "file": {"url": "https://x"}}],
    "container in container": [{"type": 17, "components": [{"type": 17, "components": [text()]}]}],
    "empty container": [{"type": 17, "components": []}],
    "bad colour": [{"type": 17, "accent_color": 0x1000000, "components": [text()]}],
    "bare button": [button()],
    "empty text": [text("")],
    "same number twice": [text() | {"id": 5}, text() | {"id": 5}],
    "label in a message": [label(text_input())],
    "radio in a message": [{"type": 21, "custom_id": "r", "options": options(2)}],
    "no type": [{}],
    "no object": ["x"],
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_components_beyond_the_limit_are_refused(name: str) -> None:
    with pytest.raises(ApiError) as refused:
        message(BAD_MESSAGES[name])
    assert refused.value.code == 50035
    assert refused.value.errors


def test_without_the_flag_only_rows_are_accepted() -> None:
    assert message([row(button())], v2=False)
    with pytest.raises(ApiError):
        message([text()], v2=False)
    with pytest.raises(ApiError):
        message([row(button(x)) for x in range(6)], v2=False)


def test_an_attached_file_is_accepted() -> None:
    node = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}
    assert message([node], files=("a.png",))


def test_given_ids_are_kept() -> None:
    made = message([text() | {"id": 1}, text(), text() | {"id": 2}])
    assert [x["id"] for x in made] == [1, 3, 2]


GOOD_MODALS = [
    [label(text_input())] * 1,
    [label(text_input(custom_id=str(x))) for x in range(5)],
    [label({"type": 21, "custom_id": "r", "options": options(10)}, description="d" * 100)],
    [label({"type": 22, "custom_id": "c", "options": options(10), "max_values": 10})],
    [label({"type": 22, "custom_id": "c", "options": options(1)})],
    [label(select(25, min_values=0, required=False))],
    [label({"type": 23, "custom_id": "c", "default": True})],
    [text("hello"), row(text_input(label="old style"))],
    [label({"type": 19, "custom_id": "f", "min_values": 0, "max_values": 10, "required": False})],
]


@pytest.mark.parametrize("nodes", GOOD_MODALS)
def test_modals_at_the_limit(nodes: list[JSON]) -> None:
    assert modal(nodes)


BAD_MODALS: dict[str, Any] = {
    "nothing": [],
    "six": [label(text_input(custom_id=str(x))) for x in range(6)],
    "long label": [label(text_input(), label="x" * 46)],
    "long description": [label(text_input(), description="x" * 101)],
    "long value": [label(text_input(value="x" * 4001))],
    "long max": [label(text_input(max_length=4001))],
    "min above max": [label(text_input(min_length=5, max_length=4))],
    "one radio option": [label({"type": 21, "custom_id": "r", "options": options(1)})],
    "eleven radio options": [label({"type": 21, "custom_id": "r", "options": options(11)})],
    "two radio defaults": [
        label(
            {"type": 21, "custom_id": "r", "options": [x | {"default": True} for x in options(2)]}
        )
    ],
    "eleven boxes": [label({"type": 22, "custom_id": "c", "options": options(11)})],
    "no boxes": [label({"type": 22, "custom_id": "c", "options": []})],
    "required but none": [label(select(3, min_values=0))],
    "disabled": [label(select(3, disabled=True))],
    "a button": [label(button())],
    "a bare input": [text_input()],
    "a label inside a label": [label(text_input(label="again"))],
    "no component": [{"type": 18, "label": "L"}],
    "same custom id": [label(text_input()), label(text_input())],
    "eleven files": [label({"type": 19, "custom_id": "f", "max_values": 11})],
    "button in a row": [row(button())],
}


@pytest.mark.parametrize("name", BAD_MODALS)
def test_modals_beyond_the_limit(name: str) -> None:
    with pytest.raises(ApiError) as refused:
        modal(BAD_MODALS[name])
    assert refused.value.code == 50035
