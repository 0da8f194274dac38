"""Functions that several cogs use: they read who made a request, and send a film card.

A film card is a message about one film, with further films as lines.
"""

import logging
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import offered_languages, speaking_to
from bot.client.reply import Sent, await_or_defer, send
from bot.services.app import App
from bot.services.catalogue.library import Choice, matching_choices
from bot.services.operations import markers
from bot.services.picks import impressions
from bot.services.picks.consent import FindMember, MemberNotKnown, ServerMember
from bot.services.view_models import FilmCard, Requester
from bot.services.zones import choices, shown
from bot.views import cards
from bot.wording import interaction as words
from bot.wording.people import zones
from bot.wording.people.languages import LIKE_DISCORD, chosen_name

log = logging.getLogger(__name__)

AGE_RESTRICTABLE = (
    discord.TextChannel,
    discord.VoiceChannel,
    discord.StageChannel,
    discord.ForumChannel,
    discord.Thread,
)

NOT_A_MEMBER_CODES = (10007, 10013)
"""Discord's error codes for: unknown member, unknown user."""

SERVER_ERROR = 500
ALREADY_ANSWERED = 40060
"""Discord's error code for an interaction that was already acknowledged, because an earlier answer
was lost.
"""

REACTION_PERMISSIONS = ("view_channel", "read_message_history", "add_reactions")
"""The permissions that the bot needs so that reactions can rate films, by discord.py's names."""


def requester(interaction: Press, *, private: bool = False) -> Requester:
    """Returns the requester of an interaction: the person, the server, the channel and the time.

    private: True if only the person sees the answer.
    """
    channel = interaction.channel
    return Requester(
        person_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        now=interaction.created_at,
        adult_ok=is_age_restricted(channel),
        private=private,
        member_since=_member_since(interaction.guild, interaction.user),
    )


def is_age_restricted(channel: object) -> bool:
    """True if Discord marks a channel for adults, or the channel of a thread."""
    return isinstance(channel, AGE_RESTRICTABLE) and channel.is_nsfw()


def member_finder(guild: discord.Guild | None) -> FindMember:
    """Returns a function that asks Discord for a member of the server.

    The function takes a person's id. It returns None for a bot and for anybody who is no member. It
    raises MemberNotKnown if Discord does not say.

    guild: None outside of a server; then the function always raises MemberNotKnown.
    """

    async def find_member(person_id: int) -> ServerMember | None:
        if guild is None:
            raise MemberNotKnown
        try:
            member = await guild.fetch_member(person_id)
        except discord.HTTPException as refusal:
            if refusal.code in NOT_A_MEMBER_CODES:
                return None
            raise MemberNotKnown from refusal
        since = _member_since(guild, member)
        if since is None:
            raise MemberNotKnown
        return None if member.bot else ServerMember(member.id, member.display_name, since)

    return find_member


def _member_since(
    guild: discord.Guild | None, person: discord.User | discord.Member
) -> datetime | None:
    """Returns when a person joined a server, or when the bot did if that was later.

    None outside of a server, and if Discord does not say.
    """
    joined = person.joined_at if isinstance(person, discord.Member) else None
    if guild is None or joined is None:
        return None
    ours = guild.me.joined_at if guild.me else None
    return max(joined, ours) if ours else joined


def listed_choices(texts: Mapping[str, str]) -> list[app_commands.Choice[str]]:
    """Returns the fixed choices of an option. texts: the text of each choice, by its value."""
    return [app_commands.Choice(name=text, value=value) for value, text in texts.items()]


def zone_choices(typed: str, now: datetime) -> list[app_commands.Choice[str]]:
    """Returns the suggestions for an option that is a time zone.

    typed: what the person has typed so far.
    now: the present time, aware.
    """
    return [
        app_commands.Choice(name=zones.zone_choice(zone, now), value=shown(zone))
        for zone in choices(typed, now)
    ]


def language_choices(app: App, typed: str) -> list[app_commands.Choice[str]]:
    """Returns the suggestions for an option that is the language of the bot.

    typed: what the person has typed so far.
    """
    codes = (None, *offered_languages(app.settings))
    every = [Choice(chosen_name(code), code or LIKE_DISCORD) for code in codes]
    return [
        app_commands.Choice(name=one.name, value=one.value)
        for one in matching_choices(every, typed)
    ]


def message_id(interaction: Press) -> int | None:
    """Returns the id of the message whose button was pressed; None for a command."""
    return interaction.message.id if interaction.message else None


