"""/setup: a server's scheduled posts and settings, for the people who manage it."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import find_language
from bot.client.reply import edit, send
from bot.cogs.interaction import (
    is_age_restricted,
    language_choices,
    listed_choices,
    member_finder,
    requester,
    zone_choices,
)
from bot.cogs.picks.recommend import as_choices
from bot.cogs.posts.scale import chosen_view, scale_view
from bot.cogs.posts.schedule_view import posting_problem, schedule_view
from bot.errors import Sorry
from bot.services.posts import content, post, restoring, schedule
from bot.services.posts.wishes import Wish, parse_theme
from bot.services.wording import shorten
from bot.views import cards
from bot.views.buttons import button, chosen, select
from bot.views.content import content_rows
from bot.views.custom_ids import CustomId, whole
from bot.wording import commands as texts
from bot.wording.catalogue import language_of_films
from bot.wording.people.content import content_chosen, content_line
from bot.wording.posts import setup as words
from bot.wording.posts.scale import scale_line


class Setup(commands.Cog):
    """The commands and buttons that set up, change, pause and preview a server's scheduled posts.

    Each button works only for people who may manage the server.
    """

    setup = app_commands.Group(
        name="setup",
        description=texts.SETUP,
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
            "post-restore": self.restore,
            "digest-off": self.digest_off,
            "server-content": self.take_content,
            "scale-use": self.use_scale,
        }

    @setup.command(name="post", description=texts.SETUP_POST)
    @app_commands.describe(
        channel=texts.SETUP_CHANNEL,
        time=texts.SETUP_TIME,
        days=texts.SETUP_DAYS,
        theme=texts.SETUP_THEME,
        member=texts.SETUP_MEMBER,
        language=texts.SETUP_LANGUAGE,
        zone=texts.SETUP_ZONE,
    )
    @app_commands.choices(theme=listed_choices(texts.THEMES))
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
            theme=parse_theme(theme),
            staff_id=member.id if member else None,
            language=language,
            zone=zone,
        )
        saved = await schedule.save(self.bot.app, requester(interaction), wish)
        await send(interaction, schedule_view(interaction, saved, saved=True), private=True)

    @setup.command(name="server", description=texts.SETUP_SERVER)
    @app_commands.describe(
        zone=texts.SETUP_ZONE,
        family_safe=texts.SETUP_FAMILY_SAFE,
        digest=texts.SETUP_DIGEST,
        language=texts.SETUP_SERVER_LANGUAGE,
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def server(
        self,
        interaction: Press,
        zone: str | None = None,
        family_safe: bool | None = None,
        digest: bool | None = None,
        language: str | None = None,
    ) -> None:
        app = self.bot.app
        code = None if language is None else find_language(app.settings, language) or ""
        found = await schedule.set_server(
            app,
            requester(interaction),
            zone=zone,
            family_safe=family_safe,
            digest=digest,
            language=code,
        )
        text = words.saved(words.server_lines(found, interaction.created_at))
        await send(interaction, cards.text_view(text), private=True)

    @setup.command(name="reactions", description=texts.SETUP_REACTIONS)
    @app_commands.describe(emoji=texts.SETUP_EMOJI)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def reactions(self, interaction: Press, emoji: str | None = None) -> None:
        await send(interaction, await scale_view(interaction, emoji), private=True)

    async def use_scale(self, interaction: Press, pressed: CustomId) -> None:
        """Stores which emoji rate on the server's new cards (messages about a film)."""
        _check_manager(interaction)
        await edit(interaction, await chosen_view(interaction, pressed.number(0)))

    @setup.command(name="show", description=texts.SETUP_SHOW)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def show(self, interaction: Press) -> None:
        await send(interaction, await self._overview(interaction), private=True)

    async def take_content(self, interaction: Press, _: CustomId) -> None:
        """Stores the content that the server leaves out: the chosen one, or none."""
        _check_manager(interaction)
        tags = chosen(interaction)
        kinds = await content.set_server_content(self.bot.app, requester(interaction), tags)
        await edit(interaction, await self._overview(interaction, content_chosen(kinds)))

    async def _overview(self, interaction: Press, note: str | None = None) -> ui.LayoutView:
        """Returns what is set up in the server, with menus to change it.

        note: a sentence on what has just changed; None for no sentence.
        """
        guild_id = interaction.guild_id or 0
        found = await schedule.read_setup(self.bot.app, guild_id)
        kinds = await content.server_content(self.bot.app, guild_id)
        lines = [note] if note else []
        lines += [words.server_lines(found, interaction.created_at), content_line(kinds)]
        lines.append(scale_line(self.bot.app.scales.of_server(guild_id)))
        lines.append(words.who_may_use())
        channels = dict.fromkeys(one.channel_id for one in found.schedules if one.channel_id)
        lines += [problem for one in channels if (problem := posting_problem(interaction, one))]
        rows: list[ui.Item[Any]] = []
        if found.schedules:
            options = [
                discord.SelectOption(
                    label=shorten(words.schedule_option(one, at)), value=str(one.id)
                )
                for at, one in enumerate(found.schedules, 1)
            ]
            rows.append(ui.ActionRow(select(words.schedule_menu(), options, "post-open")))
        rows += content_rows(kinds, "server-content")
        return cards.text_view("\n".join(lines), *rows)

    @post.autocomplete("zone")
    @server.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed, interaction.created_at)

    @post.autocomplete("language")
    async def languages_of_films(
        self, interaction: Press, typed: str
    ) -> list[app_commands.Choice[str]]:
        return as_choices(
            self.bot.app.live.served.library.language_choices(typed, language_of_films)
        )

    @server.autocomplete("language")
    async def languages(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return language_choices(self.bot.app, typed)

    async def open(self, interaction: Press, _: CustomId) -> None:
        """Shows the chosen scheduled post: a description in words, and buttons to change it."""
        _check_manager(interaction)
        number = whole("".join(chosen(interaction)))
        found = await schedule.find_local(self.bot.app, interaction.guild_id, number or 0)
        await send(interaction, schedule_view(interaction, found), private=True)

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
        await edit(interaction, schedule_view(interaction, changed))

    async def remove(self, interaction: Press, pressed: CustomId) -> None:
        """Removes the scheduled post."""
        _check_manager(interaction)
        gone = await schedule.remove(self.bot.app, requester(interaction), pressed.number(0))
        undo = button(words.undo_button(), "post-restore", *restoring.arguments(gone))
        await edit(interaction, cards.text_view(words.removed(gone), ui.ActionRow(undo)))

    async def restore(self, interaction: Press, pressed: CustomId) -> None:
        """Sets up a scheduled post again as it was before it was removed or changed."""
        _check_manager(interaction)
        given = [pressed.text(place) for place in range(7)]
        channels = interaction.guild.text_channels if interaction.guild else []
        wish = restoring.read_wish(given, [channel.id for channel in channels])
        found = await restoring.restore(
            self.bot.app, requester(interaction), wish, paused=given[6] == "1"
        )
        await edit(interaction, schedule_view(interaction, found))

    async def digest_off(self, interaction: Press, pressed: CustomId) -> None:
        """Stops the weekly digest whose button was pressed.

        Only the manager to whom the digest is sent can use this button.
        """
        person = interaction.user.id
        now = interaction.created_at
        await schedule.stop_digest(self.bot.app, person, pressed.number(0), now)
        await edit(interaction, cards.text_view(words.digest_stopped()))

    async def _pause(self, interaction: Press, pressed: CustomId, paused: bool) -> None:
        _check_manager(interaction)
        changed = await schedule.set_paused(
            self.bot.app, requester(interaction), pressed.number(0), paused
        )
        await edit(interaction, schedule_view(interaction, changed))


def _check_manager(interaction: Press) -> None:
    """Raises Sorry if the person may not manage the server.

    Discord checks the permissions of commands, but not those of buttons.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise Sorry("managers-only")
