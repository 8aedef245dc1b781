"""Write a new revision file: empty, or with the changes between the databases and the models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import RevisionContext
from alembic.util import asbool

from ..autogenerate.naming import message_for
from ..core.errors import UsageProblem
from .models import require_models, warn_of_dropped_tables
from .running import revisions, run_environment, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .target import Target


@dataclass(frozen=True)
class NewRevision:
    """What a new revision shall be. The fields are the options of `flask db revision`."""

    message: str | None = None
    autogenerate: bool = False
    sql: bool = False
    head: str = "head"
    splice: bool = False
    branch_label: str | None = None
    version_path: str | None = None
    rev_id: str | None = None
    depends_on: Sequence[str] = ()


def revision(target: Target, wanted: NewRevision) -> Path | None:
    """Write a revision file.

    :return: the file; `None` if it was to hold changes and there are none.
    :raises UsageProblem: if the options contradict each other; nothing was written.
    """
    with running(target):
        environment = asbool(target.config.get_alembic_option("revision_environment"))
        _require_possible(wanted, environment=environment)
        folder = revisions(target)
        named = None if wanted.message or not wanted.autogenerate else _name
        context = RevisionContext(target.config, folder, _command_args(wanted), named)
        if wanted.autogenerate or environment:
            _fill(target, folder, context, wanted)
        scripts = [script for script in context.generate_scripts() if script is not None]
        if wanted.autogenerate and scripts:
            warn_of_dropped_tables(context.generated_revisions, Path(target.directory))
        return Path(scripts[0].path) if scripts else None


def _require_possible(wanted: NewRevision, *, environment: bool) -> None:
    if wanted.sql and wanted.autogenerate:
        raise UsageProblem(
            "`--sql` cannot show what a new revision would hold: finding that out needs the database.",
            hint="Leave `--sql` out; then see its SQL with `flask db upgrade --sql`.",
        )
    if wanted.sql and not environment:
        raise UsageProblem(
            "`flask db revision --sql` has nothing to write as SQL: a new revision is empty.",
            hint="Leave `--sql` out, or set `revision_environment = true` in alembic.ini if env.py writes some.",
        )


def _name(_context: Any, _heads: Any, directives: list[Any]) -> None:
    """Give a revision without a message one that says what it does. Alembic asks after each database."""
    for script in directives:
        script.message = message_for(script.upgrade_ops_list)


def _command_args(wanted: NewRevision) -> dict[str, Any]:
    return {
        "message": wanted.message,
        "autogenerate": wanted.autogenerate,
        "sql": wanted.sql,
        "head": wanted.head,
        "splice": wanted.splice,
        "branch_label": wanted.branch_label,
        "version_path": wanted.version_path,
        "rev_id": wanted.rev_id,
        "depends_on": list(wanted.depends_on),
    }


def _fill(target: Target, folder: Any, context: RevisionContext, wanted: NewRevision) -> None:
    def work(heads: Any, migration: Any) -> list[Any]:
        if wanted.autogenerate and not _other_binds_have_models(target, migration):
            require_models(
                migration, Path(target.directory), revisions=sum(1 for _ in folder.walk_revisions())
            )
        (context.run_autogenerate if wanted.autogenerate else context.run_no_autogenerate)(heads, migration)
        return []

    run_environment(
        target,
        folder,
        work,
        as_sql=wanted.sql,
        template_args=context.template_args,
        revision_context=context,
    )


def _other_binds_have_models(target: Target, migration: Any) -> bool:
    """Whether this database is one of several, so that its having no models says nothing."""
    several = migration.opts["upgrade_token"] != "upgrades"  # noqa: S105  # a name in a template
    return several and any(bind.metadata.tables for bind in target.binds)
