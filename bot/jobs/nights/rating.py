"""The card with which the people who came rate the film of a movie night."""

import logging

import discord
from discord import ui

from bot.client.client import MatineeBot
from bot.client.refusals import next_step
from bot.client.reply import Sent
from bot.cogs.interaction import keep_card, missing_permissions
from bot.jobs.nights.sending import (
    Channel,
    Later,
    channel_of,
    has_action,
    in_language_of,
    may_name,
    send_once,
)
from bot.services.nights import course
from bot.services.nights.view_models import Night, NightView
from bot.services.scale import RatingScale
from bot.views.buttons import shown_scale
from bot.views.nights import rating_card

log = logging.getLogger(__name__)


async def send_card(bot: MatineeBot, night: Night, view: NightView, guild: discord.Guild) -> None:
    """Sends the card of a night unless it was sent, and stores it, so that reactions rate the film.

    A card that was sent before the bot ended keeps the emoji that its legend shows. Raises Later if
    it is to be tried again.
    """
    line, version = view.chosen, bot.app.live.served.version
    assert line is not None
    scale, sent_now = bot.app.scales.of_server(night.guild_id), False

    def content(channel: Channel) -> ui.LayoutView | None:
        nonlocal sent_now
        if not may_name(view, channel):
            return None
        sent_now = True
        can = not missing_permissions(channel.permissions_for(guild.me))
        with in_language_of(bot, night):
            return rating_card(night.id, line, guild.id, version, scale, reactable=can)

    def is_it(message: discord.Message) -> bool:
        return has_action(message, "night-there", night.id)

    sent = await send_once(bot, night, "card", content, is_it)
    if sent is None:
        return
    if not sent_now:
        scale = await _scale_of(bot, night, sent) or scale
    storing = course.record_card(bot.app, night, sent, scale)
    emoji = [step.emoji for step in scale.seeds("recommend")]
    await keep_card(bot, storing, Sent(sent, night.channel_id), emoji)


async def _scale_of(bot: MatineeBot, night: Night, message_id: int) -> RatingScale | None:
    """Returns the scale that the legend of a card shows; None if the card cannot be read.

    Raises Later if that is to be tried again.
    """
    channel = await channel_of(bot, night)
    if channel is None:
        return None
    try:
        message = await channel.fetch_message(message_id)
    except Exception as failure:
        if next_step(failure) == "again":
            raise Later from failure
        log.info("the card of the night %s cannot be read: %s", night.id, failure)
        return None
    return bot.app.scales.with_id(shown_scale(message))
