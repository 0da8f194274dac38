"""How Discord asks for what the services do: one cog a noun, each thin: parse, call, draw."""

from bot.cogs.owner.lab import Lab
from bot.cogs.owner.status import Status
from bot.cogs.people.privacy import Privacy
from bot.cogs.people.quiz import Onboard
from bot.cogs.people.ratings import Rate
from bot.cogs.people.settings import PersonalSettings
from bot.cogs.picks.browse import BrowseShelves
from bot.cogs.picks.card_buttons import Cards
from bot.cogs.picks.recommend import Recommend
from bot.cogs.servers.posts import Post
from bot.cogs.servers.setup import Server

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
