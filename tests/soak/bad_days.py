"""Every sort of fault of the bad week, each a function that lets it come, people act, and it go."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta

from bot.playground.world.faults import Place
from tests.house import until
from tests.soak.bad_week import REQUESTS, Week

Bad = Callable[[Week], Awaitable[None]]

BLOCKED = "why"  # a word on every card
SHORT = (0.2, 0.9)


async def people_act(
    week: Week, *, commands: int = 1, seconds: tuple[float, float] = SHORT
) -> None:
    """Lets people act, before and after a random pause."""
    week.react(week.rng.randint(2, 5))
    week.ask(commands)
    await asyncio.sleep(week.rng.uniform(*seconds))
    week.react(week.rng.randint(1, 3))


async def unreachable(week: Week, *places: Place) -> None:
    """The gateway, REST or both are not there for a moment."""
    week.local.faults.down(*places)
    await people_act(week)
    week.local.faults.up()
    await week.back()


async def session_ends(week: Week, code: int) -> None:
    """The session ends: by op 9 (code 9), or because the gateway closes with a code."""
    week.local.let_identify()
    if code == 9:
        week.local.invalidate_sessions()
    else:
        week.local.drop_gateway(code)
        await asyncio.sleep(0.05)
    await people_act(week)
    await week.back()


async def connection_ends(week: Week, how: str) -> None:
    """The connection ends, and the session can be resumed."""
    if how == "op 7":
        week.local.disconnect()
    elif how == "op 9":
        week.local.invalidate_sessions(resumable=True)
    else:
        week.local.drop_gateway(None if how == "cut" else int(how))
    await people_act(week)
    await week.back()


async def hidden(week: Week) -> None:
    """An outage hides the server, and sometimes the bot begins a session meanwhile."""
    week.world.hide_guild(week.club)
    if week.rng.random() < 0.4:
        week.local.let_identify()
        week.local.invalidate_sessions()
    await people_act(week, commands=0)
    week.world.show_guild(week.club)
    await week.back()


async def kicked(week: Week) -> None:
    """The bot is removed from the server and invited again, sometimes while it is offline."""
    offline = week.rng.random() < 0.4
    if offline:
        await week.bot.kill()
    week.world.remove_guild(week.club)
    await people_act(week, commands=0)
    week.world.invite_bot(week.club)
    if offline:
        await week.start()
    await week.resumed()


async def single(week: Week, how: str) -> None:
    """Some requests fail in one way. Sometimes the fault lasts into the next one."""
    faults, times = week.local.faults, week.rng.randint(1, 3)
    if how == "cut":
        faults.cut("", REQUESTS, times=times)
    elif how == "half an answer":
        faults.cut("", REQUESTS, times=times, halfway=True)
    elif how == "lost answer":
        faults.cut("", REQUESTS, times=times, carried_out=True)
    elif how == "lost page":
        faults.page("POST", REQUESTS, 504, times=times, carried_out=True)
    elif how == "page":
        faults.page("", REQUESTS, week.rng.choice((403, 502, 503)), times=times)
    else:
        faults.answer("", REQUESTS, int(how), times=times)
    await people_act(week, commands=2)
    if week.rng.random() < 0.7:
        with suppress(AssertionError):
            await until(lambda: not faults.waiting(), "met", 1.5)
        faults.clear()


async def moderated(week: Week) -> None:
    """Automatic moderation refuses the cards of commands."""
    week.world.block_words(week.club, BLOCKED)
    await people_act(week, commands=2)
    week.world.block_words(week.club)


async def timed_out(week: Week) -> None:
    """The bot and some members may only read for a while."""
    until_then = week.world.clock.now() + timedelta(minutes=5)
    members = [week.world.bot, *week.rng.sample(week.people(), 10)]
    for user in members:
        week.world.time_out(week.club, user, until_then)
    await people_act(week)
    for user in members:
        week.world.time_out(week.club, user, None)


async def slow_mode(week: Week) -> None:
    """People may write only once in six hours."""
    week.world.set_slow_mode(week.lounge, 21_600)
    await people_act(week, commands=2)
    week.world.set_slow_mode(week.lounge, 0)


async def killed(week: Week) -> None:
    """The process ends at once, in the midst of what people do, and is started again."""
    await people_act(week, commands=2, seconds=(0.0, 0.4))
    await week.bot.kill()
    await people_act(week, commands=0)
    await week.start()


@asynccontextmanager
async def lock(week: Week) -> AsyncIterator[None]:
    """Another program keeps the database locked for the block."""
    path = week.bot.data / "matinee.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def locked(week: Week) -> None:
    """Another program keeps the database locked, for at most as long as a backup would."""
    async with lock(week):
        await people_act(week, seconds=(0.5, 1.0) if week.rng.random() < 0.8 else (7.0, 9.0))


@asynccontextmanager
async def full_disk(week: Week) -> AsyncIterator[None]:
    """The disk of the data folder is full for the block, to its last byte."""
    filler = week.bot.data / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * (1 << 20)):
            pass
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        while file.write(b"x" * 512):
            pass
    yield
    filler.unlink()


async def full(week: Week) -> None:
    """The disk is full for a moment."""
    async with full_disk(week):
        await people_act(week, seconds=(0.5, 1.5))


async def wrong_clock(week: Week, ahead: bool) -> None:
    """The machine's clock jumps by minutes or hours, and is put right."""
    error = timedelta(minutes=week.rng.choice((2, 45, 180, 1500)))
    week.bot.jump(error if ahead else -error)
    await people_act(week)
    week.bot.jump(timedelta(0))
    await week.bot.looked()


KINDS: dict[str, Bad] = {
    "gateway unreachable": lambda week: unreachable(week, "gateway"),
    "REST unreachable": lambda week: unreachable(week, "rest"),
    "Discord unreachable": lambda week: unreachable(week),
    "session invalid (op 9)": lambda week: session_ends(week, 9),
    "session ends (close 4007)": lambda week: session_ends(week, 4007),
    "session ends (close 4009)": lambda week: session_ends(week, 4009),
    "asked to reconnect (op 7)": lambda week: connection_ends(week, "op 7"),
    "op 9, resumable": lambda week: connection_ends(week, "op 9"),
    "gateway closes (4000)": lambda week: connection_ends(week, "4000"),
    "gateway connection cut": lambda week: connection_ends(week, "cut"),
    "server hidden": hidden,
    "kicked and invited": kicked,
    "request cut": lambda week: single(week, "cut"),
    "half an answer": lambda week: single(week, "half an answer"),
    "answer lost": lambda week: single(week, "lost answer"),
    "Cloudflare's page": lambda week: single(week, "page"),
    "Cloudflare's page, carried out": lambda week: single(week, "lost page"),
    "500": lambda week: single(week, "500"),
    "503": lambda week: single(week, "503"),
    "404 without a code": lambda week: single(week, "404"),
    "automatic moderation": moderated,
    "bot and members timed out": timed_out,
    "slow mode": slow_mode,
    "process killed": killed,
    "database locked": locked,
    "disk full": full,
    "clock ahead": lambda week: wrong_clock(week, True),
    "clock behind": lambda week: wrong_clock(week, False),
}
"""Kind -> the fault, apart from those that belong to a post (`bad_posts.py`)."""
