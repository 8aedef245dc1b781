"""The `flask db` commands as functions, for code that runs inside an application.

Each works on the current application (`with app.app_context():`), prints nothing, returns what there is to know, and
raises a `SchemaError` of the type that fits. Only `sql=True` writes: the SQL goes to the standard output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

from .core.errors import UsageProblem
from .extension import Migrate, Registrations
from .workflows import branches as _branches
from .workflows import check as _check
from .workflows import current as _current
from .workflows import downgrade as _downgrade
from .workflows import edit as _edit
from .workflows import ensure_version as _ensure_version
from .workflows import heads as _heads
from .workflows import history as _history
from .workflows import init as _init
from .workflows import log as _log
from .workflows import merge as _merge
from .workflows import recover as _recover
from .workflows import revision as _revision
from .workflows import show as _show
from .workflows import stamp as _stamp
from .workflows import templates as _templates
from .workflows import upgrade as _upgrade
from .workflows import verify as _verify
from .workflows.downgrade_gate import Consent
from .workflows.revision import NewRevision
from .workflows.version import known_heads, revisions_of_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from alembic.script import Script
    from flask import Flask

    from .core.ledger_report import DatabaseLog, Verification
    from .workflows.target import Target

__all__ = [
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "heads_of_code",
    "history",
    "init",
    "list_templates",
    "log",
    "merge",
    "migrate",
    "recover",
    "revision",
    "revisions_of_database",
    "show",
    "stamp",
    "upgrade",
    "verify",
]


def _target(directory: Any, x_arg: Any = None, opts: Iterable[str] = ()) -> Target:
    return _migrate(current_app).target(directory, x_arg, opts)


def _migrate(app: Flask) -> Migrate:
    slot = app.extensions.get("migrate")
    if not isinstance(slot, Registrations):
        raise UsageProblem(
            f"The application '{app.name}' has no `Migrate`.",
            hint="Write `migrate.init_app(app, db)` in the function that makes the application.",
        )
    return slot.migrate


def list_templates() -> tuple[str, ...]:
    """Return the names of the templates that `init` can copy."""
    return tuple(_templates.templates())


def init(
    directory: Any = None, multidb: bool = False, template: str | None = None, package: bool = False
) -> Path:
    """Write a migrations folder and return it. See `workflows.init`."""
    return _init.init(_target(directory), multidb=multidb, template=template, package=package)


def revision(
    directory: Any = None,
    message: str | None = None,
    autogenerate: bool = False,
    x_arg: Any = None,
    **options: Any,
) -> Path | None:
    """Write a revision file and return it, or `None` if there was nothing to write.

    :param options: the other fields of `workflows.revision.NewRevision`.
    """
    target = _target(directory, x_arg, ("autogenerate",) if autogenerate else ())
    return _revision.revision(target, NewRevision(message=message, autogenerate=autogenerate, **options))


def migrate(
    directory: Any = None, message: str | None = None, x_arg: Any = None, **options: Any
) -> Path | None:
    """Write a revision with the changes between databases and models; see `revision`."""
    return revision(directory, message, autogenerate=True, x_arg=x_arg, **options)


def edit(directory: Any = None, revision: str = "current") -> tuple[Path, ...]:
    """Open revision files in the user's editor and return them."""
    return _edit.edit(_target(directory), revision)


def merge(
    directory: Any = None,
    revisions: str | Sequence[str] = (),
    message: str | None = None,
    branch_label: str | None = None,
    rev_id: str | None = None,
    splice: bool = False,
) -> Path | None:
    """Join revisions, all heads if none is named, and return the file; `None` if there was one head."""
    merged = revisions.split() if isinstance(revisions, str) else revisions
    return _merge.merge(
        _target(directory), merged, message=message, branch_label=branch_label, rev_id=rev_id, splice=splice
    )


def upgrade(
    directory: Any = None,
    revision: str = "head",
    sql: bool = False,
    tag: str | None = None,
    x_arg: Any = None,
) -> tuple[str, ...]:
    """Run the revisions up to one, and return the ids of those that ran."""
    return _upgrade.upgrade(_target(directory, x_arg), revision, sql=sql, tag=tag)


