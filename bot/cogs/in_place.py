"""Shows other films in a message of films that is there already, so that channels stay readable.

Reactions to a message rate the film that it shows. Therefore a public message is only changed while
nobody has reacted to it. Discord reports each change of a message in the order of the reactions to
it (`Ratings.on_raw_message_edit`), so each reaction rates the film that was shown.
"""

import logging
from dataclasses import replace

from bot.client.client import Press
from bot.client.languages import speaking_to
from bot.client.reply import edit
from bot.cogs.interaction import note_unsent, reactable
from bot.services.picks import impressions, in_place
from bot.services.view_models import FilmCard
from bot.views import cards
from bot.views.buttons import shown_scale

log = logging.getLogger(__name__)


async def may_change(interaction: Press) -> bool:
    """True if the message whose button was pressed may show other films.

    That is so if only this person sees it, or if they asked for it and nobody has reacted to it.
    """
    message = interaction.message
    if message is None:
        return False
    if message.flags.ephemeral:
        return True
    if await _owner(interaction) != interaction.user.id:
        return False
    if any(one.count > int(one.me) + int(one.me_burst) for one in message.reactions):
        return False
    return not await in_place.has_reactions(interaction.client.app, message.id)


async def owns(interaction: Press) -> bool:
    """True if the person who pressed has requested this message, or if that is unknown."""
    return await _owner(interaction) in (None, interaction.user.id)


async def _owner(interaction: Press) -> int | None:
    """Returns the id of the person who requested the message; None if that is unknown."""
    message = interaction.message
    if message is None:
        return None
    owner = await impressions.card_owner(interaction.client.app, message.id)
    if owner is None and message.interaction_metadata is not None:
        owner = message.interaction_metadata.user.id
    return owner


async def change_card(interaction: Press, card: FilmCard) -> None:
    """Shows a card (a message of films) in place of the one whose button was pressed."""
    message = interaction.message
    assert message is not None
    client, private = interaction.client, message.flags.ephemeral
    # The bot has put the emoji of the message's legend under it.
    card = replace(card, scale=client.app.scales.with_id(shown_scale(message)))
    can_react = reactable(interaction, private=private)
    with speaking_to(client.app, interaction, private=private):
        view = cards.film_card(card, reactable=can_react)
    try:
        await edit(interaction, view)
    except Exception as failure:
        await note_unsent(client, card, failure)
        raise
    if private:
        return
    try:
        await in_place.attach_films(client.app, card, message.id)
        if not can_react:  # Discord may not report the change
            await in_place.follow_message(client.app, message.id, card.headline.film_id)
    except Exception:
        log.exception("it is not stored which films message %s shows now", message.id)
