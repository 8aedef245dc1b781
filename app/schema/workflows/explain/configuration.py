"""The database URL, the driver or the wiring of the extensions is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from ...core.errors import SchemaError, UsageProblem

if TYPE_CHECKING:
    from .trouble import Trouble

_PACKAGES = {
    "psycopg": "'psycopg[binary]'",
    "psycopg2": "psycopg2-binary",
    "pymysql": "PyMySQL",
    "MySQLdb": "mysqlclient",
    "mariadb": "mariadb",
    "asyncpg": "asyncpg",
    "aiosqlite": "aiosqlite",
    "pysqlite3": "pysqlite3",
    "oracledb": "oracledb",
    "pyodbc": "pyodbc",
}
_WAYS = {
    "psycopg2": "or write `postgresql+psycopg://` to use psycopg 3",
    "MySQLdb": "or write `mysql+pymysql://` to use PyMySQL",
}


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims errors of the configuration that no database was asked about."""
    return trouble.configured


def wrong_configuration(error: BaseException) -> SchemaError | None:
    """What is wrong with the configuration, if this error says so."""
    if isinstance(error, NoSuchModuleError):
        return _unknown_dialect(str(error).rpartition(":")[2])
    if isinstance(error, ArgumentError) and "URL" in str(error):
        return _unreadable_url()
    if isinstance(error, ModuleNotFoundError) and error.name in _PACKAGES:
        return _missing_driver(error.name)
    if isinstance(error, RuntimeError):
        return _wrong_wiring(str(error))
    return None


def _unknown_dialect(name: str) -> SchemaError:
    return UsageProblem(
        f"The database URL starts with '{name.replace('.', '+')}', which SQLAlchemy does not know.",
        expected="It has to start with postgresql+psycopg://, mysql+pymysql:// or sqlite:///.",
        hint="Correct `SQLALCHEMY_DATABASE_URI`.",
    )


def _unreadable_url() -> SchemaError:
    return UsageProblem(
        "The database URL cannot be read.",
        expected="It has to look like postgresql+psycopg://user@host:5432/name or sqlite:///app.db; a password goes "
        "behind the user as user:password, with %40, %2F and %3A for @, / and :.",
        hint="Correct `SQLALCHEMY_DATABASE_URI`.",
    )


def _missing_driver(module: str) -> SchemaError:
    way = f", {_WAYS[module]}" if module in _WAYS else ""
    return UsageProblem(
        f"The database URL needs the driver '{module}', which is not installed.",
        hint=f"Type `pip install {_PACKAGES[module]}`{way}.",
    )


def _wrong_wiring(words: str) -> SchemaError | None:
    if "not registered with this 'SQLAlchemy' instance" in words or "has already been registered" in words:
        return UsageProblem(
            "Two `SQLAlchemy()` objects are in use: the one that `Migrate` was given is not the one of this "
            "application.",
            expected="There has to be one, made in one module and imported everywhere else.",
            hint="Look for the second with `grep -rn 'SQLAlchemy()' --include='*.py' .`.",
        )
    if "outside of application context" in words:
        return UsageProblem(
            "There is no current application.",
            hint="Type the command as `flask db …`, or call the function inside `with app.app_context():`.",
        )
    return None
