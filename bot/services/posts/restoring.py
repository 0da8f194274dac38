"""Sets up a scheduled post again as it was before it was removed or changed.

What it was like is written in a button, so that nothing about a removed post is stored.
"""

import re
from collections.abc import Collection, Sequence

from bot.errors import Sorry
from bot.services.app import App
from bot.services.posts import schedule
from bot.services.posts.setup import LocalSchedule
from bot.services.posts.wishes import DAYS, Wish, parse_theme
from bot.services.view_models import Requester
from storage.servers.schedules import Schedule

MEMBER_ID = re.compile("[0-9]{1,20}", re.ASCII)


def arguments(found: Schedule) -> tuple[object, ...]:
    """Returns what a scheduled post is like, as arguments of a button's custom_id."""
    return (
        found.channel_id,
        found.post_time.replace(":", ""),
        found.days,
        found.theme,
        found.staff_id,
        found.language,
        int(found.paused),
    )


def read_wish(given: Sequence[str | None], channel_ids: Collection[int]) -> Wish:
    """Returns what a manager would type to set up the post that `arguments` described.

    given: the arguments, of which none is trusted: what is wrong in them is refused like something
        that a manager typed.
    channel_ids: the text channels of the server. Any other channel is refused.
    """
    channel, time, days, theme, staff, language, _ = given
    names = [DAYS[int(digit)] for digit in days or "" if digit in "0123456"]
    return Wish(
        channel_id=next((one for one in channel_ids if str(one) == channel), None),
        post_time=f"{(time or '')[:2]}:{(time or '')[2:]}",
        days=", ".join(names),
        theme=parse_theme(theme),
        staff_id=int(staff) if staff and MEMBER_ID.fullmatch(staff) else None,
        language=language,
    )


async def restore(app: App, requester: Requester, wish: Wish, *, paused: bool) -> LocalSchedule:
    """Sets up a scheduled post again.

    paused: True if it was paused.

    Raises Sorry if its channel is gone, if the server has too many posts, or if the member whose
    favourites it showed does not show their taste any more.
    """
    if wish.channel_id is None:
        raise Sorry("restored-channel-gone")
    if wish.theme in (None, "digest"):
        raise Sorry("unknown-button")
    found = await schedule.save(app, requester, wish, beside=True)
    return await schedule.set_paused(app, requester, found.schedule.id, True) if paused else found
