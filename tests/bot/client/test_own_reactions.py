"""Discord reports the reactions that the bot itself adds; they go no further than the gateway."""

from typing import Any

import discord

from bot.client.client import INTENTS
from bot.client.events import guard
from bot.client.membership import Membership

OWN, ANN = 900, 1001


class Client(discord.Client):
    """Notes who added the reactions that it hears of, and connects to nothing."""

    people: list[int]

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if event == "raw_reaction_add":
            self.people.append(args[0].user_id)


async def test_reactions_of_the_bot_are_left_out_and_others_are_heard() -> None:
    client = Client(intents=INTENTS)
    client.people = []
    guard(client, Membership())
    state = client._connection
    user: Any = {"id": OWN, "username": "matinee", "discriminator": "0", "avatar": None}

    def add(person: int) -> None:
        state.parsers["MESSAGE_REACTION_ADD"](
            {
                "user_id": str(person),
                "channel_id": "5",
                "message_id": "6",
                "emoji": {"id": None, "name": "👍"},
                "type": 0,
            }
        )

    add(OWN)  # before Discord has said who the bot is
    state.user = discord.ClientUser(state=state, data=user)
    add(OWN)
    add(ANN)
    assert client.people == [OWN, ANN]
    state.parsers["MESSAGE_REACTION_ADD"]({"user_id": "nobody"})  # is logged
