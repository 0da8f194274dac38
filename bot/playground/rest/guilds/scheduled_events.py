"""REST routes: scheduled events of guilds (Discord's resources/guild-scheduled-event)."""

from bot.playground.records.objects import JSON
from bot.playground.records.payloads import user
from bot.playground.records.scheduled_events import ScheduledEvent
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.guilds import scheduled_events


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    every = "/guilds/{guild}/scheduled-events"
    one = f"{every}/{{event}}"
    routes.add("GET", every, get_events)
    routes.add("POST", every, post_event)
    routes.add("GET", one, get_event)
    routes.add("PATCH", one, patch_event)
    routes.add("DELETE", one, delete_event)
    routes.add("GET", f"{one}/users", get_users)
    routes.add("GET", f"{one}/users/counts", get_user_counts)


def _is_set(call: Call, key: str) -> bool:
    return call.query.get(key) in ("1", "true", "True")


def _event(call: Call) -> ScheduledEvent:
    """Returns the event that the path names. Raises ApiError 10070 if the bot does not see it."""
    guild = call.guild()
    event = call.world.scheduled_events.get(call.number("event"))
    if event is None or event.guild_id != guild.id:
        raise refusal(10070)
    if not scheduled_events.is_seen(call.world, event, call.world.bot.id):
        raise refusal(10070)
    return event


def get_events(call: Call) -> Reply:
    """Returns the guild's events that are scheduled or active and that the bot sees."""
    world = call.world
    counted = _is_set(call, "with_user_count")
    found = [
        rendering.scheduled_event(world, x, counted=counted)
        for x in scheduled_events.of_guild(world, call.guild())
        if x.is_open and scheduled_events.is_seen(world, x, world.bot.id)
    ]
    return Reply(200, found)


def post_event(call: Call) -> Reply:
    """Schedules an event of the bot."""
    world = call.world
    event = scheduled_events.create(world, call.guild(), world.bot.id, call.object())
    return Reply(200, rendering.scheduled_event(world, event))


def get_event(call: Call) -> Reply:
    """Returns one event."""
    counted = _is_set(call, "with_user_count")
    return Reply(200, rendering.scheduled_event(call.world, _event(call), counted=counted))


def patch_event(call: Call) -> Reply:
    """Changes an event, or begins, ends or cancels it."""
    world, event = call.world, _event(call)
    scheduled_events.change(world, event, world.bot.id, call.object())
    return Reply(200, rendering.scheduled_event(world, event))


def delete_event(call: Call) -> Reply:
    """Deletes an event."""
    scheduled_events.delete(call.world, _event(call), call.world.bot.id)
    return Reply()


def get_user_counts(call: Call) -> Reply:
    """Returns how many users are interested in an event. There are no events that recur."""
    counts = {"guild_scheduled_event_count": len(_event(call).interested)}
    return Reply(200, counts | {"guild_scheduled_event_exception_counts": {}})


def get_users(call: Call) -> Reply:
    """Returns the users who are interested in an event, in the order of their ids.

    If both `before` and `after` are given, only `before` counts.
    """
    world, event, guild = call.world, _event(call), call.guild()
    limit = call.whole("limit", 100, 1, 100)
    before, after = call.bound("before"), call.bound("after")
    found = sorted(event.interested)
    if before is not None:
        found = [x for x in found if x < before][-limit:]
    else:
        found = [x for x in found if x > (after or 0)][:limit]
    listed = []
    for number in found:
        entry: JSON = {
            "guild_scheduled_event_id": str(event.id),
            "user_id": str(number),
            "user": user(world.users[number]),
            "response": 1,
        }
        if _is_set(call, "with_member") and number in guild.members:
            entry["member"] = rendering.member(world, guild.members[number])
        listed.append(entry)
    return Reply(200, listed)
