"""A pretend person at the playground's page, who uses nothing but the page's HTTP API."""

from typing import Any

from bot.playground.records.objects import JSON
from bot.playground.testing.forms import filled, options_of
from bot.playground.testing.gatherings import Guest
from bot.playground.testing.messages import Outcome, buttons_of, selects_of, walk
from bot.playground.testing.visitor import Refused, place_of

DEFAULT_WAIT_SECONDS = 60.0  # how long a method waits for an outcome by default


class Person(Guest):
    """A pretend person at the page, to be used in `async with`.

    Attributes:
        url: the page's address, without a slash at the end.
        name: the person's username or id.
        id: the person's id; empty until the page was read.
    """

    async def commands(self) -> list[str]:
        """Returns the names of the commands this person may use."""
        await self.refresh()
        return [x["name"] for x in self._commands]

    async def command(
        self,
        channel: str | int,
        name: str,
        /,
        *,
        wait: float = DEFAULT_WAIT_SECONDS,
        **options: Any,
    ) -> Outcome:
        """Uses a slash command ("watchlist add" for a subcommand) and waits for its outcome.

        options: the values of the command's options by name, in the form in which Discord sends
            them: for a film the value of its suggestion, for a member the id. An option with the
            value None is left out. wait: after this many seconds, the outcome so far is returned.
        """
        first, *inner = name.split()
        definition = await self._definition(first)
        sent = options_of(definition, inner, options)
        body = {"channel": self.channel(channel), "name": first, "type": 1, "options": sent}
        return await self._begin("/api/commands", wait, **body)

    async def menu(
        self,
        channel: str | int,
        name: str,
        target: str | int,
        *,
        wait: float = DEFAULT_WAIT_SECONDS,
    ) -> Outcome:
        """Uses a command from the context menu of a message or user, whose id is `target`."""
        await self.refresh()
        kind = next(x["type"] for x in self._commands if x["name"] == name and x["type"] != 1)
        body = {"channel": self.channel(channel), "name": name, "type": kind}
        return await self._begin("/api/commands", wait, target=str(target), **body)

    async def autocomplete(
        self, channel: str | int, name: str, option: str, text: str, /, **others: Any
    ) -> list[JSON]:
        """Returns the choices that the bot suggests when `text` is typed into an option.

        name: the command. others: the values of its other options. Raises Refused if the local
        Discord refuses the request.
        """
        first, *inner = name.split()
        definition = await self._definition(first)
        sent = options_of(definition, inner, {**others, option: text})
        at = sent
        while at and at[0]["type"] in (1, 2):
            at = at[0]["options"]
        next(x for x in at if x["name"] == option)["focused"] = True
        body = {"channel": self.channel(channel), "name": first, "options": sent}
        answer = await self._call("POST", "/api/autocomplete", **body)
        if "error" in answer:
            raise Refused(200, answer["error"], 0)
        choices: list[JSON] = answer["choices"]
        return choices

    async def click(
        self, message: JSON | None, button: str, *, wait: float = DEFAULT_WAIT_SECONDS
    ) -> Outcome:
        """Presses a button of a message, given the button's label or custom id."""
        assert message is not None
        labelled = buttons_of(message)
        custom_id = labelled[button]["custom_id"] if button in labelled else button
        return await self.press(message, custom_id, wait=wait)

    async def press(
        self,
        message: JSON,
        custom_id: str,
        values: list[str] | None = None,
        *,
        wait: float = DEFAULT_WAIT_SECONDS,
    ) -> Outcome:
        """Presses the button, or uses the menu, with this custom id.

        values: the values chosen in a menu; None for a button.
        """
        body = {
            "channel": message["channel_id"],
            "message": message["id"],
            "custom_id": custom_id,
            "values": values,
        }
        return await self._begin("/api/components", wait, **body)

    async def select(
        self,
        message: JSON | None,
        custom_id: str | int,
        values: list[str],
        *,
        wait: float = DEFAULT_WAIT_SECONDS,
    ) -> Outcome:
        """Chooses from a menu of a message.

        custom_id: the menu's custom id, or its place in the message (0 is the first menu).
        """
        assert message is not None
        if isinstance(custom_id, int):
            custom_id = str(selects_of(message)[custom_id]["custom_id"])
        return await self.press(message, custom_id, values, wait=wait)

    async def submit(
        self,
        modal: JSON | None,
        values: dict[str, Any] | None = None,
        *,
        wait: float = DEFAULT_WAIT_SECONDS,
    ) -> Outcome:
        """Submits a modal.

        values: the values of its inputs by custom id; other inputs keep their defaults. Menus and
        checkbox groups take lists, all other inputs single values.
        """
        assert modal is not None
        given = values or {}
        unknown = given.keys() - {x.get("custom_id") for x in walk(modal["components"])}
        assert not unknown, f"the form has no {unknown}"
        sent = [filled(part, given) for part in modal["components"]]
        return await self._begin("/api/modals", wait, modal=modal["id"], components=sent)

    async def wait_for(
        self, interaction: str, *, wait: float = DEFAULT_WAIT_SECONDS, until: str | None = "done"
    ) -> Outcome:
        """Returns the outcome of an interaction, once it has ended or `wait` seconds have passed.

        interaction: its id. until: "done" to wait for the end; None to wait only for the first
        response.
        """
        path = f"/api/interactions/{interaction}"
        answer = await self._call("GET", path, wait=str(wait), until=until)
        return Outcome(**{k: v for k, v in answer.items() if k in Outcome.__dataclass_fields__})

    async def react(self, message: JSON | None, emoji: str, *, burst: bool = False) -> None:
        """Reacts to a message. burst: True for a super reaction."""
        await self._call("POST", "/api/reactions", emoji=emoji, burst=burst, **place_of(message))

    async def unreact(self, message: JSON | None, emoji: str, *, burst: bool = False) -> None:
        """Removes the person's own reaction. burst: True for the super reaction."""
        await self._call("DELETE", "/api/reactions", emoji=emoji, burst=burst, **place_of(message))

    async def clear_reactions(self, message: JSON | None, emoji: str | None = None) -> None:
        """Removes everybody's reactions to a message, as a moderator may.

        emoji: removes only the reactions with this emoji; None removes all.
        """
        await self._call("DELETE", "/api/reactions/all", emoji=emoji, **place_of(message))

    async def say(self, channel: str | int, content: str) -> JSON:
        """Sends a message of the person to a channel, and returns the message."""
        body = {"channel": self.channel(channel), "content": content}
        message: JSON = await self._call("POST", "/api/messages", **body)
        return message

    async def messages(self, channel: str | int, limit: int = 50) -> list[JSON]:
        """Returns the messages that this person sees in a channel, oldest first."""
        sent = {"channel": self.channel(channel), "limit": str(limit)}
        found: list[JSON] = await self._call("GET", "/api/messages", **sent)
        return found

    async def message(self, earlier: JSON | None) -> JSON | None:
        """Returns the newest form of a message, given an earlier form; None if it is gone."""
        assert earlier is not None
        found = await self.messages(earlier["channel_id"], 100)
        return next((x for x in found if x["id"] == earlier["id"]), None)

    async def delete_message(self, message: JSON | None) -> None:
        """Deletes a message."""
        await self._call("DELETE", "/api/messages", **place_of(message))

    async def dismiss(self, message: JSON | None) -> None:
        """Hides an ephemeral message."""
        assert message is not None
        await self._call("POST", "/api/dismiss", message=message["id"])

    async def _definition(self, name: str) -> JSON:
        def find() -> JSON | None:
            return next((x for x in self._commands if (x["name"], x["type"]) == (name, 1)), None)

        if find() is None:
            await self.refresh()
        return find() or {}

    async def _begin(self, path: str, wait: float, **data: Any) -> Outcome:
        answer = await self._call("POST", path, **data)
        return await self.wait_for(answer["interaction"], wait=wait)
