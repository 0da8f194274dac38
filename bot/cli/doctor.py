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

STATE_LABELS = {"good": "[green]ok[/]", "look": "[yellow]look[/]", "bad": "[bold red]bad[/]"}


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
    for sentence in done or ("There is nothing to mend in the data.",):
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def show(found: Sequence[Finding], out: Console) -> bool:
    """Prints the findings. Returns True if all are good."""
    table = Table("part", "", "what was found, and what to do")
    for one in found:
        fix = f"\n→ {escape(one.fix)}" if one.fix else ""
        table.add_row(escape(one.part), STATE_LABELS[one.state], escape(one.sentence) + fix)
    out.print(table)
    bad = sum(one.state == "bad" for one in found)
    out.print("Nothing is wrong." if not bad else f"To mend: {bad}.", highlight=False)
    return not bad
