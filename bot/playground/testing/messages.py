"""The outcome of an interaction, and functions that look into messages and modals."""

from dataclasses import dataclass, field

from bot.playground.records.objects import JSON
from bot.playground.validation import tree

SELECT_TYPES = (tree.SELECT, *tree.OBJECT_SELECTS)


@dataclass(frozen=True)
class Outcome:
    """The result of an interaction, as the page shows it.

    Attributes:
        id: the interaction's id.
        state: "waiting", "thinking", "done" or "failed".
        error: the sentence that the person reads if it failed, otherwise None.
        first_response_ms: milliseconds until the bot's first response, or None before it.
        message: the reply, or the edited message, in its latest form; None if there is no message.
        modal: the modal that the bot opened, or None.
        followups: the follow-up messages, in order.
        choices: the suggestions of an autocomplete, or None.
    """

    id: str
    state: str
    error: str | None = None
    first_response_ms: float | None = None
    message: JSON | None = None
    modal: JSON | None = None
    followups: list[JSON] = field(default_factory=list)
    choices: list[JSON] | None = None

    @property
    def text(self) -> str:
        """Every text of the reply and its follow-ups, each on a line of its own."""
        return "\n".join(text_of(x) for x in [self.message, *self.followups] if x is not None)


def walk(components: list[JSON]) -> list[JSON]:
    """Returns every component of a message or modal, each before the components inside it."""
    return list(tree.walk(components))


def text_of(message: JSON) -> str:
    """Returns the text of a message: its content, text displays and embeds, each on a line."""
    parts = [message.get("content") or ""]
    parts += [x["content"] for x in walk(message.get("components") or []) if x["type"] == 10]
    for embed in message.get("embeds") or []:
        parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [f"{x['name']} {x['value']}" for x in embed.get("fields") or []]
    return "\n".join(x for x in parts if x)


def buttons_of(message: JSON) -> dict[str, JSON]:
    """Returns a message's buttons by label, or by emoji if they have no label."""
    found = [x for x in walk(message.get("components") or []) if x["type"] == 2]
    return {x.get("label") or (x.get("emoji") or {}).get("name") or "": x for x in found}


def selects_of(message: JSON) -> list[JSON]:
    """Returns the select menus of a message, in order."""
    return [x for x in walk(message.get("components") or []) if x["type"] in SELECT_TYPES]
