"""A list of the people who had all their data deleted, and when. It contains no ids of people.

The list is kept outside the database. Deletions are therefore still known after an older copy of
the database is restored, and when a reaction from before a deletion is found on Discord. Each entry
is a time and a keyed hash (BLAKE2b with a key, RFC 7693) of the person's id. The list and its key
are two files in the data folder. Backups do not contain them, so that a backup does not reveal who
was deleted.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

LIST_NAME, KEY_NAME = "erased.list", "erased.key"
_KEY_BYTES, _HASH_BYTES = 32, 16
_PRIVATE = 0o600  # only the user that runs Matinee may read and write


class Erasures:
    """The list of people who had all their data deleted, kept in a folder.

    A person may come back. What they do after the deletion counts again.
    """

    def __init__(self, folder: Path) -> None:
        """Reads the list in `folder`, if there is one. Raises OSError if it cannot be read."""
        self._list, self._key_file = folder / LIST_NAME, folder / KEY_NAME
        self._key: bytes | None = None
        self._at: dict[str, datetime] = {}
        self._size = 0  # bytes of the list that were read
        self.reload()

    def reload(self) -> bool:
        """Reads the list again if another process has added to it; returns True if it has.

        Raises OSError if it cannot be read.
        """
        if self._key is None and self._key_file.exists():
            self._key = self._key_file.read_bytes()
        size = self._list.stat().st_size if self._list.exists() else 0
        if size == self._size:
            return False
        found: dict[str, datetime] = {}
        for line in self._list.read_text(encoding="ascii").splitlines() if size else ():
            digest, _, text = line.partition(" ")
            at = _time(text)
            if at is not None:
                found[digest] = max(at, found.get(digest, at))
        self._at, self._size = found, size
        return True

    @property
    def lacks_key(self) -> bool:
        """True if there is a list but its key file is missing. Nobody in the list can then be
        recognised.
        """
        return bool(self._at) and self._key is None

    def __len__(self) -> int:
        """Returns the number of people in the list."""
        return len(self._at)

    def add(self, person_id: int, now: datetime) -> None:
        """Adds the person. If they are in the list already, the newer time is stored.

        The entry is on disk when this returns. Raises OSError if it cannot be written; the list is
        then as before.

        now: the time of the deletion, with a zone.
        """
        self.reload()
        if self._key is None:
            self._key = self._make_key()
        digest = self._hash(person_id)
        at = max(now.astimezone(UTC), self._at.get(digest, now))
        _append(self._list, f"\n{digest} {at.isoformat()}\n".encode())
        self._at[digest] = at

    def _make_key(self) -> bytes:
        """Writes a new key; returns it, or the key of another process that was quicker."""
        key = secrets.token_bytes(_KEY_BYTES)
        draft = self._key_file.with_suffix(f".{key[:4].hex()}.part")
        _append(draft, key)
        try:
            os.link(draft, self._key_file)  # fails if there is a key by now
        except FileExistsError:
            return self._key_file.read_bytes()
        except OSError:  # a file system without such links
            draft.replace(self._key_file)
        finally:
            draft.unlink(missing_ok=True)
        return key

    def at(self, person_id: int) -> datetime | None:
        """Returns when the person's data were last deleted, UTC; None if they never were."""
        return self._at.get(self._hash(person_id)) if self._at and self._key else None

    def covers(self, person_id: int, at: datetime) -> bool:
        """True if the person's data were deleted at `at` or later.

        What they did at `at` must then not be stored.
        """
        erased = self.at(person_id)
        return erased is not None and at <= erased

    def among(self, person_ids: Iterable[int]) -> dict[int, datetime]:
        """Returns, for those of the given people whose data were deleted, when that was, by person
        id.
        """
        return {one: at for one in person_ids if (at := self.at(one)) is not None}

    def _hash(self, person_id: int) -> str:
        key = self._key or b""
        return hashlib.blake2b(
            str(person_id).encode(), key=key, digest_size=_HASH_BYTES
        ).hexdigest()


def _time(text: str) -> datetime | None:
    """Returns the time of an entry; None for an entry that a crash left incomplete."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _append(path: Path, data: bytes) -> None:
    """Adds bytes to the end of a file and waits until they are on disk.

    Raises OSError if they cannot be written; the file is then as long as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        before = os.fstat(descriptor).st_size
        try:
            if file.write(data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise
