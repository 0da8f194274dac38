"""A small real bot that shows everything the page must be able to draw and operate.

It uses nothing of Matinee. Each command returns one kind of thing. The bot records the answers that
people give.
"""

import asyncio
import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import discord
from discord import app_commands

from tests.clock import PATIENCE_SECONDS

FILMS = (
    "Amélie (2001)",
    "Andrei Rublev (1966)",
    "Arrival (2016)",
    "Paris, Texas (1984)",
    "Playtime (1967)",
    "Solaris (1972)",
    "The Apartment (1960)",
)
MOODS = ("Cosy", "Tense", "Melancholy", "Silly")
ACCENT = 0xB4235A
NO_TIME = 0.2
"""Seconds within which the bot must answer, in tests in which it doesn't."""


@dataclass
class Heard:
    """What people did with the bot.

    Attributes:
        acts: (kind of act, details), oldest first. Each test begins without any.
        go_on: what the bot waits for before it ends an answer that takes long.
    """

    acts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, act: str, **details: Any) -> None:
        self.acts.append((act, details))

    async def last(self, act: str) -> dict[str, Any]:
        """Returns the details of the newest act of a kind, once the bot has heard of one."""

        end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not (found := [details for name, details in self.acts if name == act]):
            assert asyncio.get_running_loop().time() < end, f"no {act!r} among {self.acts}"
            await asyncio.sleep(0.02)
        return found[-1]


