"""Judge revisions: those named, those pending on the database, or those that a branch adds."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory

from ..core.errors import SchemaError, UsageProblem
from ..core.finding import Finding, Severity
from ..core.judgement import Judgement
from ..core.server import Server
from ..core.wording import shown
from ..lint.engine import judge_history
from ..lint.rule import Environment
from ..runner.version import revisions_of_database
from ..scripts import directory, graph
from ..scripts.selection import resolve, select
from .comparing import compared, graph_of
from .explain import explain
from .git import files_at
from .judging import Files, judge
from .live import live_facts
from .servers import server_of, server_of_dialect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.facts import Facts
    from ..core.settings import Settings
    from ..lint.history import History
    from .target import Target

# How an env.py keeps SQLite from following foreign keys while revisions run.
_FOREIGN_KEYS_OFF = re.compile(r"foreign_keys\s*(?:=\s*|\(\s*)(?:off|0|false|no)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """What is to be judged.

    :param revisions: ids, beginnings of ids, `head`, ranges `from:to`. None: what is pending.
    :param since_git: judge what was added since this commit, and what was edited or deleted.
    :param servers: servers to judge for; those of the settings, else the connected one, if empty.
    :param live: look into the connected database.
    :param paths: files of revisions to judge, instead of their ids.
    :param folder: a versions folder, or a folder that holds one; that of the target if None.
    """

    revisions: tuple[str, ...] = ()
    since_git: str | None = None
    servers: tuple[Server, ...] = ()
    folder: Path | None = None
    live: bool = False
    paths: tuple[Path, ...] = ()


def lint(target: Target, settings: Settings, request: Request) -> Judgement:
    """Judge revisions and the history that they stand in.

    :raise SchemaError: a revision is unknown, git or the database does not answer.
    """
    folders = [versions_folder(request.folder)] if request.folder else version_folders(target)
    history = directory.read(folders, recursive=bool(request.folder))
    servers = request.servers or settings.targets or (_connected(target),)
    wanted, graph_view = _wanted(target, history, folders, request, servers[0])
    if not request.revisions and not request.paths:
        wanted -= baseline_of(history, settings.baseline)
    files = Files(history)
    facts = _live(target, files, wanted) if request.live else None
    judgement = judge(files, wanted, servers, facts=facts, environment=_environment(target, request))
    findings = [*_unreadable(history), *judge_history(graph_view), *judgement.findings]
    return replace(judgement, findings=[_from_here(finding) for finding in findings])


def _unreadable(history: directory.History) -> list[Finding]:
    """Return a finding for each file that is no Python: nobody can tell what it does."""
    return [
        Finding(
            "raw-sql-unanalyzable",
            Severity.ERROR,
            f"{problem.found} Nothing in this file is judged: it is not taken for safe.",
            problem.hint,
            path=str(problem.path),
            line=problem.line,
        )
        for problem in history.problems
        if problem.kind == "syntax-error"
    ]


def _from_here(finding: Finding) -> Finding:
    """Name the file as it is called from the current folder: annotations of a pipeline need it so."""
    return replace(finding, path=shown(finding.path)) if finding.path else finding


def _live(target: Target, files: Files, wanted: set[str]) -> Facts:
    """Look into the connected database for what the revisions need.

    :raise SchemaError: it does not answer.
    """
    try:
        with target.bind.engine.connect() as connection:
            server = server_of(connection)
            recordings = [files.recording(each, server) for each in files.ordered if each.id in wanted]
            return live_facts(connection, [step for recording in recordings for step in recording.operations])
    except Exception as error:
        raise explain(error, target) from error


def _environment(target: Target, request: Request) -> Environment:
    """Return how the revisions are run: a foreign history by whatever its own `env.py` says."""
    return foreign_environment(request.folder) if request.folder else environment_of(target)


def foreign_environment(folder: Path) -> Environment:
    """Return how a foreign history is run, as far as the `env.py` beside it tells."""
    candidates = [folder / "env.py", folder.parent / "env.py"]
    text = next((path.read_text(encoding="utf-8") for path in candidates if path.is_file()), None)
    return Environment(
        transaction_per_migration=text is None or "transaction_per_migration" in text,
        foreign_keys=text is None or _FOREIGN_KEYS_OFF.search(text) is None,
    )


def version_folders(target: Target) -> list[Path]:
    """Return the folders that hold the target's revision files."""
    target.require_directory()
    return [Path(location) for location in ScriptDirectory.from_config(target.config)._version_locations]


def versions_folder(given: Path) -> Path:
    """Return the versions folder that a user means: the folder itself, or `versions` in it.

    :raise UsageProblem: there is no such folder.
    """
    if not given.is_dir():
        raise UsageProblem(
            f"There is no folder '{given}'.", expected="Expected a versions folder of Alembic."
        )
    inner = given / "versions"
    return inner if inner.is_dir() else given


def environment_of(target: Target) -> Environment:
    """Return how the target's revisions are run, with what its models map.

    On SQLite, `dialects.sqlite` switches foreign keys off while revisions run, so that a rebuild deletes no rows, and
    `dialects.rebuild` keeps what Alembic's own rebuilds lose.
    """
    return Environment(models=_models(target), foreign_keys=False, guarded_rebuild=True)


def _models(target: Target) -> Mapping[str, frozenset[str]] | None:
    if target.db is None:
        return None
    tables = target.bind.metadata.tables
    return {key: frozenset(column.name for column in table.columns) for key, table in tables.items()} or None


def _wanted(
    target: Target, history: directory.History, folders: Sequence[Path], request: Request, server: Server
) -> tuple[set[str], History]:
    """Return the ids to judge, and the history as the rules about it see it."""
    if request.since_git:
        then = {
            path: text for folder in folders for path, text in files_at(request.since_git, folder).items()
        }
        view, known = compared(history, then, server, request.since_git)
        return {revision.id for revision in history.revisions} - known, view
    if request.paths:
        named = (history.by_path(path) for path in request.paths)
        return {revision.id for revision in named if revision is not None}, graph_of(history)
    if request.revisions:
        ids = set().union(*(select(history, text) for text in request.revisions))
        return ids, graph_of(history)
    if request.folder:
        return {revision.id for revision in history.revisions}, graph_of(history)
    applied = applied_revisions(target)
    done = graph.ancestors(history.revisions, applied)
    # The version table names the newest revision only; that all below it were run cannot be told from it.
    return {r.id for r in history.revisions} - done, graph_of(history)


def baseline_of(history: directory.History, names: Sequence[str]) -> frozenset[str]:
    """Return the ids that are not judged: the revisions named, and everything below them."""
    if not names:
        return frozenset()
    ids = [revision_id for name in names for revision_id in resolve(history, name)]
    return graph.ancestors(history.revisions, ids)


def applied_revisions(target: Target) -> tuple[str, ...]:
    """Return the revisions in the version table.

    :raise SchemaError: the database does not answer; says how to do without.
    """
    try:
        with target.bind.engine.connect() as connection:
            return revisions_of_database(connection, *target.version_table)
    except Exception as error:
        explained = error if isinstance(error, SchemaError) else explain(error, target)
        explained.add_note(
            "Without a database, name what to judge: `flask db lint base:head`, or `--since-git main`."
        )
        raise explained from error


def _connected(target: Target) -> Server:
    """Return the server that is connected; the one that the URL names, if it does not answer."""
    with suppress(Exception), target.bind.engine.connect() as connection:
        return server_of(connection)
    return server_of_dialect(target.bind.engine.dialect)
