"""Threads and the posts of forums, by Discord's rules (topics/threads, resources/channel)."""

from bot.playground.records import permissions
from bot.playground.records.channels import (
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    VOICE,
    Channel,
    ThreadState,
)
from bot.playground.records.events import Event
from bot.playground.records.snowflakes import time_of
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.world import World


def begin(
    world: World,
    parent: Channel,
    name: str,
    owner_id: int,
    *,
    message_id: int | None = None,
    private: bool = False,
) -> Channel:
    """Begins a thread in a channel; returns it.

    parent: the channel.
    message_id: the message that the thread begins with; the thread then has the same id.
    private: True if only the members of the thread see it.

    Raises ApiError 50024 in a voice channel, 50013 if the owner may not do this, 160004 if the
    message has a thread already.
    """
    granted = world.permissions(owner_id, parent)
    if not granted & permissions.VIEW_CHANNEL:
        raise refusal(50001)
    kind = PRIVATE_THREAD if private else PUBLIC_THREAD
    needed = permissions.CREATE_PRIVATE_THREADS if private else permissions.CREATE_PUBLIC_THREADS
    if parent.kind == FORUM:
        needed = permissions.SEND_MESSAGES
    if not granted & needed:
        raise refusal(50013)
    if parent.kind == VOICE:
        raise refusal(50024)
    made = message_id or world.ids.next()
    if made in world.channels:
        raise refusal(160004)
    state = ThreadState(owner_id, world.clock.now(), members={owner_id: None})
    thread = Channel(
        made,
        kind,
        name,
        parent.guild_id,
        nsfw=parent.nsfw,
        parent_id=parent.id,
        thread=state,
        slow_seconds=parent.slow_seconds if parent.kind == FORUM else 0,
    )
    world.channels[made] = thread
    data = rendering.channel(world, thread) | {"newly_created": True}
    world.emit(Event("THREAD_CREATE", data, thread.guild_id, thread.id))
    world.emit(Event("channels", {}))
    return thread


def change(
    world: World, thread: Channel, *, archived: bool | None = None, locked: bool | None = None
) -> None:
    """Archives or locks a thread, or undoes that. A value of None leaves the state unchanged.

    archived: True to archive it, False to take it out of the archive.
    locked: True to lock it, False to unlock it.
    """
    state = _state(thread)
    state.archived = state.archived if archived is None else archived
    state.locked = state.locked if locked is None else locked
    state.changed = world.clock.now()
    data = rendering.channel(world, thread)
    world.emit(Event("THREAD_UPDATE", data, thread.guild_id, thread.id))
    world.emit(Event("channels", {}))


def delete(world: World, thread: Channel) -> None:
    """Deletes a thread with its messages."""
    data = {
        "id": str(thread.id),
        "guild_id": str(thread.guild_id),
        "parent_id": str(thread.parent_id),
        "type": thread.kind,
    }
    del world.channels[thread.id]
    world.emit(Event("THREAD_DELETE", data, thread.guild_id, thread.id))
    world.emit(Event("channels", {}))


def require_text(channel: Channel) -> None:
    """Raises ApiError 40058 for a forum, which has posts but no messages of its own."""
    if channel.kind == FORUM:
        raise refusal(40058)


def require_active(channel: Channel) -> None:
    """Raises ApiError 50083 for an archived thread: nothing in it can be edited or reacted to."""
    if channel.thread is not None and channel.thread.archived:
        raise refusal(50083)


def wake(world: World, channel: Channel, user_id: int) -> None:
    """Takes a thread out of the archive because a user sends a message to it.

    Raises ApiError 50083 if the thread is locked and the user may not manage threads.
    """
    state = channel.thread
    if state is None:
        return
    managed = world.permissions(user_id, channel) & permissions.MANAGE_THREADS
    if state.locked and not managed:
        raise refusal(50083)
    state.members.setdefault(user_id)
    if state.archived:
        change(world, channel, archived=False)


def archive_idle(world: World) -> None:
    """Archives each thread whose last message is older than the thread's time limit."""
    now = world.clock.now()
    for thread in [x for x in world.channels.values() if x.thread and not x.thread.archived]:
        last = next(reversed(thread.messages), None)
        active = max(_state(thread).changed, time_of(last) if last else _state(thread).changed)
        if (now - active).total_seconds() >= _state(thread).archive_minutes * 60:
            change(world, thread, archived=True)


def _state(thread: Channel) -> ThreadState:
    if thread.thread is None:
        raise refusal(50024)
    return thread.thread