def reactable(interaction: Press, *, private: bool) -> bool:
    """True if Discord will report to the bot the reactions to a card that is sent here.

    A card is a message about a film. Discord does not report reactions to private messages. It also
    does not report them in servers without the bot, and where the bot lacks permissions.

    private: True if only the person will see the card.
    """
    if private:
        return False
    if interaction.guild_id is None:
        return interaction.context.dm_channel and interaction.is_guild_integration()
    return interaction.is_guild_integration() and not missing_permissions(
        interaction.app_permissions
    )


def missing_permissions(permissions: discord.Permissions) -> list[str]:
    """Returns the permissions that the bot lacks and needs for reactions, by discord.py's names."""
    return [name for name in REACTION_PERMISSIONS if not getattr(permissions, name)]


async def show_card(
    interaction: Press, work: Coroutine[Any, Any, FilmCard], *, private: bool
) -> FilmCard:
    """Waits for a card, sends it, and records which message shows it.

    If reactions work here, the card is also queued for the rating emoji that the bot puts under a
    card.

    work: a service's coroutine that returns the card.
    private: True if only the person sees the card.

    Returns the card as it was sent.
    """
    made: list[FilmCard] = []

    async def make() -> FilmCard:
        made.append(await work)
        return made[0]

    sending = False
    try:
        card = await await_or_defer(interaction, make(), private=private)
        can_react = reactable(interaction, private=private)
        with speaking_to(interaction.client.app, interaction, private=private):
            lacking = None if can_react or private else await permission_note(interaction)
            view = cards.film_card(card, reactable=can_react, note=lacking)
        sending = True
        sent = await send(interaction, view, private=private)
    except Exception as failure:
        if made:
            await note_unsent(interaction.client, made[0], failure if sending else None)
        raise
    await register(interaction.client, card, sent, seed=can_react, private=private)
    return card


async def note_unsent(client: MatineeBot, card: FilmCard, failure: Exception | None) -> None:
    """Stores that nobody saw the films of a card (a message about films), unless it may have been
    sent.

    It may have been sent if the connection broke, or if Discord had already been answered. The bot
    then looks for it later.

    failure: the error that was raised when the card was sent; None if no try was made.
    """
    refused = isinstance(failure, discord.HTTPException) and failure.status < SERVER_ERROR
    answered = getattr(failure, "code", 0) == ALREADY_ANSWERED
    if failure is not None and (not refused or answered):
        client.reaction_inbox.put_gap()
        return
    try:
        await impressions.record_undelivered(client.app, card)
    except Exception:
        log.exception("it is not recorded that a card did not come")


async def register(client: Any, card: FilmCard, sent: Sent, *, seed: bool, private: bool) -> None:
    """Stores which message shows the card, so that reactions to the message rate the film. A
    private message is not stored, because nobody can react to it. If storing fails, the card is
    still there for people, and the bot looks for it later.

    sent: the message.
    seed: True to put the rating emoji under the card, unless the settings forbid that.
    private: True if only the person sees the card.
    """
    if private or not sent.message_id:
        return
    stored = impressions.attach_message(client.app, card, sent.message_id, sent.channel_id)
    emoji = [step.emoji for step in card.scale.seeds(card.surface)] if seed else []
    await keep_card(client, stored, sent, emoji, post=card.surface == "post")


async def keep_card(
    client: MatineeBot,
    storing: Awaitable[None],
    sent: Sent,
    seeded: Sequence[str],
    *,
    post: bool = False,
) -> None:
    """Waits until it is stored that a message is a card (a message about a film).

    If storing fails, the message is looked for later.

    seeded: the rating emoji to put under the card, unless the settings forbid that.
    post: True if the card is a scheduled post.
    """
    try:
        await storing
    except Exception:
        log.exception("the card %s is not recorded; it is looked for later", sent.message_id)
        client.reaction_inbox.put_gap()
    if seeded and client.app.settings.seed_reactions:
        client.reaction_queue.add(sent.channel_id, sent.message_id, seeded, post=post)


async def permission_note(interaction: Press) -> str | None:
    """Returns a sentence that names the permissions that the bot lacks here for reactions.

    None if it lacks nothing, or if the sentence was shown in this channel before.
    """
    if interaction.guild_id is None or not interaction.is_guild_integration():
        return None
    lacking = missing_permissions(interaction.app_permissions)
    if not lacking or not await markers.first_time(
        interaction.client.app, f"permissions:{interaction.channel_id}"
    ):
        return None
    return words.permissions_missing(lacking)
