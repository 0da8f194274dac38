"""REST routes: threads and the posts of forums (Discord's resources/channel)."""

from bot.playground.records import permissions
from bot.playground.records.channels import FORUM
from bot.playground.records.objects import JSON
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.rest.channels import require_bot
from bot.playground.validation import fields
from bot.playground.validation.errors import Problems
from bot.playground.world import rendering
from bot.playground.world.channels import messages, threads


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("POST", "/channels/{channel}/threads", post_thread, count=5, seconds=5.0)
    from_message = "/channels/{channel}/messages/{message}/threads"
    routes.add("POST", from_message, post_thread_from_message, count=5, seconds=5.0)
    routes.add("PATCH", "/channels/{channel}", patch_thread, count=5, seconds=5.0)
    routes.add("GET", "/guilds/{guild}/threads/active", get_active_threads)


def _name(body: JSON) -> str:
    problems = Problems()
    name = fields.string(problems, body, "name", 1, 100, required=True)
    problems.raise_any()
    return str(name)


def post_thread(call: Call) -> Reply:
    """Begins a thread without a message, or a post in a forum.

    Without a `type`, a thread is private.
    """
    world, body, parent = call.world, call.object(), call.channel()
    name = _name(body)
    if parent.kind == FORUM:
        sent = body.get("message")
        first: JSON = sent if isinstance(sent, dict) else {}
        post = messages.begin_post(world, parent, world.bot.id, name, first, call.files)
        starter = rendering.message(world, post.messages[post.id])
        return Reply(201, rendering.channel(world, post) | {"message": starter})
    private = call.object().get("type", 12) == 12
    thread = threads.begin(world, parent, name, world.bot.id, private=private)
    return Reply(201, rendering.channel(world, thread))


def post_thread_from_message(call: Call) -> Reply:
    """Begins a thread at a message of the channel."""
    world, name, message = call.world, _name(call.object()), call.message()
    thread = threads.begin(world, call.channel(), name, world.bot.id, message_id=message.id)
    return Reply(201, rendering.channel(world, thread))


def patch_thread(call: Call) -> Reply:
    """Archives or locks a thread, or undoes that. Other changes of channels are not supported."""
    world, body, thread = call.world, call.object(), call.channel()
    require_bot(call, permissions.MANAGE_THREADS)
    if not body.keys() <= {"archived", "locked"}:
        world.miss(f"PATCH of a channel with {sorted(body)}")
    flags = {key: bool(body[key]) for key in ("archived", "locked") if key in body}
    if flags.get("archived") is not False:
        threads.require_active(thread)
    threads.change(world, thread, **flags)
    return Reply(200, rendering.channel(world, thread))


def get_active_threads(call: Call) -> Reply:
    """Returns the threads of a guild that the bot sees and that are not archived."""
    world = call.world
    active = [x for x in world.threads(call.guild()) if x.thread and not x.thread.archived]
    seen = [x for x in active if world.permissions(world.bot.id, x)]
    return Reply(200, {"threads": [rendering.channel(world, x) for x in seen], "members": []})
