"""This process among the processes of the bot, as the database knows them.

With `MATINEE_SHARDS`, several processes share one database. Each stores that it runs, and renews
that every few seconds; it counts as ended when it has not done so for LEASE. One of them leads: it
does what only one may do, such as fits. Leadership is a lease with a number (the fence) that grows
with each leader. A process that was stopped for a while and goes on finds in the transaction of its
next write that it has lost its place, and the write is refused.

Everything happens in writing transactions, which take turns over all processes. The time is the
app's clock, like every time in the database, so that tests can move it. The clocks of machines
should agree within a few seconds. If they do not, leadership may change too often, but no write of
an earlier leader is taken, because the fence needs no clock.
"""

import logging
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock, system_clock
from bot.errors import Lapsed, NotLeading
from bot.services.cluster.standing import (
    BUDGET,
    LEASE,
    Standing,
    fair_share,
    in_order,
    is_held,
    runs,
)
from storage.cluster import identifies, leases, processes
from storage.cluster.leases import Lease
from storage.cluster.processes import Process
from storage.database.engine import Database, Transaction
from storage.shards import Shards

log = logging.getLogger(__name__)

RENEW_SECONDS = 4.0
"""How often a process renews its place: three times within LEASE."""

FORGET_AFTER = timedelta(days=1)
"""A process that ended this long ago is no longer stored."""

ALL = Shards(0, 0, 1)
"""What is stored for a process that has all shards, however many they are."""

LEADER = "leader"
"""The name of the lease of the process that leads."""

IDENTIFY_PAUSE = timedelta(seconds=5.1)
"""The time between two identifies of one bucket: Discord asks for five seconds."""

MAX_AHEAD = timedelta(minutes=10)
"""Times that are further ahead are from before the clock was put back."""


