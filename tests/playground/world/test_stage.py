"""After a restart of the playground its servers have the same members, since the same time."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.playground.world.stage import default_world, whole_world
from bot.playground.world.world import World
from tests.clock import NOW


@pytest.mark.parametrize("made", [default_world, whole_world])
def test_members_are_the_same_after_a_restart(made: Callable[..., World]) -> None:
    first, second = (
        {
            (guild.id, member.user_id): member.joined_at
            for guild in made(start).guilds.values()
            for member in guild.members.values()
        }
        for start in (NOW, NOW + timedelta(days=1))
    )
    assert first == second
