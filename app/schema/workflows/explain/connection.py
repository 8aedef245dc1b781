"""The database cannot be reached, opened, read or written, and no revision was running."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import Busy, SchemaError, UsageProblem
from . import signs
from .place import address, masked, product, server

if TYPE_CHECKING:
    from collections.abc import Callable

    from .signs import Report
    from .situation import Situation
    from .trouble import Trouble


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims every database error that was not raised by a revision's own statement."""
    report = trouble.report
    if report is None or trouble.running_step:
        return None
    return _WRITERS.get(report.sign, _other)(trouble.situation, report)


def _looked_at(situation: Situation) -> str | None:
    return f"The database URL is {masked(situation.url)}." if situation.url else None


def _down(situation: Situation, report: Report) -> SchemaError:
    return SchemaError(
        f"No answer from {server(situation.url)}: {report.words}.",
        expected=_looked_at(situation),
        hint=f"Start the server or correct `{situation.url_setting}`, then {situation.again}.",
    )


def _unknown_host(situation: Situation, report: Report) -> SchemaError:
    host = situation.url.host if situation.url else None
    return UsageProblem(
        f"The host '{host}' of the database URL cannot be found: {report.words}.",
        expected=_looked_at(situation),
        hint=f"Correct `{situation.url_setting}`, then {situation.again}.",
    )


def _login(situation: Situation, report: Report) -> SchemaError:
    return UsageProblem(
        f"{server(situation.url)} refused the log-in: {report.words}.",
        expected=_looked_at(situation),
        hint=f"Correct user name and password in `{situation.url_setting}`, then {situation.again}.",
    )


def _no_database(situation: Situation, report: Report) -> SchemaError:
    url = situation.url
    if url is None:
        return UsageProblem(
            f"The database does not exist: {report.words}.",
            hint=f"Create it, or correct `{situation.url_setting}`.",
        )
    host, _, port = address(url).partition(":")
    create = f"createdb -h {host} -p {port} -U {url.username} {url.database}"
    if product(url) != "PostgreSQL":
        create = f'mysql -h {host} -P {port} -u {url.username} -p -e "CREATE DATABASE {url.database}"'
    return UsageProblem(
        f"{server(url)} has no database '{url.database}'.",
        expected=_looked_at(situation),
        hint=f"Create it with `{create}` or correct `{situation.url_setting}`, then {situation.again}.",
    )


def _cannot_open(situation: Situation, report: Report) -> SchemaError:
    path = _file(situation)
    if path is None:
        return UsageProblem(
            f"The database cannot be opened: {report.words}.", hint=f"Correct `{situation.url_setting}`."
        )
    if not path.parent.exists():
        return UsageProblem(
            f"The SQLite database '{path}' cannot be made: its folder '{path.parent}' does not exist.",
            hint=f"Type `mkdir -p {path.parent}` or correct `{situation.url_setting}`, then {situation.again}.",
        )
    what = "it is a folder" if path.is_dir() else report.words
    return UsageProblem(
        f"The SQLite database '{path}' cannot be opened: {what}.",
        expected="The URL has to name a file that this user may read and write.",
        hint=f"Correct `{situation.url_setting}` or the rights of the file (`ls -l {path}`), then {situation.again}.",
    )


def _read_only(situation: Situation, report: Report) -> SchemaError:
    path = _file(situation)
    if path is None:
        return SchemaError(
            f"{server(situation.url)} takes no changes: {report.words}.",
            expected="A replica, or a server in read-only mode, cannot be migrated.",
            hint=f"Give the URL of the primary server in `{situation.url_setting}`, then {situation.again}.",
        )
    return SchemaError(
        f"The SQLite database '{path}' can only be read, so that nothing was changed.",
        expected="File and folder have to be writable: SQLite writes its journal beside the file.",
        hint=f"Look at the rights with `ls -ld {path.parent} {path}`, then {situation.again}.",
    )


def _not_a_database(situation: Situation, report: Report) -> SchemaError:
    return UsageProblem(
        f"The file '{_file(situation)}' is not a SQLite database, or it is damaged: {report.words}.",
        hint=f"Correct `{situation.url_setting}`, or move the file away and {situation.again} to start with an empty "
        "database.",
    )


def _locked(situation: Situation, report: Report) -> SchemaError:
    path = _file(situation)
    name = f"The SQLite database '{path}'" if path else server(situation.url)
    return Busy(
        f"{name} is locked by another connection: {report.words}.",
        hint=f"Wait until the other one is done, or end it, then {situation.again}.",
    )


def _crowded(situation: Situation, report: Report) -> SchemaError:
    return Busy(
        f"{server(situation.url)} has no free connection: {report.words}.",
        hint=f"Close some connections of the application, then {situation.again}.",
    )


def _forbidden(situation: Situation, report: Report) -> SchemaError:
    user = situation.url.username if situation.url else None
    return SchemaError(
        f"{server(situation.url)} does not let '{user}' do this: {report.words}.",
        expected="Migrating needs the right to create and alter tables.",
        hint=f"Let the owner of the database grant it, or give the owner's name in `{situation.url_setting}`; then "
        f"{situation.again}.",
    )


def _lost(situation: Situation, report: Report) -> SchemaError:
    return SchemaError(
        f"{server(situation.url)} ended the connection while the command ran: {report.words}.",
        hint=f"See with {situation.to_type('current')} where the database stands, then {situation.again}.",
    )


def _full(situation: Situation, report: Report) -> SchemaError:
    return SchemaError(
        f"{server(situation.url)} has no room left: {report.words}.",
        hint=f"Free some space on its disk, then {situation.again}.",
    )


def _other(situation: Situation, report: Report) -> SchemaError:
    return SchemaError(
        f"{server(situation.url)} says: {report.words}.",
        hint=f"Look at it with {situation.to_type('current')}; --traceback shows where it was raised.",
    )


_WRITERS: dict[signs.Sign, Callable[[Situation, Report], SchemaError]] = {
    signs.Sign.DOWN: _down,
    signs.Sign.UNKNOWN_HOST: _unknown_host,
    signs.Sign.LOGIN: _login,
    signs.Sign.NO_DATABASE: _no_database,
    signs.Sign.CANNOT_OPEN: _cannot_open,
    signs.Sign.READ_ONLY: _read_only,
    signs.Sign.NOT_A_DATABASE: _not_a_database,
    signs.Sign.LOCKED: _locked,
    signs.Sign.CROWDED: _crowded,
    signs.Sign.LOST: _lost,
    signs.Sign.FORBIDDEN: _forbidden,
    signs.Sign.FULL: _full,
}


def _file(situation: Situation) -> Path | None:
    """The file of a SQLite database, without the "file:" and the options of a URI."""
    url = situation.url
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database.removeprefix("file:").partition("?")[0])
