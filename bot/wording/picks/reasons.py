"""Says in one line why a film is recommended.

A card has the reason under or beside the film's title. It begins with a small letter.
"""

from bot.wording.feedback import stars as rating
from bot.wording.speech import N_, Sentence, _, listed, ngettext

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""


def your_taste(tags: str, moods: str | None) -> str:
    """Returns the reason that names tags that the reader likes, and then the film's moods."""
    if moods:
        return _("more of what you like: {tags} · {moods}", tags=tags, moods=moods)
    return _("more of what you like: {tags}", tags=tags)


def their_taste(tags: str, moods: str | None) -> str:
    """Returns the reason that names tags that people in the server like, and the film's moods."""
    if moods:
        return _("more of what people here like: {tags} · {moods}", tags=tags, moods=moods)
    return _("more of what people here like: {tags}", tags=tags)


def near_your_films(moods: str | None) -> str:
    """Returns the reason that a film is near the reader's films, after its moods."""
    if moods:
        return _("{moods} · close to films you liked", moods=moods)
    return _("close to films you liked")


def near_their_films(moods: str | None) -> str:
    """Returns the reason that a film is near films that the server likes, after its moods."""
    if moods:
        return _("{moods} · close to films people here liked", moods=moods)
    return _("close to films people here liked")


def words(first: str, second: str = "", third: str = "") -> str:
    """Returns the names of at most three tags, moods or genres, with commas between them."""
    return listed([word for word in (first, second, third) if word], joined_by="comma")


def praise_and_moods(praise: str, moods: str | None) -> str:
    """Returns how well people like a film, and its moods or genres."""
    return _("{praise} · {moods}", praise=praise, moods=moods) if moods else praise


def trending_reason(here: bool, people: int) -> str:
    """Returns how many people rated a trending film, in this server or everywhere."""
    if here:
        return ngettext(
            "trending here: {n} person rated it", "trending here: {n} people rated it", people
        )
    return ngettext(
        "trending everywhere: {n} person rated it",
        "trending everywhere: {n} people rated it",
        people,
    )


def all_time_reason(people: int) -> str:
    """Returns how many people in this server ever rated a film."""
    return ngettext("{n} person here rated it", "{n} people here rated it", people)


def rising_reason(here: bool, people: int) -> str:
    """Returns how many people rated a film on the rise, in this server or everywhere."""
    if here:
        return ngettext(
            "on the rise here: {n} person rated it",
            "on the rise here: {n} people rated it",
            people,
        )
    return ngettext(
        "on the rise everywhere: {n} person rated it",
        "on the rise everywhere: {n} people rated it",
        people,
    )


def fact_rating(title: str, stars: float) -> str:
    """Returns a fact that changes a film's score: the person's rating of another film."""
    return _("your rating of {title}: {stars}", title=title, stars=rating(stars))


def reason_and_moment(reason: str, moment: str) -> str:
    """Returns the reason for a pick, and why it suits the time."""
    return _("{because} · {moment}", because=reason, moment=moment)


def wild_card(reason: str) -> str:
    """Returns the reason for a pick that gives a little-known film a chance."""
    return _("wild card: {because}", because=reason)


def above_all_for(reason: str, member: str) -> str:
    """Returns the reason for a pick for several people. member: whom it suits best."""
    return _("{because} · especially for {member}", because=reason, member=member)


def kind_often_now(tag: str) -> str:
    """Returns the reason that people often pick films of a kind at this time.

    tag: the name of a tag or of a genre.
    """
    return _("{some_genre}, which people often pick around this time", some_genre=tag)


NOTES: dict[str, Sentence] = {
    # Why a film is recommended to a person
    "liked-by-your-peers": N_("people with your taste like it"),
    "little-known": N_("I don't know much about this one yet"),
    "loved-by-your-peers": N_("lots of people love it, and so do people with your taste"),
    "near-your-films": near_your_films,
    "praise-and-moods": praise_and_moods,
    "reason-and-moment": reason_and_moment,
    "unlike-your-films": N_("not your usual kind of film"),
    "widely-loved": N_("lots of people love it"),
    "wild-card": wild_card,
    "you-liked": N_("because you liked {title} · {tags}"),
    "you-loved": N_("because you loved {title} · {tags}"),
    "your-taste": your_taste,
    "words": words,
    # The same in a server's post
    "liked-by-their-peers": N_("people who share this server's taste like it"),
    "loved-by-their-peers": N_(
        "lots of people love it, and so do people who share this server's taste"
    ),
    "near-their-films": near_their_films,
    "their-taste": their_taste,
    "they-liked": N_("because people here liked {title} · {tags}"),
    "they-loved": N_("because people here loved {title} · {tags}"),
    "unlike-their-films": N_("not the usual kind of film here"),
    # The time
    "kind-often-now": kind_often_now,
    "long-often-now": N_("a longer film, which people often pick around this time"),
    "often-now": N_("people often pick films like this around this time"),
    "short-often-now": N_("a shorter film, which people often pick around this time"),
    # Why a film suits several people
    "above-all-for": above_all_for,
    "best-compromise": N_("the best compromise I could find"),
    "middle-ground-for-all": N_("a middle ground for all of you"),
    "middle-ground-for-both": N_("a middle ground for you both"),
    "suits-all": N_("suits all of you"),
    "suits-both": N_("suits you both"),
    "suits-known-tastes": N_("suits everyone whose taste I know"),
    # Why a film is like another, or trends
    "in-common": N_("in common: {tags}"),
    "loved-by-the-same-people": N_("the same people love both films"),
    "all-time-reason": all_time_reason,
    "rising-reason": rising_reason,
    "similar-kind": N_("a similar kind of film"),
    "trending-reason": trending_reason,
    # What raises or lowers a score
    "fact-chosen": N_("you picked this kind of film in the quiz"),
    "fact-look": N_("what you said about {title} before you'd seen it"),
    "fact-moment": N_("the time and day: {moment}"),
    "fact-popularity": N_("how much people in general like it"),
    "fact-rating": fact_rating,
    "fact-tag": N_("it's tagged *{tag}*"),
    "fact-unseen": N_("you haven't seen {title}"),
}
"""A reason or fact below a film, by the note's key."""
