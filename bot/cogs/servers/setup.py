"""/setup: a server's scheduled posts and settings, for the people who manage it."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot
from bot.client.reply import send
from bot.cogs.interaction import missing_permissions, requester
from bot.errors import Sorry
from bot.services.localtime import zones_like
from bot.services.posts import post, schedule
from bot.services.posts.schedule import THEMES, ScheduleInWords, Wish
from bot.views import cards
from bot.views.buttons import Press, button, chosen, select, shorten
from bot.views.custom_ids import CustomId, whole


class Setup(commands.Cog):
    """Set up, change, pause and preview; every button checks again who presses it."""

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
        language="Only films in this language, such as fr; any for all",
        zone="The server's time zone: start typing a city",
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
        known = next((name for name in THEMES if name == theme), None)
        wish = Wish(
            channel_id=channel.id if channel else None,
            post_time=time,
            days=days,
            theme=known,
            staff_id=member.id if member else None,
            language=language,
            zone=zone,
        )
        told = await schedule.save(self.bot.app, requester(interaction), wish)
        await send(interaction, self._view(interaction, told), private=True)

    @setup.command(name="server", description="The server's time zone, family-safe, the digest")
    @app_commands.describe(
        zone="The server's time zone: start typing a city",
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
        found, text = await schedule.of_server(self.bot.app, interaction.guild_id or 0)
        lines = [text]
        channels = dict.fromkeys(one.channel_id for one in found if one.channel_id)
        lines += [problem for one in channels if (problem := self._problem(interaction, one))]
        rows: list[ui.ActionRow[Any]] = []
        if found:
            options = [
                discord.SelectOption(
                    label=shorten(f"{number}. {schedule.short(one)}"), value=str(one.id)
                )
                for number, one in enumerate(found, 1)
            ]
            rows.append(ui.ActionRow(select("Change one of these …", options, "post-open")))
        await send(interaction, cards.text_view("\n".join(lines), *rows), private=True)

    @post.autocomplete("zone")
    @server.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=zone, value=zone) for zone in zones_like(typed)]

    async def open(self, interaction: Press, _: CustomId) -> None:
        """One of the server's posts, with its buttons."""
        _managers(interaction)
        number = whole("".join(chosen(interaction)))
        told = await schedule.opened(self.bot.app, interaction.guild_id, number or 0)
        await send(interaction, self._view(interaction, told), private=True)

    async def preview(self, interaction: Press, pressed: CustomId) -> None:
        """What the post would be now, for whoever asks alone."""
        _managers(interaction)
        app = self.bot.app
        mine = await schedule.of_button(app, interaction.guild_id, pressed.number(0))
        channel = interaction.guild.get_channel(mine.channel_id or 0) if interaction.guild else None
        nsfw = bool(getattr(channel, "nsfw", False))
        card = await post.a_preview(app, mine, interaction.created_at, adult_ok=nsfw)
        await send(interaction, cards.film_card(card, reactable=False), private=True)

    async def pause(self, interaction: Press, pressed: CustomId) -> None:
        """No more of it until it is resumed."""
        await self._pause(interaction, pressed, True)

    async def resume(self, interaction: Press, pressed: CustomId) -> None:
        """It goes on; also where it had stopped by itself."""
        await self._pause(interaction, pressed, False)

    async def fewer(self, interaction: Press, pressed: CustomId) -> None:
        """Fewer days a week."""
        _managers(interaction)
        told = await schedule.fewer(self.bot.app, requester(interaction), pressed.number(0))
        await interaction.response.edit_message(view=self._view(interaction, told))

    async def remove(self, interaction: Press, pressed: CustomId) -> None:
        """Forget it."""
        _managers(interaction)
        text = await schedule.remove(self.bot.app, requester(interaction), pressed.number(0))
        await interaction.response.edit_message(view=cards.text_view(text))

    async def digest_off(self, interaction: Press, pressed: CustomId) -> None:
        """From the digest itself, by the manager it was sent to."""
        person = interaction.user.id
        now = interaction.created_at
        text = await schedule.digest_off(self.bot.app, person, pressed.number(0), now)
        await interaction.response.edit_message(view=cards.text_view(text))

    async def _pause(self, interaction: Press, pressed: CustomId, paused: bool) -> None:
        _managers(interaction)
        who, number = requester(interaction), pressed.number(0)
        told = await schedule.pause(self.bot.app, who, number, paused)
        await interaction.response.edit_message(view=self._view(interaction, told))

    def _view(self, interaction: Press, told: ScheduleInWords) -> ui.LayoutView:
        """A post in words, what keeps it from working, and its buttons."""
        mine = told.schedule
        lines = [told.text]
        if mine.channel_id and (problem := self._problem(interaction, mine.channel_id)):
            lines.append(problem)
        going = ("Pause", "post-pause") if mine.running else ("Resume", "post-resume")
        buttons = [button(*going, mine.id)]
        if mine.theme != "digest":
            buttons.insert(0, button("Post a preview", "post-preview", mine.id))
            if len(mine.days) > 1:
                buttons.append(button("Fewer posts", "post-fewer", mine.id))
            buttons.append(
                button("Remove", "post-remove", mine.id, style=discord.ButtonStyle.danger)
            )
        return cards.text_view("\n".join(lines), ui.ActionRow(*buttons))

    def _problem(self, interaction: Press, channel_id: int) -> str | None:
        guild = interaction.guild
        channel = guild.get_channel(channel_id) if guild else None
        if guild is None or channel is None:
            return f"⚠️ I cannot see <#{channel_id}>; give me View Channel there."
        allowed = channel.permissions_for(guild.me)
        lacking = missing_permissions(allowed)
        if not allowed.send_messages:
            lacking.insert(0, "Send Messages")
        if not lacking:
            return None
        return f"⚠️ In <#{channel_id}> I lack {', '.join(lacking)}; please allow it there."


def _managers(interaction: Press) -> None:
    """Buttons carry no default permissions. Raises Sorry for who may not manage the server."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise Sorry("Only people who may manage this server can do that.")
