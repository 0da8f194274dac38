"""Reads a message from a request and checks Discord's limits (resources/message).

`read` returns a `Draft`: the content of a new message, or of an existing message after an edit.
`messages.py` turns drafts into messages.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.playground.records.channels import COMPONENTS_V2, EPHEMERAL, Attachment, Message
from bot.playground.records.objects import JSON
from bot.playground.records.polls import Poll
from bot.playground.validation import components, fields, polls, tree
from bot.playground.validation.errors import ApiError, Problems, refusal
from bot.playground.world.channels import uploads
from bot.playground.world.channels.uploads import Upload
from bot.playground.world.world import World

SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12

_MENTION = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")


@dataclass(frozen=True, slots=True)
class Draft:
    """The checked content of a message.

    Attributes:
        content: the text, without blanks at the beginning and the end.
        embeds: the embeds in Discord's form.
        components: the components in Discord's form, each with its number as `id`.
        attachments: the files that the message will have.
        flags: Discord's message flags, as a bit set.
        tts: True if it is to be read aloud.
        nonce: a text or number that the sender chose to recognise the message; None without one.
        enforce_nonce: True if a second message with the same nonce must not be sent.
        reference: id of the message it replies to, or None.
        mentions: ids of the users it mentions.
        mention_roles: ids of the roles it mentions.
        mention_everyone: True if it mentions everyone.
        poll: its poll, or None.
    """

    content: str
    embeds: list[JSON]
    components: list[JSON]
    attachments: list[Attachment]
    flags: int
    tts: bool
    nonce: str | int | None
    enforce_nonce: bool
    reference: int | None
    mentions: list[int]
    mention_roles: list[int]
    mention_everyone: bool
    poll: Poll | None = None


def read(
    world: World,
    body: JSON,
    files: list[Upload],
    *,
    existing: Message | None = None,
    interaction: bool = False,
    loading: bool = False,
) -> Draft:
    """Returns the checked content of a new message, or of the edit of an existing one.

    body, files: the request.
    existing: the message that is edited; None for a new message.
    interaction: True for a response or follow-up, which may be ephemeral and by default mentions
        only users.
    loading: True for a deferral, which has no content and may set only the flag EPHEMERAL.

    Raises ApiError 50035 for wrong fields and 50006 for an empty message.
    """
    problems = Problems()
    if body.get("sticker_ids"):
        world.miss("stickers in messages")
        raise ApiError(404, 0, "The local Discord has no stickers yet.")
    content = fields.string(problems, body, "content", 0, 2000)
    tts = fields.flag(problems, body, "tts")
    flags = _flags(problems, body, existing, interaction=interaction, loading=loading)
    nonce = _nonce(problems, body)
    embeds = _embeds(problems, body)
    carried = uploads.attachments(
        problems, body, files, [] if existing is None else existing.attachments, world.ids
    )
    v2 = bool(flags & COMPONENTS_V2)
    names = frozenset(x.filename for x in carried)
    made = components.message_components(problems, body, v2=v2, ids=world.ids, files=names)
    allowed = _allowed(problems, body, interaction=interaction)
    reference = _reference(problems, body)
    poll = polls.read(problems, body)
    if poll is not None and (existing is not None or flags & (COMPONENTS_V2 | EPHEMERAL)):
        with problems.at("poll"):
            problems.say("A poll needs a new message that everyone sees, without components V2")
    if existing is not None:
        content = existing.content if "content" not in body else content
        embeds = existing.embeds if "embeds" not in body else embeds
        made = existing.components if "components" not in body else made
    content = (content or "").strip()
    if v2:
        for key, value in (("content", content), ("embeds", embeds)):
            if value:
                with problems.at(key):
                    problems.say("Cannot be used with the flag IS_COMPONENTS_V2")
    problems.raise_any()
    if not (content or embeds or made or carried or poll or loading):
        raise refusal(50006)
    texts = [content, *(str(x["content"]) for x in tree.walk(made) if x["type"] == 10)]
    mentions, roles, everyone = _mentioned(world, " ".join(texts), allowed)
    return Draft(
        content,
        embeds,
        made,
        carried,
        flags,
        tts,
        nonce,
        fields.flag(problems, body, "enforce_nonce"),
        reference,
        mentions,
        roles,
        everyone,
        poll,
    )


def _flags(
    problems: Problems, body: JSON, existing: Message | None, *, interaction: bool, loading: bool
) -> int:
    given = fields.whole(problems, body, "flags", 0, 2**53)
    if loading:
        return (given or 0) & EPHEMERAL
    settable = SUPPRESS_EMBEDS | COMPONENTS_V2
    if existing is not None:
        kept = existing.flags & ~SUPPRESS_EMBEDS if given is not None else existing.flags
        result = kept | (given or 0) & settable
        if given is not None and existing.flags & COMPONENTS_V2 and not given & COMPONENTS_V2:
            with problems.at("flags"):
                problems.say("The flag IS_COMPONENTS_V2 cannot be removed.")
        return result
    settable |= SUPPRESS_NOTIFICATIONS | (EPHEMERAL if interaction else 0)
    return (given or 0) & settable


def _nonce(problems: Problems, body: JSON) -> str | int | None:
    nonce = body.get("nonce")
    if isinstance(nonce, int) and not isinstance(nonce, bool):
        return nonce
    return fields.string(problems, body, "nonce", 0, 25) or None


def _reference(problems: Problems, body: JSON) -> int | None:
    node = body.get("message_reference")
    if not isinstance(node, dict):
        return None
    with problems.at("message_reference"):
        if node.get("type"):
            problems.say("The local Discord forwards no messages.")
        return fields.snowflake(node.get("message_id"))


def _embeds(problems: Problems, body: JSON) -> list[JSON]:
    result = []
    total = 0
    for place, node in enumerate(fields.objects(problems, body, "embeds", 0, 10)):
        with problems.at("embeds", place):
            made, length = _embed(problems, node)
            result.append(made)
            total += length
    if total > 6000:
        with problems.at("embeds"):
            problems.say("Embed size exceeds maximum size of 6000")
    return result


def _trimmed(problems: Problems, node: JSON, key: str, most: int, required: bool = False) -> str:
    value = node.get(key)
    if isinstance(value, str):
        node = {key: value.strip()}
    low = 1 if required else 0
    return fields.string(problems, node, key, low, most, required=required) or ""


def _embed(problems: Problems, node: JSON) -> tuple[JSON, int]:
    made: JSON = {"type": "rich"}
    texts = []
    for key, most in (("title", 256), ("description", 4096)):
        text = _trimmed(problems, node, key, most)
        if text:
            made[key] = text
            texts.append(text)
    colour = fields.whole(problems, node, "color", 0, 0xFFFFFF)
    if colour is not None:
        made["color"] = colour
    if isinstance(node.get("url"), str):
        made["url"] = node["url"]
    if node.get("timestamp") is not None:
        try:
            datetime.fromisoformat(str(node["timestamp"]))
            made["timestamp"] = node["timestamp"]
        except ValueError:
            with problems.at("timestamp"):
                problems.say("Could not parse this as a time.")
    for key, inner, most in (("footer", "text", 2048), ("author", "name", 256)):
        if isinstance(node.get(key), dict):
            with problems.at(key):
                text = _trimmed(problems, node[key], inner, most, True)
            made[key] = {k: v for k, v in node[key].items() if v is not None} | {inner: text}
            texts.append(text)
    for key in ("image", "thumbnail"):
        if isinstance(node.get(key), dict) and node[key].get("url"):
            made[key] = {"url": str(node[key]["url"]), "proxy_url": str(node[key]["url"])}
    found = []
    for place, item in enumerate(fields.objects(problems, node, "fields", 0, 25)):
        with problems.at("fields", place):
            name = _trimmed(problems, item, "name", 256, True)
            value = _trimmed(problems, item, "value", 1024, True)
            inline = fields.flag(problems, item, "inline")
            found.append({"name": name, "value": value, "inline": inline})
            texts += [name, value]
    if found:
        made["fields"] = found
    if len(made) == 1:
        with problems.at("description"):
            problems.say(fields.REQUIRED)
    return made, sum(map(len, texts))


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The mentions that a message may make (Discord's `allowed_mentions`).

    Attributes:
        parse: the kinds of mentions that are allowed for anybody: "users", "roles", "everyone".
        users: ids of users who may be mentioned.
        roles: ids of roles that may be mentioned.
    """

    parse: frozenset[str]
    users: frozenset[int]
    roles: frozenset[int]


