"""Events that the bot has no use for go no further than the gateway."""

from typing import Any

import discord

from bot.client.client import INTENTS
from bot.client.events import guard
from bot.client.membership import Membership

OWN, ANN = 900, 1001


class Client(discord.Client):
    """Notes what it hears of, and connects to nothing."""

    people: list[int]  # who added reactions
    others: list[str]  # the other events

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if event == "raw_reaction_add":
            self.people.append(args[0].user_id)
        else:
            self.others.append(event)


async def test_own_reactions_and_new_messages_are_left_out() -> None:
    client = Client(intents=INTENTS)
    client.people, client.others = [], []
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
    author = {"id": str(ANN), "username": "ann", "discriminator": "0", "avatar": None}
    written = {"id": "8", "channel_id": "5", "content": "hello", "author": author, "type": 0}
    state.parsers["MESSAGE_CREATE"](written)
    state.parsers["MESSAGE_DELETE"]({"id": "8", "channel_id": "5"})
    assert client.others == ["raw_message_delete"]