def downgrade(
    directory: Any = None,
    revision: str = "-1",
    sql: bool = False,
    tag: str | None = None,
    x_arg: Any = None,
    *,
    allow_data_loss: bool = False,
) -> tuple[str, ...]:
    """Take the revisions above one back, and return the ids of those that were.

    :param allow_data_loss: whether rows or values may be deleted where `SCHEMA_PROTECTED` is true. Elsewhere a
        warning is logged if there are any.
    """
    consent = Consent(allow_data_loss=allow_data_loss)
    return _downgrade.downgrade(_target(directory, x_arg), revision, sql=sql, tag=tag, consent=consent)


def show(directory: Any = None, revision: str = "head") -> tuple[Script, ...]:
    """Return the revisions that a symbol names."""
    return _show.show(_target(directory), revision)


def history(
    directory: Any = None, rev_range: str | None = None, indicate_current: bool = False
) -> tuple[Script, ...]:
    """Return the revisions, newest first."""
    return _history.history(_target(directory), rev_range, indicate_current=indicate_current)


def heads(directory: Any = None, resolve_dependencies: bool = False) -> tuple[str, ...]:
    """Return the ids of the heads."""
    scripts = _heads.heads(_target(directory), resolve_dependencies=resolve_dependencies)
    return tuple(script.revision for script in scripts)


def branches(directory: Any = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the ids of the revisions that more than one other follows, with the ids of those."""
    found = _branches.branches(_target(directory))
    return tuple((point.revision, tuple(s.revision for s in following)) for point, following in found)


def current(directory: Any = None, check_heads: bool = False) -> tuple[str, ...]:
    """Return the ids of the revisions that the databases stand at, each once."""
    standings = _current.current(_target(directory), check_heads=check_heads)
    return tuple(dict.fromkeys(revision_id for standing in standings for revision_id in standing.ids))


def stamp(
    directory: Any = None,
    revision: str | Sequence[str] = "head",
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    force: bool = False,
) -> tuple[str, ...]:
    """Say that the databases stand at a revision, and return the ids that they stand at now.

    :raises SchemaError: if a schema is not what the history builds up to that revision, without `force`.
    """
    return _stamp.stamp(_target(directory), revision, sql=sql, tag=tag, purge=purge, force=force)


def log(
    directory: Any = None, number: int | None = None, revision: str | None = None
) -> tuple[DatabaseLog, ...]:
    """Return what was done with the revisions in each database, newest first. See `workflows.log`."""
    return _log.log(_target(directory), number=number, revision=revision)


def verify(
    directory: Any = None, accept: str | Sequence[str] = (), reason: str | None = None
) -> tuple[Verification, ...]:
    """Compare files, ledgers and version tables, and return what does not fit, database by database.

    :param accept: revisions that are right as they are now; the ledgers keep the reason.
    """
    accepted = (accept,) if isinstance(accept, str) else tuple(accept)
    return _verify.verify(_target(directory), accept=accepted, reason=reason)


def recover(
    directory: Any = None, revisions: str | Sequence[str] = (), force: bool = False
) -> tuple[Path, ...]:
    """Write revision files back from the ledgers, and return those that were written.

    :param revisions: which ones; every applied one that has no file, if none is named.
    :param force: also over a file that says something else now.
    """
    wanted = revisions.split() if isinstance(revisions, str) else tuple(revisions)
    found = _recover.recover(_target(directory), wanted, force=force)
    return tuple(it.path for it in found if it.written)


def check(directory: Any = None) -> None:
    """Do nothing if models and databases say the same.

    :raises SchemaError: if they differ.
    """
    _check.check(_target(directory))


def ensure_version(directory: Any = None, sql: bool = False) -> None:
    """Create the version table where there is none."""
    _ensure_version.ensure_version(_target(directory), sql=sql)


def heads_of_code(app: Flask) -> tuple[str, ...]:
    """Return the ids of the heads of an application's revisions, in order. Needs no database.

    Cheap enough for a readiness check: the files are read again only if one of them changed.
    """
    with app.app_context():
        return known_heads(_migrate(app).target())
