"""The polls and scheduled events of movie nights on Discord."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bot.client.client import MatineeBot
from bot.client.refusals import next_step
from bot.jobs.nights.sending import (
    Channel,
    Later,
    channel_of,
    in_language_of,
    send_once,
    tell_planner,
)
from bot.services.nights import course
from bot.services.nights.view_models import Night, NightView
from bot.wording.nights import messages as words

log = logging.getLogger(__name__)

SAME_TIME = timedelta(seconds=1)
"""Discord may round the start of an event by less than this."""

COUNTED_WITHIN = timedelta(minutes=10)
"""How long Discord may take to count a poll. After it the bot takes the votes that it sees."""


async def send_poll(bot: MatineeBot, night: Night, view: NightView) -> int | None:
    """Sends the poll of a night unless it was sent; returns its message's id.

    Returns None if it was given up, or if its time was over before the bot could send it.
    """
    now = bot.app.clock()
    assert night.poll_until is not None
    claimed = "poll" in await course.messages(bot.app, night.id)
    if not claimed and now >= night.poll_until:
        return None
    with in_language_of(bot, night):
        question = words.poll_question()
        answers = [words.poll_answer(one.line) for one in view.films]
    hours = course.poll_hours(now, night.poll_until)

    def content(_: Channel) -> discord.Poll:
        poll = discord.Poll(question, duration=timedelta(hours=hours), multiple=True)
        for answer in answers:
            poll.add_answer(text=answer)
        return poll

    def is_it(message: discord.Message) -> bool:
        return message.poll is not None and _answers(message.poll) == answers

    try:
        return await send_once(bot, night, "poll", content, is_it)
    except Later:
        if now >= night.poll_until + COUNTED_WITHIN:
            return None  # the bot may not look for it, and the night must go on
        raise


def _answers(poll: discord.Poll) -> list[str]:
    return [str(answer.media.text) for answer in poll.answers]


async def read_votes(
    bot: MatineeBot, night: Night, message_id: int, now: datetime
) -> Sequence[int] | None:
    """Returns how many voted for each film, once the poll has ended; None if the poll is gone.

    Ends the poll if its time is over. Raises Later if its votes are not counted yet.
    """
    assert night.poll_until is not None
    message = await _poll(bot, night, message_id)
    if message is None or message.poll is None:
        return None
    if message.poll.is_finalised() or now >= night.poll_until + COUNTED_WITHIN:
        return [answer.vote_count for answer in message.poll.answers]
    await _end(message, now)
    raise Later


async def end_poll(bot: MatineeBot, night: Night, message_id: int) -> None:
    """Ends the poll of a night that was cancelled. Raises Later if that is to be tried again."""
    message = await _poll(bot, night, message_id)
    if message is not None and message.poll is not None and not message.poll.is_finalised():
        await _end(message, bot.app.clock())


async def _end(message: discord.Message, now: datetime) -> None:
    poll = message.poll
    if poll is None or (poll.expires_at is not None and poll.expires_at <= now):
        return  # Discord has ended it and is counting
    try:
        await message.end_poll()
    except Exception as failure:
        if next_step(failure) == "again":
            raise Later from failure
        log.info("a poll could not be ended: %s", failure)


async def _poll(bot: MatineeBot, night: Night, message_id: int) -> discord.Message | None:
    """Returns the message of a poll; None if it is gone or the bot may not read it any more."""
    channel = await channel_of(bot, night)
    if channel is None:
        return None
    try:
        return await channel.fetch_message(message_id)
    except Exception as failure:
        if next_step(failure) == "again":
            raise Later from failure
        log.info("the poll of the night %s cannot be read: %s", night.id, failure)
        return None


async def make_event(bot: MatineeBot, night: Night, view: NightView) -> None:
    """Makes the scheduled event of a night unless it was made.

    If Discord refuses it, the planner of the night gets a message. Raises Later if it is to be
    tried again.
    """
    app, now = bot.app, bot.app.clock()
    guild = bot.get_guild(night.guild_id)
    before = (await course.messages(app, night.id)).get("event")
    if guild is None or night.ends_at is None or (before is not None and before.outcome):
        return
    film = None if view.adult else view.chosen
    with in_language_of(bot, night):
        name, description = words.event_name(film), words.event_description(film)
        place = words.event_place(guild.name)
    if before is None:
        await course.claim(app, night.id, "event", now)
    elif (known := await _find_event(bot, guild, name, night)) is not None:
        await course.record_event(app, night.id, known, now)
        return
    voice = guild.get_channel(night.voice_id or 0)
    try:
        if isinstance(voice, discord.VoiceChannel):
            event = await guild.create_scheduled_event(
                name=name,
                description=description,
                start_time=night.starts_at,
                end_time=night.ends_at,
                entity_type=discord.EntityType.voice,
                channel=voice,
                privacy_level=discord.PrivacyLevel.guild_only,
            )
        else:
            event = await guild.create_scheduled_event(
                name=name,
                description=description,
                start_time=night.starts_at,
                end_time=night.ends_at,
                entity_type=discord.EntityType.external,
                location=place,
                privacy_level=discord.PrivacyLevel.guild_only,
            )
    except Exception as failure:
        if next_step(failure) == "again" and now < night.starts_at:
            raise Later from failure
        log.info("no event for the night %s: %s", night.id, failure)
        await course.record(app, night.id, "event", None, "refused")
        await tell_planner(bot, night, words.no_event)
        return
    await course.record_event(app, night.id, event.id, now)


async def _find_event(bot: MatineeBot, guild: discord.Guild, name: str, night: Night) -> int | None:
    """Returns the id of a night's event that was claimed before; None if it is not there.

    Raises Later if Discord is to be asked again.
    """
    try:
        events = await guild.fetch_scheduled_events(with_counts=False)
    except Exception as failure:
        if next_step(failure) == "again":
            raise Later from failure
        return None
    for event in events:
        ours = bot.user is not None and event.creator_id == bot.user.id
        if ours and event.name == name and event.start_time == night.starts_at:
            return event.id
    return None


def moved_event(night: Night, guild: discord.Guild) -> discord.ScheduledEvent | None:
    """Returns the scheduled event of a night if somebody has moved it; None if nobody has.

    It was moved if it starts at another time than the night, or takes place in another channel.
    """
    event = None if night.event_id is None else guild.get_scheduled_event(night.event_id)
    if event is None:
        return None
    moved = abs(event.start_time - night.starts_at) >= SAME_TIME
    rooms = {channel.id for channel in guild.voice_channels}
    elsewhere = event.channel_id in rooms and event.channel_id != night.voice_id
    return event if moved or elsewhere else None


async def remove_event(bot: MatineeBot, night: Night, view: NightView) -> None:
    """Deletes the scheduled event of a night that was cancelled, if there is one.

    Raises Later if that is to be tried again.
    """
    guild = bot.get_guild(night.guild_id)
    claimed = (await course.messages(bot.app, night.id)).get("event")
    if guild is None or claimed is None or claimed.outcome:
        return
    event_id = night.event_id
    if event_id is None and view.chosen is not None:
        with in_language_of(bot, night):
            name = words.event_name(None if view.adult else view.chosen)
        event_id = await _find_event(bot, guild, name, night)
    if event_id is None:
        return
    try:
        event = await guild.fetch_scheduled_event(event_id, with_counts=False)
        await event.delete()
    except Exception as failure:
        if next_step(failure) == "again":
            raise Later from failure
        log.info("the event of the night %s is not deleted: %s", night.id, failure)
    await course.record_event(bot.app, night.id, None, bot.app.clock())
