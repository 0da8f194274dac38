"""Tables of the processes of the bot, if it runs in several. No row is about a person."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from storage.schema.base import metadata
from storage.types import UtcDateTime

processes = Table(
    "processes",
    metadata,
    Column("holder", Text, primary_key=True),  # another name at each start of a process
    Column("place", Text, nullable=False),  # the machine and folder; one process at a time has it
    Column("first_shard", Integer, nullable=False),
    Column("last_shard", Integer, nullable=False),
    Column("shard_count", Integer, nullable=False),
    Column("share", Integer, nullable=False),  # requests a second that it may send to Discord
    Column("serving", Text),  # the version of the model that answers in it
    Column("started_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),  # it counts as ended then, unless it renews
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),  # of what only one process may do
    Column("holder", Text, nullable=False),  # the process that does it
    Column("fence", BigInteger, nullable=False),  # grows by one with each new holder
    Column("expires_at", UtcDateTime, nullable=False),
)

identifies = Table(
    "identifies",
    metadata,
    Column(
        "bucket", Integer, primary_key=True, autoincrement=False
    ),  # shard number modulo Discord's max_concurrency
    Column("at", UtcDateTime, nullable=False),  # when the last identify of it was let through
)
