"""Checks whether a user may do something in a channel."""

from bot.playground.records import permissions
from bot.playground.records.channels import Channel
from bot.playground.validation.errors import refusal
from bot.playground.world.state import WorldState


def require(world: WorldState, user_id: int, channel: Channel, *needed: int) -> None:
    """Checks that a user can see a channel and has the permissions `needed` there.

    Raises ApiError 50001 if the user cannot see the channel, 50013 if a permission is missing.
    """
    granted = world.permissions(user_id, channel)
    if not granted & permissions.VIEW_CHANNEL:
        raise refusal(50001)
    for permission in needed:
        if not granted & permission:
            raise refusal(50013)
