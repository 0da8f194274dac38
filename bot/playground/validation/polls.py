"""Checks of the poll in a new message (Discord's resources/poll)."""

from bot.playground.records.objects import JSON
from bot.playground.records.polls import Poll, PollAnswer
from bot.playground.validation import fields
from bot.playground.validation.emoji import is_unicode
from bot.playground.validation.errors import Problems

MAX_QUESTION, MAX_ANSWER, MAX_ANSWERS = 300, 55, 10

MAX_HOURS, DEFAULT_HOURS = 768, 24


def read(problems: Problems, body: JSON) -> Poll | None:
    """Returns the checked poll in the field `poll`; None if the message has no poll.

    problems: collects the errors. If there are any, the poll is not to be used.
    """
    node = body.get("poll")
    if node is None:
        return None
    with problems.at("poll"):
        if not isinstance(node, dict):
            problems.say("Only dictionaries can be used here.")
            return None
        question = _question(problems, node)
        answers = []
        found = fields.objects(problems, node, "answers", 1, MAX_ANSWERS, required=True)
        for place, item in enumerate(found):
            with problems.at("answers", place):
                answers.append(_answer(problems, item, place + 1))
        fields.choice(problems, node, "layout_type", (1,))
        hours = fields.whole(problems, _whole(node), "duration", 1, MAX_HOURS)
        multiple = fields.flag(problems, node, "allow_multiselect")
    return Poll(question, answers, hours or DEFAULT_HOURS, multiple)


def _whole(node: JSON) -> JSON:
    """Returns the poll with a duration such as 24.0 as a whole number, for which JSON takes it."""
    hours = node.get("duration")
    if isinstance(hours, float) and hours.is_integer():
        return node | {"duration": int(hours)}
    return node


def _question(problems: Problems, node: JSON) -> str:
    media = _object(problems, node, "question")
    with problems.at("question"):
        if media is None:
            return ""
        if media.get("emoji") is not None:
            with problems.at("emoji"):
                problems.say("Only text can be used in the question.")
        return _text(problems, media, MAX_QUESTION)


def _answer(problems: Problems, node: JSON, number: int) -> PollAnswer:
    media = _object(problems, node, "poll_media")
    with problems.at("poll_media"):
        if media is None:
            return PollAnswer(number, "")
        text = _text(problems, media, MAX_ANSWER)
        emoji = _object(problems, media, "emoji", required=False)
        return PollAnswer(number, text, None if emoji is None else _emoji(problems, emoji))


def _emoji(problems: Problems, node: JSON) -> JSON | None:
    given, name = node.get("id"), str(node.get("name") or "")
    number = fields.snowflake(given)
    if number is not None:
        return {"id": str(number), "name": name, "animated": bool(node.get("animated"))}
    if given is None and is_unicode(name):
        return {"id": None, "name": name}
    with problems.at("emoji"):
        problems.say("Say the id of a guild's emoji, or one emoji as the name.")
    return None


def _text(problems: Problems, media: JSON, most: int) -> str:
    text = media.get("text")
    if isinstance(text, str):
        media = media | {"text": text.strip()}
    return fields.string(problems, media, "text", 1, most, required=True) or ""


def _object(problems: Problems, node: JSON, key: str, *, required: bool = True) -> JSON | None:
    value = node.get(key)
    with problems.at(key):
        if isinstance(value, dict):
            return value
        if value is not None:
            problems.say("Only dictionaries can be used here.")
        elif required:
            problems.say(fields.REQUIRED)
    return None
