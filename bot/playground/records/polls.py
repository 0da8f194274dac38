"""Polls of messages, and their JSON (Discord's resources/poll)."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.playground.records.objects import JSON
from bot.playground.records.snowflakes import iso


@dataclass(slots=True)
class PollAnswer:
    """One of the answers of a poll.

    Attributes:
        id: the answer's number, from 1 on.
        text: its text.
        emoji: the emoji in Discord's form, or None without one.
        voters: ids of the users who voted for it, in the order of their votes.
    """

    id: int
    text: str
    emoji: JSON | None = None
    voters: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class Poll:
    """A poll of a message.

    Attributes:
        question: the question's text.
        answers: the answers in their order.
        hours: for how many hours it is open.
        multiple: True if a person may vote for several answers.
        expiry: when it ends or has ended, aware, UTC; None until its message is sent.
        ended: True if nobody can vote any more.
        finalized: True if the votes were counted after its end.
    """

    question: str
    answers: list[PollAnswer]
    hours: int
    multiple: bool = False
    expiry: datetime | None = None
    ended: bool = False
    finalized: bool = False

    def answer(self, number: int) -> PollAnswer | None:
        """Returns the answer with this number, or None."""
        return next((x for x in self.answers if x.id == number), None)


def poll(poll_: Poll, reader: int) -> JSON:
    """Returns a poll's JSON as the user `reader` sees it."""
    return {
        "question": {"text": poll_.question},
        "answers": [
            {
                "answer_id": x.id,
                "poll_media": {"text": x.text} | ({} if x.emoji is None else {"emoji": x.emoji}),
            }
            for x in poll_.answers
        ],
        "expiry": None if poll_.expiry is None else iso(poll_.expiry),
        "allow_multiselect": poll_.multiple,
        "layout_type": 1,
        "results": {
            "is_finalized": poll_.finalized,
            "answer_counts": [
                {"id": x.id, "count": len(x.voters), "me_voted": reader in x.voters}
                for x in poll_.answers
                if x.voters
            ],
        },
    }


def result_embed(poll_: Poll) -> JSON:
    """Returns the embed of the message that tells how a poll ended.

    The fields about the winner are missing if several answers have the most votes, or none has any.
    """
    most = max(len(x.voters) for x in poll_.answers)
    winners = [x for x in poll_.answers if len(x.voters) == most]
    found = {
        "poll_question_text": poll_.question,
        "victor_answer_votes": str(most),
        "total_votes": str(sum(len(x.voters) for x in poll_.answers)),
    }
    if most and len(winners) == 1:
        winner = winners[0]
        found |= {"victor_answer_id": str(winner.id), "victor_answer_text": winner.text}
        emoji = winner.emoji or {}
        if emoji.get("id") is not None:
            found["victor_answer_emoji_id"] = emoji["id"]
            found["victor_answer_emoji_animated"] = str(bool(emoji.get("animated"))).lower()
        if emoji.get("name"):
            found["victor_answer_emoji_name"] = emoji["name"]
    fields = [{"name": k, "value": v, "inline": False} for k, v in found.items()]
    return {"type": "poll_result", "fields": fields}
