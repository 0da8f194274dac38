"""What can be wrong with the database itself; str() is a sentence that says what to do about it."""


class StorageError(Exception):
    """The database cannot be used; str() is one sentence for the operator."""


class DatabaseNewer(StorageError):
    """The file was written by a version of Matinee that this one does not know."""


class DatabaseForeign(StorageError):
    """The file is a healthy SQLite database of some other program."""


class DatabaseCorrupt(StorageError):
    """The file is damaged, or is no SQLite database at all."""


class DatabaseNotWritable(StorageError):
    """The file or its folder cannot be written: permissions, a read-only or a full disk."""


class DatabaseBusy(StorageError):
    """Another process has held the write lock for longer than we wait."""


class BackupError(StorageError):
    """A copy cannot be taken or put back; the sentence says why and what to do."""
