"""The text of /help: three lines on what to try first, then every command."""

HELP = """\
**Try first**
1. `/start`: three questions, and I know what to show you.
2. `/recommend`: a film for you, now. React with ❤️ 👍 😐 👎 and the next one is better.
3. `/similar`: name a film you love and get its relatives.

**Everything**
`/recommend` takes a *mood*, a *genre*, a *max_runtime* in minutes; *private* keeps it to yourself,
*with* takes up to three members. The moods under a card are one tap.
`/browse` shows shelves in your order; *shelf* shows one whole.
`/similar film` says which tags two films share; *by* compares people's ratings too.
`/trending` shows what people rate just now.
`/rate film stars` and `/unrate film` work for any film, with half stars.
`/start` can be taken again; your answers are filled in and can be changed.
`/settings` holds your time zone, how adventurous I may be, genres never to show, and switches.
`/privacy` shows, exports or deletes everything I know about you.
`/setup` is for the people who manage a server: posts that come by themselves, and settings.

On a card, **Why?**, **Seen it**, **Not for me** and **Later** act for you alone, whoever asked. \
Taking a reaction away takes the rating away; of two reactions the newest counts.
"""
