"""An interaction and the states it passes through."""

import asyncio
import time
from dataclasses import dataclass, field

from bot.playground.records.channels import Channel, Message
from bot.playground.records.objects import JSON

WAITING, THINKING, DONE, FAILED = "waiting", "thinking", "done", "failed"


@dataclass(eq=False)
class Interaction:
    """One use of a command, component, modal or autocomplete, and the state of the bot's answer.

    Attributes:
        id: the interaction's snowflake.
        token: the secret that the bot must send with its answers.
        kind: Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal.
        user_id: the person who acted.
        channel: where the person acted.
        data: the field `data` of the interaction, as the bot receives it.
        metadata: the field `interaction_metadata` of the messages that answer it.
        started: when it began, in seconds of the monotonic clock.
        name: the full name of the command, or the custom id of the component. A modal has the name
            of the interaction that opened it.
        message: the message whose component was used, or None.
        command_type: 1 for a slash command, 2 for a user command, 3 for a message command.
        state: `WAITING`, `THINKING`, `DONE` or `FAILED`.
        error: the sentence for the person if it failed, otherwise None.
        first_response_ms: milliseconds until the first response, or None before it.
        answer: the callback type of the first response, or None before it.
        original_id: the id of the message that `@original` means; None if there is no such message.
        choices: the suggestions of an autocomplete, or None before they arrive.
        modal: the modal that the bot opened, or None.
        followups: ids of the follow-up messages.
        change: an asyncio event that is set, and replaced by a new one, when the state changes.
        deadline: the timer that sets `state` to FAILED if the bot does not respond in time, or None
            before it begins.
    """

    id: int
    token: str
    kind: int
    user_id: int
    channel: Channel
    data: JSON
    metadata: JSON
    started: float
    name: str = ""
    message: Message | None = None
    command_type: int = 1
    state: str = WAITING
    error: str | None = None
    first_response_ms: float | None = None
    answer: int | None = None
    original_id: int | None = None
    choices: list[JSON] | None = None
    modal: JSON | None = None
    followups: list[int] = field(default_factory=list)
    change: asyncio.Event = field(default_factory=asyncio.Event)
    deadline: asyncio.TimerHandle | None = None

    @property
    def original(self) -> Message | None:
        """The message that `@original` means; None if there is no such message or it is deleted."""
        if self.original_id is None:
            return None
        return self.channel.messages.get(self.original_id)

    def age(self) -> float:
        """Returns the seconds since the interaction began."""
        return time.monotonic() - self.started
