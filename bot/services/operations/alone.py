"""Keeps the data folder to one running bot: two would each answer, post and count everything."""

import contextlib
from collections.abc import Iterator

from bot.errors import AlreadyRunning
from bot.settings import Settings
from storage.database import locks


@contextlib.contextmanager
def only_bot(settings: Settings) -> Iterator[None]:
    """Keeps a second bot off the data folder for the block.

    Enter it before `open_app`, so that a second bot changes nothing. Raises AlreadyRunning if a bot
    runs on the folder.
    """
    with locks.held(settings.running_lock) as free:
        if not free:
            raise AlreadyRunning(
                f"Matinee is running on {settings.data.absolute()} already. Stop that one first, "
                "or set MATINEE_DATA to another folder for this one."
            )
        yield
