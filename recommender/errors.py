"""What the models refuse; str() of each error is one sentence that says what to do."""


class DataError(ValueError):
    """Input the models cannot use; str() is one sentence saying what to do."""
