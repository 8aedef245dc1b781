"""Configuration: one class for each environment. The one place where the process environment is read.

`load` turns what `create_app` was given into settings. Which environment holds is the name in `APP_ENV`
("development" where it is not set). These variables override the class, except in Testing:

* `SECRET_KEY`: signs the session cookies; long and random, the same for every worker
* `DATABASE_URL`: `postgres://`, `mysql://` and `mariadb://` are translated to the drivers that are installed
* `SCHEMA_DIRECT_URL`: the same database without the pooler in front of it, for `flask db`
* `SCHEMA_CODE_VERSION`, or `SOURCE_VERSION` or `GIT_COMMIT` as deploy tools set them: the version of this code, which
  the ledger of the schema keeps; otherwise the git commit of the folder
* `UPLOAD_FOLDER`: where profile pictures are kept; the default is `pictures` in the instance folder
* `RATELIMIT_STORAGE_URI`: where attempts are counted; `memory://` counts in each worker for itself
* `TRUSTED_PROXIES`: how many proxies in front of the application may name the client's address
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import click
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

MEGABYTE = 1024 * 1024

DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}

# A server that does not answer must not hold a worker for minutes, which is what libpq would wait.
CONNECT_TIMEOUT_SECONDS = 5


class ConfigurationError(click.ClickException):
    """A setting is missing or wrong. `flask` prints the message in one line; exit code 2 as for wrong usage."""

    exit_code = 2


class Development:
    """A laptop: SQLite in the instance folder, a key that protects nothing."""

    SECRET_KEY = "development"  # noqa: S105  (Production has no default key)
    SQLALCHEMY_DATABASE_URI = "sqlite:///app.db"
    SCHEMA_PROTECTED = False
    SCHEMA_DIRECT_URL: str | None = None
    SCHEMA_RUNNER_WAIT = "5min"
    SCHEMA_CODE_VERSION: str | None = None
    UPLOAD_FOLDER = None
    TRUSTED_PROXIES = 0

    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = False
    PERMANENT_SESSION_LIFETIME = 30 * 24 * 3600
    HSTS_SECONDS = 0

    # One megabyte more than a picture may have, so that a picture that is a little too large gets a message beside
    # its field rather than an error page.
    MAX_CONTENT_LENGTH = 6 * MEGABYTE

    RATELIMIT_ENABLED = True
    RATELIMIT_STORAGE_URI = "memory://"
    LOG_IN_LIMIT_PER_ADDRESS = "30 per minute"
    LOG_IN_FAILURES_PER_ACCOUNT = "10 per 15 minutes"
    SIGN_UP_LIMIT_PER_ADDRESS = "20 per hour"

    # The answer to a sign-up leaves at a multiple of this, so that its time tells nothing about the address.
    SIGN_UP_SLOT_SECONDS = 0.5

    # argon2-cffi's defaults: the second recommendation of RFC 9106, section 4.
    ARGON2_TIME_COST = 3
    ARGON2_MEMORY_KIB = 65536
    ARGON2_PARALLELISM = 4


class Testing(Development):
    """The test suite. The environment is not read: each test brings its own database."""

    TESTING = True
    WTF_CSRF_ENABLED = False
    SIGN_UP_SLOT_SECONDS = 0.0
    ARGON2_TIME_COST = 1
    ARGON2_MEMORY_KIB = 8
    ARGON2_PARALLELISM = 1
    LOG_IN_LIMIT_PER_ADDRESS = "100000 per minute"
    LOG_IN_FAILURES_PER_ACCOUNT = "100000 per minute"
    SIGN_UP_LIMIT_PER_ADDRESS = "100000 per minute"


class Production(Development):
    """A server. Refuses to start without a key and a database of its own."""

    SECRET_KEY = None
    SQLALCHEMY_DATABASE_URI = None
    SCHEMA_PROTECTED = True
    SESSION_COOKIE_SECURE = True
    HSTS_SECONDS = 365 * 24 * 3600
    PREFERRED_URL_SCHEME = "https"


ENVIRONMENTS: dict[str, type[Development]] = {
    "development": Development,
    "testing": Testing,
    "production": Production,
}

# environment variable → key of `app.config`; of several that name one key the last counts
VARIABLES = {
    "GIT_COMMIT": "SCHEMA_CODE_VERSION",
    "SOURCE_VERSION": "SCHEMA_CODE_VERSION",
    "SCHEMA_CODE_VERSION": "SCHEMA_CODE_VERSION",
    "SECRET_KEY": "SECRET_KEY",
    "DATABASE_URL": "SQLALCHEMY_DATABASE_URI",
    "SCHEMA_DIRECT_URL": "SCHEMA_DIRECT_URL",
    "UPLOAD_FOLDER": "UPLOAD_FOLDER",
    "RATELIMIT_STORAGE_URI": "RATELIMIT_STORAGE_URI",
    "TRUSTED_PROXIES": "TRUSTED_PROXIES",
}

REQUIRED = {"SECRET_KEY": "SECRET_KEY", "SQLALCHEMY_DATABASE_URI": "DATABASE_URL"}


def load(
    choice: str | type | Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """Return the settings that hold for `choice`.

    :param choice: the name of an environment, a class of settings, a mapping laid over the environment that
        `APP_ENV` names (over Testing where it says `TESTING: True`), or `None` for what `APP_ENV` names.
    :param environ: the process environment.
    :raises ConfigurationError: if a setting is missing or wrong; the message names the key.
    """
    overrides = dict(choice) if isinstance(choice, Mapping) else {}
    base = choice if isinstance(choice, type) else _environment(choice, overrides, environ)
    settings = {key: getattr(base, key) for key in dir(base) if key.isupper()}
    if not settings.get("TESTING"):
        settings.update({key: environ[name] for name, key in VARIABLES.items() if environ.get(name)})
    settings.update(overrides)
    _require(settings, base.__name__)
    settings["TRUSTED_PROXIES"] = _count("TRUSTED_PROXIES", settings.get("TRUSTED_PROXIES", 0))
    _translate_urls(settings)
    return settings


def server(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return what gunicorn needs to know: the name of the environment and the number of workers.

    A server is a production unless `APP_ENV` says otherwise, so that nobody serves with the key of Development.
    """
    workers = environ.get("WEB_CONCURRENCY") or min(2 * (os.cpu_count() or 1) + 1, 9)
    return {
        "environment": environ.get("APP_ENV") or "production",
        "workers": _count("WEB_CONCURRENCY", workers),
    }