def png(width: int = 120, height: int = 180, colour: tuple[int, int, int] = (180, 35, 90)) -> bytes:
    """Returns a PNG picture of one colour that fades to black."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + bytes(int(part * (1 - 0.6 * y / height)) for part in colour) * width
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class Card(discord.ui.LayoutView):
    """A film card as Components V2, with buttons in every style and two selects."""

    def __init__(self, heard: Heard, title: str, poster: str | None = None) -> None:
        super().__init__(timeout=None)
        self.heard = heard
        head: discord.ui.TextDisplay[Card] = discord.ui.TextDisplay(
            f"## {title}\n1 h 42 min · Comedy, Drama\n*because you loved* **Playtime**"
        )
        box: discord.ui.Container[Card] = discord.ui.Container(accent_colour=ACCENT)
        if poster is None:
            box.add_item(head)
        else:
            thumbnail: discord.ui.Thumbnail[Card] = discord.ui.Thumbnail(
                poster, description=f"Poster of {title}"
            )
            box.add_item(discord.ui.Section(head, accessory=thumbnail))
        box.add_item(discord.ui.TextDisplay("-# ❤️ loved · 👍 liked · 😐 fine · 👎 disliked"))
        box.add_item(discord.ui.Separator())
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow()
        styles = (
            ("Why?", discord.ButtonStyle.primary),
            ("Seen it", discord.ButtonStyle.success),
            ("Not for me", discord.ButtonStyle.danger),
            ("Another", discord.ButtonStyle.secondary),
        )
        for label, style in styles:
            button: discord.ui.Button[Card] = discord.ui.Button(
                label=label, style=style, custom_id=label.lower()
            )
            button.callback = self._pressed(label)  # type: ignore[method-assign]
            row.add_item(button)
        row.add_item(discord.ui.Button(label="Source", url="https://example.org/film"))
        box.add_item(row)
        more: discord.ui.Select[Card] = discord.ui.Select(
            placeholder="Open another pick",
            custom_id="open",
            options=[
                discord.SelectOption(label=film, value=str(place), description="warm and witty")
                for place, film in enumerate(FILMS)
            ],
        )
        more.callback = self._chosen(more)  # type: ignore[method-assign]
        box.add_item(discord.ui.ActionRow(more))
        many: discord.ui.Select[Card] = discord.ui.Select(
            placeholder="Which did you love?",
            custom_id="loved",
            min_values=1,
            max_values=3,
            options=[
                discord.SelectOption(label=x, value=x, emoji="🎬", default=x == FILMS[2])
                for x in FILMS
            ],
        )
        many.callback = self._chosen(many)  # type: ignore[method-assign]
        box.add_item(discord.ui.ActionRow(many))
        self.add_item(box)

    def _pressed(self, label: str) -> Any:
        async def pressed(interaction: discord.Interaction) -> None:
            self.heard.note("button", label=label, by=interaction.user.name)
            if label == "Another":
                await interaction.response.edit_message(view=Card(self.heard, "Solaris (1972)"))
            elif label == "Not for me":
                await self.heard.go_on.wait()
            else:
                await interaction.response.send_message(f"You pressed **{label}**.", ephemeral=True)

        return pressed

    def _chosen(self, select: "discord.ui.Select[Card]") -> Any:
        async def chosen(interaction: discord.Interaction) -> None:
            self.heard.note("select", values=list(select.values), by=interaction.user.name)
            words = ", ".join(select.values)
            await interaction.response.send_message(f"You chose {words}.", ephemeral=True)

        return chosen


class Quiz(discord.ui.Modal, title="Your taste in a minute"):
    """A modal with every kind of field."""

    shelves: discord.ui.Label[Any] = discord.ui.Label(
        text="Shelves you would browse",
        description="Choose up to three.",
        component=discord.ui.CheckboxGroup(
            custom_id="shelves",
            min_values=1,
            max_values=3,
            options=[
                discord.CheckboxGroupOption(
                    label=x, value=x, description="Playtime, Solaris, Arrival"
                )
                for x in ("Space and silence", "City comedies", "Long roads", "Old Hollywood")
            ],
        ),
    )
    never: discord.ui.Label[Any] = discord.ui.Label(
        text="Please never",
        component=discord.ui.Select(
            custom_id="never",
            required=False,
            placeholder="Nothing is out of the question",
            max_values=4,
            options=[
                discord.SelectOption(label=x) for x in ("Horror", "War", "Western", "Musical")
            ],
        ),
    )
    dial: discord.ui.Label[Any] = discord.ui.Label(
        text="How far off the beaten track?",
        component=discord.ui.RadioGroup(
            custom_id="dial",
            options=[
                discord.RadioGroupOption(label="Crowd-pleasers", value="crowd"),
                discord.RadioGroupOption(label="Balanced", value="even", default=True),
                discord.RadioGroupOption(label="Deep cuts", value="deep"),
            ],
        ),
    )
    zone: discord.ui.Label[Any] = discord.ui.Label(
        text="Time zone",
        component=discord.ui.TextInput(custom_id="zone", max_length=40, default="Europe/Berlin"),
    )
    public: discord.ui.Label[Any] = discord.ui.Label(
        text="Show my taste here", component=discord.ui.Checkbox(custom_id="public")
    )

    def __init__(self, heard: Heard) -> None:
        super().__init__(custom_id="quiz")
        self.heard = heard

    async def on_submit(self, interaction: discord.Interaction) -> None:
        given = {
            "shelves": list(self.shelves.component.values),  # type: ignore[attr-defined]
            "never": list(self.never.component.values),  # type: ignore[attr-defined]
            "dial": self.dial.component.value,  # type: ignore[attr-defined]
            "zone": self.zone.component.value,  # type: ignore[attr-defined]
            "public": self.public.component.value,  # type: ignore[attr-defined]
        }
        self.heard.note("modal", **given)
        await interaction.response.send_message("Thank you, noted.", ephemeral=True)


class Note(discord.ui.Modal, title="A note"):
    """A modal of the older shape, with a long and a short text."""

    words: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="What did you think?",
        style=discord.TextStyle.paragraph,
        custom_id="words",
        min_length=10,
        max_length=200,
    )

    def __init__(self, heard: Heard) -> None:
        super().__init__(custom_id="note")
        self.heard = heard

    async def on_submit(self, interaction: discord.Interaction) -> None:
        self.heard.note("note", words=self.words.value)
        await interaction.response.send_message(f"> {self.words.value}")


MARKDOWN = """# A heading
## Smaller
-# small print
**bold** *italic* __underlined__ ~~struck~~ `code` ||a spoiler|| \\*not italic\\*
> a quote
- one
- two
  - nested
