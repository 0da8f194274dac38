"""How Discord asks for what the services do: one cog a noun, each thin: parse, call, draw."""

from bot.cogs.browse import BrowseShelves
from bot.cogs.cards import Cards
from bot.cogs.lab import Lab
from bot.cogs.onboard import Onboard
from bot.cogs.post import Post
from bot.cogs.privacy import Privacy
from bot.cogs.rate import Rate
from bot.cogs.recommend import Recommend
from bot.cogs.server import Server
from bot.cogs.settings import PersonalSettings
from bot.cogs.status import Status

COGS = (
    Recommend,
    BrowseShelves,
    Cards,
    Rate,
    Onboard,
    Privacy,
    PersonalSettings,
    Server,
    Post,
    Lab,
    Status,
)
