"""Who is in which voice channel, and the JSON of that (Discord's resources/voice).

There is no sound: the local Discord knows voice states, but has no voice gateway.
"""

from dataclasses import dataclass

from bot.playground.records.objects import JSON


@dataclass(slots=True)
class VoiceState:
    """A member's connection to a voice channel.

    Attributes:
        user_id: the member.
        channel_id: the voice channel, or None once the member has left it.
        session_id: identifies the connection; the same while the member moves to another channel.
    """

    user_id: int
    channel_id: int | None
    session_id: str


def voice_state(state: VoiceState, guild_id: int, member: JSON) -> JSON:
    """Returns a voice state's JSON.

    member: the member's JSON.
    """
    return {
        "guild_id": str(guild_id),
        "channel_id": None if state.channel_id is None else str(state.channel_id),
        "user_id": str(state.user_id),
        "member": member,
        "session_id": state.session_id,
        "deaf": False,
        "mute": False,
        "self_deaf": False,
        "self_mute": False,
        "self_stream": False,
        "self_video": False,
        "suppress": False,
        "request_to_speak_timestamp": None,
    }
