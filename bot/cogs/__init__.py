"""How Discord asks for what the services do: one cog a noun, each thin: parse, call, draw."""

from bot.cogs.owner.lab import Lab
from bot.cogs.owner.status import Status
from bot.cogs.people.privacy import Privacy
from bot.cogs.people.quiz import Quiz
from bot.cogs.people.ratings import Ratings
from bot.cogs.people.settings import PersonalSettings
from bot.cogs.picks.browse import BrowseShelves
from bot.cogs.picks.card_buttons import CardButtons
from bot.cogs.picks.recommend import Recommend
from bot.cogs.servers.posts import ScheduledPosts
from bot.cogs.servers.setup import Setup

COGS = (
    Recommend,
    BrowseShelves,
    CardButtons,
    Ratings,
    Quiz,
    Privacy,
    PersonalSettings,
    Setup,
    ScheduledPosts,
    Lab,
    Status,
)
