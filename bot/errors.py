"""What a service says when it cannot do what was asked: one kind sentence, meant for the person."""


class Sorry(Exception):
    """The person asked for something that cannot be done; str() is the sentence they read."""
