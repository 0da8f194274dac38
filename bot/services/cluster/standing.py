"""What a process knows of its place, until when it has it, and its part of the requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.cluster.processes import Process
from storage.shards import Shards

LEASE = timedelta(seconds=15)
"""A process that has not renewed its place for this long counts as ended."""

BUDGET = 48
"""Requests a second that all processes share. Discord accepts 50 a second from a bot; the rest is
for processes that have just started and wait for their part."""


@dataclass(frozen=True)
class Standing:
    """What a process knew of its place when it last renewed it.

    Attributes:
        share: how many requests a second it may send to Discord.
        fence: the number of its leadership; None if another process leads.
        until: when all of this ends unless it is renewed, UTC.
        processes: all processes that run, by their first shard.
    """

    share: int
    fence: int | None
    until: datetime
    processes: tuple[Process, ...]


def runs(process: Process, now: datetime) -> bool:
    """True if a process has renewed its place in time."""
    return is_held(process.expires_at, now)


def is_held(expires_at: datetime, now: datetime) -> bool:
    """True if a lease has not expired. One that ends later than any lease that is taken now is from
    before the clock was put back, so it counts as expired.
    """
    return now < expires_at <= now + 2 * LEASE


def fair_share(shards: Shards, others: list[Process]) -> int:
    """Returns how many requests a second a process may send.

    It is its part of the budget, in proportion to its shards, but not more than what the others
    have not been granted. So the sum never exceeds the budget by more than one for each process
    that waits for its part.
    """
    mine = len(shards.ids)
    every = mine + sum(len(one.shards.ids) for one in others)
    free = BUDGET - sum(one.share for one in others)
    return max(1, min(BUDGET * mine // every, free))


def in_order(found: list[Process]) -> tuple[Process, ...]:
    """Returns processes by their first shard."""
    return tuple(sorted(found, key=lambda one: one.shards.first))
