"""The errors of storage. Each carries a key and data, with which the bot says what is wrong.

StorageError
├── DatabaseError            the database cannot be used
│   ├── DatabaseNewer        a newer version of Matinee wrote it
│   ├── DatabaseForeign      another program wrote it
│   ├── DatabaseCorrupt      it is damaged, or not a database
│   ├── DatabaseNotWritable  it cannot be written
│   │   └── DatabaseFull     its disk is full
│   ├── DatabaseGone         it was removed or replaced while it was open
│   ├── DatabaseBusy         another process keeps it locked
│   ├── DatabaseUnreachable  its server cannot be reached
│   │   └── CommitUnknown    the connection broke during a commit
│   ├── DatabaseRefused      its server refuses it, or its driver is missing
│   ├── DatabaseHalfMoved    not everything has been moved to it yet
│   └── DatabaseNotReadable  it cannot be read as a database of Matinee
├── BackupError              a copy cannot be taken or put back
├── MoveError                the database cannot be moved to PostgreSQL
│   └── MoveDiffers          the copy there has other rows than the database
├── CatalogueError           a file of the catalogue cannot be used
└── UnreadableHistory        a film history cannot be read (storage/imports/history.py)
"""


class StorageError(Exception):
    """A stored file cannot be used.

    Attributes:
        key: the name of the sentence for people, which `bot/wording` has.
        data: the values that the sentence contains, not formatted.
    """

    def __init__(self, key: str, /, **data: object) -> None:
        super().__init__(key)
        self.key = key
        self.data = data

    def __str__(self) -> str:
        told = ", ".join(
            f"{name}={'; '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
            for name, value in self.data.items()
        )
        return f"{self.key} ({told})" if told else self.key


class DatabaseError(StorageError):
    """The database cannot be used."""


class DatabaseNewer(DatabaseError):
    """The database was written by a newer version of Matinee."""


class DatabaseForeign(DatabaseError):
    """The database belongs to another program."""


class DatabaseCorrupt(DatabaseError):
    """The file is damaged or is not an SQLite database."""


class DatabaseNotWritable(DatabaseError):
    """The file or its folder cannot be written: permissions, a read-only disk or a full disk."""


class DatabaseFull(DatabaseNotWritable):
    """The disk that holds the file is full."""


class DatabaseGone(DatabaseError):
    """The file was removed or replaced while it was open, so what is written to it is lost."""


class DatabaseBusy(DatabaseError):
    """Another process kept the write lock for too long."""


class DatabaseUnreachable(DatabaseError):
    """The server of the database does not answer, or the connection to it broke."""


class CommitUnknown(DatabaseUnreachable):
    """The connection broke during a commit, so what was written may be stored or not."""


class DatabaseRefused(DatabaseError):
    """The server refuses the user, the database or a permission; or its driver is missing."""


class DatabaseHalfMoved(DatabaseError):
    """A move from SQLite to it was interrupted, so most of what people said is not in it."""


class DatabaseNotReadable(DatabaseError):
    """The file cannot be read as a database of Matinee, for whatever reason."""


class BackupError(StorageError):
    """A copy cannot be taken or put back."""


class MoveError(StorageError):
    """The database cannot be moved to PostgreSQL. The database that it was in is as before."""


class MoveDiffers(MoveError):
    """The copy in PostgreSQL has other rows than the database, for instance since that changed."""


class CatalogueError(StorageError):
    """A file of the catalogue cannot be used.

    Attributes:
        file: name of the file.
        line: the line's number, from 1; None if the whole file is meant.
        problem: what is wrong.
    """

    def __init__(self, file: str, line: int | None, problem: StorageError) -> None:
        if line is None:
            super().__init__("wrong-in-file", file=file, problem=problem)
        else:
            super().__init__("wrong-in-line", file=file, line=str(line), problem=problem)
        self.file = file
        self.line = line
        self.problem = problem
