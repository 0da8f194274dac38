"""What a pretend person does with polls, voice channels and scheduled events."""

from typing import Any

from bot.playground.records.objects import JSON
from bot.playground.testing.visitor import Visitor, place_of


class Guest(Visitor):
    """A pretend person who votes, joins voice channels and is interested in events."""

    async def vote(self, message: JSON | None, *answers: int | str) -> JSON:
        """Votes in a poll: makes `answers` what the person votes for; none takes the votes back.

        answers: the numbers of the answers, from 1 on, or their texts.

        Returns the message. Raises Refused if the poll has ended or takes one answer.
        """
        assert message is not None
        numbers = {
            x["poll_media"]["text"]: x["answer_id"]
            for x in (message.get("poll") or {}).get("answers") or []
        }
        wanted = [numbers[x] if isinstance(x, str) else x for x in answers]
        voted: JSON = await self._call(
            "POST", "/api/polls/vote", answers=wanted, **place_of(message)
        )
        return voted

    async def close_poll(self, message: JSON | None) -> JSON:
        """Ends a poll that this person has sent, before its time. Returns the message."""
        ended: JSON = await self._call("POST", "/api/polls/end", **place_of(message))
        return ended

    async def let_poll_end(self, message: JSON | None) -> JSON:
        """Sets the local Discord's clock to the end of a poll, so that the poll ends.

        The result message comes a moment later. Returns the clock.
        """
        assert message is not None
        return await self.set_clock(message["poll"]["expiry"])

    async def say_poll(
        self,
        channel: str | int,
        question: str,
        *answers: str,
        hours: int = 1,
        several: bool = False,
    ) -> JSON:
        """Sends a poll of the person to a channel, and returns its message.

        several: True if people may vote for several answers.
        """
        poll: JSON = {
            "question": {"text": question},
            "answers": [{"poll_media": {"text": x}} for x in answers],
            "duration": hours,
            "allow_multiselect": several,
        }
        body: JSON = {"channel": self.channel(channel), "poll": poll}
        message: JSON = await self._call("POST", "/api/messages", **body)
        return message

    async def join_voice(self, channel: str | int) -> None:
        """Joins a voice channel, or moves there from another voice channel of its server."""
        await self._call("POST", "/api/voice", channel=self.channel(channel))

    async def leave_voice(self, guild: str | int | None = None) -> None:
        """Leaves the voice channel of a server, given the server's id; None leaves all."""
        await self._call("DELETE", "/api/voice", guild=None if guild is None else str(guild))

    async def scheduled_events(self) -> list[JSON]:
        """Returns the events of the person's servers that are not over, the next one first."""
        state = await self.refresh()
        return [event for guild in state["guilds"] for event in guild["events"]]

    async def interested(self, event: JSON | str | int, yes: bool = True) -> JSON:
        """Marks the person as interested in a scheduled event, or as no longer interested.

        yes: False if the person is no longer interested.

        Returns the event.
        """
        return await self.manage_event(event, "interested" if yes else "uninterested")

    async def manage_event(self, event: JSON | str | int, do: str) -> JSON:
        """Does "start", "end", "cancel" or "delete" with a scheduled event. Returns the event.

        event: the event or its id.
        """
        number = event["id"] if isinstance(event, dict) else event
        answer: JSON = await self._call("POST", "/api/events", event=str(number), do=do)
        return answer

    async def schedule(self, guild: str | int, **body: Any) -> JSON:
        """Schedules an event of the person in a server. body: the fields of Discord's request."""
        answer: JSON = await self._call("POST", "/api/events/new", guild=str(guild), body=body)
        return answer
