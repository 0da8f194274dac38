"""A local Discord: the slice of REST and gateway the bot uses, and a web page to use the bot in.

It imports nothing of the rest of Matinee; the bot reaches it as it would reach discord.com.
"""
