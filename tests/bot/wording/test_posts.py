"""What managers read about scheduled posts, in the digest and in `/setup`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import MatineeError, Sorry
from bot.services.notes import note, to_text
from bot.services.posts.claims import FAILURES
from bot.services.posts.digest import CountedFilm, ServerWeek
from bot.services.posts.setup import LocalSchedule, ServerSetup
from bot.wording.errors.said import said
from bot.wording.posts import setup
from bot.wording.posts.digest import week_lines
from bot.wording.speech import speaking
from storage.servers.schedules import EVERY_DAY, Schedule

NOW = datetime(2026, 3, 13, 18, tzinfo=UTC)
DAILY = Schedule(
    id=1,
    guild_id=2,
    channel_id=3,
    theme="auto",
    staff_id=None,
    language=None,
    post_time="19:00",
    days=EVERY_DAY,
    paused=False,
    disabled_reason=None,
    manager_id=4,
    next_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)
FAVOURITES = replace(DAILY, theme="staff", staff_id=5, days="04")
DIGEST = replace(DAILY, theme="digest", channel_id=None, days="0", post_time="10:00")
QUIET = ServerWeek(posts={}, people=0, ratings=None, rated=(), loved=())


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        (
            DAILY,
            "A shelf that suits the time of day · in <#3> · every day at 7:00 PM · next: "
            "<t:1773424800:F>",
        ),
        (
            replace(FAVOURITES, language="ko", paused=True),
            "<@5>'s favourites · films in Korean · in <#3> · on Monday and Friday at 7:00 PM "
            "· **paused**",
        ),
        (
            replace(DAILY, theme="wild", disabled_reason=to_text(note("channel-gone"))),
            "A wild card: a film that few people know · in <#3> · every day at 7:00 PM · "
            "**stopped**: The channel has been deleted, or I can't see it any more.",
        ),
        (
            replace(DAILY, theme="trending", disabled_reason="the channel is gone"),
            "What people here are rating · in <#3> · every day at 7:00 PM · **stopped**: the "
            "channel is gone",
        ),
        (
            replace(DIGEST, next_at=None),
            "The weekly digest, sent to a manager directly · on Monday at 10:00 AM",
        ),
    ],
)
def test_a_scheduled_post_in_one_line(schedule: Schedule, text: str) -> None:
    assert setup.schedule_line(schedule) == text


def test_what_setup_shows() -> None:
    zone = "Time zone: **Europe/Paris (it's 7:00 PM there)**"
    line = setup.schedule_line(DAILY)
    assert setup.schedule_lines(LocalSchedule(DAILY, "Europe/Paris"), NOW) == f"{line}\n{zone}"
    found = ServerSetup((DAILY, FAVOURITES), "Europe/Paris", family_safe=True)
    language = "Language of posts and public answers: **Same as Discord**"
    assert setup.saved(setup.server_lines(found, NOW)).splitlines() == [
        "Got it, that's saved.",
        zone,
        language,
        "Family-safe films only: **on**",
        f"1. {line}",
        f"2. {setup.schedule_line(FAVOURITES)}",
    ]
    empty = ServerSetup((), "UTC", family_safe=False, language="en")
    assert setup.server_lines(empty, NOW).splitlines() == [
        "Time zone: **UTC (it's 6:00 PM there)**",
        "Language of posts and public answers: **English**",
        "Family-safe films only: **off**",
        "There are no posts yet. Choose a *channel* and a *time* in `/setup post`, and I'll post "
        "films there.",
    ]
    assert setup.schedule_option(FAVOURITES, 2) == (
        "2. A member's favourites · on Monday and Friday at 7:00 PM"
    )
    assert setup.removed(DAILY) == (
        "I've removed this post: A shelf that suits the time of day · every day at 7:00 PM. "
        "I won't send it any more."
    )
    assert setup.replaced(DAILY) == (
        "This post replaces the one you had here before: A shelf that suits the time of day · "
        "every day at 7:00 PM."
    )
    assert [setup.fewer_button(days) for days in (7, 4, 3, 2)] == [
        "Three posts a week", "Three posts a week", "Fridays only", "Fridays only",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Sorry("too-many-posts", most=1), "A server can only have 1 scheduled post."),
        (Sorry("too-many-posts", most=10), "A server can only have 10 scheduled posts."),
        (Sorry("taste-not-shown", member_id="5"), "<@5> hasn't agreed to show their taste here."),
        (Sorry("no-such-days", typed="*never*"), r"I don't know the days “\*never\*”."),
        (Sorry("no-such-time", typed="7 *pm*"), r"I can't read the time “7 \*pm\*”."),
    ],
)
def test_what_managers_read_instead(error: MatineeError, text: str) -> None:
    assert said(error, markdown=True).startswith(text)


def test_the_channel_needs_permissions() -> None:
    assert setup.channel_hidden(3).startswith("⚠️ I can't see <#3>. Turn on View Channel")
    assert "I still need Send Messages and Add Reactions" in setup.permissions_lacking(
        3, ["send_messages", "add_reactions"]
    )


@pytest.mark.parametrize(
    ("week", "lines"),
    [
        (QUIET, ["I had nothing to post.", "Nobody rated any films."]),
        (
            replace(QUIET, posts={"sent": 1, "skipped": 1}, people=2),
            [
                "I sent 1 post.",
                "I missed 1 post because I was offline.",
                "Fewer than 3 members rated films, so I'm keeping the numbers to myself.",
            ],
        ),
        (
            replace(
                QUIET,
                posts={"sent": 1200, "lost": 2, "paused": 2, "empty": 1},
                people=3,
                ratings=1200,
                rated=(CountedFilm("*Up*", 4), CountedFilm("Ran", 3), CountedFilm("M", 3)),
                loved=(CountedFilm("Ran", 3),),
            ),
            [
                "I sent 1,200 posts.",
                "2 posts may not have arrived. Look in their channels to see which ones did.",
                "Somebody paused 2 posts before I could send them.",
                "I had no films left to show for 1 post. To show other films, set it up again with "
                "`/setup post` in the server.",
                "1,200 ratings from 3 members.",
                r"Most rated: **\*Up\*** (4), **Ran** (3), and **M** (3).",
                "Most loved: **Ran** (3).",
            ],
        ),
    ],
)
def test_the_week_in_words(week: ServerWeek, lines: list[str]) -> None:
    assert week_lines(week).splitlines() == lines


def test_every_end_of_a_post_is_said() -> None:
    ends = ("sent", "skipped", "refused", "paused", "empty", *FAILURES)
    for count in (1, 2):
        said_of = {week_lines(replace(QUIET, posts={end: count})) for end in ends}
        assert len(said_of) == len(ends)


def test_a_post_in_another_language() -> None:
    with speaking("pseudo"):
        line = setup.schedule_line(FAVOURITES)
        assert "<@5>" in line
        assert "Monday" not in line
        assert "favourites" not in line
