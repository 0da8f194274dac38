"""A sample value for every placeholder, by its name.

The checks measure the length of a message with them, and the playground's page of messages shows
each message with them. So a name means the same thing in every message.
"""

SAMPLES: dict[str, object] = {
    "film": "**Portrait of a Lady on Fire (2019)**",
    "language": "pt_BR",
    "languages": "en, fr, or pt_BR",
    "n": "3",
    "stars": "❤️ loved",
    "steps": "❤️ loved · 👍 liked · 😐 fine · 👎 disliked",
}
"""Name of a placeholder -> the longest usual value."""
