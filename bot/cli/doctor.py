"""The command `matinee doctor`: prints what is wrong or could go wrong, and what to do about it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import aiohttp
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.doctor_discord import check_discord
from bot.services.operations import doctor, mending, upkeep
from bot.services.operations.doctor import Finding
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.operations import doctor as words
from bot.wording.operations import mending as mending_words

STATE_COLOURS = {"good": "green", "look": "yellow", "bad": "red"}


async def find_problems(
    settings: Settings,
    *,
    offline: bool,
    connector: aiohttp.BaseConnector | None = None,
) -> tuple[Finding, ...]:
    """Makes all checks. Returns at least one finding for each: what is well, and what is wrong.

    The checks of this machine come first.

    settings: the settings of the bot.
    offline: True to leave out the checks that need Discord.
    connector: connects to a local Discord in tests; None connects to discord.com.
    """
    now = datetime.now(UTC)
    found = doctor.check_machine(settings, now) + upkeep.check_upkeep(settings, now)
    found += mending.check_harms(settings)
    if offline:
        return found
    token = settings.discord_token
    chosen = doctor.channels(settings)
    secret = token.get_secret_value() if token else None
    return found + await check_discord(secret, chosen, datetime.now(UTC), connector)


async def mend(settings: Settings, out: Console) -> None:
    """Corrects data that mistakes of earlier versions have spoiled, and prints what was done."""
    async with open_app(settings) as app:
        done = await mending.mend(app)
    for sentence in mending_words.mended(done):
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def show(found: Sequence[Finding], out: Console) -> bool:
    """Prints the findings. Returns True if all are good."""
    table = Table(*words.headings())
    for one in found:
        lines = [said(one.found)]
        if one.fix is not None:
            lines.append(words.fix_line(said(one.fix)))
        label = f"[{STATE_COLOURS[one.state]}]{escape(words.state(one.state))}[/]"
        table.add_row(escape(words.part(one.part)), label, escape("\n".join(lines)))
    out.print(table)
    bad = sum(one.state == "bad" for one in found)
    out.print(words.total(bad), highlight=False)
    return not bad
