"""Settings: the environment, and a `.env` file beside it, become one frozen `Settings`.

All problems are reported together, one sentence each. Importing this module reads nothing.
`.env.example` describes every setting; a test holds the two together.
"""

import difflib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

PREFIX = "MATINEE_"
TOKEN = "DISCORD_TOKEN"
TESTS_ONLY = ("MATINEE_SOAK", "MATINEE_SHARED", "MATINEE_TEST_DATA")


class SettingsError(Exception):
    """The settings cannot be used; str() lists every problem, one sentence a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseModel):
    """Everything an operator can choose. Field `x` is read from `MATINEE_X`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    discord_token: SecretStr | None = None
    data: Path = Path("data")
    zone: str = "UTC"
    cooldown_days: int = Field(default=14, ge=0, le=365)
    retrain_at: time = time(4, 0)
    retrain_seed: int = Field(default=1, ge=0)
    reconcile_days: int = Field(default=7, ge=0, le=60)
    tick_seconds: float = Field(default=20.0, ge=0.1, le=60)
    seed_reactions: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    playground_port: int = Field(default=8321, ge=0, le=65535)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is no IANA time zone; write for instance Europe/Paris")
        return name

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "matinee.sqlite3"

    @property
    def models(self) -> Path:
        """The folder of fitted models, one folder a version."""
        return self.data / "models"

    @property
    def corpus(self) -> Path:
        """The background corpus of imported ratings."""
        return self.data / "corpus.npz"

    def timezone(self) -> ZoneInfo:
        """The default zone of servers that set none."""
        return ZoneInfo(self.zone)


def read_settings(environ: Mapping[str, str], env_file: Path | None = Path(".env")) -> Settings:
    """Settings from `environ`, which wins, and `env_file` where it exists.

    Raises SettingsError naming every unknown setting and every bad value.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    fields = {name.upper(): name for name in Settings.model_fields if name != "discord_token"}
    known = {TOKEN: "discord_token"} | {PREFIX + upper: name for upper, name in fields.items()}
    sources: list[tuple[str, Mapping[str, str | None]]] = []
    if env_file is not None and env_file.is_file():
        try:
            sources.append((str(env_file), dotenv_values(env_file, encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{env_file} cannot be read ({error}); save it as UTF-8 text.")
    ours = {k: v for k, v in environ.items() if k == TOKEN or k.startswith(PREFIX)}
    sources.append(("the environment", ours))
    for where, pairs in sources:
        for key, value in pairs.items():
            if key in known:
                if value:  # an empty value means: not set
                    values[known[key]] = value
            elif key not in TESTS_ONLY:
                close = difflib.get_close_matches(key, known, n=1)
                hint = f" Did you mean {close[0]}?" if close else " See .env.example."
                problems.append(f"{key} in {where} is no setting of Matinee.{hint}")
    settings = None
    try:
        settings = Settings(**values)
    except ValidationError as error:
        names = {field: key for key, field in known.items()}
        for problem in error.errors():
            field = str(problem["loc"][0]) if problem["loc"] else "?"
            said = problem["msg"].removeprefix("Value error, ")
            problems.append(f"{names.get(field, field)} is {problem.get('input')!r}: {said}.")
    if problems or settings is None:
        raise SettingsError(problems)
    return settings
