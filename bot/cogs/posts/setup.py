"""/setup: a server's scheduled posts and settings, for the people who manage it."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import edit, send
from bot.cogs.interaction import is_age_restricted, member_finder, missing_permissions, requester
from bot.errors import Sorry
from bot.services.posts import post, schedule
from bot.services.posts.wishes import Wish
from bot.services.posts.words import THEMES, ScheduleInWords, describe_briefly
from bot.services.wording import shorten
from bot.services.zones import choices
from bot.views import cards
from bot.views.buttons import button, chosen, select
from bot.views.custom_ids import CustomId, whole
from bot.wording.interaction import permissions


class Setup(commands.Cog):
    """The commands and buttons that set up, change, pause and preview a server's scheduled posts.

    Each button works only for people who may manage the server.
    """

    setup = app_commands.Group(
        name="setup",
        description="Scheduled posts and settings of this server (managers)",
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "post-open": self.open,
            "post-preview": self.preview,
            "post-pause": self.pause,
            "post-resume": self.resume,
            "post-fewer": self.fewer,
            "post-remove": self.remove,
            "digest-off": self.digest_off,
        }

    @setup.command(name="post", description="A scheduled post: where, when, and what it shows")
    @app_commands.describe(
        channel="The channel it comes to",
        time="The local time, such as 19:00",
        days="daily, weekdays, weekends, or days such as mon, thu",
        theme="What it shows",
        member="Whose favourites, for that theme; they must have agreed",
        language="Only films in this language, such as Korean; any for all",
        zone="The server's time zone: start typing a city or country",
    )
    @app_commands.choices(
        theme=[app_commands.Choice(name=words, value=name) for name, words in THEMES.items()]
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def post(
        self,
        interaction: Press,
        channel: discord.TextChannel | None = None,
        time: str | None = None,
        days: str | None = None,
        theme: str | None = None,
        member: discord.User | None = None,
        language: str | None = None,
        zone: str | None = None,
    ) -> None:
        wish = Wish(
            channel_id=channel.id if channel else None,
            post_time=time,
            days=days,
            theme=next((name for name in THEMES if name == theme), None),
            staff_id=member.id if member else None,
            language=language,
            zone=zone,
        )
        saved = await schedule.save(self.bot.app, requester(interaction), wish)
        await send(interaction, self._view(interaction, saved), private=True)

    @setup.command(name="server", description="The server's time zone, family-safe, the digest")
    @app_commands.describe(
        zone="The server's time zone: start typing a city or country",
        family_safe="Leave out films that are not known to be fit for teens",
        digest="A message to you each Monday: what was posted, rated and loved",
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def server(
        self,
        interaction: Press,
        zone: str | None = None,
        family_safe: bool | None = None,
        digest: bool | None = None,
    ) -> None:
        text = await schedule.set_server(
            self.bot.app,
            requester(interaction),
            zone=zone,
            family_safe=family_safe,
            digest=digest,
        )
        await send(interaction, cards.text_view(text), private=True)

    @setup.command(name="show", description="What is set up here, and whether it can work")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def show(self, interaction: Press) -> None:
        found, text = await schedule.list_schedules(self.bot.app, interaction.guild_id or 0)
        lines = [text]
        channels = dict.fromkeys(one.channel_id for one in found if one.channel_id)
        lines += [problem for one in channels if (problem := self._problem(interaction, one))]
        rows: list[ui.ActionRow[Any]] = []
        if found:
            options = [
                discord.SelectOption(
                    label=shorten(f"{number}. {describe_briefly(one)}"), value=str(one.id)
                )
                for number, one in enumerate(found, 1)
            ]
            rows.append(ui.ActionRow(select("Change one of these …", options, "post-open")))
        await send(interaction, cards.text_view("\n".join(lines), *rows), private=True)

    @post.autocomplete("zone")
    @server.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        found = choices(typed, interaction.created_at)
        return [app_commands.Choice(name=text, value=zone) for text, zone in found]

    async def open(self, interaction: Press, _: CustomId) -> None:
        """Shows the chosen scheduled post: a description in words, and buttons to change it."""
        _check_manager(interaction)
        number = whole("".join(chosen(interaction)))
        found = await schedule.find_in_words(self.bot.app, interaction.guild_id, number or 0)
        await send(interaction, self._view(interaction, found), private=True)

    async def preview(self, interaction: Press, pressed: CustomId) -> None:
        """Shows the manager privately what the post would contain if it were sent now."""
        _check_manager(interaction)
        app = self.bot.app
        found = await schedule.find(app, interaction.guild_id, pressed.number(0))
        guild = interaction.guild
        channel = guild.get_channel(found.channel_id or 0) if guild else None
        nsfw = is_age_restricted(channel)
        card = await post.preview(
            app, found, interaction.created_at, member_finder(guild), adult_ok=nsfw
        )
        await send(interaction, cards.film_card(card, reactable=False), private=True)

    async def pause(self, interaction: Press, pressed: CustomId) -> None:
        """Pauses the scheduled post. It then does not appear until a manager resumes it."""
        await self._pause(interaction, pressed, True)

    async def resume(self, interaction: Press, pressed: CustomId) -> None:
        """Resumes a scheduled post that was paused or that stopped by itself."""
        await self._pause(interaction, pressed, False)

    async def fewer(self, interaction: Press, pressed: CustomId) -> None:
        """Makes the scheduled post appear on fewer days of the week than now."""
        _check_manager(interaction)
        changed = await schedule.post_less_often(
            self.bot.app, requester(interaction), pressed.number(0)
        )
        await edit(interaction, self._view(interaction, changed))

    async def remove(self, interaction: Press, pressed: CustomId) -> None:
        """Removes the scheduled post."""
        _check_manager(interaction)
        text = await schedule.remove(self.bot.app, requester(interaction), pressed.number(0))
        await edit(interaction, cards.text_view(text))

    async def digest_off(self, interaction: Press, pressed: CustomId) -> None:
        """Stops the weekly digest whose button was pressed.

        Only the manager to whom the digest is sent can use this button.
        """
        person = interaction.user.id
        now = interaction.created_at
        text = await schedule.stop_digest(self.bot.app, person, pressed.number(0), now)
        await edit(interaction, cards.text_view(text))

    async def _pause(self, interaction: Press, pressed: CustomId, paused: bool) -> None:
        _check_manager(interaction)
        changed = await schedule.set_paused(
            self.bot.app, requester(interaction), pressed.number(0), paused
        )
        await edit(interaction, self._view(interaction, changed))

    def _view(self, interaction: Press, described: ScheduleInWords) -> ui.LayoutView:
        """Returns a message about a scheduled post: a description and its buttons.

        If something keeps the post from being sent, the message says what.
        """
        one = described.schedule
        lines = [described.text]
        if one.channel_id and (problem := self._problem(interaction, one.channel_id)):
            lines.append(problem)
        switch = ("Pause", "post-pause") if one.running else ("Resume", "post-resume")
        buttons = [button(*switch, one.id)]
        if one.theme != "digest":
            buttons.insert(0, button("Post a preview", "post-preview", one.id))
            if len(one.days) > 1:
                buttons.append(button("Fewer posts", "post-fewer", one.id))
            buttons.append(
                button("Remove", "post-remove", one.id, style=discord.ButtonStyle.danger)
            )
        return cards.text_view("\n".join(lines), ui.ActionRow(*buttons))

    def _problem(self, interaction: Press, channel_id: int) -> str | None:
        """Returns a sentence about what prevents the bot from posting in a channel; None if nothing
        does.
        """
        guild = interaction.guild
        channel = guild.get_channel(channel_id) if guild else None
        if guild is None or channel is None:
            return f"⚠️ I cannot see <#{channel_id}>; give me View Channel there."
        allowed = channel.permissions_for(guild.me)
        lacking = missing_permissions(allowed)
        if not allowed.send_messages:
            lacking.insert(0, "send_messages")
        if not lacking:
            return None
        return f"⚠️ In <#{channel_id}> I lack {permissions(lacking)}; please allow it there."


def _check_manager(interaction: Press) -> None:
    """Raises Sorry if the person may not manage the server.

    Discord checks the permissions of commands, but not those of buttons.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise Sorry("Only people who may manage this server can do that.")