class Cluster:
    """This process among the processes of the bot.

    A process on SQLite without `MATINEE_SHARDS` is alone: it leads, has the whole budget of
    requests and stores nothing here. On PostgreSQL a process that has all shards stores that too,
    so that nobody starts another one by mistake.

    shards: the shards of this process; None if it has all.
    place: the machine and folder in which it runs. It has a lock on the folder, so an earlier
        process with the same place has ended.
    clock: returns the present time.
    """

    def __init__(
        self,
        shards: Shards | None = None,
        place: str = "",
        clock: Clock = system_clock,
        *,
        shared: bool = False,
    ) -> None:
        """shared: True if other machines can reach the database."""
        self.shards = shards
        self._stored = ALL if shards is None and shared else shards
        self._place = place
        self._clock = clock
        self._holder = secrets.token_hex(8)
        self._standing: Standing | None = None
        self._is_over = False

    @property
    def alone(self) -> bool:
        """True if the bot runs in this process only."""
        return self._stored is None

    @property
    def holder(self) -> str:
        """This process' name among the processes."""
        return self._holder

    def holds(self, guild_id: int | None) -> bool:
        """True if a server belongs to this process; None means direct messages."""
        return self.shards is None or self.shards.holds(guild_id)

    @property
    def standing(self) -> Standing | None:
        """What was known when the place was last renewed; None if that has expired."""
        standing = self._standing
        return standing if standing is not None and self._clock() < standing.until else None

    @property
    def leading(self) -> bool:
        """True if this process leads, as far as it knows. Writes check it again."""
        standing = self.standing
        return self.alone or (standing is not None and standing.fence is not None)

    @property
    def fence(self) -> int | None:
        """The number of this process' lead; None if another process leads, or if it is alone."""
        standing = self.standing
        return None if standing is None else standing.fence

    @property
    def share(self) -> int:
        """How many requests a second this process may send to Discord now."""
        if self.alone:
            return BUDGET
        standing = self.standing
        return 1 if standing is None else standing.share

    # --- being there --------------------------------------------------------------------------

    async def join(self, db: Database) -> Process | None:
        """Stores that this process runs, and takes the lead if nobody has it.

        Returns None if that went well, else a running process that has shards in common with this
        one or counts the shards differently. Nothing is stored then.
        """
        assert self._stored is not None
        now = self._clock()
        async with db.write() as conn:
            known = await processes.every(conn)
            before = [one for one in known if one.place == self._place]
            others = [one for one in known if runs(one, now) and one not in before]
            for one in others:
                if one.shards.overlaps(self._stored):
                    return one
            ended = [one for one in known if one not in others]
            await processes.remove(conn, [one.holder for one in ended if self._replaces(one, now)])
            for one in before:
                await leases.end(conn, one.holder, now)
            share = fair_share(self._stored, others)
            me = Process(self._holder, self._place, self._stored, share, None, now, now + LEASE)
            await processes.add(conn, me)
            fence = await self._lead(conn, now)
        self._standing = Standing(share, fence, now + LEASE, in_order([me, *others]))
        return None

    def _replaces(self, process: Process, now: datetime) -> bool:
        """True if a process that has ended need not be kept: this one runs its shards, or it ended
        long ago.
        """
        assert self._stored is not None
        old = not now - FORGET_AFTER < process.expires_at <= now + 2 * LEASE
        return old or process.place == self._place or process.shards.overlaps(self._stored)

    async def renew(self, db: Database, serving: str) -> None:
        """Stores that this process still runs, and takes the lead if nobody has it.

        Raises Lapsed if another process has taken its shards meanwhile.

        serving: the version of the model that answers in this process.
        """
        assert self._stored is not None
        now = self._clock()
        async with db.write() as conn:
            known = await processes.every(conn)
            me = next((one for one in known if one.holder == self._holder), None)
            others = [one for one in known if one is not me and runs(one, now)]
            if me is None:
                raise self._lapse()
            share = fair_share(self._stored, others)
            me = replace(me, share=share, serving=serving, expires_at=now + LEASE)
            await processes.renew(
                conn, self._holder, share=share, serving=serving, expires_at=me.expires_at
            )
            fence = await self._lead(conn, now)
        led = self._standing is not None and self._standing.fence is not None
        if led != (fence is not None):
            log.info("this process %s", "leads now" if fence is not None else "no longer leads")
        self._standing = Standing(share, fence, now + LEASE, in_order([me, *others]))

    async def leave(self, db: Database) -> None:
        """Stores that this process has ended. Its later writes are refused."""
        now = self._clock()
        self._is_over = True
        async with db.write() as conn:
            await processes.remove(conn, [self._holder])
            await leases.end(conn, self._holder, now)
        self._standing = None

    async def _lead(self, conn: Transaction, now: datetime) -> int | None:
        """Renews the lead if this process has it, and takes it if nobody has it.

        Returns the fence; None if another process leads.
        """
        lease = await leases.get(conn, LEADER)
        if lease is None:
            lease = Lease(LEADER, self._holder, 1, now + LEASE)
        elif lease.holder == self._holder:
            lease = replace(lease, expires_at=now + LEASE)
        elif not is_held(lease.expires_at, now):
            lease = Lease(LEADER, self._holder, lease.fence + 1, now + LEASE)
        else:
            return None
        await leases.put(conn, lease)
        return lease.fence

    # --- checks in the transaction of a write ---------------------------------------------------

    async def check_place(self, conn: Transaction) -> None:
        """Raises Lapsed if this process has lost its place, so that it may not write.

        Commands of the operator that never joined may write.
        """
        if self._standing is None and not self._is_over:
            return
        if not await processes.is_there(conn, self._holder):
            raise self._lapse()

    async def check_lead(self, conn: Transaction) -> None:
        """Raises NotLeading if this process does not lead, or its lease has expired."""
        lease = await leases.get(conn, LEADER)
        fence = None if self._standing is None else self._standing.fence
        ours = lease is not None and lease.holder == self._holder and lease.fence == fence
        if lease is None or not ours or not is_held(lease.expires_at, self._clock()):
            raise NotLeading(lease.fence if lease is not None else 0)

    def _lapse(self) -> Lapsed:
        self._is_over = True
        return Lapsed("shards-lost", shards=str(self._stored))

    @property
    def is_over(self) -> bool:
        """True if this process has lost its place or has left it, so that it must end."""
        return self._is_over

    # --- the gateway --------------------------------------------------------------------------

    async def reserve_identify(self, db: Database, shard_id: int, at_once: int) -> timedelta:
        """Stores when a shard may identify; returns how long it has to wait until then.

        at_once: how many identifies Discord allows at the same time (`max_concurrency`); shards
            whose numbers are equal modulo it take turns.
        """
        now, bucket = self._clock(), shard_id % at_once
        async with db.write() as conn:
            last = await identifies.last(conn, bucket)
            at = now
            if last is not None and last < now + MAX_AHEAD:
                at = max(now, last + IDENTIFY_PAUSE)
            await identifies.note(conn, bucket, at)
        return at - now
