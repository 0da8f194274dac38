"""Messages and reactions as the page shows them: with the people who reacted.

Discord's own JSON has no names of these people; its client asks for them when a person points at a
reaction.
"""

from bot.playground.records import message_payloads, polls
from bot.playground.records.channels import Message
from bot.playground.records.objects import JSON
from bot.playground.records.polls import Poll
from bot.playground.world import rendering
from bot.playground.world.world import World


def message(world: World, found: Message, reader: int) -> JSON:
    """Returns a message as the page of the user `reader` gets it."""
    shown = rendering.message(world, found, reader, files="")
    if "reactions" in shown:
        shown["reactions"] = reactions(found, reader)
    if found.poll is not None:
        shown["poll"] = poll(found.poll, reader)
    return shown


def poll(found: Poll, reader: int) -> JSON:
    """Returns a poll as the page of the user `reader` gets it.

    It has the field `ended`, and each answer the field `people`: the ids of those who voted for it,
    the first one first.
    """
    shown = polls.poll(found, reader)
    for entry, answer in zip(shown["answers"], found.answers, strict=True):
        entry["people"] = [str(user) for user in answer.voters]
    return shown | {"ended": found.ended}


def reactions(found: Message, reader: int) -> list[JSON]:
    """Returns the reactions to a message as the page of the user `reader` gets them.

    Each has the field `people`: the ids of those who reacted, the first one first.
    """
    listed = message_payloads.reactions(found, reader)
    return [
        shown | {"people": [str(user) for user in {**kind.users, **kind.bursts}]}
        for shown, kind in zip(listed, found.reactions, strict=True)
    ]
