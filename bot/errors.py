"""The errors that the bot raises, as one family:

    MatineeError
    ├── Sorry             a person asked for something that cannot be done
    │   └── FitFailed     a fit produced no model
    ├── SettingsError     the settings cannot be used
    ├── CannotConnect     Discord does not let the bot in
    └── AlreadyRunning    another bot runs on the same data folder
    FitStopped            a fit was asked to end; nothing is wrong

str() of each MatineeError is one sentence for the person or operator who is concerned. Every other
exception is a defect of the program.
"""


class MatineeError(Exception):
    """The base of the bot's own errors: str() is one sentence for the person concerned."""


class Sorry(MatineeError):
    """A person asked for something that cannot be done; str() is the sentence they read."""


class FitFailed(Sorry):
    """A fit produced no model, so the earlier model goes on answering; str() says why."""


class SettingsError(MatineeError):
    """The settings cannot be used. str() lists every problem, one sentence a line.

    Attributes:
        problems: the sentences.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CannotConnect(MatineeError):
    """Discord does not let the bot in; str() says what to do."""


class AlreadyRunning(MatineeError):
    """Another bot runs on the same data folder; str() says what to do."""


class FitStopped(Exception):
    """A fit (the training of a model) ended early because it was asked to. This is no failure."""
