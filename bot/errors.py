"""The errors that the bot raises, as one family:

    MatineeError
    ├── Sorry             a person asked for something that cannot be done
    │   └── FitFailed     a fit produced no model
    ├── SettingsError     the settings cannot be used
    ├── NoAnswer          no bot says how it is
    ├── CannotConnect     Discord does not let the bot in
    ├── AlreadyRunning    another bot runs on the same data folder
    └── Lapsed            another process runs this process' shards now
    FitStopped            a fit was asked to end; nothing is wrong
    NotLeading            another process does what only one may do; nothing is wrong

Each MatineeError has a key and data. From these, `bot/wording/errors/said.py` makes one sentence
for the person or the operator. str() is for the log. Every other exception is a defect of the
program.
"""


class MatineeError(Exception):
    """The base class of the bot's own errors.

    Attributes:
        key: the name of the sentence for people, such as "unknown-button".
        data: the values that the sentence contains, not escaped and not formatted.
    """

    def __init__(self, key: str, /, **data: object) -> None:
        super().__init__(key)
        self.key = key
        self.data = data

    def __str__(self) -> str:
        told = ", ".join(
            f"{name}={'; '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
            for name, value in self.data.items()
        )
        return f"{self.key} ({told})" if told else self.key


class Sorry(MatineeError):
    """A person asked for something that cannot be done."""


class FitFailed(Sorry):
    """A fit produced no model, so the earlier model goes on answering."""


class SettingsError(MatineeError):
    """The settings cannot be used.

    Attributes:
        problems: every problem, with a key and data of its own.
    """

    def __init__(self, problems: list[MatineeError]) -> None:
        super().__init__("settings", problems=problems)
        self.problems = problems


class NoAnswer(MatineeError):
    """No bot on the data folder says how it is. The key says why."""


class CannotConnect(MatineeError):
    """Discord does not let the bot in."""


class AlreadyRunning(MatineeError):
    """Another bot runs on the same data folder."""


class Lapsed(MatineeError):
    """Another process runs the shards of this process now, so this one may not write any more."""


class FitStopped(Exception):
    """A fit (the training of a model) ended early because it was asked to. This is no failure."""


class NotLeading(Exception):
    """Another process leads now, so what this one did for all of them is not stored.

    Attributes:
        fence: the number of the present lead.
    """

    def __init__(self, fence: int) -> None:
        super().__init__(fence)
        self.fence = fence
