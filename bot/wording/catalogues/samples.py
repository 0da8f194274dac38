"""A sample value for every placeholder in messages, by the placeholder's name.

The checks use the samples to measure the length of a message. The playground's page of messages
shows each message with them. A name must therefore mean the same in every message. Names that
several parts of the bot use are in `COMMON`; the others are listed by part, in alphabetical order.
"""

COMMON: dict[str, object] = {
    "film": "**Portrait of a Lady on Fire (2019)**",
    "films": "Amélie (2001), Stalker (1979), and Portrait of a Lady on Fire (2019)",
    "language": "pt_BR",
    "languages": "en, fr, or pt_BR",
    "n": "3",
    "stars": "❤️ loved",
    "steps": "❤️ loved · 👍 liked · 😐 fine · 👎 disliked",
    "text": "Why I show it, as an earlier version wrote it",
    "typed": "portrait of a lady",
}
PICKS: dict[str, object] = {}
POSTS: dict[str, object] = {}
OPERATIONS: dict[str, object] = {}
CLI: dict[str, object] = {
    "days": "30",
    "dial": "Crowd-pleasers",
    "genre": "Science Fiction",
    "genres": "Animation, Documentary, and Science Fiction",
    "left": "30",
    "meaning": "Mostly films that lots of people love",
    "shaping": "Your ratings shape what others are shown, never by name.",
    "shown": "181",
    "state": "off",
    "time": "10:14 PM",
    "zone": "America/Argentina/Buenos Aires (it's 10:14 PM there)",
}
ERRORS: dict[str, object] = {}
PARTS = (COMMON, PICKS, POSTS, OPERATIONS, CLI, ERRORS)
SAMPLES: dict[str, object] = {name: value for part in PARTS for name, value in part.items()}
"""The longest usual value of each placeholder, by the placeholder's name."""
