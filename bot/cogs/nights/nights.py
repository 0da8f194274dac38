"""/movienight: plans evenings with a film for several members, and lists those of a server."""

import re
from collections.abc import Sequence
from datetime import datetime

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import speaking_to
from bot.client.reply import await_or_defer, edit, send
from bot.cogs.interaction import member_finder, message_id, requester
from bot.errors import Sorry
from bot.services.nights import attendance, course, plan, questions
from bot.services.nights.view_models import Night, NightView
from bot.services.nights.when import night_time
from bot.services.picks.consent import FindMember, MemberNotKnown, ServerMember
from bot.services.view_models import Requester
from bot.views import cards
from bot.views.custom_ids import CustomId, long_ids
from bot.views.nights import history_view, shortlist_view, there_view, winner_view
from bot.wording import commands as texts
from bot.wording.interaction import permission_names
from bot.wording.nights import messages as words

MENTION = re.compile(r"<@!?(\d{1,20})>")
SEPARATORS = ", \t\n"
MAX_ASKED = 25  # the most people about whom Discord is asked for one night
MESSAGE_PERMISSIONS = ("view_channel", "send_messages")
POLL_PERMISSIONS = (*MESSAGE_PERMISSIONS, "read_message_history", "send_polls")


class MovieNights(commands.Cog):
    """/movienight, and the buttons of movie nights.

    What the buttons decide is stored; the job of the movie nights carries it out.
    """

    movienight = app_commands.Group(
        name="movienight",
        description=texts.MOVIENIGHT,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "night-poll": self.poll,
            "night-first": self.take_first,
            "night-event": self.schedule,
            "night-cancel": self.cancel,
            "night-drop": self.drop,
            "night-there": self.say_there,
            "night-not-there": self.take_back_there,
            "night-yes": self.answer,
            "night-no": self.answer,
            "night-never": self.answer,
        }

    @movienight.command(name="plan", description=texts.MOVIENIGHT_PLAN)
    @app_commands.describe(
        when=texts.MOVIENIGHT_WHEN,
        members=texts.MOVIENIGHT_MEMBERS,
        voice=texts.MOVIENIGHT_VOICE,
    )
    async def plan(
        self,
        interaction: Press,
        when: str,
        members: str | None = None,
        voice: discord.VoiceChannel | None = None,
    ) -> None:
        person = requester(interaction)
        zone = await plan.zone_of(self.bot.app, person)
        starts_at = night_time(when, person.now, zone)
        self._check_permissions(interaction, MESSAGE_PERMISSIONS)
        channel = None if voice is None else self.bot.get_channel(voice.id)
        present = channel.voice_states if isinstance(channel, discord.VoiceChannel) else {}
        mentioned = _mentioned(members or "")
        find = member_finder(interaction.guild)
        work = self._plan(person, find, mentioned, list(present), starts_at, voice)
        view = await await_or_defer(interaction, work, private=False)
        try:
            with speaking_to(self.bot.app, interaction, private=False):
                drawn = shortlist_view(view)
            sent = await send(interaction, drawn, private=False)
        except Exception:
            await plan.forget(self.bot.app, view.id)
            raise
        await plan.attach_list(self.bot.app, view.id, sent.message_id)
        self.bot.nights_changed.set()

    @movienight.command(name="history", description=texts.MOVIENIGHT_HISTORY)
    async def history(self, interaction: Press) -> None:
        await send(interaction, await self._history(interaction), private=True)

    async def _plan(
        self,
        person: Requester,
        find_member: FindMember,
        mentioned: list[int],
        present: list[int],
        starts_at: datetime,
        voice: discord.VoiceChannel | None,
    ) -> NightView:
        """Plans the night.

        mentioned: ids of the people whom the planner named.
        present: ids of the people who are in the voice channel now.
        """
        wanted = dict.fromkeys((person.person_id, *mentioned, *present))
        if len(wanted) > MAX_ASKED:
            raise Sorry("night-too-many", count=plan.MAX_PEOPLE)
        members: list[ServerMember] = []
        for one in wanted:
            found = await find_member(one)
            if found is not None:
                members.append(found)
            elif one in mentioned:
                raise Sorry("not-a-member")
        voice_id = None if voice is None else voice.id
        return await plan.plan(self.bot.app, person, members, starts_at, voice_id)

    async def poll(self, interaction: Press, pressed: CustomId) -> None:
        """Lets people vote on the films of a night."""
        night = await self._directed(interaction, pressed)
        self._check_permissions(interaction, POLL_PERMISSIONS)
        await course.begin_poll(self.bot.app, night, interaction.created_at)
        await self._show(interaction, night.id)

    async def take_first(self, interaction: Press, pressed: CustomId) -> None:
        """Chooses the first film of a night, without a vote."""
        night = await self._directed(interaction, pressed)
        await course.take_first(self.bot.app, night, interaction.created_at)
        await self._show(interaction, night.id)

    async def schedule(self, interaction: Press, pressed: CustomId) -> None:
        """Makes a scheduled event of a night, if the bot may."""
        night = await self._directed(interaction, pressed)
        self._check_event_permissions(interaction, night.voice_id)
        await course.schedule(self.bot.app, night, interaction.created_at)
        await self._show(interaction, night.id)

    async def cancel(self, interaction: Press, pressed: CustomId) -> None:
        """Cancels a night: its poll ends, its event goes, and nothing counts as seen."""
        night = await self._directed(interaction, pressed)
        await course.cancel(self.bot.app, night, interaction.created_at)
        await self._show(interaction, night.id)

    async def drop(self, interaction: Press, pressed: CustomId) -> None:
        """Cancels a night from the list of nights, wherever its own messages are."""
        night = await self._directed(interaction, pressed)
        await course.cancel(self.bot.app, night, interaction.created_at)
        self.bot.nights_changed.set()
        await edit(interaction, await self._history(interaction))

    async def say_there(self, interaction: Press, pressed: CustomId) -> None:
        """Marks the film of a night as seen for whoever presses, and lets them rate it."""
        person = requester(interaction, private=True)
        film, marked = await attendance.say_there(self.bot.app, person, pressed.number(0))
        view = there_view(pressed.number(0), film, marked.film)
        await send(interaction, view, private=True)

    async def take_back_there(self, interaction: Press, pressed: CustomId) -> None:
        """Takes back that somebody was there."""
        person = requester(interaction, private=True)
        await attendance.take_back_there(self.bot.app, person, pressed.number(0))
        await edit(interaction, cards.text_view(words.took_back_there()))

    async def answer(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether a person's taste counts in a server's movie nights."""
        said = pressed.action.removeprefix("night-")
        person = requester(interaction, private=True)
        guild_id = next(iter(long_ids(pressed.text(0))), 0)
        await questions.answer(self.bot.app, person, guild_id, said)
        await edit(interaction, cards.text_view(words.answered(said)))

    @commands.Cog.listener()
    async def on_scheduled_event_update(
        self, before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """Tells the job if an event of the bot's has changed: its night follows it."""
        if self.bot.user is not None and after.creator_id == self.bot.user.id:
            self.bot.nights_changed.set()

    @commands.Cog.listener()
    async def on_voice_state_update(
        self,
        member: discord.Member,
        before: discord.VoiceState,
        after: discord.VoiceState,
    ) -> None:
        """Tells the job if somebody comes to the voice channel of a night, or leaves it."""
        places = {one.channel.id for one in (before, after) if one.channel is not None}
        if places & self.bot.watched_voice:
            self.bot.nights_changed.set()

    async def _directed(self, interaction: Press, pressed: CustomId) -> Night:
        """Returns the night of a button, if whoever pressed may direct it."""
        return await course.may_direct(
            self.bot.app, requester(interaction), pressed.number(0), manages=_manages(interaction)
        )

    async def _history(self, interaction: Press) -> ui.LayoutView:
        """Returns the list of the server's nights, as whoever asks sees it."""
        person = requester(interaction, private=True)
        return history_view(await plan.history(self.bot.app, person, manages=_manages(interaction)))

    async def _show(self, interaction: Press, night_id: int) -> None:
        """Shows how far a night is in the message whose button was pressed, and tells the job."""
        self.bot.nights_changed.set()
        find = member_finder(interaction.guild)
        announced = await course.is_announcement(self.bot.app, night_id, message_id(interaction))
        try:
            members = None if announced else await plan.guests_of(self.bot.app, night_id, find)
        except MemberNotKnown:
            members = None
        view = await plan.read_view(self.bot.app, night_id, members)
        with speaking_to(self.bot.app, interaction, private=False):
            drawn = winner_view(view) if announced else shortlist_view(view)
        await edit(interaction, drawn)

    def _check_permissions(self, interaction: Press, names: Sequence[str]) -> None:
        """Raises Sorry, naming the permissions that the bot lacks in this channel, if any."""
        if not interaction.is_guild_integration():
            raise Sorry("servers-only")
        lacking = [name for name in names if not getattr(interaction.app_permissions, name)]
        if lacking:
            raise Sorry("night-permissions", permissions=permission_names(lacking))

    def _check_event_permissions(self, interaction: Press, voice_id: int | None) -> None:
        """Raises Sorry if the bot lacks a permission that making a scheduled event needs.

        The message names the missing permissions.
        """
        guild = interaction.guild
        voice = guild.get_channel(voice_id) if guild and voice_id else None
        if guild is None or voice is None:
            allowed = guild.me.guild_permissions if guild else interaction.app_permissions
            names: tuple[str, ...] = ("create_events",)
        else:
            allowed = voice.permissions_for(guild.me)
            names = ("create_events", "view_channel", "connect")
        lacking = [name for name in names if not getattr(allowed, name)]
        if lacking:
            raise Sorry("night-permissions", permissions=permission_names(lacking))


def _manages(interaction: Press) -> bool:
    """True if whoever asks may manage events in the server."""
    allowed = interaction.permissions
    return allowed.manage_events or allowed.manage_guild


def _mentioned(typed: str) -> list[int]:
    """Returns the ids of the people who are mentioned in a text.

    Raises Sorry if there is anything else in it.
    """
    rest = MENTION.sub("", typed).strip(SEPARATORS)
    if rest:
        raise Sorry("night-member-unknown", typed=rest[:60])
    return [int(found) for found in MENTION.findall(typed)]
