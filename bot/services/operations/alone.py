"""Makes sure that only one bot uses a data folder.

Two bots would answer, post and count everything twice.
"""

import contextlib
from collections.abc import Iterator

from bot.errors import AlreadyRunning
from bot.settings import Settings
from storage.database.sqlite import locks


@contextlib.contextmanager
def only_bot(settings: Settings) -> Iterator[None]:
    """Keeps a second bot from using the data folder during the `with` block.

    Enter the block before `open_app`, so that a second bot changes nothing. Raises AlreadyRunning
    if another bot uses the folder.
    """
    with locks.held(settings.running_lock) as free:
        if not free:
            raise AlreadyRunning("already-running", folder=str(settings.data.absolute()))
        yield
