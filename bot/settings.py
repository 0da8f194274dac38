"""Settings: the environment, and a `.env` file beside it, become one frozen `Settings`.

All problems are reported together, one sentence each. Importing this module reads nothing.
`.env.example` describes every setting; a test holds the two together.
"""

import difflib
from collections.abc import Mapping
from datetime import time
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

PREFIX = "MATINEE_"
TOKEN = "DISCORD_TOKEN"
TESTS_ONLY = (
    "MATINEE_SOAK",
    "MATINEE_SHARED",
    "MATINEE_TEST_DATA",
    "MATINEE_TEST_NOW",
    "MATINEE_TEST_ZONE",
)


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
    editorial_tilt: bool = True
    cooldown_days: int = Field(default=14, ge=0, le=365)
    retrain_at: time = time(4, 0)
    retrain_after: int = Field(default=500, ge=0)
    retrain_seed: int = Field(default=1, ge=0)
    keep_models: int = Field(default=5, ge=1, le=100)
    experiments: Path | None = None
    backup_at: time = time(3, 30)
    keep_backups: int = Field(default=7, ge=0, le=365)
    reconcile_days: int = Field(default=7, ge=0, le=60)
    tick_seconds: float = Field(default=20.0, ge=0.1, le=60)
    seed_reactions: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_form: Literal["auto", "plain", "json"] = "auto"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    playground_port: int = Field(default=8321, ge=0, le=65535)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is no IANA time zone; write for instance Europe/Paris")
        return name

    @field_validator("discord_token", mode="before")
    @classmethod
    def _token_is_one_word(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        token = given.strip()
        if len(token.split()) > 1:
            raise ValueError("holds a space or a line break; copy the token again, and only it")
        return token or None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "matinee.sqlite3"

    @property
    def models(self) -> Path:
        """The folder of fitted models, one folder a version."""
        return self.data / "models"

    @property
    def fitting_lock(self) -> Path:
        """The file whose lock is held by whoever fits."""
        return self.data / "fitting.lock"

    @property
    def backups(self) -> Path:
        """The folder of the database's copies."""
        return self.data / "backups"

    @property
    def corpus(self) -> Path:
        """The background corpus of imported ratings."""
        return self.data / "corpus.npz"

    @property
    def experiments_file(self) -> Path:
        """The definitions of experiments; unless it was set, it need not exist."""
        return self.experiments or self.data / "experiments.toml"

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
        sources.append((str(env_file), _read_env_file(env_file, problems)))
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
            if field == "discord_token":  # what was given is nobody's to read
                problems.append(f"{TOKEN} {said}.")
                continue
            problems.append(f"{names.get(field, field)} is {problem.get('input')!r}: {said}.")
    if problems or settings is None:
        raise SettingsError(problems)
    return settings


def _read_env_file(path: Path, problems: list[str]) -> Mapping[str, str | None]:
    """The pairs of a `.env` file. A line that is no pair may be a token pasted alone, so only its
    number is told."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path} cannot be read ({error}); save it as UTF-8 text.")
        return {}
    pairs: list[str] = []
    for binding in parse_stream(StringIO(text)):
        written = binding.original.string
        if binding.error or (binding.key is not None and binding.value is None):
            blank = written[: len(written) - len(written.lstrip())].count("\n")
            line = binding.original.line + blank
            problems.append(f"{path} line {line} is no setting; write NAME=value, or remove it.")
        else:
            pairs.append(written)
    return dotenv_values(stream=StringIO("".join(pairs)))