def database_url(name: str, value: str) -> str:
    """Return `value` with the driver that is installed: psycopg 3 for PostgreSQL, PyMySQL for MySQL and MariaDB.

    :param name: the key to name in the error.
    :raises ConfigurationError: if it is no database URL, with its passwords masked, or its driver is not installed.
    """
    try:
        url = make_url(value)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        message = f"{name} is {mask(value)!r}, which is not the URL of a database; expected for example "
        raise ConfigurationError(message + "postgresql://user:password@host:5432/name.") from error
    try:
        url.get_dialect().import_dbapi()
    except ImportError as error:
        raise ConfigurationError(
            f"{name} asks for the driver of '{url.drivername}', which is not installed ({error}). "
            "Use postgresql://, mysql:// or sqlite:///, or install the driver with pip."
        ) from error
    return url.render_as_string(hide_password=False)


def mask(url: str) -> str:
    """Return `url` with every password replaced by `***`, also where it is too broken to be parsed."""
    head, at, tail = url.rpartition("@")
    # The scheme, if there is one, is passed over first, so that its colon is not taken for the password's.
    scheme = re.match(r"[\w+.-]*:/+", head)
    start = scheme.end() if scheme else 0
    user, colon, _ = head[start:].partition(":")
    masked = f"{head[:start]}{user}{':***' if colon else ''}{at}{tail}"
    return re.sub(r"(?i)(pass(?:word|wd)?=)[^&]*", r"\1***", masked)


def _environment(
    choice: str | Mapping[str, Any] | None, overrides: dict[str, Any], environ: Mapping[str, str]
) -> type[Development]:
    if overrides.get("TESTING"):
        return Testing
    name = choice if isinstance(choice, str) else environ.get("APP_ENV") or "development"
    try:
        return ENVIRONMENTS[name.lower()]
    except KeyError:
        known = ", ".join(ENVIRONMENTS)
        raise ConfigurationError(f"APP_ENV is {name!r}; expected one of {known}.") from None


def _require(settings: dict[str, Any], environment: str) -> None:
    missing = [variable for key, variable in REQUIRED.items() if not settings.get(key)]
    if missing:
        names = " and ".join(missing)
        raise ConfigurationError(f"{environment} needs {names}; set it in the environment and start again.")


def _count(name: str, value: object) -> int:
    if not str(value).isdecimal():
        raise ConfigurationError(f"{name} is {value!r}; expected a whole number such as 0 or 2.")
    return int(str(value))


def _translate_urls(settings: dict[str, Any]) -> None:
    if isinstance(settings["SQLALCHEMY_DATABASE_URI"], str):
        settings["SQLALCHEMY_DATABASE_URI"] = database_url(
            "DATABASE_URL", settings["SQLALCHEMY_DATABASE_URI"]
        )
    if isinstance(settings.get("SCHEMA_DIRECT_URL"), str):
        settings["SCHEMA_DIRECT_URL"] = database_url("SCHEMA_DIRECT_URL", settings["SCHEMA_DIRECT_URL"])
    binds = dict(settings.get("SQLALCHEMY_BINDS") or {})
    for bind, value in binds.items():
        if isinstance(value, str):
            binds[bind] = database_url(f"SQLALCHEMY_BINDS[{bind!r}]", value)
    settings["SQLALCHEMY_BINDS"] = binds
    settings.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(settings["SQLALCHEMY_DATABASE_URI"]))


def _engine_options(url: str | URL) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_TIMEOUT_SECONDS}}
