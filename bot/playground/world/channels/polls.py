"""Voting in polls, and their end, by Discord's rules (resources/poll)."""

from collections.abc import Collection
from datetime import timedelta

from bot.playground.records import permissions
from bot.playground.records.channels import EPHEMERAL, POLL_RESULT, Channel, Message
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.records.polls import Poll, PollAnswer, result_embed
from bot.playground.validation.errors import ApiError, refusal
from bot.playground.world.channels import posting
from bot.playground.world.channels.access import require
from bot.playground.world.world import World

TALLY = timedelta(milliseconds=50)
"""How long after its end the votes of a poll are counted. Discord does not say how long."""


def vote(
    world: World, channel: Channel, message: Message, user_id: int, wanted: Collection[int]
) -> None:
    """Makes `wanted` the answers that a person votes for, as numbers; none takes the votes back.

    Raises ApiError 50001 or 50013 if the person may not read here, 520000 for a bot and for a
    person in a time-out, 520001 if the poll has ended, 50035 for wrong answers.
    """
    require(world, user_id, channel, permissions.READ_MESSAGE_HISTORY)
    poll = of(message)
    if world.users[user_id].bot or world.is_timed_out(world.guild_of(channel), user_id):
        raise refusal(520000)
    if message.flags & EPHEMERAL:
        raise refusal(10008)
    if poll.ended:
        raise refusal(520001)
    if len(set(wanted)) > 1 and not poll.multiple:
        raise _wrong_answer("This poll takes one answer.")
    for number in wanted:
        answer(poll, number)
    former = [x for x in poll.answers if user_id in x.voters]
    for gone in former:
        if gone.id not in wanted:
            del gone.voters[user_id]
            _emit(world, "MESSAGE_POLL_VOTE_REMOVE", channel, message, user_id, gone)
    for chosen in poll.answers:
        if chosen.id in wanted and user_id not in chosen.voters:
            chosen.voters[user_id] = None
            _emit(world, "MESSAGE_POLL_VOTE_ADD", channel, message, user_id, chosen)


def of(message: Message) -> Poll:
    """Returns the poll of a message. Raises ApiError 520006 if it has no poll."""
    if message.poll is None:
        raise refusal(520006)
    return message.poll


def answer(poll: Poll, number: int) -> PollAnswer:
    """Returns an answer of a poll by its number. Raises ApiError 50035 if there is no such one."""
    found = poll.answer(number)
    if found is None:
        raise _wrong_answer("There is no such answer.")
    return found


def end(world: World, channel: Channel, message: Message, user_id: int) -> None:
    """Ends a poll before its time.

    Raises ApiError 520006 for a message without a poll, 50013 if somebody else asked, 520001 if the
    poll has ended.
    """
    poll = of(message)
    if message.author_id != user_id:
        raise refusal(50013)
    if poll.ended:
        raise refusal(520001)
    poll.expiry = world.clock.now()
    _close(world, channel, message)


def await_end(world: World, channel: Channel, message: Message) -> None:
    """Lets the poll of a message that is about to be sent end at its time, if it has one."""
    if message.poll is None:
        return
    poll = message.poll
    poll.expiry = world.clock.now() + timedelta(hours=poll.hours)

    def expire() -> None:
        if not poll.ended and _is_there(world, channel, message):
            _close(world, channel, message)

    world.alarms.set(poll.expiry, expire)


def _close(world: World, channel: Channel, message: Message) -> None:
    """Ends a poll, says so, and lets its votes be counted a little later."""
    poll = of(message)
    poll.ended = True
    posting.announce_change(world, channel, message)

    def tally() -> None:
        if not _is_there(world, channel, message):
            return
        poll.finalized = True
        posting.announce_change(world, channel, message)
        made = world.ids.next()
        told = Message(made, channel.id, message.author_id, world.clock.now(), kind=POLL_RESULT)
        told.embeds = [result_embed(poll)]
        told.reference = message.id
        told.mentions = [message.author_id]
        posting.post(world, channel, told)

    world.alarms.set(world.clock.now() + TALLY, tally)


def _is_there(world: World, channel: Channel, message: Message) -> bool:
    """True if neither the message nor its channel was deleted."""
    return world.channels.get(channel.id) is channel and message.id in channel.messages


def _emit(
    world: World, name: str, channel: Channel, message: Message, user_id: int, answer: PollAnswer
) -> None:
    data: JSON = {
        "user_id": str(user_id),
        "channel_id": str(channel.id),
        "message_id": str(message.id),
        "answer_id": answer.id,
    }
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
    world.emit(Event(name, data, channel.guild_id, channel.id, message))


def _wrong_answer(sentence: str) -> ApiError:
    nested = {"answer_id": {"_errors": [{"code": 50035, "message": sentence}]}}
    return ApiError(400, 50035, "Invalid Form Body", nested)
