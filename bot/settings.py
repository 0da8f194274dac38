"""Reads the settings from the environment and a `.env` file into one frozen `Settings`.

All problems are reported together, one sentence each. Importing this module reads nothing.
`.env.example` describes every setting; a test checks that it and this module name the same ones.
"""

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.env_file import DEFAULT_DATA, is_there, read_env_file
from bot.errors import MatineeError, SettingsError
from bot.health import of_shards, socket_name
from bot.setting_problems import ENVIRONMENT, bad_value, unknown_settings
from bot.tokens import SECRETS, TOKEN, misplaced_tokens, read_secret_files
from storage.database.address import Address, parse_url
from storage.shards import Shards, parse_shards

PREFIX = "MATINEE_"
OWN_CHECKS = ("no-such-zone", "no-time-of-day", "time-with-zone", "no-such-shards")
"""Keys of the problems that the checks of this module find. The others are pydantic's."""

CLOCK_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
"""A time of day in the form that `retrain_at` and `backup_at` have, such as 03:30."""


class Settings(BaseSettings):
    """Everything an operator can choose.

    `read_settings` reads the field `data` from the variable `MATINEE_DATA`, and so on. It reads the
    token from `DISCORD_TOKEN`, or from the file that `DISCORD_TOKEN_FILE` names.

    Attributes:
        discord_token: the bot's token; None if it is not set.
        data: the folder of the database, the models and the backups.
        database_url: the URL of a PostgreSQL database; None for a file in the data folder.
        zone: the IANA name of a time zone. It is used for servers and people that have set no zone
            of their own, and for `retrain_at` and `backup_at`.
        editorial_tilt: True if scores change slightly with the time of day and week, by fixed rules
            from published studies of what people watch when.
        cooldown_days: a film shown to a person is not shown to them again for this many days.
        retrain_at: the time of day, in `zone`, at which the models are refitted.
        retrain_after: the models are also refitted whenever this many new ratings have come; 0 for
            never.
        retrain_seed: the seed of every fit.
        keep_models: how many versions of the model are kept, including the one that answers.
        experiments: the file that defines experiments; None for the one in the data folder, if any.
        backup_at: the time of day, in `zone`, at which the database is copied.
        keep_backups: how many copies are kept; 0 for no backups.
        reconcile_days: Discord sometimes does not report reactions for a while (a gap). Afterwards,
            the stored reactions are compared with those on Discord, for messages about films from
            this many days before the gap; 0 for never.
        tick_seconds: how often the bot looks for what is due, in seconds.
        post_spread_minutes: over how many minutes posts that are due at one time are spread; None
            for as many as suit the database (`bot/services/posts/slots.py`).
        seed_reactions: True if the bot puts rating emoji as reactions under messages about films.
        locale: the code of the language for the operator, and for posts in servers whose language
            is not known. "pseudo" is changed English for tests.
        log_level: the lowest level that is logged.
        log_form: "plain" or "json" lines; "auto" for colours in a terminal.
        metrics_host: the network address on which the metrics page is served.
        metrics_port: the port of the metrics page; 0 for no page.
        playground_port: the port of the playground's page; 0 for any free port.
        shards: the shards of Discord's gateway that this process runs, and does the work of; None
            if it has all of them and Discord says how many they are.
        tmdb_token: the key of TMDB, for posters and where to watch; None for no posters.
        tmdb_url: where TMDB answers.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    discord_token: SecretStr | None = None
    data: Path = DEFAULT_DATA
    database_url: SecretStr | None = None
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
    post_spread_minutes: int | None = Field(default=None, ge=0, le=60)
    seed_reactions: bool = True
    locale: str = "en"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_form: Literal["auto", "plain", "json"] = "auto"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    playground_port: int = Field(default=8321, ge=0, le=65535)
    shards: Shards | None = None
    tmdb_token: SecretStr | None = None
    tmdb_url: str = Field(default="https://api.themoviedb.org", pattern=r"^https?://\S+$")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Returns only the constructor's arguments as a source, so that `Settings()` reads no
        environment.
        """
        return (init_settings,)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise PydanticCustomError("no-such-zone", "zone")
        return name

    @field_validator("retrain_at", "backup_at", mode="before")
    @classmethod
    def _time_is_local(cls, given: Any) -> Any:
        if isinstance(given, str) and CLOCK_TIME.fullmatch(given.strip()) is None:
            raise PydanticCustomError("no-time-of-day", "time")
        if isinstance(given, time) and given.tzinfo is not None:
            raise PydanticCustomError("time-with-zone", "time")
        return given.strip().zfill(len("03:30")) if isinstance(given, str) else given

    @field_validator("shards", mode="before")
    @classmethod
    def _shards_exist(cls, given: Any) -> Any:
        try:
            return parse_shards(given) if isinstance(given, str) else given
        except ValueError:
            raise PydanticCustomError("no-such-shards", "shards") from None

    @field_validator("discord_token", mode="before")
    @classmethod
    def _token_is_one_word(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        if len(given.split()) > 1:
            raise PydanticCustomError("token-in-two", "token")
        return given.strip() or None

    @field_validator("database_url")
    @classmethod
    def _database_can_be_opened(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and parse_url(given.get_secret_value()) is None:
            raise PydanticCustomError("no-database-url", "url")
        return given

    @property
    def database(self) -> Address:
        """Where the database is: PostgreSQL's URL, or a file of SQLite in the data folder."""
        url = self.database_url
        return (url and parse_url(url.get_secret_value())) or self.data / "matinee.sqlite3"

    @property
    def _of_shards(self) -> str:
        """The part of a file's name that tells the processes apart, such as "-0-3"."""
        return of_shards(None if self.shards is None else str(self.shards))

    @property
    def models(self) -> Path:
        """The folder of fitted models, one folder for each version."""
        return self.data / "models"

    @property
    def fitting_lock(self) -> Path:
        """The lock file that a fit holds."""
        return self.data / "fitting.lock"

    @property
    def running_lock(self) -> Path:
        """The lock file that a running bot holds. Several processes on PostgreSQL have one each."""
        one = isinstance(self.database, Path)
        return self.data / f"running{'' if one else self._of_shards}.lock"

    @property
    def health_socket(self) -> Path:
        """The socket on which a running bot says how it is, one for each process."""
        return self.data / socket_name(None if self.shards is None else str(self.shards))

    @property
    def backups(self) -> Path:
        """The folder of copies of the database."""
        return self.data / "backups"

    @property
    def corpus(self) -> Path:
        """The file of imported ratings (by people who do not use the bot)."""
        return self.data / "corpus.npz"

    @property
    def posters(self) -> Path:
        """The file of what TMDB said of films. Each of several processes has its own."""
        return self.data / f"posters{self._of_shards}.json"

    @property
    def experiments_file(self) -> Path:
        """The file that defines experiments. The one in the data folder may be missing."""
        return self.experiments or self.data / "experiments.toml"

    def timezone(self) -> ZoneInfo:
        """Returns the time zone for servers and people that have set no zone of their own."""
        return ZoneInfo(self.zone)


def read_settings(environ: Mapping[str, str], env_file: Path | None = Path(".env")) -> Settings:
    """Returns the settings from `environ` and, if it exists, from `env_file`. `environ` wins.

    Raises SettingsError, which names every unknown setting and every bad value.
    """
    problems: list[MatineeError] = []
    ours = {
        key: value
        for key, value in environ.items()
        if key in (TOKEN, SECRETS[TOKEN]) or key.startswith(PREFIX)
    }
    places: list[tuple[str, Mapping[str, str | None]]] = [(ENVIRONMENT, ours)]
    if env_file is not None and is_there(env_file):
        places.append((str(env_file), read_env_file(env_file, problems)))
    for place, pairs in reversed(places):
        problems += unknown_settings(place, pairs, NAMES)
        problems += misplaced_tokens(place, pairs, NAMES)
    from_files = read_secret_files([pairs for _, pairs in places], problems)
    places.append(("secret-files", from_files))

    class SettingsFromPlaces(Settings):
        """The same settings, read from `places`, such as the environment and a `.env` file.

        If several places set a field, the first of them wins.
        """

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            *_: PydanticBaseSettingsSource,
            **__: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return tuple(Pairs(settings_cls, pairs) for _, pairs in places)

    settings = None
    try:
        settings = Settings(**SettingsFromPlaces().model_dump())
        shares = settings.shards is not None and not settings.shards.complete
        if shares and isinstance(settings.database, Path):
            problems.append(MatineeError("shards-on-sqlite", given=str(settings.shards)))
    except ValidationError as error:
        problems += [bad_value(problem, VARIABLES, OWN_CHECKS) for problem in error.errors()]
    if problems or settings is None:
        raise SettingsError(problems)
    return settings


class Pairs(PydanticBaseSettingsSource):
    """A source of settings for pydantic: the names and values of the variables in one place.

    The place is the environment or a `.env` file. A variable with an empty value counts as not set.
    """

    def __init__(self, settings_cls: type[BaseSettings], pairs: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._pairs = pairs

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Returns a field's text, the field's name, and False (the text is not JSON)."""
        return self._pairs.get(VARIABLES[field_name]), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Returns the text of each field that this place sets."""
        return {name: text for name, key in VARIABLES.items() if (text := self._pairs.get(key))}


VARIABLES: Mapping[str, str] = {
    name: TOKEN if name == "discord_token" else PREFIX + name.upper()
    for name in Settings.model_fields
}
"""The environment variable of each field."""
NAMES = (*VARIABLES.values(), *SECRETS.values())
"""Every variable that an operator may set."""