1. first
2. second
```py
print("kept <b>as it is</b>")
```
[a link](https://example.org/a) and <https://example.org/b>, [not this](javascript:alert(1))
<@{user}> in <#{channel}>, <t:1700000000:D>, </similar:{command}>
<img src=x onerror="window.broken = true">"""


def showcase(heard: Heard) -> Any:
    """A `prepare` function for `open_stage` that gives a bot the showcase's commands."""

    def prepare(bot: Any) -> None:
        tree: app_commands.CommandTree[Any] = bot.tree
        _commands(tree, heard)
        _menus(tree, heard)

    return prepare


def _commands(tree: "app_commands.CommandTree[Any]", heard: Heard) -> None:
    async def films(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        fits = [x for x in FILMS if current.lower() in x.lower()]
        return [app_commands.Choice(name=x, value=f"film:{FILMS.index(x)}") for x in fits]

    @tree.command(description="A film for right now")
    @app_commands.describe(
        mood="What are you in the mood for?",
        max_runtime="At most so many minutes",
        private="Only you see the answer",
        friend="Whom to watch with",
        where="A channel",
    )
    @app_commands.choices(mood=[app_commands.Choice(name=x, value=x.lower()) for x in MOODS])
    async def recommend(
        interaction: discord.Interaction,
        mood: app_commands.Choice[str] | None = None,
        max_runtime: app_commands.Range[int, 30, 400] | None = None,
        private: bool = False,
        friend: discord.Member | None = None,
        where: discord.TextChannel | None = None,
    ) -> None:
        heard.note(
            "recommend",
            mood=mood.value if mood else None,
            max_runtime=max_runtime,
            private=private,
            friend=friend.name if friend else None,
            where=where.name if where else None,
            at=interaction.created_at,
        )
        file = discord.File(BytesIO(png()), "poster.png")
        card = Card(heard, "The Apartment (1960)", "attachment://poster.png")
        await interaction.response.send_message(view=card, file=file, ephemeral=private)
        if not private:
            message = await interaction.original_response()
            for emoji in "❤️", "👍", "😐", "👎":
                await message.add_reaction(emoji)

    @tree.command(description="Films like this one")
    @app_commands.describe(film="A film you know", by="What likeness means")
    @app_commands.choices(
        by=[app_commands.Choice(name=x, value=x) for x in ("tags", "ratings", "both")]
    )
    @app_commands.autocomplete(film=films)
    async def similar(interaction: discord.Interaction, film: str, by: str = "tags") -> None:
        heard.note("similar", film=film, by=by)
        await interaction.response.send_message(f"Like {film} by {by}")

    @tree.command(description="Rate a film")
    @app_commands.describe(film="A film", stars="Half a star to five")
    @app_commands.autocomplete(film=films)
    async def rate(
        interaction: discord.Interaction, film: str, stars: app_commands.Range[float, 0.5, 5.0]
    ) -> None:
        heard.note("rate", film=film, stars=stars)
        await interaction.response.send_message(f"{stars} stars", ephemeral=True)

    @tree.command(description="Answer a few questions")
    async def start(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Quiz(heard))

    @tree.command(description="Write a note about a film")
    async def note(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Note(heard))

    @tree.command(description="Takes its time")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await heard.go_on.wait()
        await interaction.edit_original_response(content="Here it is at last.")

    @tree.command(description="Never answers")
    async def silent(interaction: discord.Interaction) -> None:
        heard.note("silent")

    @tree.command(description="Every kind of text")
    async def words(interaction: discord.Interaction) -> None:
        text = MARKDOWN.format(
            user=interaction.user.id, channel=interaction.channel_id, command=interaction.id
        )
        await interaction.response.send_message(text)

    @tree.command(description="The older kind of rich message, with files")
    async def legacy(interaction: discord.Interaction) -> None:
        embed = discord.Embed(
            title="Paris, Texas",
            description="A man walks out of the *desert*.",
            colour=0x2563EB,
            url="https://example.org/paris-texas",
        )
        embed.add_field(name="Year", value="1984").add_field(name="Runtime", value="2 h 25")
        embed.set_footer(text="From the club's shelf")
        files = [
            discord.File(BytesIO(png(320, 180, (37, 99, 235))), "still.png", description="A still"),
            discord.File(BytesIO(b"title,stars\nSolaris,5\n"), "ratings.csv"),
        ]
        await interaction.response.send_message("As **before**", embed=embed, files=files)

    @tree.command(description="How much a file weighs")
    async def weigh(interaction: discord.Interaction, file: discord.Attachment) -> None:
        heard.note("weigh", name=file.filename, content=await file.read())
        await interaction.response.send_message(f"{file.size} bytes")

    watchlist = app_commands.Group(name="watchlist", description="What to watch later")

    @watchlist.command(description="Add a film to the list")
    @app_commands.autocomplete(film=films)
    async def add(interaction: discord.Interaction, film: str) -> None:
        heard.note("watchlist add", film=film)
        await interaction.response.send_message(f"Added {film}", ephemeral=True)

    @watchlist.command(description="Show the list")
    async def show(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Nothing on it", ephemeral=True)

    tree.add_command(watchlist)


def _menus(tree: "app_commands.CommandTree[Any]", heard: Heard) -> None:
    @tree.context_menu(name="More like this")
    async def more(interaction: discord.Interaction, message: discord.Message) -> None:
        heard.note("more like this", message=message.id)
        await interaction.response.send_message("More of that", ephemeral=True)

    @tree.context_menu(name="Compare taste")
    async def compare(interaction: discord.Interaction, member: discord.Member) -> None:
        heard.note("compare", member=member.name)
        await interaction.response.send_message(f"You and {member.display_name}", ephemeral=True)