def _allowed(problems: Problems, body: JSON, *, interaction: bool) -> _Allowed:
    default = frozenset({"users"} if interaction else {"users", "roles", "everyone"})
    node = body.get("allowed_mentions")
    if node is None:
        return _Allowed(default, frozenset(), frozenset())
    with problems.at("allowed_mentions"):
        if not isinstance(node, dict):
            problems.say("Only dictionaries can be used here.")
            return _Allowed(frozenset(), frozenset(), frozenset())
        parse = fields.array(problems, node, "parse", 0, 3)
        for place, word in enumerate(parse):
            if word not in ("users", "roles", "everyone"):
                with problems.at("parse", place):
                    problems.say("Value must be one of ('users', 'roles', 'everyone').")
        ids: dict[str, frozenset[int]] = {}
        for key in ("users", "roles"):
            listed = fields.array(problems, node, key, 0, 100)
            ids[key] = frozenset(x for x in map(fields.snowflake, listed) if x is not None)
            if listed and key in parse:
                with problems.at("parse"):
                    problems.say(f"parse and {key} cannot both name {key}.")
        return _Allowed(frozenset(map(str, parse)), ids["users"], ids["roles"])


def _mentioned(world: World, text: str, allowed: _Allowed) -> tuple[list[int], list[int], bool]:
    def chosen(found: Iterable[str], kind: str, ids: frozenset[int]) -> list[int]:
        seen = dict.fromkeys(int(x) for x in found)
        return [x for x in seen if kind in allowed.parse or x in ids]

    users = chosen(_MENTION.findall(text), "users", allowed.users)
    roles = chosen(_ROLE.findall(text), "roles", allowed.roles)
    everyone = "everyone" in allowed.parse and bool(re.search(r"@(everyone|here)\b", text))
    return [x for x in users if x in world.users], roles, everyone
