"""Reads from Discord who has reacted to a card, if the numbers differ from those that are stored.

A card is a message of the bot about a film.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import discord
from discord import ReactionType
from discord.http import HTTPClient
from discord.message import convert_emoji_reaction

from bot.jobs.background_reading import READ_FAILURES, Throttle
from bot.services.feedback import reconcile
from bot.services.scale import RatingScale
from storage.feedback.cards import Card

PEOPLE_PER_REQUEST = 100
MAX_PEOPLE = 20_000
"""How many people are read for one emoji. If there are more, no stored reaction with this emoji is
withdrawn.
"""


@dataclass(frozen=True)
class Counts:
    """How many people reacted to a card on Discord, compared with the stored reactions.

    A card is a message about a film.

    Attributes:
        card: the card.
        message: its message, with its reactions.
        differing: the emoji, in the form in which they are stored, whose numbers differ.
        equal: the emoji, in the stored form, whose numbers are equal and not 0. The people may
            still differ: one may have taken a reaction back and another added one.
        cleared: the rating emoji that a moderator has cleared: those that the bot had put under the
            card are gone from it.
    """

    card: Card
    message: discord.Message
    differing: tuple[str, ...]
    equal: tuple[str, ...]
    cleared: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """The people who have reacted to a message.

    Attributes:
        by_emoji: for each emoji, in the form in which it is stored, the ids of the people, without
            bots.
        complete: the emoji for which all people were read.
        failure: the error at the first emoji that could not be read; None if all were read.
    """

    by_emoji: Mapping[str, list[int]]
    complete: tuple[str, ...]
    failure: BaseException | None = None


def compare(
    card: Card, message: discord.Message, recorded: Mapping[str, int], scale: RatingScale
) -> Counts:
    """Compares the numbers of reactions to a message with those that are stored.

    recorded: the stored number of people for each emoji, named as `same_emoji` names them.
    scale: the emoji that rate on this card.
    """
    shown = {stored: number for stored, _, _, number in _sorts(message) if scale.rates(stored)}
    named = {reconcile.same_emoji(stored): stored for stored in shown}
    emoji = {named.get(stored, stored) for stored in recorded} | set(shown)
    differing, equal = [], []
    for stored in sorted(emoji):
        number = shown.get(stored, 0)
        if number != recorded.get(reconcile.same_emoji(stored), 0):
            differing.append(stored)
        elif number:
            equal.append(stored)
    own = {reconcile.same_emoji(str(one.emoji)) for one in message.reactions if one.me}
    seeded = [mark.emoji for mark in scale.seeds(card.surface)] if card.seeded else []
    cleared = [emoji for emoji in seeded if reconcile.same_emoji(emoji) not in own]
    if cleared and len(seeded) < len(scale.steps):
        # Nothing shows which other emoji were cleared too. Moderators usually clear all.
        cleared = [mark.emoji for mark in scale.steps]
    return Counts(card, message, tuple(differing), tuple(equal), tuple(cleared))


def _sorts(message: discord.Message) -> list[tuple[str, discord.Reaction, bool, int]]:
    """Returns each kind of reaction to a message.

    Normal and super reactions with one emoji are two kinds.

    Each item is (the emoji in the stored form, the reaction, True for a super reaction, the number
    of people other than the bot).
    """
    found: list[tuple[str, discord.Reaction, bool, int]] = []
    for reaction in message.reactions:
        for burst, number in (
            (False, reaction.normal_count - reaction.me),
            (True, reaction.burst_count - reaction.me_burst),
        ):
            stored = reconcile.stored_emoji(str(reaction.emoji), burst=burst)
            if number > 0:
                found.append((stored, reaction, burst, number))
    return found


async def read_people(
    message: discord.Message, emoji: Collection[str], http: HTTPClient, throttle: Throttle
) -> People:
    """Reads from Discord which people reacted to a message with certain emoji.

    emoji: these emoji, as stored. An emoji that nobody used needs no request.
    http: sends the requests. `Reaction.users` is not used, because it always asks for one page more
        than there is, which doubles the requests.
    throttle: limits how fast requests are made.
    """
    people: dict[str, list[int]] = {stored: [] for stored in emoji}
    complete = set(emoji)
    failure: BaseException | None = None
    for stored, reaction, burst, _ in _sorts(message):
        if stored not in people:
            continue
        kind = ReactionType.burst if burst else ReactionType.normal
        named = convert_emoji_reaction(reaction.emoji)
        place = (message.channel.id, message.id, named, PEOPLE_PER_REQUEST)
        listed, after = 0, None
        try:
            while listed < MAX_PEOPLE:
                await throttle.take()
                page = await http.get_reaction_users(*place, after=after, type=kind.value)
                people[stored] += [int(user["id"]) for user in page if not user.get("bot", False)]
                listed += len(page)
                if len(page) < PEOPLE_PER_REQUEST:
                    break
                after = int(page[-1]["id"])
        except READ_FAILURES as error:
            complete.discard(stored)
            failure = failure or error
        if listed >= MAX_PEOPLE:
            complete.discard(stored)
    return People(people, tuple(complete), failure)
