"""A sample value for every placeholder in messages, by the placeholder's name.

The checks use the samples to measure the length of a message. The playground's page of messages
shows each message with them. A name must therefore mean the same in every message. Names that
several parts of the bot use are in `COMMON`; the others are listed by part, in alphabetical order.
"""

COMMON: dict[str, object] = {
    "answer": "Invalid Form Body: options.0.description must be 100 or fewer in length",
    "cause": "Cannot connect to host discord.com:443",
    "channel": "#film-club-evenings",
    "code": "50035",
    "day": "Wed, September 23",
    "file": "/var/lib/matinee/.env",
    "film": "**Portrait of a Lady on Fire (2019)**",
    "films": "Amélie (2001), Stalker (1979), and Portrait of a Lady on Fire (2019)",
    "language": "pt_BR",
    "given": "Europa/Paris",
    "languages": "en, fr, or pt_BR",
    "line": "17",
    "n": "3",
    "name": "MATINEE_PLAYGROUND_PORT",
    "permissions": "View Channel, Read Message History, and Add Reactions",
    "reason": "Discord didn't show me this server for an hour.",
    "reference": "4f1e9a02",
    "seconds": "60",
    "server": "The Wednesday Film Club",
    "setting": "MATINEE_PLAYGROUND_PORT",
    "stars": "❤️ loved",
    "status": "503",
    "steps": "❤️ loved · 👍 liked · 😐 fine · 👎 disliked",
    "timestamp": "1774468800",
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
ERRORS: dict[str, object] = {
    "choices": "popularity, ease, als, and serving",
    "column": "timestamp",
    "columns": "userId, movieId, rating, and timestamp",
    "count": "1,682",
    "data": "ml-latest-small",
    "example": "{ variety.strength = 0.5 }",
    "experiment": "variety-at-night",
    "fold": "u1",
    "folder": "20261130-0400-2f91",
    "found": "2",
    "have": "3",
    "hour": "24",
    "id": "1917",
    "items": "120",
    "kind": "user",
    "known": "3",
    "least": "0.5",
    "min_items": "50",
    "min_people": "20",
    "min_rows": "1,000",
    "model": "newcomer",
    "most": "5",
    "need": "4",
    "people": "610",
    "place": "data/experiments.toml, experiment[1] (“variety-at-night”), share",
    "points": "10",
    "points_scale": "10",
    "problem": "3 of 4 columns are there, so the line is torn. Download the file again.",
    "row": "9,743",
    "rows": "410",
    "scale": "7",
    "separator": "semicolons",
    "split": "temporal",
    "stars_scale": "5",
    "table": "experiment.arm",
    "weekday": "7",
    "what": "person",
}
PARTS = (COMMON, PICKS, POSTS, OPERATIONS, CLI, ERRORS)
SAMPLES: dict[str, object] = {name: value for part in PARTS for name, value in part.items()}
"""The longest usual value of each placeholder, by the placeholder's name."""
