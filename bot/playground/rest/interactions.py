"""REST routes: the first response to an interaction, and the messages that answer it."""

from bot.playground.records.interactions import Interaction
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.interactions import responses


def register(routes: Routes) -> None:
    """Adds this module's routes. Their requests need no bot token and do not count towards the
    global rate limit.
    """
    routes.add(
        "POST", "/interactions/{interaction}/{token}/callback", post_callback, with_token=True
    )
    hook = "/webhooks/{webhook}/{token}"
    bucket = "interaction webhook"
    routes.add("POST", hook, post_follow_up, bucket=bucket, count=5, seconds=2.0, with_token=True)
    one = hook + "/messages/{message}"
    routes.add("GET", one, get_answer, bucket=f"{bucket} get", with_token=True)
    for method, handler in (("PATCH", patch_answer), ("DELETE", delete_answer)):
        name = f"{bucket} {method}"
        routes.add(method, one, handler, bucket=name, count=5, seconds=2.0, with_token=True)


def post_callback(call: Call) -> Reply:
    """Receives the bot's first response to an interaction."""
    body = responses.answer(
        call.world, call.number("interaction"), call.path["token"], call.object(), call.files
    )
    if call.query.get("with_response", "").lower() in ("1", "true"):
        return Reply(200, body)
    return Reply()


def _interaction(call: Call) -> Interaction:
    if call.number("webhook") != call.world.application.id:
        raise refusal(10015)
    return responses.by_token(call.world, call.path["token"])


def post_follow_up(call: Call) -> Reply:
    """Sends a follow-up message and returns it, even if the request does not set `wait`."""
    interaction = _interaction(call)
    message = responses.follow_up(call.world, interaction, call.object(), call.files)
    return Reply(200, rendering.message(call.world, message))


def get_answer(call: Call) -> Reply:
    """Returns one of the messages that answer an interaction."""
    message = responses.find(_interaction(call), call.path["message"])
    return Reply(200, rendering.message(call.world, message))


def patch_answer(call: Call) -> Reply:
    """Edits one of the messages that answer an interaction."""
    interaction = _interaction(call)
    message = responses.find(interaction, call.path["message"])
    message = responses.edit(call.world, interaction, message, call.object(), call.files)
    return Reply(200, rendering.message(call.world, message))


def delete_answer(call: Call) -> Reply:
    """Deletes one of the messages that answer an interaction."""
    interaction = _interaction(call)
    message = responses.find(interaction, call.path["message"])
    responses.remove(call.world, interaction, message)
    return Reply()
