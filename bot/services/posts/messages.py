"""Direct messages to managers about their posts. They are stored until they are sent.

A message is stored in the same transaction that stops a schedule or stores how a post ended. The
manager therefore gets it once, even if the bot ends in between.
"""

from bot.services.app import App
from storage.servers import manager_messages
from storage.servers.manager_messages import ManagerMessage


async def waiting(app: App) -> tuple[ManagerMessage, ...]:
    """Returns the messages that are to be sent, the oldest first."""
    async with app.db.read(quick=True) as conn:
        return await manager_messages.waiting(conn)


async def settle(app: App, message: ManagerMessage) -> None:
    """Deletes a stored message, because it was sent or can never be sent."""
    async with app.db.write() as conn:
        await manager_messages.remove(conn, message.id)
